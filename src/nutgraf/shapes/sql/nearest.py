"""Which branch of an sh:or or sh:xone came nearest: the one that fails least often, and where it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from nutgraf.engine.duckdb import Connection
    from nutgraf.shapes.model import ShapesGraph

_LIMIT: Final = 1000
"""For how many results it is looked up."""

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


def find(connection: Connection, graph: ShapesGraph) -> dict[tuple[int, int, int], tuple[int, list[int]]]:
    """(constraint, focus node, value node) → the nearest shape and the constraints that fail there."""
    if not any(constraint.component in {"Or", "Xone"} for constraint in graph.constraints):
        return {}
    rows = connection.execute(_NEAREST, {"limit": _LIMIT}).fetchall()
    return {(number, focus, value): (child, lacking) for number, focus, value, child, lacking in rows}
