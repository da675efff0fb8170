"""Finds the table or file of each logical source and makes it a relation.

Every file is hostile: it must lie in a folder that the caller allows.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Literal

import pyarrow as pa
from sqlglot import exp

from nutgraf.engine import duckdb as engine
from nutgraf.mapping import files
from nutgraf.mapping.evaluate import JSON_PATH, Function
from nutgraf.mapping.folders import Folders
from nutgraf.mapping.json_path import JsonPath, Member, Wildcard
from nutgraf.mapping.model import LogicalSource, Reference
from nutgraf.mapping.reader import Columns, Reader, Scan
from nutgraf.mapping.relation import ORDINAL, RECORD, Column, Relation
from nutgraf.mapping.sql.functions import named, number, to_text
from nutgraf.mapping.sql.json_records import columns_of, documents, json_columns, selected, table_columns
from nutgraf.mapping.sql.natural import natural_values
from nutgraf.problems import InputError, Problem, closest

References = Mapping[str, Reference]
"""Name → what a mapping reads under it."""


class Sources:
    """The relations of one run; leaves nothing behind when it is closed."""

    def __init__(
        self,
        connection: engine.Connection,
        tables: Mapping[str, pa.Table],
        folders: Folders | None,
        on_step: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._connection = connection
        self._tables = tables
        self._reader = Reader(connection, folders, on_step) if folders else None
        self._made: list[tuple[Literal["TABLE", "VIEW"], str]] = []
        self._registered: list[str] = []
        self._functions: list[str] = []

    def close(self) -> None:
        """Drop what was made and forget the tables."""
        for kind, name in reversed(self._made):
            engine.drop(self._connection, kind, name)
        for name in self._registered:
            engine.unregister(self._connection, name)
        for name in self._functions:
            engine.remove_function(self._connection, name)
        if self._reader:
            self._reader.close()

    def relation(self, source: LogicalSource, references: References) -> Relation:
        """The relation of a logical source.

        Args:
            source: a table, or a file in an allowed folder.
            references: name → each reference that is read of it.

        Raises:
            InputError: MAP114 an iterator that a table has not, MAP115 no such table or file, MAP116 a file
                outside the allowed folders, MAP117 an unreadable file, DOC1xx a YAML file that is none.
        """
        table = self._table(source)
        if table is not None:
            return self._of_table(source, table, references)
        reader, opened = self._open(source)
        try:
            if isinstance(opened, Path):
                return self._of_json(source, opened, references)
            return self._of_columns(opened.names, opened.scan, opened.kind, references)
        except (engine.EngineError, OSError) as error:
            raise InputError(reader.mistake(source, error)) from error

    def documents(self, source: LogicalSource) -> Relation | None:
        """The records of a JSON file as whole documents; None when the source is a table of columns.

        Raises:
            InputError: as of `relation`.
        """
        if source.reference_formulation.names_columns or self._table(source) is not None:
            return None
        reader, opened = self._open(source)
        if not isinstance(opened, Path):
            return None
        try:
            records = self._json_records(source, opened)
            keys = engine.rows(self._connection, files.json_keys(records))
            raw = self.create(documents(records), "VIEW")
        except (engine.EngineError, OSError) as error:
            raise InputError(reader.mistake(source, error)) from error
        return Relation(raw, raw, {}, tuple(sorted(row[0] for row in keys)))

    def opened(self, source: LogicalSource) -> Columns | Path | None:
        """The file of a source; None when it is a table.

        Raises:
            InputError: as of `relation`.
        """
        return None if self._table(source) is not None else self._open(source)[1]

    def _open(self, source: LogicalSource) -> tuple[Reader, Columns | Path]:
        if self._reader is None:
            raise InputError(self._no_table(source))
        return self._reader, self._reader.open(source)

    def _table(self, source: LogicalSource) -> pa.Table | None:
        """The table of that name; a file wins over it."""
        name = source.file if source.file in self._tables else Path(source.file).stem
        if name not in self._tables or (self._reader and self._reader.has(source)):
            return None
        return self._tables[name]

    def _of_table(self, source: LogicalSource, table: pa.Table, references: References) -> Relation:
        if source.iterator:
            path = ".".join(source.iterator)
            problem = Problem(
                "MAP114",
                f'the table "{source.file}" has no "{path}" to iterate over',
                source.span,
                why="each row of a table is a record",
                fix="write $[*]",
            )
            raise InputError(problem)
        name = f"mapping_table_{len(self._registered)}"
        columns = files.sql_names(table.num_columns)
        engine.register(self._connection, name, table.rename_columns(columns))
        self._registered.append(name)
        return self._of_columns(table.column_names, exp.to_table(name), "VIEW", references)

    def _of_columns(
        self, names: list[str], scan: Scan, kind: Literal["TABLE", "VIEW"], references: References
    ) -> Relation:
        """A scan with a record column: the column of that name, else the row's number from 1."""
        columns = files.sql_names(len(names))
        record = exp.column(columns[names.index(RECORD)]) if RECORD in names else files.row_number()
        ordinal = exp.Sub(this=files.row_number(), expression=number(1))
        shown = [exp.column(column) for column in columns]
        select = exp.select(*shown, named(to_text(record), RECORD), named(ordinal, ORDINAL))
        raw = self.create(select.from_(scan), kind)
        types = dict(engine.describe(self._connection, exp.select(exp.Star()).from_(raw)))
        found = {
            name: Column(column, types[column].partition("(")[0])
            for name, column in zip(names, columns, strict=True)
        }
        queries = [reference for reference in references.values() if reference.path]
        if queries:
            made = columns_of(queries, start=len(columns))
            self._need_evaluator(queries)
            raw = self.create(table_columns(raw, queries, found, made), "VIEW")
            found |= made
        view = self.create(natural_values(raw, found.values()), "VIEW")
        return Relation(view, raw, found, tuple(names))

    def _of_json(self, source: LogicalSource, path: Path, references: References) -> Relation:
        records = self._json_records(source, path)
        keys = engine.rows(self._connection, files.json_keys(records))
        found = columns_of(references.values())
        self._need_evaluator(references.values())
        raw = self.create(json_columns(records, references, found), "VIEW")
        table = self.create(natural_values(raw, found.values()), "TABLE")
        return Relation(table, raw, found, tuple(sorted(row[0] for row in keys)))

    def _json_records(self, source: LogicalSource, path: Path) -> str:
        """The table of the records of a JSON file."""
        selector = source.selector
        if source.iterator:
            selector = JsonPath("", (*map(Member, source.iterator), Wildcard()))
            source = dataclasses.replace(source, iterator=None)
        records = self.create(files.json_values(source, path), "TABLE")
        if selector is None:
            return records
        if selector.segments is None:
            self.need(JSON_PATH)
        return self.create(selected(records, selector), "TABLE")

    def _need_evaluator(self, references: Iterable[Reference]) -> None:
        if any(reference.path and reference.path.segments is None for reference in references):
            self.need(JSON_PATH)

    def need(self, function: Function) -> None:
        """Let SQL call a function until this is closed."""
        if function.name not in self._functions:
            engine.create_function(
                self._connection, function.name, function.evaluate, list(function.parameters), function.result
            )
            self._functions.append(function.name)

    def create(self, query: exp.Select, kind: Literal["TABLE", "VIEW"], *, shared: bool = False) -> str:
        """Make a view, or a table so that a file is read once and not for each rule.

        Args:
            query: what it has.
            kind: which of the two.
            shared: other connections of the database see it too.
        """
        name = f"mapping_source_{len(self._made)}"
        relation = exp.Create(this=exp.to_table(name), kind=kind, replace=True, expression=query)
        if not shared:
            relation.set("properties", exp.Properties(expressions=[exp.TemporaryProperty()]))
        engine.execute(self._connection, relation)
        self._made.append((kind, name))
        return name

    def _no_table(self, source: LogicalSource) -> Problem:
        return Problem(
            "MAP115",
            f'there is no table "{Path(source.file).stem}" for the source "{source.file}"',
            source.span,
            why=f"the tables are {', '.join(sorted(self._tables)) or 'none'}",
            fix=closest(Path(source.file).stem, self._tables),
        )
