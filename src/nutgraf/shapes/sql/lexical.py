"""Which literals are ill-typed: XSD's lexical rules and the calendar, as SQL over the terms.

A cast is no test: DuckDB's accepts `2024-1-5`, and rounds decimals of forty digits.

Sources: XSD 1.1 Part 2 §3.3 and §3.4, https://www.w3.org/TR/xmlschema11-2/#built-in-primitive-datatypes;
RDF 1.1 Concepts §5.1, https://www.w3.org/TR/rdf11-concepts/#xsd-datatypes
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nutgraf.shapes.sql.facts import full
from nutgraf.shapes.sql.order import EXACT
from nutgraf.shapes.sql.ranges import COMPARING
from nutgraf.terms.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Callable

    from nutgraf.engine import duckdb as engine
    from nutgraf.shapes.model import ShapesGraph

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

# The number of days of a month; 29 February needs a leap year, and four digits of the year decide that.
_NO_SUCH_DAY: Final = r"""
(regexp_full_match(lexical, {pattern}) and regexp_extract(lexical, '^-?\d*-\d\d-(\d\d)', 1) > case
    when regexp_extract(lexical, '^-?\d*-(\d\d)', 1) in ('04', '06', '09', '11') then '30'
    when regexp_extract(lexical, '^-?\d*-(\d\d)', 1) <> '02' then '31'
    when starts_with(lexical, '--') then '29'
    when shacl_year(lexical) % 4 = 0 and (shacl_year(lexical) % 100 <> 0 or shacl_year(lexical) % 400 = 0)
        then '29'
    else '28' end)
"""
_YEAR_MACRO: Final = r"""
create or replace temp macro shacl_year(lexical) as
    try_cast(right(regexp_extract(lexical, '^-?(\d*)', 1), 4) as integer)
"""
_OUT_OF_RANGE: Final = r"""
(regexp_full_match(lexical, '[+-]?\d+')
    and (shacl_exact(lexical) < shacl_exact({least}) or shacl_exact(lexical) > shacl_exact({most})))
"""
# Nothing after P, or nothing after T.
_NO_LENGTH: Final = "regexp_matches(lexical, '(^-?P|T)$')"
_INTEGER: Final = r"[+-]?\d+"
_DATED: Final = frozenset({"date", "dateTime", "dateTimeStamp", "gMonthDay"})

_FOUND: Final = "select distinct datatype from shacl_term where datatype <> '' order by datatype"
# A branch to a datatype: DuckDB compiles a constant pattern once.
_FILL: Final = """
insert into shacl_ill_typed select id from shacl_term
where kind = 'literal' and coalesce(case datatype {cases} else false end, false)
"""


def fill(connection: engine.Connection, graph: ShapesGraph) -> None:
    """Fill `shacl_ill_typed` with the literals whose datatype some constraint looks at."""
    connection.execute(EXACT)
    connection.execute(_YEAR_MACRO)
    asked = {c.term.value for c in graph.constraints if c.component == "Datatype" and c.term is not None}
    all_asked = any(c.component in COMPARING for c in graph.constraints)
    parameters: dict[str, object] = {}

    def parameter(value: object) -> str:
        name = f"p{len(parameters)}_"
        parameters[name] = value
        return f"${name}"

    cases = []
    for (name,) in connection.execute(_FOUND).fetchall():
        datatype = full(name)
        if datatype.startswith(XSD) and (all_asked or datatype in asked):
            conditions = _broken(datatype.removeprefix(XSD), parameter)
            cases += [f"when {parameter(name)} then {' or '.join(conditions)}"] if conditions else []
    if cases:
        connection.execute(_FILL.format(cases=" ".join(cases)), parameters)


def _broken(name: str, parameter: Callable[[object], str]) -> list[str]:
    """What is wrong with a literal of one of XSD's datatypes: conditions of which one holds."""
    if name in INTEGERS:
        least, most = INTEGERS[name]
        broken = [f"not regexp_full_match(lexical, {parameter(_INTEGER)})"]
        if least is not None or most is not None:
            bounds = [parameter(None if bound is None else str(bound)) for bound in (least, most)]
            broken.append(f"coalesce({_OUT_OF_RANGE.format(least=bounds[0], most=bounds[1])}, false)")
        return broken
    if name not in PATTERNS:
        return []
    pattern = parameter(PATTERNS[name])
    broken = [f"not regexp_full_match(lexical, {pattern})"]
    broken += [_NO_SUCH_DAY.format(pattern=pattern)] if name in _DATED else []
    return broken + ([_NO_LENGTH] if name.lower().endswith("duration") else [])
