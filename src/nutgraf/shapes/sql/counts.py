"""How many value nodes there are, in all and of a language, and whether one of them is there.

Sources: SHACL §4.2, §4.4.5 and §4.8.2, https://www.w3.org/TR/shacl/#core-components-count
"""

from __future__ import annotations

from typing import Final

COUNTS: Final = """
insert into shacl_result
select c.id, f.node, null, null
from shacl_focus f join shacl_constraint c on c.shape = f.shape
left join (select shape, focus, count(*) as number from shacl_value group by shape, focus) v
    on v.shape = f.shape and v.focus = f.node
left join shacl_value w on c.component = 'HasValue' and w.shape = f.shape and w.focus = f.node
    and w.value = c.term
where c.component in ('MinCount', 'MaxCount', 'HasValue') and case c.component
    when 'MinCount' then coalesce(v.number, 0) < c.count
    when 'MaxCount' then coalesce(v.number, 0) > c.count
    else w.value is null end
"""

# One result a language, however many values have it.
UNIQUE_LANG: Final = """
insert into shacl_result
select c.id, v.focus, null, null
from shacl_value v join shacl_constraint c on c.shape = v.shape join shacl_term t on t.id = v.value
where c.component = 'UniqueLang' and t.language <> ''
group by c.id, v.focus, t.language having count(*) > 1
"""
