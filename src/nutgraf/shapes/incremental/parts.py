"""Validates a part of the statements, by some of the shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from pyoxigraph import NamedNode, Triple

from nutgraf.engine import duckdb as engine
from nutgraf.shapes import core, run
from nutgraf.shapes.small import engine as small
from nutgraf.shapes.sql.facts import term_from
from nutgraf.terms.vocabulary import XSD_STRING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import pyarrow as pa
    from pyoxigraph import BlankNode

    from nutgraf.shapes.model import ShapesGraph
    from nutgraf.shapes.report import Report


def validate(
    statements: pa.Table, shapes: Sequence[Triple], graph: ShapesGraph, roots: Collection[int]
) -> Report:
    """The report of some statements.

    Args:
        statements: the columns of the table `statements` that hold a triple.
        shapes: the shapes graph.
        graph: the same, read.
        roots: indices of the shapes whose targets are validated.
    """
    if statements.num_rows <= core.MOST_SMALL and small.can_run(graph):
        others = {shape.number for shape in graph.shapes} - set(roots)
        return small.validate(_triples(statements), graph, skip=others)
    with engine.connect() as connection:
        engine.register(connection, "part", statements)
        connection.execute("create table statements as from part")
        engine.unregister(connection, "part")
        chosen = shapes_for(shapes, graph, roots)
        return run.validate(connection, chosen, lambda: _triples(statements)).report


def shapes_for(shapes: Sequence[Triple], graph: ShapesGraph, targeted: Collection[int]) -> list[Triple]:
    """The shapes graph in which only some shapes have targets."""
    silent = [shape for shape in graph.shapes if shape.targets and shape.number not in targeted]
    return run.without_targets(shapes, silent)


def _triples(statements: pa.Table) -> list[Triple]:
    """The distinct triples of some statements."""
    found = {
        Triple(
            cast("NamedNode | BlankNode", term_from(row["subject_kind"], row["subject"], "", "")),
            NamedNode(row["predicate"]),
            term_from(
                row["object_kind"], row["object"], row["datatype"] or XSD_STRING, row["language"] or ""
            ),
        ): None
        for row in statements.to_pylist()
    }
    return list(found)
