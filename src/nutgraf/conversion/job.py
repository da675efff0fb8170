"""What every run of mapping files needs: the model, its sources, a connection, a folder for what spills."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa

from nutgraf import mapping, workspace
from nutgraf.conversion.sheets import SheetTables
from nutgraf.engine import duckdb as engine
from nutgraf.engine.staging import staging_folder
from nutgraf.mapping import Folders, RmlMapping, RuleCount
from nutgraf.problems import InputError, Problem
from nutgraf.workspace import Workspace

NO_BASE: Final = "https://no-base.invalid/"
"""Goes before relative IRIs when there is no base; no IRI of a result begins so."""

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
class Job:
    """A run of mapping files.

    Attributes:
        model: what the files say.
        tables: the tables that sources may name.
        base: goes before relative IRIs.
        folders: which files may be read and written.
        connection: where it runs.
    """

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
def prepared(
    mappings: Sequence[Path],
    *,
    base: str | None,
    allow: Sequence[Path],
    given: Mapping[str, pa.Table] | None,
    start: Path | None,
    memory: str | None,
) -> Iterator[Job]:
    """A run of mapping files, ready to be made; arguments and errors as of `convert`."""
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
            found = SheetTables(spaces[0])
        chosen = base or (spaces[0].base if spaces else NO_BASE)
        connection = _connect(folders, memory, staging / "spill")
        try:
            yield Job(model, found, chosen, folders, connection)
        finally:
            connection.close()


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


def _refuse_relative(connection: engine.Connection) -> None:
    row = connection.execute(_RELATIVE, {"base": NO_BASE}).fetchone()
    if row:
        message = f'the IRI "{row[0].removeprefix(NO_BASE)}" is relative'
        raise InputError(Problem("MAP141", message, why="there is no base", fix="add --base IRI"))
