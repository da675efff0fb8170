"""The table of the Core constraint components: which query checks which.

One query checks several components over all shapes at once: planning a query takes longer than most of them
take to run.

Source: SHACL §4, https://www.w3.org/TR/shacl/#core-components
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from nutgraf.shapes.sql import counts, lexical, logic, order, pairs, ranges, values

if TYPE_CHECKING:
    from collections.abc import Callable

    from nutgraf.engine.duckdb import Connection
    from nutgraf.shapes.model import ShapesGraph
    from nutgraf.shapes.sql.queries import Queries

_COUNTING: Final = frozenset({"MinCount", "MaxCount", "HasValue"})
_TRIPLES: Final = {"Equals": pairs.EQUALS, "Disjoint": pairs.DISJOINT, "Closed": pairs.CLOSED}

PROPERTY: Final = "Property"
"""No check of its own: the property shape reports for itself, see `targets` and `logic.FAILED`."""

SPARQL: Final = "SPARQL"
"""`queries.run`: pyoxigraph answers each query at each focus node."""


def checks(connection: Connection, graph: ShapesGraph, queries: Queries) -> list[Callable[[], object]]:
    """What is to be done, step by step; of shapes that refer to others, the innermost first."""
    components = {constraint.component for constraint in graph.constraints}
    found: list[Callable[[], object]] = []
    if components & {"Datatype", *ranges.COMPARING}:
        found.append(partial(lexical.fill, connection, graph))
    if components & values.COMPONENTS:
        found.append(partial(values.check, connection, graph))
    if components & _COUNTING:
        found.append(partial(connection.execute, counts.COUNTS))
    if "UniqueLang" in components:
        found.append(partial(connection.execute, counts.UNIQUE_LANG))
    if components & ranges.COMPARING:
        found.append(partial(order.fill, connection, list(lexical.INTEGERS)))
        found.append(partial(connection.execute, ranges.RANGES))
    if triples := [query for name, query in _TRIPLES.items() if name in components]:
        found.append(partial(connection.execute, "insert into shacl_result" + " union all ".join(triples)))
    found.append(queries.run)
    for level in reversed(range(graph.levels)):
        found += [partial(connection.execute, query, {"level": level}) for query in _referring(graph, level)]
    return found


def _referring(graph: ShapesGraph, level: int) -> list[str]:
    """The queries of the shapes of a level that refer to others."""
    here = {c.component for c in graph.constraints if graph.shapes[c.shape].level == level}
    found = [logic.CHECK_LOGICAL] if here & logic.LOGICAL else []
    found += [logic.CHECK_QUALIFIED] if here & logic.QUALIFIED else []
    return found + ([logic.FAILED] if level else [])
