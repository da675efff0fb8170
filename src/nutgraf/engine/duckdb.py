"""DuckDB: connections with safe settings, scans of tables and files, and running SQL expressions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Literal

import duckdb
import pyarrow as pa
from duckdb.func import PythonUDFType
from duckdb.sqltypes import DuckDBPyType
from sqlglot import exp

Connection = duckdb.DuckDBPyConnection
EngineError = duckdb.Error

_MIN_OBJECT_SIZE: Final = 16 * 1024 * 1024
"""DuckDB's default bound of one JSON value in bytes."""


def connect(
    *, directory: Path | None = None, threads: int | None = None, memory_limit: str | None = None
) -> Connection:
    """Open a database in memory that reaches no network and no file outside `directory`.

    Args:
        directory: the one folder whose files may be read; none when absent.
        threads: how many threads work; default is one for each processor.
        memory_limit: as DuckDB spells it, such as "4GB".

    Source: https://duckdb.org/docs/stable/operations_manual/securing_duckdb/overview
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
        "python_enable_replacements": "false",
    }
    if threads is not None:
        config["threads"] = threads
    if memory_limit is not None:
        config["memory_limit"] = memory_limit
    connection = duckdb.connect(config=config)
    if directory is not None:
        connection.execute("SET allowed_directories = [?]", [directory.resolve().as_posix()])
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def execute(connection: Connection, query: exp.Expression) -> Connection:
    """Run one SQL expression."""
    return connection.execute(render(query))


def rows(connection: Connection, query: exp.Expression) -> list[tuple[Any, ...]]:
    """Run a query and fetch everything."""
    result: list[tuple[Any, ...]] = execute(connection, query).fetchall()
    return result


def render(query: exp.Expression, *, pretty: bool = False) -> str:
    """The SQL text that DuckDB is given."""
    return query.sql(dialect="duckdb", pretty=pretty)


def register(connection: Connection, name: str, table: pa.Table) -> None:
    """Make an Arrow table readable by SQL under `name`, without copying it."""
    connection.register(name, table)


def unregister(connection: Connection, name: str) -> None:
    """Undo `register`."""
    connection.unregister(name)


def create_function(
    connection: Connection,
    name: str,
    function: Callable[..., pa.Array],
    parameters: list[str],
    result: str,
) -> None:
    """Let SQL call a function of Arrow arrays.

    Args:
        connection: where it is known from now on.
        name: what SQL calls it.
        function: takes an array for each parameter and gives one of the same length.
        parameters: their types, as DuckDB spells them.
        result: the type of the result.
    """
    types: list[Any] = [DuckDBPyType(parameter) for parameter in parameters]
    connection.create_function(name, function, types, DuckDBPyType(result), type=PythonUDFType.ARROW)


def remove_function(connection: Connection, name: str) -> None:
    """Undo `create_function`."""
    connection.remove_function(name)


def drop(connection: Connection, kind: Literal["TABLE", "VIEW"], name: str) -> None:
    """Remove a table or view of ours, if it is there."""
    connection.execute(f'DROP {kind} IF EXISTS "{name}"')


def describe(connection: Connection, query: exp.Expression) -> list[tuple[str, str]]:
    """The (name, DuckDB type) of each column of a query."""
    statement = exp.Describe(this=query)
    return [(row[0], row[1]) for row in rows(connection, statement)]


def read_json(path: Path, *, layout: str) -> exp.Table:
    """A scan of a JSON file: a row for each value, in the one column `json`.

    Args:
        path: the file.
        layout: "array" for the elements of one array, "newline_delimited" for JSON Lines,
            "unstructured" for whole values.
    """
    size = max(_MIN_OBJECT_SIZE, path.stat().st_size + 1) if layout == "unstructured" else _MIN_OBJECT_SIZE
    return _scan(
        "read_json_objects", path, format=exp.Literal.string(layout), maximum_object_size=_number(size)
    )


def read_csv(path: Path, *, header: bool, columns: list[str] | None = None) -> exp.Table:
    """A scan of a CSV file (RFC 4180): every column text, an empty cell NULL.

    Args:
        path: the file.
        header: whether to skip the first line.
        columns: what to call the columns, in order.
    """
    return _scan(
        "read_csv",
        path,
        columns,
        header=exp.true() if header else exp.false(),
        all_varchar=exp.true(),
        delim=exp.Literal.string(","),
        quote=exp.Literal.string('"'),
        escape=exp.Literal.string('"'),
    )


def read_parquet(path: Path, *, columns: list[str] | None = None) -> exp.Table:
    """A scan of a Parquet file; `columns` renames its columns in order."""
    return _scan("read_parquet", path, columns)


def _scan(
    function: str, path: Path, columns: list[str] | None = None, **options: exp.Expression
) -> exp.Table:
    arguments: list[exp.Expression] = [exp.Literal.string(path.as_posix())]
    arguments += [exp.EQ(this=exp.to_identifier(name), expression=value) for name, value in options.items()]
    names = [exp.to_identifier(name, quoted=True) for name in columns or []]
    alias = exp.TableAlias(this=exp.to_identifier("file"), columns=names)
    return exp.Table(this=exp.Anonymous(this=function, expressions=arguments), alias=alias)


def _number(value: int) -> exp.Literal:
    return exp.Literal(this=str(value), is_string=False)
