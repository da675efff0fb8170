"""Opens the file of a logical source: unpacked, decoded, checked, and ready for the engine.

Nothing in a file is taken on trust: what cannot be read ends in MAP117 with the place of the mistake, where
it can be told.
"""

from __future__ import annotations

import dataclasses
import difflib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from sqlglot import exp

from nutgraf.engine import duckdb as engine
from nutgraf.mapping import csv_files, databases, files, json_files, plain_text
from nutgraf.mapping.access import Compression, extension
from nutgraf.mapping.folders import Folders
from nutgraf.mapping.model import LogicalSource, ReferenceFormulation
from nutgraf.mapping.unpack import unpack
from nutgraf.problems import InputError, Problem, Span
from nutgraf.records import document

_YAML: Final = frozenset({".yaml", ".yml"})
_PARQUET: Final = ".parquet"
_DATABASES: Final = databases.SQLITE | databases.DUCKDB

Scan = exp.Table | exp.Subquery


@dataclass(frozen=True)
class Columns:
    """A file with columns.

    Attributes:
        names: of the columns, in order.
        scan: gives them as `files.sql_names`.
        kind: TABLE when the scan reads the file each time, so that a table should be made of it.
        path: the file, where the engine reads it.
    """

    names: list[str]
    scan: Scan
    kind: Literal["TABLE", "VIEW"]
    path: Path | None = None


class Reader:
    """The files of one run; leaves nothing in the connection when it is closed."""

    def __init__(
        self, connection: engine.Connection, folders: Folders, on_step: Callable[[str], None]
    ) -> None:
        self._connection = connection
        self._folders = folders
        self._on_step = on_step
        self._plain: dict[tuple[Path, Compression, str], Path] = {}
        self._copies = 0
        self._sound: set[Path] = set()
        self._registered: list[str] = []

    def has(self, source: LogicalSource) -> bool:
        """Whether the file of a source is there."""
        return self._folders.has(source)

    def open(self, source: LogicalSource) -> Columns | Path:
        """The columns of a file, or the path of a plain file of JSON values.

        Raises:
            InputError: MAP115 no such file, MAP116 outside the allowed folders, MAP117 unreadable, DOC1xx
                not the YAML that we read.
        """
        self._on_step(f"reading {source.file}")
        path = self._folders.source(source)
        ending = extension(source.file)
        if (ending in _DATABASES) != (source.reference_formulation is ReferenceFormulation.SQL_TABLE):
            raise InputError(_wrong_formulation(source, ending))
        try:
            return self._open(source, self._unpacked(source, path), ending)
        except (engine.EngineError, OSError) as error:
            raise InputError(self.mistake(source, error)) from error

    def mistake(self, source: LogicalSource, error: Exception) -> Problem:
        """What is wrong with a file that the engine could not read, and where if it can be found."""
        path, ending = self._unpacked(source, self._folders.source(source)), extension(source.file)
        name = self._name(source)
        found = None
        if source.reference_formulation is ReferenceFormulation.JSON_PATH and ending != _PARQUET:
            lines = ending in files.JSON_LINES
            found = json_files.find_mistake(path, lines=lines, array=_is_array(source, ending), name=name)
        elif source.reference_formulation is ReferenceFormulation.CSV and ending != _PARQUET:
            options = csv_files.options(source.access, ending)
            width = len(csv_files.names(path, source.access, options, name))
            found = csv_files.find_mistake(path, options, width, name)
        if found is None:
            reason = getattr(error, "strerror", None) or type(error).__name__
            found = Problem("MAP117", f"cannot read {name}", Span(name), why=f"it is not readable ({reason})")
        return dataclasses.replace(found, why=found.why or f"it is the source of {source.span}")

    def close(self) -> None:
        """Forget the tables of databases."""
        for name in self._registered:
            engine.unregister(self._connection, name)

    def _open(self, source: LogicalSource, path: Path, ending: str) -> Columns | Path:
        if source.reference_formulation is ReferenceFormulation.SQL_TABLE:
            return self._of_database(source, path, ending)
        if ending == _PARQUET:
            return Columns(*files.read_parquet(self._connection, path), "TABLE", path)
        if source.reference_formulation is ReferenceFormulation.CSV:
            return self._of_csv(source, path, ending)
        if ending in _YAML:
            return self._from_yaml(source, path)
        if path not in self._sound:
            json_files.refuse(path, self._name(source), lines=ending in files.JSON_LINES)
            self._sound.add(path)
        return path

    def _unpacked(self, source: LogicalSource, path: Path) -> Path:
        """The file itself, or a plain copy of it in UTF-8."""
        compression, encoding = source.access.packed(source.file), source.access.encoding
        if compression is Compression.NONE and encoding in {"utf-8", "ascii"}:
            return path
        key = (path, compression, encoding)
        if key not in self._plain:
            copy = self._copy(extension(source.file))
            unpack(path, compression, encoding, copy, self._name(source))
            self._plain[key] = copy
        return self._plain[key]

    def _copy(self, ending: str) -> Path:
        self._copies += 1
        return self._folders.staging.resolve() / f"source-{self._copies}{ending}"

    def _name(self, source: LogicalSource) -> str:
        return self._folders.display(self._folders.source(source))

    def _from_yaml(self, source: LogicalSource, path: Path) -> Path:
        """The same as JSON. YAML's tags, anchors and aliases are refused."""
        copy = self._copy(".json")
        data = document.read(path, self._name(source)).data
        copy.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        return copy

    def _of_csv(self, source: LogicalSource, path: Path, ending: str) -> Columns:
        name = self._name(source)
        if path not in self._sound:
            plain_text.refuse_nul(path, name)
            plain_text.refuse_long_lines(path, csv_files.MAX_LINE, name)
            self._sound.add(path)
        options = csv_files.options(source.access, ending)
        written = csv_files.names(path, source.access, options, name)
        columns = files.sql_names(len(written))
        rows = csv_files.select(engine.read_csv(path, columns, options), columns, source.access)
        return Columns(written, rows.subquery("file"), "TABLE", path)

    def _of_database(self, source: LogicalSource, path: Path, ending: str) -> Columns:
        table = ".".join(source.iterator or ())
        try:
            rows = databases.read_table(path, ending, table)
        except databases.DatabaseError as error:
            raise InputError(self._bad_database(source, table, error)) from error
        name = f"mapping_database_{len(self._registered)}"
        engine.register(self._connection, name, rows.rename_columns(files.sql_names(rows.num_columns)))
        self._registered.append(name)
        return Columns(rows.column_names, exp.to_table(name), "VIEW")

    def _bad_database(self, source: LogicalSource, table: str, error: databases.DatabaseError) -> Problem:
        name = self._name(source)
        message = f"cannot read {name}: {error}"
        if error.tables is None:
            return Problem("MAP117", message, Span(name), why=f"it is the source of {source.span}")
        closest = difflib.get_close_matches(table, error.tables, n=1)
        fix = f'write "{closest[0]}"' if closest else None
        why = f"the tables are {', '.join(error.tables) or 'none'}"
        return Problem("MAP117", message, source.span, why=why, fix=fix)


def _is_array(source: LogicalSource, ending: str) -> bool:
    return source.iterator == () and ending not in files.JSON_LINES


def _wrong_formulation(source: LogicalSource, ending: str) -> Problem:
    if ending in _DATABASES:
        message = f'"{source.file}" is a database'
        fix = "write rml:referenceFormulation rml:SQL2008Table and the table's name as rml:iterator"
    else:
        message, fix = f'"{source.file}" is no database', "write rml:CSV or rml:JSONPath"
    why = f"the mapping reads it as rml:{source.reference_formulation.value}"
    return Problem("MAP117", message, source.span, why=why, fix=fix)
