"""The table `statements` as quads."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nutgraf.engine.duckdb import Connection

_SELECT = """
select subject, subject_kind, predicate, object, object_kind, datatype, language, graph, graph_kind
from statements
"""

_BATCH = 10_000

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
