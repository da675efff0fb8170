"""Values against a bound and against the values of another property.

What cannot be compared is a result; so is each pair of values that is out of order.

Sources: SHACL §4.3, https://www.w3.org/TR/shacl/#core-components-range;
SHACL §4.5.3, https://www.w3.org/TR/shacl/#LessThanConstraintComponent
"""

from __future__ import annotations

from typing import Final

COMPARING: Final = frozenset(
    "LessThan LessThanOrEquals MinExclusive MinInclusive MaxExclusive MaxInclusive".split()
)
"""Components that ask which of two values is less."""

# Of each pair: what should be less, and whether it may be equal.
RANGES: Final = """
insert into shacl_result
select r.id, r.focus, r.value, null
from (
    select c.id, v.focus, v.value, ends_with(c.component, 'Inclusive') as either,
        if(starts_with(c.component, 'Min'), c.term, v.value) as small,
        if(starts_with(c.component, 'Min'), v.value, c.term) as large
    from shacl_value v join shacl_constraint c on c.shape = v.shape
    where c.component in ('MinExclusive', 'MinInclusive', 'MaxExclusive', 'MaxInclusive')
    union all
    select c.id, v.focus, v.value, c.component = 'LessThanOrEquals', v.value, t.o
    from shacl_value v join shacl_constraint c on c.shape = v.shape
    join shacl_triple t on t.s = v.focus and t.p = c.term
    where c.component in ('LessThan', 'LessThanOrEquals')
) r
left join shacl_comparable own on own.id = r.small left join shacl_comparable other on other.id = r.large
where own.id is null or other.id is null or not shacl_less(own, other, r.either)
"""
