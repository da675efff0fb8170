"""The records of a JSON document and their columns, in SQL."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlglot import exp

from nutgraf.mapping import json_path
from nutgraf.mapping.json_path import JsonPath
from nutgraf.mapping.model import Reference
from nutgraf.mapping.relation import ORDINAL, RECORD, Column
from nutgraf.mapping.sql.functions import call, named, number, text, to_text
from nutgraf.mapping.sql.json_values import value_of, values_of

JSON = "json"
NUMBER = "number"
"""The columns of a table of JSON records: the record, and its number from 1."""


def selected(records: str, path: JsonPath) -> exp.Select:
    """The values that a query selects in each record, as records."""
    values = values_of(exp.column(JSON), path)
    found = exp.select(named(call("unnest", values), JSON)).from_(records).subquery("found")
    return exp.select(exp.column(JSON), named(exp.Window(this=exp.RowNumber()), NUMBER)).from_(found)


def documents(records: str) -> exp.Select:
    """The records as whole documents, with their keys and positions."""
    return exp.select(exp.column(JSON), *_keys()).from_(records)


def json_columns(
    records: str, references: Mapping[str, Reference], columns: Mapping[str, Column]
) -> exp.Select:
    """A column of JSON values for each reference, so that a value keeps its own type; and the keys.

    Args:
        records: the table of the records.
        references: name → reference.
        columns: name → what to call its column.
    """
    document = exp.column(JSON)
    made = [
        named(json_value(document, reference), columns[name].name) for name, reference in references.items()
    ]
    return exp.select(*made, *_keys()).from_(records)


def table_columns(
    raw: str, queries: Iterable[Reference], columns: Mapping[str, Column], made: Mapping[str, Column]
) -> exp.Select:
    """A table with a column of JSON values for each query over its rows as JSON objects.

    Args:
        raw: the table.
        queries: references that are more than a name.
        columns: name → column of the table.
        made: name of a query → what to call its column.
    """
    pairs = [item for name, column in columns.items() for item in (text(name), column.expression())]
    row = call("json_object", *pairs)
    added = [named(json_value(row, reference), made[reference.name].name) for reference in queries]
    return exp.select(exp.Star(), *added).from_(raw)


def _keys() -> tuple[exp.Expression, exp.Expression]:
    """The key of a record, its member of that name or else its number; and its position from 0."""
    written = call("json_extract_string", value_of(exp.column(JSON), json_path.member(RECORD)), text("$"))
    record = call("coalesce", written, to_text(exp.column(NUMBER)))
    return named(record, RECORD), named(exp.Sub(this=exp.column(NUMBER), expression=number(1)), ORDINAL)


def json_value(document: exp.Expression, reference: Reference) -> exp.Expression:
    """The value of a reference, or the list of its values."""
    path = reference.path or json_path.member(reference.name)
    return values_of(document, path) if path.many else value_of(document, path)


def columns_of(references: Iterable[Reference], start: int = 0) -> dict[str, Column]:
    """Reference → the column of its JSON values."""
    return {
        reference.name: Column(f"c{index}", "JSON", many=bool(reference.path and reference.path.many))
        for index, reference in enumerate(references, start=start)
    }
