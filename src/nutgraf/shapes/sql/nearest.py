"""Which branch of an sh:or or sh:xone came nearest: the one that fails least often, and where it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nutgraf.shapes import words

if TYPE_CHECKING:
    from nutgraf.engine.duckdb import Connection
    from nutgraf.shapes.model import ShapesGraph

_LIMIT: Final = 1000
"""For how many results it is looked up."""
_SHOWN: Final = 3

_NEAREST: Final = """
select a.id, a.focus, a.value, c.child, sum(f.failures) as failures
from (
    select r.id, r.focus, r.value from shacl_result r
    join shacl_constraint c on c.id = r.id join shacl_report n on n.shape = c.shape and n.node = r.focus
    where c.component in ('Or', 'Xone')
    order by all limit $limit
) a
join shacl_child c on c.id = a.id join shacl_failed f on f.shape = c.child and f.node = a.value
group by a.id, a.focus, a.value, c.child, c.position
qualify row_number() over (partition by a.id, a.focus, a.value order by sum(f.failures), c.position) = 1
order by all
"""
_LACKING: Final = """
with recursive below(shape, node) as (
    select $shape::integer, $node::ubigint
    union select c.child, v.value from below b join shacl_value v on v.shape = b.shape and v.focus = b.node
    join shacl_child c on c.shape = b.shape where c.component = 'Property'
)
select distinct r.id from below b
join shacl_constraint c on c.shape = b.shape join shacl_result r on r.id = c.id and r.focus = b.node
order by r.id
"""


def find(connection: Connection, graph: ShapesGraph, language: str) -> dict[tuple[int, int, int], str]:
    """(constraint, focus node, value node) → the nearest branch in words, by the numbers of the tables."""
    found: dict[tuple[int, int, int], str] = {}
    for number, focus, value, child, _ in connection.execute(_NEAREST, {"limit": _LIMIT}).fetchall():
        lacking = connection.execute(_LACKING, {"shape": child, "node": value}).fetchall()
        asks = [_asks(graph, constraint, language) for (constraint,) in lacking]
        more = f" and {len(asks) - _SHOWN} more" if len(asks) > _SHOWN else ""
        name = words.shape_name(graph.shapes[child], language)
        found[number, focus, value] = f"{name}, but: {'; '.join(asks[:_SHOWN])}{more}"
    return found


def _asks(graph: ShapesGraph, number: int, language: str) -> str:
    constraint = graph.constraints[number]
    shape = graph.shapes[constraint.shape]
    path = f"{shape.path.short()} " if shape.path else ""
    own = words.best(shape.messages, language)
    return path + (own if own is not None else f"must {words.expected(graph, constraint)}")
