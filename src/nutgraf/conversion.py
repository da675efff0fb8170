"""Runs mappings over files: what `nutgraf map` and `nutgraf.map` do.

The files of a mapping are those beside it. In a workspace, a source that is no file is the table of the fact
sheets of that name.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
from pyoxigraph import Quad

from nutgraf import mapping, pipeline, workspace
from nutgraf.dataset import lines, rows
from nutgraf.engine import duckdb as engine
from nutgraf.factsheet import tables
from nutgraf.mapping import Folders, RmlMapping, RuleCount, targets
from nutgraf.mapping.access import LogicalTarget, bare
from nutgraf.mapping.model import logical_sources
from nutgraf.problems import InputError, Problem, quoted
from nutgraf.publish.formats import Vocabulary, write
from nutgraf.publish.packed import pack
from nutgraf.workspace import Workspace

NO_BASE: Final = "https://no-base.invalid/"
"""Goes before relative IRIs when there is no base; no IRI of a result begins so."""

_LINES: Final = {"nt": False, "nq": True}
"""The formats that need no Python object a statement → whether they have graphs."""

_RELATIVE: Final = """
select coalesce(
  case when starts_with(subject, $base) then subject end,
  case when starts_with(predicate, $base) then predicate end,
  case when object_kind = 'iri' and starts_with(object, $base) then object end,
  case when starts_with(datatype, $base) then datatype end,
  case when starts_with(graph, $base) then graph end
) as iri
from statements where iri is not null order by iri limit 1
"""


@dataclass(frozen=True)
class Delivery:
    """What goes to one target.

    Attributes:
        target: as the mapping says.
        path: its file.
        shown: the file as messages call it.
        quads: what to write there.
    """

    target: LogicalTarget
    path: Path
    shown: str
    quads: list[Quad]

    def content(self, vocabulary: Vocabulary) -> bytes:
        """What the file of the target holds.

        Raises:
            InputError: MAP144, its encoding has not all characters.
        """
        target = self.target
        packing = target.access.packed(target.path).value
        text = write(self.quads, target.serialization, vocabulary)
        try:
            return pack(text, encoding=target.access.encoding, packing=packing, name=bare(self.path.name))
        except UnicodeEncodeError as error:
            message = f"{target.access.encoding} has no character {quoted(text[error.start])}"
            fix = "write the target in UTF-8"
            raise InputError(Problem("MAP144", message, target.span, fix=fix)) from error


@dataclass(frozen=True)
class Conversion:
    """What a run made.

    Attributes:
        connection: has the tables `statements` and `rules`, and `deliveries` when there are targets.
        rules: what each rule made.
        targets: those that the mappings name, each with its file.
    """

    connection: engine.Connection
    rules: tuple[RuleCount, ...]
    targets: tuple[tuple[LogicalTarget, Path], ...]
    folders: Folders

    def quads(self) -> list[Quad]:
        """Everything that was made, wherever it goes."""
        return rows.quads(self.connection)

    def remaining(self) -> list[Quad]:
        """What goes to no target of a mapping, and so to the caller."""
        return rows.quads(self.connection, self._default)

    def count(self) -> int:
        """How many statements go to the caller."""
        return lines.count(self.connection, self._default)

    def content(self, to: str, vocabulary: Vocabulary) -> Iterable[bytes]:
        """What goes to the caller, written in the format `to`."""
        if to in _LINES and lines.can_write(self.connection):
            return lines.lines(self.connection, graphs=_LINES[to], target=self._default)
        return [write(self.remaining(), to, vocabulary).encode()]

    @property
    def _default(self) -> int | None:
        return targets.DEFAULT if self.targets else None

    def deliveries(self) -> list[Delivery]:
        """What goes to each target."""
        return [
            Delivery(target, path, self.folders.display(path), rows.quads(self.connection, number))
            for number, (target, path) in enumerate(self.targets)
        ]


@contextmanager
def convert(
    mappings: Sequence[Path],
    *,
    base: str | None = None,
    allow: Sequence[Path] = (),
    given: Mapping[str, pa.Table] | None = None,
    start: Path | None = None,
    on_step: Callable[[str], None] = lambda _: None,
) -> Iterator[Conversion]:
    """Run mapping files; what was made is there until the block ends.

    Args:
        mappings: YARRRML or RML files.
        base: goes before relative IRIs; default: the workspace's.
        allow: folders whose files may be read and written, besides the mappings' own and the workspace.
        given: tables that sources may name, instead of the workspace's.
        start: a folder of the workspace; default: the current one.
        on_step: told what is being done.

    Raises:
        InputError: MAP1xx, see docs/errors.md.
        ContentError: the fact sheets that the mapping reads have problems.
    """
    with _prepared(mappings, base=base, allow=allow, given=given, start=start) as job:
        made = mapping.run(
            job.model,
            tables=job.tables,
            base=job.base,
            connection=job.connection,
            lineage=False,
            folders=job.folders,
            on_step=on_step,
        )
        if job.base == NO_BASE:
            _refuse_relative(job.connection)
        files = _target_files(made, mappings, job.folders)
        yield Conversion(job.connection, made, files, job.folders)


def explain(
    mappings: Sequence[Path],
    *,
    base: str | None = None,
    allow: Sequence[Path] = (),
    given: Mapping[str, pa.Table] | None = None,
    start: Path | None = None,
) -> str:
    """The plan and the SQL of mapping files, for people; arguments and errors as of `convert`."""
    with _prepared(mappings, base=base, allow=allow, given=given, start=start) as job:
        return mapping.explain(
            job.model, tables=job.tables, base=job.base, connection=job.connection, folders=job.folders
        )


def find_workspace(start: Path) -> Workspace | None:
    """The workspace that a folder is in, if it is in one.

    Raises:
        InputError: WSP102 to WSP104, its settings cannot be read.
    """
    try:
        return workspace.find(start)
    except InputError as error:
        if error.problems[0].code == "WSP101":
            return None
        raise


@dataclass(frozen=True)
class _Job:
    model: RmlMapping
    tables: Mapping[str, pa.Table]
    base: str
    folders: Folders
    connection: engine.Connection


@contextmanager
def _prepared(
    mappings: Sequence[Path],
    *,
    base: str | None,
    allow: Sequence[Path],
    given: Mapping[str, pa.Table] | None,
    start: Path | None,
) -> Iterator[_Job]:
    model = mapping.load(mappings, display=Path.as_posix)
    around = [find_workspace(path.parent) for path in mappings]
    around.append(find_workspace(start or Path()))
    spaces = [space for space in around if space]
    with tempfile.TemporaryDirectory(prefix="nutgraf-") as staging:
        folders = Folders(
            allowed=tuple(
                dict.fromkeys(
                    [*(path.parent for path in mappings), *(space.root for space in spaces), *allow]
                )
            ),
            staging=Path(staging),
            of_mappings=model.folders,
        )
        found: Mapping[str, pa.Table] = given if given is not None else {}
        if given is None and spaces:
            found = _SheetTables(spaces[0])
        chosen = base or (spaces[0].base if spaces else NO_BASE)
        connection = engine.connect(directories=folders.readable)
        try:
            yield _Job(model, found, chosen, folders, connection)
        finally:
            connection.close()


class _SheetTables(Mapping[str, pa.Table]):
    """The tables of a workspace's fact sheets, which are read when one is asked for."""

    def __init__(self, space: Workspace) -> None:
        self._space = space
        self._tables: dict[str, pa.Table] | None = None

    def __contains__(self, name: object) -> bool:
        return name in tables.SCHEMAS

    def __getitem__(self, name: str) -> pa.Table:
        if name not in tables.SCHEMAS:
            raise KeyError(name)
        if self._tables is None:
            self._tables = pipeline.sheet_tables(self._space)
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(tables.SCHEMAS)

    def __len__(self) -> int:
        return len(tables.SCHEMAS)


def _refuse_relative(connection: engine.Connection) -> None:
    row = connection.execute(_RELATIVE, {"base": NO_BASE}).fetchone()
    if row:
        message = f'the IRI "{row[0].removeprefix(NO_BASE)}" is relative'
        raise InputError(Problem("MAP141", message, why="there is no base", fix="add --base IRI"))


def _target_files(
    made: Sequence[RuleCount], mappings: Sequence[Path], folders: Folders
) -> tuple[tuple[LogicalTarget, Path], ...]:
    """The file of each target.

    Raises:
        InputError: MAP116 outside the allowed folders, MAP142 no file to write to, MAP143 one file twice.
    """
    problems: list[Problem] = []
    taken: dict[Path, LogicalTarget] = {}
    inputs = {path.resolve() for path in mappings}
    read = dict.fromkeys(source for count in made for source in count.rule.sources())
    sources = [file for source in read for file in logical_sources(source)]
    inputs |= {folders.source(source) for source in sources if folders.has(source)}
    for target in targets.of_rules([count.rule for count in made]):
        try:
            path = folders.target(target.path, target.access, target.span)
        except InputError as error:
            problems += error.problems
            continue
        if path in inputs or not targets.is_output(target.path):
            problems.append(_no_output(target))
        elif path in taken:
            why = f"{taken[path].span} writes it otherwise"
            message = f'the target "{target.path}" is written twice'
            problems.append(Problem("MAP143", message, target.span, why=why, fix="name another file"))
        else:
            taken[path] = target
    if problems:
        raise InputError(*problems)
    return tuple((target, path) for path, target in taken.items())


def _no_output(target: LogicalTarget) -> Problem:
    return Problem(
        "MAP142",
        f'the target "{target.path}" is no file for RDF',
        target.span,
        why="a mapping may only write what ends like RDF, and never over what it reads",
        fix=f"let its name end in {', '.join(sorted(targets.EXTENSIONS))}, packed or not",
    )
