"""Validates the table `statements` against shapes of SHACL Core, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nutgraf.shapes.reported import Reported
from nutgraf.shapes.sql import facts, lexical, logic, nearest, order, strings, tables, targets
from nutgraf.shapes.sql.components import PLAIN, REFERRING
from nutgraf.shapes.sql.queries import Queries
from nutgraf.shapes.sql.screen import screen

if TYPE_CHECKING:
    from collections.abc import Collection

    from pyoxigraph import BlankNode, NamedNode

    from nutgraf.engine.duckdb import Connection
    from nutgraf.shapes.model import ShapesGraph
    from nutgraf.shapes.report import Report

_COMPARING: Final = frozenset(
    "LessThan LessThanOrEquals MinExclusive MinInclusive MaxExclusive MaxInclusive".split()
)

_SCREENED_FROM: Final = 250_000
"""How many statements there are where a screen pays."""
_COUNT: Final = "select count(*) from shacl_fact having count(*) >= $from"
_RESULTS: Final = """
select r.id, n.times, r.focus, r.value, r.path,
    f.kind, f.lexical, f.datatype, f.language, v.kind, v.lexical, v.datatype, v.language, p.lexical
from shacl_result r join shacl_constraint c on c.id = r.id
join shacl_report n on n.shape = c.shape and n.node = r.focus
join shacl_term f on f.id = r.focus
left join shacl_term v on v.id = r.value left join shacl_term p on p.id = r.path
"""


def validate(
    connection: Connection,
    graph: ShapesGraph,
    *,
    language: str = "en",
    skip: Collection[int] = (),
    screened: bool | None = None,
) -> Report:
    """Validate the triples of all graphs in the table `statements`, together.

    Args:
        connection: with the table `statements`, see DESIGN §1.
        graph: the shapes, of SHACL Core alone but for those to skip.
        language: of the messages, where the shapes have them in several.
        skip: indices of shapes whose targets another engine looks at.
        screened: whether to look first which nodes may fail; by the number of statements when None. The
            report is the same.

    Returns:
        The report. Blank nodes have the labels that they have in the table and in the shapes graph.

    Source: SHACL §3.4, https://www.w3.org/TR/shacl/#validation
    """
    terms = tables.create(connection, graph)
    screened_by: screen.Screen | None = None
    try:
        matched = targets.find(connection, terms)
        unmatched = [shape.node for shape in graph.shapes if shape.targets and shape.number not in matched]
        if screened if screened is not None else _is_large(connection):
            screened_by = screen.run(connection, graph, terms)
        targets.fill(connection, graph, terms, skip, screened_by.walks if screened_by else {})
        facts.describe(connection, terms)
        asked = Queries(connection, graph, terms, language)
        _check(connection, graph, asked)
        return _report(connection, graph, language, unmatched, asked)
    finally:
        if screened_by:
            screened_by.drop()
        tables.drop(connection)


def _is_large(connection: Connection) -> bool:
    return bool(connection.execute(_COUNT, {"from": _SCREENED_FROM}).fetchall())


def _check(connection: Connection, graph: ShapesGraph, asked: Queries) -> None:
    """Fill `shacl_result`: what each shape finds at each of its focus nodes."""
    components = {constraint.component for constraint in graph.constraints}
    if "Datatype" in components or components & _COMPARING:
        lexical.fill(connection)
    if components & _COMPARING:
        order.fill(connection, list(lexical.INTEGERS))
    for name, query in PLAIN.items():
        if name in components:
            connection.execute(query)
    strings.patterns(connection, graph)
    asked.run()
    for level in reversed(range(graph.levels)):
        here = {c.component for c in graph.constraints if graph.shapes[c.shape].level == level}
        for name, query in REFERRING.items():
            if name in here:
                connection.execute(query, {"level": level})
        if level:
            connection.execute(logic.FAILED, {"level": level})


def _report(
    connection: Connection,
    graph: ShapesGraph,
    language: str,
    unmatched: list[NamedNode | BlankNode],
    asked: Queries,
) -> Report:
    reported = Reported(graph, language)
    branches = nearest.find(connection, graph)
    for number, times, focus, value, step, *columns, path in connection.execute(_RESULTS).fetchall():
        reported.add(
            number,
            facts.term_from(*columns[:4]),
            None if value is None else facts.term_from(*columns[4:]),
            path,
            message=asked.message(number, focus, value, step),
            nearest=branches.get((number, focus, value)),
            times=times,
        )
    return reported.report(unmatched)
