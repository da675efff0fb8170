"""Runs mappings over files: what `nutgraf map` and `nutgraf.map` do.

The files of a mapping are those beside it. In a workspace, a source that is no file is the table of the fact
sheets of that name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa
from pyoxigraph import Quad

from nutgraf import mapping, workspace
from nutgraf.dataset import lines, rows
from nutgraf.engine import duckdb as engine
from nutgraf.engine.staging import staging_folder
from nutgraf.mapping import Folders, RmlMapping, RuleCount, targets
from nutgraf.mapping.access import LogicalTarget, bare
from nutgraf.mapping.model import logical_sources
from nutgraf.mapping.stream.ladder import Sink
from nutgraf.mapping.stream.progress import Progress
from nutgraf.mapping.stream.run import OtherPlanError, stream
from nutgraf.problems import InputError, Problem, quoted
from nutgraf.workspace import Workspace

if TYPE_CHECKING:
    from nutgraf.publish.formats import Vocabulary

NO_BASE: Final = "https://no-base.invalid/"
"""Goes before relative IRIs when there is no base; no IRI of a result begins so."""

LINES: Final = {"nt": False, "nq": True}
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
        from nutgraf.publish.formats import write  # noqa: PLC0415 - slow, and only where there are targets
        from nutgraf.publish.packed import pack  # noqa: PLC0415 - slow

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
        return _quads(self.connection)

    def remaining(self) -> list[Quad]:
        """What goes to no target of a mapping, and so to the caller."""
        return _quads(self.connection, self._default)

    def count(self) -> int:
        """How many statements go to the caller."""
        return lines.count(self.connection, self._default)

    def content(self, to: str, vocabulary: Vocabulary) -> Iterable[bytes]:
        """What goes to the caller, written in the format `to`."""
        if to == "parquet":
            return rows.parquet(self.connection, self.folders.staging / "statements.parquet", self._default)
        if to in LINES:
            return lines.lines(self.connection, graphs=LINES[to], target=self._default)
        from nutgraf.publish.formats import write  # noqa: PLC0415 - slow, and not for lines

        return [write(self.remaining(), to, vocabulary).encode()]

    @property
    def _default(self) -> int | None:
        return targets.DEFAULT if self.targets else None

    def deliveries(self) -> list[Delivery]:
        """What goes to each target."""
        return [
            Delivery(target, path, self.folders.display(path), _quads(self.connection, number))
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
    memory: str | None = None,
    on_step: Callable[[str], None] = lambda _: None,
    on_warning: Callable[[Problem], None] = lambda _: None,
) -> Iterator[Conversion]:
    """Run mapping files; what was made is there until the block ends.

    Args:
        mappings: YARRRML or RML files.
        base: goes before relative IRIs; default: the workspace's.
        allow: folders whose files may be read and written, besides the mappings' own and the workspace.
        given: tables that sources may name, instead of the workspace's.
        start: a folder of the workspace; default: the current one.
        memory: what the engine may use before it spills to disk, such as "1GB"; default: most of it.
        on_step: told what is being done.
        on_warning: told what is odd and stops nothing.

    Raises:
        InputError: MAP1xx, see docs/errors.md.
        ContentError: the fact sheets that the mapping reads have problems.
    """
    with _prepared(mappings, base=base, allow=allow, given=given, start=start, memory=memory) as job:
        made = job.make(on_step, on_warning)
        files = _target_files(made, mappings, job.folders)
        yield Conversion(job.connection, made, files, job.folders)


class TargetsError(Exception):
    """A mapping names files for what it makes."""


@dataclass(frozen=True)
class Written:
    """What was written as lines.

    Attributes:
        rules: what each rule made.
        statements: how many there are, each once.
    """

    rules: tuple[RuleCount, ...]
    statements: int


def write_lines(
    mappings: Sequence[Path],
    sink: Sink,
    *,
    graphs: bool,
    base: str | None = None,
    allow: Sequence[Path] = (),
    given: Mapping[str, pa.Table] | None = None,
    start: Path | None = None,
    memory: str | None = None,
    on_step: Callable[[str], None] = lambda _: None,
    on_warning: Callable[[Problem], None] = lambda _: None,
    on_progress: Callable[[Progress], None] = lambda _: None,
) -> Written:
    """Write the distinct statements of mapping files as N-Triples or N-Quads while they are made.

    Nothing that is in the sink counts before this returns.

    Args:
        mappings: YARRRML or RML files.
        sink: takes the text.
        graphs: whether to write N-Quads, and not N-Triples.
        base: as of `convert`, and so the next ones.
        allow: folders that may be read.
        given: tables that sources may name.
        start: a folder of the workspace.
        memory: what the engine may use before it spills to disk.
        on_step: told what is being done.
        on_warning: told what is odd and stops nothing.
        on_progress: told how far it is.

    Raises:
        TargetsError: a mapping has targets of its own; use `convert`.
        InputError, ContentError: as `convert`.
    """
    with _prepared(mappings, base=base, allow=allow, given=given, start=start, memory=memory) as job:
        if targets.of_rules(mapping.plan(job.model)):
            raise TargetsError
        try:
            streamed = stream(
                job.model,
                sink,
                tables=job.tables,
                base=job.base,
                no_base=job.base == NO_BASE,
                graphs=graphs,
                connection=job.connection,
                folders=job.folders,
                on_step=on_step,
                on_warning=on_warning,
                on_progress=on_progress,
            )
            return Written(streamed.rules, streamed.statements)
        except OtherPlanError:
            sink.rewind(0)
        made = job.make(on_step, on_warning)
        on_step("writing")
        for part in lines.lines(job.connection, graphs=graphs):
            sink.write(memoryview(part))
        return Written(made, lines.count(job.connection, graphs=graphs))


def explain(
    mappings: Sequence[Path],
    *,
    base: str | None = None,
    allow: Sequence[Path] = (),
    given: Mapping[str, pa.Table] | None = None,
    start: Path | None = None,
) -> str:
    """The plan and the SQL of mapping files, for people; arguments and errors as of `convert`."""
    with _prepared(mappings, base=base, allow=allow, given=given, start=start, memory=None) as job:
        return mapping.explain(
            job.model, tables=job.tables, base=job.base, connection=job.connection, folders=job.folders
        )


def _quads(connection: engine.Connection, target: int | None = None) -> list[Quad]:
    """The quads of the statements.

    Raises:
        InputError: MAP145, an rml:UnsafeIRI is none.
    """
    try:
        return rows.quads(connection, target)
    except ValueError as error:
        message = f"an IRI is not valid: {error}"
        why = "rml:UnsafeIRI encodes nothing"
        fix = "write rml:IRI; or write N-Triples or N-Quads, which are written as they are"
        raise InputError(Problem("MAP145", message, why=why, fix=fix)) from error


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

    def make(
        self, on_step: Callable[[str], None], on_warning: Callable[[Problem], None]
    ) -> tuple[RuleCount, ...]:
        """Make the table of the statements."""
        made = mapping.run(
            self.model,
            tables=self.tables,
            base=self.base,
            connection=self.connection,
            lineage=False,
            folders=self.folders,
            on_step=on_step,
            on_warning=on_warning,
        )
        if self.base == NO_BASE:
            _refuse_relative(self.connection)
        return made


@contextmanager
def _prepared(
    mappings: Sequence[Path],
    *,
    base: str | None,
    allow: Sequence[Path],
    given: Mapping[str, pa.Table] | None,
    start: Path | None,
    memory: str | None,
) -> Iterator[_Job]:
    model = mapping.load(mappings, display=Path.as_posix)
    around = [find_workspace(path.parent) for path in mappings]
    around.append(find_workspace(start or Path()))
    spaces = [space for space in around if space]
    with staging_folder() as staging, _enough():
        folders = Folders(
            allowed=tuple(
                dict.fromkeys(
                    [*(path.parent for path in mappings), *(space.root for space in spaces), *allow]
                )
            ),
            staging=staging,
            of_mappings=model.folders,
        )
        found: Mapping[str, pa.Table] = given if given is not None else {}
        if given is None and spaces:
            found = _SheetTables(spaces[0])
        chosen = base or (spaces[0].base if spaces else NO_BASE)
        connection = _connect(folders, memory, staging / "spill")
        try:
            yield _Job(model, found, chosen, folders, connection)
        finally:
            connection.close()


def _connect(folders: Folders, memory: str | None, spill: Path) -> engine.Connection:
    """A connection for a run.

    Raises:
        InputError: MAP146, the memory is no amount of memory.
    """
    try:
        return engine.connect(directories=folders.readable, memory_limit=memory, spill=spill)
    except engine.EngineError as error:
        fix = "write it as 500MB or 4GB"
        raise InputError(Problem("MAP146", f'"{memory}" is no amount of memory', fix=fix)) from error


@contextmanager
def _enough() -> Iterator[None]:
    """Say so where memory, or the disk for what does not fit, is not enough.

    Raises:
        InputError: MAP147.
    """
    try:
        yield
    except (engine.OutOfMemoryError, MemoryError) as error:
        fix = "allow more with --memory, or make room in the folder for temporary files (TMPDIR)"
        message = "the memory is not enough for this mapping"
        raise InputError(Problem("MAP147", message, why=str(error).partition("\n")[0], fix=fix)) from error


class _SheetTables(Mapping[str, pa.Table]):
    """The tables of a workspace's fact sheets, which are read when one is asked for."""

    def __init__(self, space: Workspace) -> None:
        from nutgraf.factsheet.tables import SCHEMAS  # noqa: PLC0415 - slow, and only workspaces have sheets

        self._space = space
        self._schemas = SCHEMAS
        self._tables: dict[str, pa.Table] | None = None

    def __contains__(self, name: object) -> bool:
        return name in self._schemas

    def __getitem__(self, name: str) -> pa.Table:
        if name not in self._schemas:
            raise KeyError(name)
        if self._tables is None:
            from nutgraf import pipeline  # noqa: PLC0415 - slow, and only where a sheet's table is read

            self._tables = pipeline.sheet_tables(self._space)
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._schemas)

    def __len__(self) -> int:
        return len(self._schemas)


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
