"""Quads as the table `statements`: the other way round from `rows`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from nutgraf.engine import duckdb as engine
from nutgraf.engine.statements import TERMS

if TYPE_CHECKING:
    from collections.abc import Iterable

SOURCE: Final = "source"
"""The column that says which file a statement is from."""
_BATCH: Final = 200_000
_COLUMNS: Final = (*TERMS, SOURCE)
_SCHEMA: Final = pa.schema([(name, pa.string()) for name in _COLUMNS])
_CREATE: Final = f"create or replace table statements ({', '.join(f'{name} varchar' for name in _COLUMNS)})"
_Row = tuple[str | None, ...]


def create(connection: engine.Connection, quads: Iterable[Quad]) -> None:
    """Make the table `statements` of some quads.

    Raises:
        ValueError: a triple term, which the table has no columns for.
    """
    create_with_sources(connection, (("", quad) for quad in quads))


def create_with_sources(connection: engine.Connection, quads: Iterable[tuple[object, Quad]]) -> None:
    """Make the table `statements` of some quads, each with what it is from.

    Raises:
        ValueError: as for `create`.
    """
    connection.execute(_CREATE)
    extend(connection, quads)


def extend(connection: engine.Connection, quads: Iterable[tuple[object, Quad]]) -> None:
    """Add quads to the table, each with what it is from.

    Raises:
        ValueError: as for `create`.
    """
    batch: list[_Row] = []
    for source, quad in quads:
        batch.append((*_row(quad), str(source)))
        if len(batch) == _BATCH:
            _insert(connection, batch)
            batch.clear()
    if batch:
        _insert(connection, batch)


def _insert(connection: engine.Connection, batch: list[_Row]) -> None:
    arrays = [pa.array(column, pa.string()) for column in zip(*batch, strict=True)]
    engine.register(connection, "statement_rows", pa.Table.from_arrays(arrays, schema=_SCHEMA))
    try:
        connection.execute("insert into statements select * from statement_rows")
    finally:
        engine.unregister(connection, "statement_rows")


def _row(quad: Quad) -> _Row:
    subject, predicate, value, graph = quad
    head = (*_node(subject), predicate.value)
    tail = (None, None) if isinstance(graph, DefaultGraph) else _node(graph)
    if isinstance(value, Literal):
        return (*head, value.value, "literal", value.datatype.value, value.language, *tail)
    return (*head, *_node(value), None, None, *tail)


def _node(term: object) -> tuple[str, str]:
    match term:
        case NamedNode():
            return term.value, "iri"
        case BlankNode():
            return term.value, "bnode"
    raise ValueError(f"the table has no columns for {term}")
