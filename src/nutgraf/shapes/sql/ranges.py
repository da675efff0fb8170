"""Least and greatest value of value nodes. What cannot be compared with the bound is a result.

Source: SHACL §4.3, https://www.w3.org/TR/shacl/#core-components-range
"""

from __future__ import annotations

from typing import Final

_RANGE: Final = """
insert into shacl_result
select c.id, v.focus, v.value, null
from shacl_value v join shacl_constraint c on c.shape = v.shape
left join shacl_comparable own on own.id = v.value left join shacl_comparable bound on bound.id = c.term
where c.component = '{component}' and (own.id is null or bound.id is null or not {holds})
"""

MIN_EXCLUSIVE: Final = _RANGE.format(component="MinExclusive", holds="shacl_less(bound, own, false)")
MIN_INCLUSIVE: Final = _RANGE.format(component="MinInclusive", holds="shacl_less(bound, own, true)")
MAX_EXCLUSIVE: Final = _RANGE.format(component="MaxExclusive", holds="shacl_less(own, bound, false)")
MAX_INCLUSIVE: Final = _RANGE.format(component="MaxInclusive", holds="shacl_less(own, bound, true)")
