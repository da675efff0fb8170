"""Value nodes against the values of another property of the focus node, and properties that none should have.

Sources: SHACL §4.5, https://www.w3.org/TR/shacl/#core-components-property-pairs;
SHACL §4.8.1, https://www.w3.org/TR/shacl/#ClosedConstraintComponent
"""

from __future__ import annotations

from typing import Final

EQUALS: Final = """
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
select c.id, v.focus, v.value, null
from shacl_value v join shacl_constraint c on c.shape = v.shape
join shacl_triple t on t.s = v.focus and t.p = c.term and t.o = v.value
where c.component = 'Disjoint'
"""

CLOSED: Final = """
select c.id, v.focus, t.o, t.p
from shacl_value v join shacl_constraint c on c.shape = v.shape join shacl_triple t on t.s = v.value
where c.component = 'Closed'
    and not exists (from shacl_member m where m.id = c.id and m.term = t.p)
"""
