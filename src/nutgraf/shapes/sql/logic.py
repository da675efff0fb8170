"""Constraints that refer to other shapes. They run level by level, the innermost shapes first.

A node conforms to a shape when the shape finds nothing at it, of whatever severity.

Sources: SHACL §3.4.1, §4.6 and §4.7, https://www.w3.org/TR/shacl/#core-components-logical
"""

from __future__ import annotations

from typing import Final

NODE: Final = """
insert into shacl_result
select c.id, v.focus, v.value, null
from shacl_value v join shacl_child c on c.shape = v.shape
where c.component = 'Node' and c.level = $level
    and exists (from shacl_failed f where f.shape = c.child and f.node = v.value)
"""

NOT: Final = """
insert into shacl_result
select c.id, v.focus, v.value, null
from shacl_value v join shacl_child c on c.shape = v.shape
where c.component = 'Not' and c.level = $level
    and not exists (from shacl_failed f where f.shape = c.child and f.node = v.value)
"""

# How many members of the list the value node conforms to, repeated members counted each time.
_LOGICAL: Final = """
insert into shacl_result
select c.id, v.focus, v.value, null
from shacl_value v join shacl_constraint c on c.shape = v.shape left join shacl_child m on m.id = c.id
left join shacl_failed f on f.shape = m.child and f.node = v.value
where c.component = '{component}' and c.level = $level
group by c.id, v.focus, v.value
having not {holds}
"""
_CONFORMING: Final = "count(*) filter (where m.child is not null and f.node is null)"

AND: Final = _LOGICAL.format(component="And", holds=f"({_CONFORMING} = count(m.child))")
OR: Final = _LOGICAL.format(component="Or", holds=f"({_CONFORMING} > 0)")
XONE: Final = _LOGICAL.format(component="Xone", holds=f"({_CONFORMING} = 1)")

_QUALIFIED: Final = """
insert into shacl_result
select c.id, f.node, null, null
from shacl_focus f join shacl_constraint c on c.shape = f.shape
left join (
    select q.id, v.focus, count(*) as number
    from shacl_value v join shacl_child q on q.shape = v.shape
    where q.component = '{component}' and q.level = $level and not q.sibling
        and not exists (from shacl_failed x where x.shape = q.child and x.node = v.value)
        and not exists (
            from shacl_child b where b.id = q.id and b.sibling and not exists (
                from shacl_failed x where x.shape = b.child and x.node = v.value))
    group by q.id, v.focus
) n on n.id = c.id and n.focus = f.node
where c.component = '{component}' and c.level = $level and coalesce(n.number, 0) {exceeds} c.count
"""

QUALIFIED_MIN_COUNT: Final = _QUALIFIED.format(component="QualifiedMinCount", exceeds="<")
QUALIFIED_MAX_COUNT: Final = _QUALIFIED.format(component="QualifiedMaxCount", exceeds=">")

FAILED: Final = """
insert into shacl_failed
select shape, node, sum(failures) from (
    select c.shape, r.focus as node, count(*) as failures
    from shacl_result r join shacl_constraint c on c.id = r.id
    where c.level = $level
    group by c.shape, r.focus
    union all
    select v.shape, v.focus, sum(f.failures)
    from shacl_value v join shacl_child c on c.shape = v.shape
    join shacl_failed f on f.shape = c.child and f.node = v.value
    where c.component = 'Property' and c.level = $level
    group by v.shape, v.focus
)
group by shape, node
"""
"""How often a shape of a level fails at a node: its own results, and those of its property shapes."""
