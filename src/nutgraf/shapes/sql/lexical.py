"""Which literals are ill-typed: XSD's lexical rules and the calendar, as SQL over the terms.

A cast is no test: DuckDB's accepts `2024-1-5`, and rounds decimals of forty digits.

Sources: XSD 1.1 Part 2 §3.3 and §3.4, https://www.w3.org/TR/xmlschema11-2/#built-in-primitive-datatypes;
RDF 1.1 Concepts §5.1, https://www.w3.org/TR/rdf11-concepts/#xsd-datatypes
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nutgraf.shapes.sql.order import EXACT
from nutgraf.terms.vocabulary import XSD

if TYPE_CHECKING:
    from nutgraf.engine import duckdb as engine

ZONE: Final = r"(Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?"
_YEAR: Final = r"(-?(?:[1-9]\d{3,}|0\d{3}))"
_MONTH: Final = r"(0[1-9]|1[0-2])"
_DAY: Final = r"(0[1-9]|[12]\d|3[01])"
_CLOCK: Final = r"((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"

PATTERNS: Final[dict[str, str]] = {
    "boolean": "true|false|1|0",
    "decimal": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)",
    "double": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[Ee][+-]?\d+)?|[+-]?INF|NaN",
    "float": r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[Ee][+-]?\d+)?|[+-]?INF|NaN",
    "dateTime": f"{_YEAR}-{_MONTH}-{_DAY}T{_CLOCK}{ZONE}",
    "dateTimeStamp": f"{_YEAR}-{_MONTH}-{_DAY}T{_CLOCK}{ZONE.removesuffix('?')}",
    "date": f"{_YEAR}-{_MONTH}-{_DAY}{ZONE}",
    "time": f"{_CLOCK}{ZONE}",
    "gYear": f"{_YEAR}{ZONE}",
    "gYearMonth": f"{_YEAR}-{_MONTH}{ZONE}",
    "gMonth": f"--{_MONTH}{ZONE}",
    "gMonthDay": f"--{_MONTH}-{_DAY}{ZONE}",
    "gDay": f"---{_DAY}{ZONE}",
    "duration": r"-?P(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?",
    "dayTimeDuration": r"-?P(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?",
    "yearMonthDuration": r"-?P(?:\d+Y)?(?:\d+M)?",
    "hexBinary": "(?:[0-9A-Fa-f]{2})*",
    "base64Binary": r"(?:(?:[A-Za-z0-9+/] ?){4})*"
    r"(?:(?:[A-Za-z0-9+/] ?){3}[A-Za-z0-9+/]|(?:[A-Za-z0-9+/] ?){2}[AEIMQUYcgkosw048] ?="
    r"|[A-Za-z0-9+/] ?[AQgw] ?= ?=)?",
    "language": "[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*",
    "normalizedString": r"[^\r\n\t]*",
    "token": r"(?:[^\r\n\t ]+(?: [^\r\n\t ]+)*)?",
    "Name": r"[\p{L}_:][\p{L}\p{M}\p{Nd}_:.\-·]*",
    "NCName": r"[\p{L}_][\p{L}\p{M}\p{Nd}_.\-·]*",
    "NMTOKEN": r"[\p{L}\p{M}\p{Nd}_:.\-·]+",
}
"""Local name in XSD → what the whole lexical form matches, in RE2. A name that is not here and not in
`INTEGERS` has no rule that we check."""

INTEGERS: Final[dict[str, tuple[int | None, int | None]]] = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-(2**7), 2**7 - 1),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 2**8 - 1),
}
"""Integer type → least and greatest value."""

# A pattern to a query: DuckDB compiles a constant pattern once.
_BROKEN: Final = r"""
insert into shacl_ill_typed
select id from shacl_term where datatype = $datatype and not regexp_full_match(lexical, $pattern)
"""
_OUT_OF_RANGE: Final = r"""
insert into shacl_ill_typed
select id from shacl_term
where datatype = $datatype and regexp_full_match(lexical, '[+-]?\d+')
    and (shacl_exact(lexical) < shacl_exact($least) or shacl_exact(lexical) > shacl_exact($most))
"""
# The number of days of a month; 29 February needs a leap year, and four digits of the year decide that.
_NO_SUCH_DAY: Final = r"""
insert into shacl_ill_typed
select id from (
    select id,
        regexp_extract(lexical, '^(-?\d*)-(\d\d)-(\d\d)', 1) as year,
        regexp_extract(lexical, '^(-?\d*)-(\d\d)-(\d\d)', 2) as month,
        regexp_extract(lexical, '^(-?\d*)-(\d\d)-(\d\d)', 3) as day
    from shacl_term where datatype = $datatype and regexp_full_match(lexical, $pattern)
)
where day > case when month in ('04', '06', '09', '11') then '30' when month <> '02' then '31'
    when year in ('', '-') then '29'
    when right(year, 4)::integer % 4 = 0 and (right(year, 4)::integer % 100 <> 0
        or right(year, 4)::integer % 400 = 0) then '29'
    else '28' end
"""
# Nothing after P, or nothing after T.
_NO_LENGTH: Final = r"""
insert into shacl_ill_typed
select id from shacl_term where datatype = $datatype and regexp_matches(lexical, '(^-?P|T)$')
"""
_ASKED: Final = """
select distinct datatype from shacl_term
where starts_with(datatype, $xsd) and (
    exists (from shacl_constraint where component in (
        'LessThan', 'LessThanOrEquals', 'MinExclusive', 'MinInclusive', 'MaxExclusive', 'MaxInclusive'))
    or datatype in (select lexical from shacl_constraint where component = 'Datatype')
)
order by datatype
"""


def fill(connection: engine.Connection) -> None:
    """Fill `shacl_ill_typed` with the literals whose datatype some constraint looks at."""
    connection.execute(EXACT)
    for (datatype,) in connection.execute(_ASKED, {"xsd": XSD}).fetchall():
        name = datatype.removeprefix(XSD)
        if name in INTEGERS:
            _fill_integers(connection, datatype, *INTEGERS[name])
            continue
        if name not in PATTERNS:
            continue
        asked = {"datatype": datatype, "pattern": PATTERNS[name]}
        connection.execute(_BROKEN, asked)
        if name in {"date", "dateTime", "dateTimeStamp", "gMonthDay"}:
            connection.execute(_NO_SUCH_DAY, asked)
        if name.lower().endswith("duration"):
            connection.execute(_NO_LENGTH, {"datatype": datatype})


def _fill_integers(connection: engine.Connection, datatype: str, least: int | None, most: int | None) -> None:
    connection.execute(_BROKEN, {"datatype": datatype, "pattern": r"[+-]?\d+"})
    if least is None and most is None:
        return
    bounds = {"least": None if least is None else str(least), "most": None if most is None else str(most)}
    connection.execute(_OUT_OF_RANGE, {"datatype": datatype} | bounds)
