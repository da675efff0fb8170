"""Value nodes against the values of another property of the focus node.

Source: SHACL §4.5, https://www.w3.org/TR/shacl/#core-components-property-pairs
"""

from __future__ import annotations

from typing import Final

EQUALS: Final = """
insert into shacl_result
select c.id, v.focus, v.value, null
from shacl_value v join shacl_constraint c on c.shape = v.shape
where c.component = 'Equals'
    and not exists (from shacl_triple t where t.s = v.focus and t.p = c.term and t.o = v.value)
union all
select c.id, f.node, t.o, null
from shacl_focus f join shacl_constraint c on c.shape = f.shape
join shacl_triple t on t.s = f.node and t.p = c.term
where c.component = 'Equals' and not exists (
    from shacl_value v where v.shape = f.shape and v.focus = f.node and v.value = t.o)
"""

DISJOINT: Final = """
insert into shacl_result
select c.id, v.focus, v.value, null
from shacl_value v join shacl_constraint c on c.shape = v.shape
join shacl_triple t on t.s = v.focus and t.p = c.term and t.o = v.value
where c.component = 'Disjoint'
"""

# One result for each pair of values that is out of order.
_ORDERED: Final = """
insert into shacl_result
select c.id, v.focus, v.value, null
from shacl_value v join shacl_constraint c on c.shape = v.shape
join shacl_triple t on t.s = v.focus and t.p = c.term
left join shacl_comparable own on own.id = v.value left join shacl_comparable other on other.id = t.o
where c.component = '{component}'
    and (own.id is null or other.id is null or not shacl_less(own, other, {either}))
"""

LESS_THAN: Final = _ORDERED.format(component="LessThan", either="false")
LESS_THAN_OR_EQUALS: Final = _ORDERED.format(component="LessThanOrEquals", either="true")
