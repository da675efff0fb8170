"""How many value nodes there are, and whether one of them is there.

Sources: SHACL §4.2 and §4.8.2, https://www.w3.org/TR/shacl/#core-components-count
"""

from __future__ import annotations

from typing import Final

MIN_COUNT: Final = """
insert into shacl_result
select c.id, f.node, null, null
from shacl_focus f join shacl_constraint c on c.shape = f.shape
left join (select shape, focus, count(*) as number from shacl_value group by shape, focus) v
    on v.shape = f.shape and v.focus = f.node
where c.component = 'MinCount' and coalesce(v.number, 0) < c.count
"""

MAX_COUNT: Final = """
insert into shacl_result
select c.id, f.node, null, null
from shacl_focus f join shacl_constraint c on c.shape = f.shape
left join (select shape, focus, count(*) as number from shacl_value group by shape, focus) v
    on v.shape = f.shape and v.focus = f.node
where c.component = 'MaxCount' and coalesce(v.number, 0) > c.count
"""

HAS_VALUE: Final = """
insert into shacl_result
select c.id, f.node, null, null
from shacl_focus f join shacl_constraint c on c.shape = f.shape
where c.component = 'HasValue' and not exists (
    from shacl_value v where v.shape = f.shape and v.focus = f.node and v.value = c.term)
"""
