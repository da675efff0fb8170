"""A run that makes the table of all statements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa
from pyoxigraph import Quad

from nutgraf import mapping
from nutgraf.conversion.deliveries import Delivery, target_files
from nutgraf.conversion.job import prepared
from nutgraf.dataset import lines, rows
from nutgraf.engine import duckdb as engine
from nutgraf.mapping import Folders, RuleCount, targets
from nutgraf.mapping.access import LogicalTarget
from nutgraf.problems import InputError, Problem

if TYPE_CHECKING:
    from nutgraf.publish.formats import Vocabulary

LINES: Final = {"nt": False, "nq": True}
"""The formats that need no Python object a statement → whether they have graphs."""


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
    with prepared(mappings, base=base, allow=allow, given=given, start=start, memory=memory) as job:
        made = job.make(on_step, on_warning)
        files = target_files(made, mappings, job.folders)
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
    with prepared(mappings, base=base, allow=allow, given=given, start=start, memory=None) as job:
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
