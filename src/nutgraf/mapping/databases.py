"""Tables of database files as Arrow: SQLite and DuckDB, opened to be read only.

A database is a program too: a view may run for ever and a virtual table may call anything, so only plain
tables are read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from nutgraf.engine import duckdb as engine

SQLITE: Final = frozenset({".sqlite", ".sqlite3", ".db", ".db3"})
DUCKDB: Final = frozenset({".duckdb", ".ddb"})
_BATCH: Final = 50_000
_BUSY: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


class DatabaseError(Exception):
    """A database that cannot be read; the message is for people.

    Attributes:
        tables: the tables that there are, when the one asked for is not there.
    """

    def __init__(self, message: str, tables: tuple[str, ...] | None = None) -> None:
        super().__init__(message)
        self.tables = tables


def read_table(path: Path, extension: str, table: str) -> pa.Table:
    """All rows of one table.

    Args:
        path: the database file.
        extension: of its name, in lower case.
        table: its name, as it is written.

    Raises:
        DatabaseError: it is no database, damaged, locked, or has no such table.
    """
    return _of_sqlite(path, table) if extension in SQLITE else _of_duckdb(path, table)


def _of_sqlite(path: Path, table: str) -> pa.Table:
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=0)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            connection.execute("PRAGMA cell_size_check = ON")
            connection.execute("BEGIN")
            found = connection.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'"
                " AND upper(sql) NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
            )
            _require(table, tuple(row[0] for row in found))
            return _sqlite_rows(connection, _quoted(table))
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", None) in _BUSY:
            raise DatabaseError("the database is locked: another program is writing to it") from error
        raise DatabaseError(f"it is no sound SQLite database ({error})") from error
    except UnicodeError as error:
        raise DatabaseError("a text in it is not UTF-8") from error


def _sqlite_rows(connection: sqlite3.Connection, table: str) -> pa.Table:
    """SQLite types values and not columns: a column whose values differ in type is text."""
    names = [row[1] for row in connection.execute(f"PRAGMA table_xinfo({table})") if row[6] != 1]
    types = [_sqlite_type(connection, table, name) for name in names]
    schema = pa.schema(list(zip(names, types, strict=True)))
    columns = ", ".join(map(_quoted, names))
    cursor = connection.execute(f"SELECT {columns} FROM {table}")  # noqa: S608 - quoted names
    return pa.Table.from_batches(list(_batches(cursor, schema)), schema)


def _sqlite_type(connection: sqlite3.Connection, table: str, name: str) -> pa.DataType:
    query = f"SELECT DISTINCT typeof({_quoted(name)}) FROM {table}"  # noqa: S608 - quoted names
    kinds = {row[0] for row in connection.execute(query)} - {"null"}
    if kinds == {"integer"}:
        return pa.int64()
    if kinds and kinds <= {"integer", "real"}:
        return pa.float64()
    return pa.binary() if "blob" in kinds else pa.string()


def _batches(cursor: sqlite3.Cursor, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    while rows := cursor.fetchmany(_BATCH):
        columns = zip(*rows, strict=True)
        arrays = [
            pa.array([_value(value, kind) for value in column], kind)
            for column, kind in zip(columns, schema.types, strict=True)
        ]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)


def _value(value: Any, kind: pa.DataType) -> Any:
    if value is None:
        return None
    if kind == pa.string():
        return str(value)
    if kind == pa.binary():
        return value if isinstance(value, bytes) else str(value).encode()
    return float(value) if kind == pa.float64() else value


def _of_duckdb(path: Path, table: str) -> pa.Table:
    try:
        with closing(engine.open_file(path)) as connection:
            found = connection.execute(
                "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database()"
                " AND schema_name = 'main' AND NOT internal ORDER BY table_name"
            )
            _require(table, tuple(row[0] for row in found.fetchall()))
            query = f"SELECT * FROM main.{_quoted(table)}"  # noqa: S608 - a quoted name
            rows: pa.Table = connection.sql(query).to_arrow_table()
            return rows
    except engine.EngineError as error:
        if "lock" in str(error):
            raise DatabaseError("the database is locked: another program is writing to it") from error
        raise DatabaseError(f"it is no sound DuckDB database ({type(error).__name__})") from error


def _require(table: str, tables: tuple[str, ...]) -> None:
    if table not in tables:
        raise DatabaseError(f'there is no table "{table}"', tables)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
