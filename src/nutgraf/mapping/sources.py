"""Finds the table or file of each logical source and makes it a relation.

Every file is hostile: it must lie in a folder that the caller allows.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal

import pyarrow as pa
from sqlglot import exp

from nutgraf.engine import duckdb as engine
from nutgraf.mapping import files
from nutgraf.mapping.folders import Folders
from nutgraf.mapping.model import LogicalSource, Reference
from nutgraf.mapping.plan import Rule
from nutgraf.mapping.reader import Reader, Scan
from nutgraf.mapping.relation import RECORD, Column, Relation
from nutgraf.mapping.sql.functions import call, named, text, to_text
from nutgraf.mapping.sql.natural import NATURAL_TYPES, natural_values
from nutgraf.problems import InputError, Problem

_NESTED: Final = ("ARRAY", "OBJECT")


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

    def relations(self, rules: Sequence[Rule]) -> dict[LogicalSource, Relation]:
        """The relation of each logical source that the rules read.

        Raises:
            InputError: MAP103 a reference names no column, MAP114 an iterator that a table has not, MAP115
                no such table or file, MAP116 a file outside the allowed folders, MAP117 an unreadable file,
                MAP120 a column that is no RDF value, DOC1xx a YAML file that is none.
        """
        problems: list[Problem] = []
        wanted: dict[LogicalSource, dict[str, Reference]] = {}
        for rule in rules:
            names = wanted.setdefault(rule.logical_source, {})
            for reference in rule.references():
                names.setdefault(reference.name, reference)
        found: dict[LogicalSource, Relation] = {}
        for source, names in wanted.items():
            relation = self._relation(source, sorted(names), problems)
            if relation:
                found[source] = relation
        problems += _missing_columns(rules, found)
        if problems:
            raise InputError(*problems)
        for source, relation in found.items():
            problems += self._nested_values(relation, wanted[source])
        if problems:
            raise InputError(*problems)
        return found

    def close(self) -> None:
        """Drop what was made and forget the tables."""
        for kind, name in reversed(self._made):
            engine.drop(self._connection, kind, name)
        for name in self._registered:
            engine.unregister(self._connection, name)
        if self._reader:
            self._reader.close()

    def _relation(self, source: LogicalSource, names: list[str], problems: list[Problem]) -> Relation | None:
        try:
            table = self._table(source)
            if table is not None:
                return self._of_table(source, table)
            return self._of_file(source, names)
        except InputError as error:
            problems += error.problems
        return None

    def _table(self, source: LogicalSource) -> pa.Table | None:
        """The table of that name; a file wins over it."""
        if self._reader and self._reader.has(source):
            return None
        name = source.file if source.file in self._tables else Path(source.file).stem
        return self._tables.get(name)

    def _of_table(self, source: LogicalSource, table: pa.Table) -> Relation:
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
        return self._of_columns(table.column_names, exp.to_table(name), "VIEW")

    def _of_file(self, source: LogicalSource, names: list[str]) -> Relation:
        if self._reader is None:
            raise InputError(self._no_table(source))
        opened = self._reader.open(source)
        try:
            if isinstance(opened, Path):
                return self._of_json(source, opened, names)
            return self._of_columns(opened.names, opened.scan, opened.kind)
        except (engine.EngineError, OSError) as error:
            raise InputError(self._reader.mistake(source, error)) from error

    def _of_columns(self, names: list[str], scan: Scan, kind: Literal["TABLE", "VIEW"]) -> Relation:
        """A scan with a record column: the column of that name, else the row's number from 1."""
        columns = files.sql_names(len(names))
        record = exp.column(columns[names.index(RECORD)]) if RECORD in names else files.row_number()
        select = exp.select(*(exp.column(column) for column in columns), named(to_text(record), RECORD))
        raw = self._create(select.from_(scan), kind)
        types = dict(engine.describe(self._connection, exp.select(exp.Star()).from_(raw)))
        found = {
            name: Column(column, types[column].partition("(")[0])
            for name, column in zip(names, columns, strict=True)
        }
        view = self._create(natural_values(raw, found.values()), "VIEW")
        return Relation(view, raw, found, tuple(names))

    def _of_json(self, source: LogicalSource, path: Path, names: list[str]) -> Relation:
        values = self._create(files.json_values(source, path), "TABLE")
        keys = engine.rows(self._connection, files.json_keys(values))
        raw = self._create(files.json_columns(values, names), "VIEW")
        columns = files.sql_names(len(names))
        found = {name: Column(column, "JSON") for name, column in zip(names, columns, strict=True)}
        table = self._create(natural_values(raw, found.values()), "TABLE")
        return Relation(table, raw, found, tuple(sorted(row[0] for row in keys)))

    def _create(self, query: exp.Select, kind: Literal["TABLE", "VIEW"]) -> str:
        """Make a temporary view, or a table so that a file is read once and not for each rule."""
        name = f"mapping_source_{len(self._made)}"
        relation = exp.Create(this=exp.to_table(name), kind=kind, replace=True, expression=query)
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
            fix=_closest(Path(source.file).stem, self._tables),
        )

    def _nested_values(self, relation: Relation, references: Mapping[str, Reference]) -> Iterable[Problem]:
        """The references whose column, or value in some record, is an array or an object."""
        for name, reference in references.items():
            column = relation.columns.get(name)
            if column is None:
                continue
            if column.type not in NATURAL_TYPES:
                yield _no_value(name, f"its type is {column.type}", reference)
            elif column.type == "JSON":
                kind = call("json_type", column.expression())
                query = (
                    exp.select(kind, exp.column(RECORD))
                    .from_(relation.raw)
                    .where(kind.isin(*(text(value) for value in _NESTED)))
                    .order_by(exp.column(RECORD))
                    .limit(1)
                )
                for row in engine.rows(self._connection, query):
                    yield _no_value(name, f"it is {row[0].lower()} in record {row[1]}", reference)


def _missing_columns(rules: Sequence[Rule], found: Mapping[LogicalSource, Relation]) -> Iterable[Problem]:
    for rule in rules:
        relation = found.get(rule.logical_source)
        if relation is None or not relation.names:
            continue  # unreadable, or a file without a record, which has no columns to know
        for reference in rule.references():
            if reference.name not in relation.names:
                yield Problem(
                    "MAP103",
                    f'no column "{reference.name}" in {rule.logical_source.file}',
                    reference.span,
                    why=f"the columns are {', '.join(relation.names)}",
                    fix=_closest(reference.name, relation.names),
                )


def _closest(name: str, names: Iterable[str]) -> str | None:
    matches = difflib.get_close_matches(name, sorted(names), n=1)
    return f'write "{matches[0]}"' if matches else None


def _no_value(name: str, why: str, reference: Reference) -> Problem:
    message = f'the column "{name}" holds no single value'
    return Problem("MAP120", message, reference.span, why=why, fix="give each value a record of its own")
