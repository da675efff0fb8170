"""Closed shapes: no property but those that the shape names.

Source: SHACL §4.8.1, https://www.w3.org/TR/shacl/#ClosedConstraintComponent
"""

from __future__ import annotations

from typing import Final

CLOSED: Final = """
insert into shacl_result
select c.id, v.focus, t.o, t.p
from shacl_value v join shacl_constraint c on c.shape = v.shape join shacl_triple t on t.s = v.value
where c.component = 'Closed'
    and not exists (from shacl_member m where m.id = c.id and m.term = t.p)
"""
