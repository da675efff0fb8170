"""Validates the table `statements` against shapes of SHACL Core, in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nutgraf.shapes.report import INFO, WARNING
from nutgraf.shapes.reported import Reported
from nutgraf.shapes.sql import components, facts, nearest, tables, targets
from nutgraf.shapes.sql.queries import Queries
from nutgraf.shapes.sql.screen import screen
from nutgraf.shapes.watch import Asked, Seen

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pyoxigraph import BlankNode, NamedNode

    from nutgraf.engine.duckdb import Connection
    from nutgraf.shapes.model import ShapesGraph
    from nutgraf.shapes.report import Report

_SCREENED_FROM: Final = 250_000
"""How many statements there are where a screen pays."""
_COUNT: Final = "select count(*) from shacl_fact having count(*) >= $from"
# What is reported, in an order that the data alone decides.
_LISTED: Final = """
create or replace temp table shacl_listed as
select row_number() over (order by r.id, r.focus, r.value, r.path) as row, r.*, n.times
from shacl_result r join shacl_constraint c on c.id = r.id
join shacl_report n on n.shape = c.shape and n.node = r.focus
"""
_RESULTS: Final = """
select r.id, r.times, r.focus, r.value, r.path,
    f.kind, f.lexical, f.datatype, f.language, v.kind, v.lexical, v.datatype, v.language, p.lexical
from shacl_listed r join shacl_term f on f.id = r.focus
left join shacl_term v on v.id = r.value left join shacl_term p on p.id = r.path
where r.row > $first and r.row <= $last order by r.row
"""
_LISTED_COUNT: Final = "select count(*) from shacl_listed"
_VIOLATED: Final = """
select 1 from shacl_result r join shacl_constraint c on c.id = r.id
join shacl_report n on n.shape = c.shape and n.node = r.focus
where c.shape in (select unnest($shapes)) limit 1
"""
_EXAMINED: Final = "select (select count(*) from shacl_focus), (select count(*) from shacl_result)"


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
    (report,) = parts(connection, graph, Asked(language), skip=skip, screened=screened, size=None)
    return report


def parts(
    connection: Connection,
    graph: ShapesGraph,
    asked: Asked,
    *,
    skip: Collection[int] = (),
    screened: bool | None = None,
    size: int | None,
) -> Iterator[Report]:
    """As `validate`, some results at a time: a report of each lot, at least one.

    Args:
        connection: as for `validate`; it can be used between the reports.
        graph: as for `validate`.
        asked: the language, who watches, and whether the first violation is enough.
        skip: as for `validate`.
        screened: as for `validate`.
        size: of how many results a lot is; None for all.
    """
    terms = tables.create(connection, graph)
    screened_by: screen.Screen | None = None
    try:
        matched = targets.find(connection, terms)
        unmatched = [shape.node for shape in graph.shapes if shape.targets and shape.number not in matched]
        if screened if screened is not None else _is_large(connection):
            screened_by = screen.run(connection, graph, terms)
        targets.fill(connection, graph, terms, skip, screened_by)
        facts.describe(connection)
        queries = Queries(connection, graph, terms, asked.language)
        _check(connection, graph, queries, asked)
        yield from _reports(connection, graph, asked.language, unmatched, queries, size)
    finally:
        if screened_by:
            screened_by.drop()
        tables.drop(connection)


def _is_large(connection: Connection) -> bool:
    return bool(connection.execute(_COUNT, {"from": _SCREENED_FROM}).fetchall())


def _check(connection: Connection, graph: ShapesGraph, queries: Queries, asked: Asked) -> None:
    """Fill `shacl_result`: what each shape finds at each of its focus nodes."""
    violating = [shape.number for shape in graph.shapes if shape.severity not in (WARNING, INFO)]
    checks = components.checks(connection, graph, queries)
    for number, check in enumerate(checks, start=1):
        check()
        if asked.watch is not None:
            ((nodes, results),) = connection.execute(_EXAMINED).fetchall()
            asked.watch(Seen("examined", number, len(checks), nodes, results))
        if asked.first and connection.execute(_VIOLATED, {"shapes": violating}).fetchall():
            return


def _reports(
    connection: Connection,
    graph: ShapesGraph,
    language: str,
    unmatched: list[NamedNode | BlankNode],
    queries: Queries,
    size: int | None,
) -> Iterator[Report]:
    connection.execute(_LISTED)
    branches = nearest.find(connection, graph)
    (total,) = connection.execute(_LISTED_COUNT).fetchall()[0]
    for first in range(0, max(total, 1), size or max(total, 1)):
        reported = Reported(graph, language)
        lot = {"first": first, "last": first + (size or total)}
        for number, times, focus, value, step, *columns, path in connection.execute(_RESULTS, lot).fetchall():
            reported.add(
                number,
                facts.term_from(*columns[:4]),
                None if value is None else facts.term_from(*columns[4:]),
                path,
                message=queries.message(number, focus, value, step),
                nearest=branches.get((number, focus, value)),
                times=times,
            )
        yield reported.report(unmatched if first == 0 else [])
