"""Which of two literals is less, as SPARQL's operators have it, and what cannot be compared.

A literal gets a key once: a family, and within the family text, numbers or a point in time. Decimals of any
length compare as text that sorts like the numbers; with a double or float, both compare as doubles. Times
with and without a zone compare only where fourteen hours either way make no difference. An ill-typed literal
has no key, and what has no key is less than nothing.

Sources: SPARQL 1.1 §17.3, https://www.w3.org/TR/sparql11-query/#OperatorMapping;
XSD 1.1 Part 2 §D.2 and §3.3.7, https://www.w3.org/TR/xmlschema11-2/#dateTime-order
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nutgraf.shapes.sql.facts import short
from nutgraf.terms.vocabulary import XSD

if TYPE_CHECKING:
    from nutgraf.engine.duckdb import Connection

# A decimal's lexical form → text that sorts as the numbers do: sign, number of digits, digits. The digits of
# negative numbers are turned round, 0 to 9 and 9 to 0.
EXACT: Final = r"""
create or replace temp macro shacl_parts(sign, whole, part) as case
    when whole = '' and part = '' then '1'
    when sign = '-' then '0' || translate(
        lpad(length(whole)::varchar, 10, '0') || whole || '.' || part, '0123456789', '9876543210') || '~'
    else '2' || lpad(length(whole)::varchar, 10, '0') || whole || '.' || part end;
create or replace temp macro shacl_exact(lexical) as shacl_parts(
    lexical[1],
    ltrim(regexp_extract(lexical, '^[+-]?(\d*)', 1), '0'),
    rtrim(regexp_extract(lexical, '\.(\d*)$', 1), '0'));
"""

# Days since 0000-03-01 of the proleptic Gregorian calendar.
_POINT: Final = r"""
create or replace temp macro shacl_days(year, month, day) as (
    365 * (year - (month < 3)::hugeint)
    + (floor((year - (month < 3)::hugeint) / 4) - floor((year - (month < 3)::hugeint) / 100)
        + floor((year - (month < 3)::hugeint) / 400))::hugeint
    + (153 * ((month + 9) % 12) + 2) // 5 + day - 1)::hugeint;
create or replace temp macro shacl_seconds(clock) as
    3600 * clock[1:2]::hugeint + 60 * clock[4:5]::hugeint + clock[7:8]::hugeint;
create or replace temp macro shacl_offset(zone) as case
    when zone in ('', 'Z') then 0
    else (zone[1] || '1')::hugeint * (3600 * zone[2:3]::hugeint + 60 * zone[5:6]::hugeint) end;
"""

# (family, exact, approximate, inexact, seconds, fraction, zoned) of each literal that has an order.
_KEYS: Final = r"""
create or replace temp table shacl_comparable as
with well_typed as (
    select id, lexical, datatype[length($xsd) + 1:] as name from shacl_term
    where kind = 'literal' and starts_with(datatype, $xsd)
        and id not in (select id from shacl_ill_typed)
        and (id in (
                select v.value from shacl_value v join shacl_constraint c on c.shape = v.shape
                where c.component in ('MinExclusive', 'MinInclusive', 'MaxExclusive', 'MaxInclusive',
                    'LessThan', 'LessThanOrEquals'))
            or id in (select o from shacl_triple)
            or id in (select term from shacl_constraint))
), timed as (
    select id, name,
        regexp_extract(lexical, $moment, ['year', 'month', 'day', 'clock', 'zone']) as moment
    from (
        select id, name, case name
            when 'time' then '2000-01-01T' || lexical
            when 'gYear' then regexp_replace(lexical, '^(-?\d+)', '\1-01-01T00:00:00')
            when 'gYearMonth' then regexp_replace(lexical, '^(-?\d+-\d\d)', '\1-01T00:00:00')
            when 'gMonth' then '2000-' || lexical[3:4] || '-01T00:00:00' || lexical[5:]
            when 'gMonthDay' then '2000-' || lexical[3:7] || 'T00:00:00' || lexical[8:]
            when 'gDay' then '2000-01-' || lexical[4:5] || 'T00:00:00' || lexical[6:]
            when 'date' then regexp_replace(lexical, '^(-?\d+-\d\d-\d\d)', '\1T00:00:00')
            else lexical end as lexical
        from well_typed where name in (
            'dateTime', 'dateTimeStamp', 'date', 'time', 'gYear', 'gYearMonth', 'gMonth', 'gMonthDay', 'gDay')
    )
)
select id, case when name in ('float', 'double') or name = 'decimal' or name in (select unnest($integers))
        then 'number' else name end as family,
    case when name in ('float', 'double') then null when name = 'boolean' then
        case when lexical in ('true', '1') then '1' else '0' end
        when name = 'string' then lexical else shacl_exact(lexical) end as exact,
    case when name in ('boolean', 'string') then null
        when name = 'float' then try_cast(replace(lexical, 'INF', 'inf') as float)::double
        else try_cast(replace(lexical, 'INF', 'inf') as double) end as approximate,
    name in ('float', 'double') as inexact,
    null::hugeint as seconds, null as fraction, null::boolean as zoned
from well_typed
where name in ('float', 'double', 'decimal', 'boolean', 'string') or name in (select unnest($integers))
union all
select id, if(name = 'dateTimeStamp', 'dateTime', name), null, null, null,
    86400 * shacl_days(moment.year::hugeint, moment.month::hugeint, moment.day::hugeint)
        + shacl_seconds(moment.clock) - shacl_offset(moment.zone),
    rtrim(moment.clock[10:], '0'),
    moment.zone <> ''
from timed where length(moment.year) <= 18
"""
_MOMENT: Final = r"^(-?\d+)-(\d\d)-(\d\d)T([\d:.]+)(.*)$"

_LESS: Final = """
create or replace temp macro shacl_point(a, b, either) as case
    when a.zoned = b.zoned then (a.seconds, a.fraction) < (b.seconds, b.fraction)
        or (either and a.seconds = b.seconds and a.fraction = b.fraction)
    when b.zoned then (a.seconds + 50400, a.fraction) < (b.seconds, b.fraction)
    else (a.seconds, a.fraction) < (b.seconds - 50400, b.fraction) end;
create or replace temp macro shacl_less(a, b, either) as coalesce(case
    when a.family <> b.family then false
    when a.family = 'number' and (a.inexact or b.inexact) then
        not isnan(a.approximate) and not isnan(b.approximate)
        and (a.approximate < b.approximate or (either and a.approximate = b.approximate))
    when a.family in ('number', 'string', 'boolean') then a.exact < b.exact or (either and a.exact = b.exact)
    else shacl_point(a, b, either) end, false);
"""


def fill(connection: Connection, integers: list[str]) -> None:
    """Make `shacl_comparable`, with a key for each literal that has an order, and the macro `shacl_less`.

    Args:
        connection: with `shacl_ill_typed` filled by `lexical.fill`, which has made `shacl_exact` too.
        integers: local names of XSD's integer types.
    """
    connection.execute(_POINT)
    connection.execute(_LESS)
    connection.execute(_KEYS, {"xsd": short(XSD), "integers": integers, "moment": _MOMENT})
