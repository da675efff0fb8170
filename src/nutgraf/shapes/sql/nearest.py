"""Which branch of an sh:or or sh:xone came nearest: the one that fails least often, and where it fails."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from nutgraf.shapes import words

if TYPE_CHECKING:
    from nutgraf.engine.duckdb import Connection
    from nutgraf.shapes.model import ShapesGraph

_LIMIT: Final = 1000
"""For how many results it is looked up."""
_SHOWN: Final = 3

# The branches of all such results at once, then what fails at them and at their property shapes.
_NEAREST: Final = """
with recursive asked as materialized (
    select r.id, r.focus, r.value from shacl_result r
    join shacl_constraint c on c.id = r.id join shacl_report n on n.shape = c.shape and n.node = r.focus
    where c.component in ('Or', 'Xone')
    order by all limit $limit
), branch as materialized (
    select a.id, a.focus, a.value, c.child
    from asked a
    join shacl_child c on c.id = a.id join shacl_failed f on f.shape = c.child and f.node = a.value
    qualify row_number() over (partition by a.id, a.focus, a.value order by f.failures, c.position) = 1
), below(child, value, shape, node) as (
    select distinct child, value, child, value from branch
    union select b.child, b.value, c.child, v.value
    from below b join shacl_value v on v.shape = b.shape and v.focus = b.node
    join shacl_child c on c.shape = b.shape where c.component = 'Property'
), lacking as (
    select b.child, b.value, list(distinct r.id order by r.id) as constraints
    from below b join shacl_constraint c on c.shape = b.shape
    join shacl_result r on r.id = c.id and r.focus = b.node
    group by b.child, b.value
)
select branch.id, branch.focus, branch.value, branch.child, lacking.constraints
from branch join lacking on lacking.child = branch.child and lacking.value = branch.value
order by all
"""


def find(connection: Connection, graph: ShapesGraph, language: str) -> dict[tuple[int, int, int], str]:
    """(constraint, focus node, value node) → the nearest branch in words, by the numbers of the tables."""
    if not any(constraint.component in {"Or", "Xone"} for constraint in graph.constraints):
        return {}
    found: dict[tuple[int, int, int], str] = {}
    asks = functools.cache(functools.partial(_asks, graph, language))
    for number, focus, value, child, lacking in connection.execute(_NEAREST, {"limit": _LIMIT}).fetchall():
        lacks = [asks(constraint) for constraint in lacking[:_SHOWN]]
        more = f" and {len(lacking) - _SHOWN} more" if len(lacking) > _SHOWN else ""
        name = words.shape_name(graph.shapes[child], language)
        found[number, focus, value] = f"{name}, but: {'; '.join(lacks)}{more}"
    return found


def _asks(graph: ShapesGraph, language: str, number: int) -> str:
    constraint = graph.constraints[number]
    shape = graph.shapes[constraint.shape]
    path = f"{shape.path.short()} " if shape.path else ""
    own = words.best(shape.messages, language)
    return path + (own if own is not None else f"must {words.expected(graph, constraint)}")
