"""Constraints that refer to other shapes. They run level by level, the innermost shapes first.

A node conforms to a shape when the shape finds nothing at it, of whatever severity.

Sources: SHACL §3.4.1, §4.6 and §4.7, https://www.w3.org/TR/shacl/#core-components-logical
"""

from __future__ import annotations

from typing import Final

LOGICAL: Final = frozenset({"Node", "Not", "And", "Or", "Xone"})
QUALIFIED: Final = frozenset({"QualifiedMinCount", "QualifiedMaxCount"})

# How many of its shapes the value node conforms to, repeated members of a list counted each time.
CHECK_LOGICAL: Final = """
insert into shacl_result
select id, focus, value, null from (
    select c.id, c.component, v.focus, v.value, count(m.child) as shapes,
        count(*) filter (where m.child is not null and f.node is null) as conforming
    from shacl_value v join shacl_constraint c on c.shape = v.shape left join shacl_child m on m.id = c.id
    left join shacl_failed f on f.shape = m.child and f.node = v.value
    where c.component in ('Node', 'Not', 'And', 'Or', 'Xone') and c.level = $level
    group by c.id, c.component, v.focus, v.value
)
where not case component
    when 'Not' then conforming = 0 when 'Or' then conforming > 0 when 'Xone' then conforming = 1
    else conforming = shapes end
"""

CHECK_QUALIFIED: Final = """
insert into shacl_result
select c.id, f.node, null, null
from shacl_focus f join shacl_constraint c on c.shape = f.shape
left join (
    select q.id, v.focus, count(*) as number
    from shacl_value v join shacl_child q on q.shape = v.shape
    where q.component in ('QualifiedMinCount', 'QualifiedMaxCount') and q.level = $level and not q.sibling
        and not exists (from shacl_failed x where x.shape = q.child and x.node = v.value)
        and not exists (
            from shacl_child b where b.id = q.id and b.sibling and not exists (
                from shacl_failed x where x.shape = b.child and x.node = v.value))
    group by q.id, v.focus
) n on n.id = c.id and n.focus = f.node
where c.level = $level and case c.component
    when 'QualifiedMinCount' then coalesce(n.number, 0) < c.count
    when 'QualifiedMaxCount' then coalesce(n.number, 0) > c.count
    else false end
"""

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
