"""Files as SQL scans. Every column is renamed: SQL's names ignore case and a mapping's do not."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlglot import exp

from nutgraf.engine import duckdb as engine
from nutgraf.mapping.model import LogicalSource
from nutgraf.mapping.sql.functions import call, named, text

_JSON: Final = "json"
_NUMBER: Final = "number"
JSON_LINES: Final = frozenset({".jsonl", ".ndjson"})


def sql_names(count: int) -> list[str]:
    """The names of so many columns."""
    return [f"c{index}" for index in range(count)]


def read_parquet(connection: engine.Connection, path: Path) -> tuple[list[str], exp.Table]:
    """The column names of a Parquet file, and a scan of it whose columns are `sql_names`."""
    select = exp.select(exp.Star()).from_(engine.read_parquet(path))
    written = [name for name, _ in engine.describe(connection, select)]
    return written, engine.read_parquet(path, columns=sql_names(len(written)))


def json_values(source: LogicalSource, path: Path) -> exp.Select:
    """The records of a JSON file, numbered from 1."""
    scan = exp.select(exp.column(_JSON)).from_(engine.read_json(path, layout=layout(source, path)))
    if source.iterator and path.suffix not in JSON_LINES:
        steps = "".join(f'."{name}"' for name in source.iterator)
        values = call("json_extract", exp.column(_JSON), text(f"${steps}[*]"))
        scan = exp.select(named(call("unnest", values), _JSON)).from_(scan.subquery("document"))
    return exp.select(exp.column(_JSON), named(row_number(), _NUMBER)).from_(scan.subquery("value"))


def json_keys(values: str) -> exp.Select:
    """Every member name of the records."""
    return exp.select(call("unnest", call("json_keys", exp.column(_JSON)))).distinct().from_(values)


def row_number() -> exp.Window:
    """The number of a row from 1, in the order of the file."""
    return exp.Window(this=exp.RowNumber())


def layout(source: LogicalSource, path: Path) -> str:
    """How the values of a JSON file are laid out, as the engine calls it."""
    if path.suffix in JSON_LINES:
        return "newline_delimited"
    return "array" if source.iterator == () else "unstructured"
