"""What the last validation left for the next: its statements as hashes, and its results.

It is a DuckDB file of ours, changed in one transaction. Whatever is wrong with it means that there is none:
then everything is validated.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import astuple
from typing import TYPE_CHECKING, Any, Final, TypeAlias, cast

import pyarrow as pa

from nutgraf.engine import duckdb as engine
from nutgraf.shapes.paths import PropertyPath
from nutgraf.shapes.report import Detail, Result, Term
from nutgraf.shapes.sql.facts import term_columns, term_from

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path

    from pyoxigraph import BlankNode, NamedNode

Found: TypeAlias = "tuple[Result, Detail, int]"
"""A result, more about it, and the number of its focus node."""

_TABLES: Final = """
create table about (key varchar, unmatched integer[]);
create table statement (bucket usmallint, s ubigint, p ubigint, o ubigint);
create table bucket (bucket usmallint, number bigint, total hugeint);
create table result (shape varchar, node ubigint, content varchar);
"""
_DIFFERENT: Final = """
select coalesce(n.bucket, b.bucket) from new_bucket n full join bucket b on b.bucket = n.bucket
where b.number is distinct from n.number or b.total is distinct from n.total order by all
"""
_IN_BUCKETS: Final = """
select distinct bucket, s, p, o from statement where bucket in (select unnest($buckets)) order by all
"""
_CHANGED: Final = """
(select s, p, o, false as stated from (from old_rows except from new_rows))
union all (select s, p, o, true from (from new_rows except from old_rows))
"""
_DELETE_STATEMENTS: Final = "delete from statement where bucket in (select unnest($buckets))"
_DELETE_RESULTS: Final = """
delete from result using gone where result.shape = gone.shape and result.node = gone.node
"""
_NODES: Final = pa.schema({"shape": pa.string(), "node": pa.uint64()})
_RESULTS: Final = pa.schema({"shape": pa.string(), "node": pa.uint64(), "content": pa.string()})


class DamagedError(Exception):
    """The file cannot be used."""


class Kept:
    """The file, open."""

    def __init__(self, connection: engine.Connection) -> None:
        self._connection = connection

    @classmethod
    def open(cls, path: Path, key: str) -> Kept | None:
        """Open what the last validation left.

        Args:
            path: of the file.
            key: says which shapes and which tool it must be from.

        Returns:
            None when there is nothing that fits.
        """
        if _is_linked(path) or not path.is_file():
            return None
        try:
            connection = engine.open_own(path)
        except (engine.EngineError, OSError):
            return None
        with contextlib.suppress(engine.EngineError):
            if connection.execute("select key from about").fetchall() == [(key,)]:
                return cls(connection)
        connection.close()
        return None

    def close(self) -> None:
        """Let others open the file."""
        with contextlib.suppress(engine.EngineError):
            self._connection.close()

    def different(self, buckets: pa.Table) -> list[int]:
        """The buckets that do not hold the same as those given.

        Raises:
            DamagedError: the file cannot be used.
        """
        with _sound(), _registered(self._connection, new_bucket=buckets):
            return [int(row[0]) for row in self._connection.execute(_DIFFERENT).fetchall()]

    def changed(self, buckets: Sequence[int], new: pa.Table) -> pa.Table:
        """The statements of some buckets that are new or gone: s, p, o, and whether it is stated now.

        Raises:
            DamagedError: the file cannot be used.
        """
        with _sound():
            old = engine.table(self._connection, _IN_BUCKETS, {"buckets": list(buckets)})
            with _registered(self._connection, old_rows=old, new_rows=new):
                return engine.table(self._connection, _CHANGED)

    def unmatched(self) -> list[int]:
        """The shapes that no node was a target of.

        Raises:
            DamagedError: the file cannot be used.
        """
        with _sound():
            ((numbers,),) = self._connection.execute("select unmatched from about").fetchall()
            return [int(number) for number in numbers]

    def results(self) -> list[Found]:
        """The results of the last validation.

        Raises:
            DamagedError: the file cannot be used.
        """
        with _sound():
            rows = self._connection.execute("select content, node from result").fetchall()
            return [(*_read(content), int(node)) for content, node in rows]

    def update(
        self,
        buckets: Sequence[int],
        new: pa.Table,
        counts: pa.Table,
        gone: Collection[tuple[str, int]],
        found: Iterable[Found],
        unmatched: Sequence[int],
    ) -> None:
        """Put new statements and results in the place of old ones: all of them, or none.

        Args:
            buckets: those in which something changed.
            new: all statements that they hold now.
            counts: what `Triples.buckets` gave.
            gone: shape and focus node of the results to remove.
            found: the results to add.
            unmatched: the shapes that no node is a target of now.

        Raises:
            DamagedError: the file cannot be used.
        """
        execute = self._connection.execute
        nodes = pa.Table.from_pylist([{"shape": s, "node": n} for s, n in sorted(gone)], schema=_NODES)
        with (
            _sound(),
            _registered(self._connection, rows=new, counts=counts, gone=nodes, found=_table(found)),
        ):
            execute("begin")
            execute(
                "delete from statement where bucket in (select unnest($buckets))", {"buckets": list(buckets)}
            )
            execute("insert into statement by name from rows")
            execute("delete from bucket")
            execute("insert into bucket by name from counts")
            execute(
                "delete from result using gone where result.shape = gone.shape and result.node = gone.node"
            )
            execute("insert into result by name from found")
            execute("update about set unmatched = $unmatched", {"unmatched": list(unmatched)})
            execute("commit")


def write(
    path: Path,
    key: str,
    statements: pa.Table,
    counts: pa.Table,
    found: Iterable[Found],
    unmatched: Sequence[int],
) -> None:
    """Keep what a full validation leaves; where that cannot be done, nothing is kept.

    Args:
        path: of the file.
        key: as for `Kept.open`.
        statements: bucket, s, p, o; by bucket.
        counts: what `Triples.buckets` gave.
        found: the results.
        unmatched: the shapes that no node is a target of.
    """
    if _is_linked(path):
        return
    beside = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with engine.open_own(beside) as connection:
            connection.execute(_TABLES)
            with _registered(connection, rows=statements, counts=counts, found=_table(found)):
                connection.execute("insert into statement by name from rows")
                connection.execute("insert into bucket by name from counts")
                connection.execute("insert into result by name from found")
            connection.execute("insert into about values (?, ?)", [key, list(unmatched)])
        beside.replace(path)
    except (engine.EngineError, OSError):
        forget(path)


def forget(path: Path) -> None:
    """Remove the file, and what a write that was interrupted left beside it."""
    if _is_linked(path):
        return
    for file in (path, path.with_name(f"{path.name}.wal"), path.with_name(f"{path.name}.part")):
        with contextlib.suppress(OSError):
            file.unlink(missing_ok=True)


def _is_linked(path: Path) -> bool:
    """A link in the workspace must not make us read, write or delete somewhere else."""
    return path.is_symlink() or path.parent.is_symlink()


@contextlib.contextmanager
def _sound() -> Iterator[None]:
    try:
        yield
    except (engine.EngineError, OSError, ValueError, TypeError, LookupError, RecursionError) as error:
        raise DamagedError(str(error)) from error


@contextlib.contextmanager
def _registered(connection: engine.Connection, **tables: pa.Table) -> Iterator[None]:
    for name, table in tables.items():
        engine.register(connection, name, table)
    try:
        yield
    finally:
        for name in tables:
            with contextlib.suppress(engine.EngineError):
                engine.unregister(connection, name)


def _table(found: Iterable[Found]) -> pa.Table:
    rows = [
        {"shape": str(result.source_shape), "node": node, "content": _written(result, detail)}
        for result, detail, node in found
    ]
    return pa.Table.from_pylist(rows, schema=_RESULTS)


def _written(result: Result, detail: Detail) -> str:
    return json.dumps(
        [
            _term(result.focus),
            None if result.path is None else _path(result.path),
            None if result.value is None else _term(result.value),
            result.component,
            result.severity,
            _term(result.source_shape),
            result.message,
            astuple(detail),
        ]
    )


def _read(content: str) -> tuple[Result, Detail]:
    focus, path, value, component, severity, shape, message, detail = json.loads(content)
    result = Result(
        term_from(*focus),
        None if path is None else _path_from(path),
        None if value is None else term_from(*value),
        component,
        severity,
        cast("NamedNode | BlankNode", term_from(*shape)),
        message,
    )
    return result, Detail(*detail)


def _term(term: Term) -> list[str]:
    columns = term_columns(term)
    return [columns[name] or "" for name in ("kind", "lexical", "datatype", "language")]


def _path(path: PropertyPath) -> list[Any]:
    return [path.kind, path.iri, [_path(part) for part in path.parts]]


def _path_from(written: list[Any]) -> PropertyPath:
    kind, iri, parts = written
    return PropertyPath(kind, iri, tuple(_path_from(part) for part in parts))
