"""SHACL Core with the engine for the size: in memory for an article's graph, in SQL for a corpus.

Both give the same report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nutgraf.shapes.small import engine as small
from nutgraf.shapes.sql import engine as sql
from nutgraf.shapes.watch import Asked

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from pyoxigraph import Triple

    from nutgraf.engine.duckdb import Connection
    from nutgraf.shapes.model import ShapesGraph
    from nutgraf.shapes.report import Report

MOST_SMALL: Final = 10_000
"""Up to how many statements a graph is small: from about there on SQL is quicker."""
_COUNT: Final = "select count(*) <= $most from (from statements limit $most + 1)"


def validate(
    connection: Connection,
    graph: ShapesGraph,
    *,
    language: str = "en",
    skip: Collection[int] = (),
    triples: Callable[[], Iterable[Triple]] = tuple,
) -> Report:
    """Validate the table `statements`; see `sql.engine.validate`.

    Args:
        connection: with the table.
        graph: the shapes.
        language: of the messages, where the shapes have them in several.
        skip: indices of shapes whose targets another engine looks at.
        triples: gives the same data as triples.
    """
    (report,) = parts(connection, graph, Asked(language), skip=skip, triples=triples, size=None)
    return report


def _is_small(connection: Connection) -> bool:
    return bool(connection.execute(_COUNT, {"most": MOST_SMALL}).fetchall()[0][0])


def parts(
    connection: Connection,
    graph: ShapesGraph,
    asked: Asked,
    *,
    skip: Collection[int] = (),
    triples: Callable[[], Iterable[Triple]] = tuple,
    size: int | None,
) -> Iterator[Report]:
    """As `validate`, some results at a time; see `sql.engine.parts`."""
    if small.can_run(graph) and _is_small(connection):
        yield small.validate(triples(), graph, language=asked.language, skip=skip)
    else:
        yield from sql.parts(connection, graph, asked, skip=skip, size=size)
