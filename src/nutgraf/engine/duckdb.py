"""DuckDB: connections with safe settings, scans of tables and files, and running SQL expressions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import duckdb
import pyarrow as pa
from duckdb.func import PythonUDFType
from duckdb.sqltypes import DuckDBPyType
from sqlglot import exp

Connection = duckdb.DuckDBPyConnection
EngineError = duckdb.Error
OutOfMemoryError = duckdb.OutOfMemoryException

_SAFE: Final = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
}
_NO_NULL: Final = "\x01no null\x01"
"""No cell of a CSV file is this text, so none is NULL."""

_PLAIN: Final = exp.Literal.string("none")
"""Whatever a file's name says: what unpacks it bounds it."""

_MIN_OBJECT_SIZE: Final = 16 * 1024 * 1024
"""DuckDB's default bound of one JSON value in bytes."""


def connect(
    *,
    directories: Sequence[Path] = (),
    threads: int | None = None,
    memory_limit: str | None = None,
    spill: Path | None = None,
) -> Connection:
    """Open a database in memory that reaches no network and no file outside `directories`.

    Args:
        directories: the folders whose files may be read; none when absent.
        threads: how many threads work; default is one for each processor.
        memory_limit: as DuckDB spells it, such as "4GB".
        spill: the folder for what does not fit into memory; default: `.tmp` in the current one.

    Source: https://duckdb.org/docs/stable/operations_manual/securing_duckdb/overview
    """
    config: dict[str, str | bool | int | float | list[str]] = dict(_SAFE)
    if threads is not None:
        config["threads"] = threads
    if memory_limit is not None:
        config["memory_limit"] = memory_limit
    if spill is not None:
        config["temp_directory"] = spill.as_posix()
    connection = duckdb.connect(config=config)
    allowed = [directory.resolve().as_posix() for directory in directories]
    if allowed:
        connection.execute(f"SET allowed_directories = [{', '.join('?' * len(allowed))}]", allowed)
    _shut(connection)
    return connection


def open_file(path: Path) -> Connection:
    """Open a DuckDB database file, to be read only; it reaches no other file and no network.

    Raises:
        EngineError: it is none, it is damaged, or another program is writing to it.
    """
    connection = duckdb.connect(path.as_posix(), read_only=True, config=dict(_SAFE))
    _shut(connection)
    return connection


def open_own(path: Path, *, memory_limit: str | None = None) -> Connection:
    """Open a DuckDB database file of ours, to be written too; it is made where there is none.

    Raises:
        EngineError: it is none, it is damaged, or another program has it open.
    """
    config: dict[str, str | bool | int | float | list[str]] = dict(_SAFE)
    if memory_limit is not None:
        config["memory_limit"] = memory_limit
    connection = duckdb.connect(path.as_posix(), config=config)
    _shut(connection)
    return connection


def _shut(connection: Connection) -> None:
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def execute(connection: Connection, query: exp.Expression, *, once: bool = False) -> Connection:
    """Run one SQL expression; `once` where it is not used again, so that it need not be copied.

    Raises:
        KeyboardInterrupt: somebody ended it: no error of the data, for which another way could be tried.
    """
    try:
        return connection.execute(query.sql(dialect="duckdb", copy=not once))
    except duckdb.InterruptException as error:
        raise KeyboardInterrupt from error


def rows(connection: Connection, query: exp.Expression) -> list[tuple[Any, ...]]:
    """Run a query, which is not used again, and fetch everything."""
    result: list[tuple[Any, ...]] = execute(connection, query, once=True).fetchall()
    return result


def table(connection: Connection, query: str, parameters: dict[str, Any] | None = None) -> pa.Table:
    """Run a query and fetch everything as an Arrow table."""
    return connection.sql(query, params=parameters).to_arrow_table()


def batches(connection: Connection, query: exp.Expression, size: int) -> Iterator[pa.RecordBatch]:
    """Run a query, which is not used again, and fetch the rows as they come, so many at a time.

    Nothing else may run in the connection meanwhile.
    """
    yield from connection.sql(query.sql(dialect="duckdb", copy=False)).to_arrow_reader(size)


def lots(connection: Connection, query: str, size: int) -> Iterator[pa.RecordBatch]:
    """As `batches`, of SQL text."""
    yield from connection.sql(query).to_arrow_reader(size)


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


def create_macro(connection: Connection, name: str, parameter: str, body: exp.Expression) -> None:
    """Give an expression over one parameter a name, for all connections of the database."""
    connection.execute(f"CREATE OR REPLACE MACRO {name}({parameter}) AS {render(body)}")


def drop_macro(connection: Connection, name: str) -> None:
    """Undo `create_macro`."""
    connection.execute(f"DROP MACRO IF EXISTS {name}")


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
    return _scan(
        "read_json_objects",
        path,
        compression=_PLAIN,
        format=exp.Literal.string(layout),
        maximum_object_size=_number(_object_size(path, layout)),
    )


def read_json_columns(path: Path, columns: Mapping[str, str], *, layout: str) -> exp.Table:
    """A scan of a JSON file that reads some members of its records, and refuses what is no object.

    Args:
        path: the file.
        columns: name of the member → its type, as DuckDB spells it.
        layout: as of `read_json`.
    """
    types = [
        exp.PropertyEQ(this=exp.Literal.string(name), expression=exp.Literal.string(kind))
        for name, kind in columns.items()
    ]
    return _scan(
        "read_json",
        path,
        compression=_PLAIN,
        format=exp.Literal.string(layout),
        records=exp.Literal.string("true"),
        columns=exp.Struct(expressions=types),
        maximum_object_size=_number(_object_size(path, layout)),
    )


def _object_size(path: Path, layout: str) -> int:
    """The bound of one JSON value in bytes."""
    return max(_MIN_OBJECT_SIZE, path.stat().st_size + 1) if layout == "unstructured" else _MIN_OBJECT_SIZE


@dataclass(frozen=True, slots=True)
class CsvOptions:
    """How a CSV file is written; the default is RFC 4180.

    Attributes:
        delimiter: between cells.
        quote: around a cell; empty for none.
        escape: before a quote inside a quoted cell.
        header: whether the first line has the names, and is skipped.
        skip: number of lines before that.
        comment: how a line begins that is skipped; None when there are none.
        nulls: texts that are NULL.
    """

    delimiter: str = ","
    quote: str = '"'
    escape: str = '"'
    header: bool = True
    skip: int = 0
    comment: str | None = None
    nulls: tuple[str, ...] = ("",)


def read_csv(path: Path, columns: list[str], options: CsvOptions) -> exp.Table:
    """A scan of a CSV file: every column text. Nothing is guessed: a row of another width is an error.

    Args:
        path: the file, in UTF-8.
        columns: what to call the columns, in order.
        options: how it is written.
    """
    types = [
        exp.PropertyEQ(this=exp.Literal.string(name), expression=exp.Literal.string("VARCHAR"))
        for name in columns
    ]
    nulls = [exp.Literal.string(text) for text in options.nulls or (_NO_NULL,)]
    comment = exp.Literal.string(options.comment or "")
    return _scan(
        "read_csv",
        path,
        compression=_PLAIN,
        auto_detect=exp.false(),
        columns=exp.Struct(expressions=types),
        header=exp.true() if options.header else exp.false(),
        delim=exp.Literal.string(options.delimiter),
        quote=exp.Literal.string(options.quote),
        escape=exp.Literal.string(options.escape),
        skip=_number(options.skip),
        nullstr=exp.Array(expressions=nulls),
        comment=comment,
    )


def read_parquet(path: Path, *, columns: list[str] | None = None) -> exp.Table:
    """A scan of a Parquet file; `columns` renames its columns in order."""
    return _scan("read_parquet", path, columns)


def parquet_rows(path: Path) -> exp.Select:
    """How many rows a Parquet file has."""
    return exp.select(exp.func("sum", exp.column("num_rows"))).from_(_scan("parquet_file_metadata", path))


def _scan(
    function: str, path: Path, renamed: list[str] | None = None, **options: exp.Expression
) -> exp.Table:
    arguments: list[exp.Expression] = [exp.Literal.string(path.as_posix())]
    arguments += [exp.EQ(this=exp.to_identifier(name), expression=value) for name, value in options.items()]
    names = [exp.to_identifier(name, quoted=True) for name in renamed or []]
    alias = exp.TableAlias(this=exp.to_identifier("file"), columns=names)
    return exp.Table(this=exp.Anonymous(this=function, expressions=arguments), alias=alias)


def _number(value: int) -> exp.Literal:
    return exp.Literal(this=str(value), is_string=False)
