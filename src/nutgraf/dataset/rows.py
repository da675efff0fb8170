"""The table `statements` as quads."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nutgraf.engine.duckdb import Connection

_SELECT = """
select subject, subject_kind, predicate, object, object_kind, datatype, language, graph, graph_kind
from statements
"""

_ROWS: Final = 122_880
_PART: Final = 1024 * 1024
_BATCH: Final = 10_000

_named = functools.lru_cache(maxsize=100_000)(NamedNode)


DELIVERED = """
where exists (
  from deliveries
  where target = ? and statement = statements.id and deliveries.graph is not distinct from statements.graph
)
"""
"""Restricts a query of `statements` to those for one target; its parameter is the target's number."""


def quads(connection: Connection, target: int | None = None) -> list[Quad]:
    """The quads of the table `statements`, in no order; those for one target, by the table `deliveries`."""
    if target is None:
        rows = connection.execute(_SELECT).fetchall()
    else:
        rows = connection.execute(_SELECT + DELIVERED, [target]).fetchall()
    return [_quad(*row) for row in rows]


def parquet(connection: Connection, file: Path, target: int | None = None) -> Iterator[bytes]:
    """The table as a Parquet file with a column for each part of a term, sorted by graph and subject.

    Args:
        connection: has the table.
        file: where the Parquet file is made before it is read; it is removed.
        target: only what goes there, by the table `deliveries`.
    """
    import pyarrow.parquet as pq  # noqa: PLC0415 - slow, and only for this format

    parameters = None if target is None else [target]
    where = "" if target is None else DELIVERED
    order = " order by graph nulls first, subject, predicate, object, datatype, language"
    try:
        reader = connection.sql(_SELECT + where + order, params=parameters).to_arrow_reader(_ROWS)
        with pq.ParquetWriter(file, reader.schema, compression="zstd") as writer:
            for batch in reader:
                writer.write_batch(batch)
        with file.open("rb") as written:
            while part := written.read(_PART):
                yield part
    finally:
        file.unlink(missing_ok=True)


def stream(connection: Connection) -> Iterator[Quad]:
    """The quads of the table `statements`, in no order, a batch in memory at a time."""
    cursor = connection.cursor()
    cursor.execute(_SELECT)
    while rows := cursor.fetchmany(_BATCH):
        yield from (_quad(*row) for row in rows)


def _quad(
    subject: str,
    subject_kind: str,
    predicate: str,
    value: str,
    kind: str,
    datatype: str | None,
    language: str | None,
    graph: str | None,
    graph_kind: str | None,
) -> Quad:
    return Quad(
        _node(subject, subject_kind),
        _named(predicate),
        _object(value, kind, datatype, language),
        DefaultGraph() if graph is None else _node(graph, graph_kind),
    )


def _node(value: str, kind: str | None) -> NamedNode | BlankNode:
    return BlankNode(value) if kind == "bnode" else _named(value)


def _object(
    value: str, kind: str, datatype: str | None, language: str | None
) -> NamedNode | BlankNode | Literal:
    if kind != "literal":
        return _node(value, kind)
    if language is not None:
        return Literal(value, language=language)
    return Literal(value, datatype=_named(datatype)) if datatype else Literal(value)
