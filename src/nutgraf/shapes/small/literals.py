"""Which literals are ill-typed, and which is less: what `sql.lexical` and `sql.order` say, in Python.

Sources: XSD 1.1 Part 2 §3.3 and §3.4, https://www.w3.org/TR/xmlschema11-2/#built-in-primitive-datatypes;
SPARQL 1.1 §17.3, https://www.w3.org/TR/sparql11-query/#OperatorMapping
"""

from __future__ import annotations

import calendar
import functools
import math
import re
import struct
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from pyoxigraph import Literal

from nutgraf.shapes.sql.lexical import INTEGERS, PATTERNS
from nutgraf.terms.vocabulary import XSD

UNICODE: Final = frozenset(XSD + name for name, pattern in PATTERNS.items() if r"\p" in pattern)
"""Datatypes whose rule needs properties of characters, which Python's `re` does not have."""
_RULES: Final = {
    name: re.compile(pattern, re.ASCII) for name, pattern in PATTERNS.items() if r"\p" not in pattern
}
_INTEGER: Final = re.compile(r"[+-]?\d+", re.ASCII)
_DAY: Final = re.compile(r"(-?\d*)-(\d\d)-(\d\d)", re.ASCII)
_DAYS: Final = {"date", "dateTime", "dateTimeStamp", "gMonthDay"}
_NO_LENGTH: Final = re.compile("^-?P$|T$")
_MOMENT: Final = re.compile(r"(-?\d+)-(\d\d)-(\d\d)T([\d:.]+)(.*)", re.ASCII)
_DATED: Final = {
    "time": "2000-01-01T{0}",
    "gMonth": "2000-{1}-01T00:00:00{2}",
    "gMonthDay": "2000-{3}T00:00:00{4}",
    "gDay": "2000-01-{5}T00:00:00{6}",
}
_ZONE_SLACK_S: Final = 14 * 3600
_MOST_YEAR_DIGITS: Final = 18


@functools.lru_cache(maxsize=100_000)
def is_ill_typed(literal: Literal) -> bool:
    """Whether a literal's text is not one of its datatype's."""
    datatype, text = literal.datatype.value, literal.value
    name = datatype.removeprefix(XSD) if datatype.startswith(XSD) else ""
    if name in INTEGERS:
        least, most = INTEGERS[name]
        if not _INTEGER.fullmatch(text):
            return True
        number = Decimal(text)
        return (least is not None and number < least) or (most is not None and number > most)
    if name not in _RULES:
        return False
    if not _RULES[name].fullmatch(text):
        return True
    if name in _DAYS and _is_no_day(text):
        return True
    return name.lower().endswith("duration") and _NO_LENGTH.search(text) is not None


def is_less(own: object, other: object, *, either: bool) -> bool:
    """Whether a literal is less than another, or `either`: equal; what cannot be compared is not."""
    if not isinstance(own, Literal) or not isinstance(other, Literal):
        return False
    a, b = _key(own), _key(other)
    if a is None or b is None or a.family != b.family:
        return False
    if a.moment is not None and b.moment is not None:
        return _is_before(a, b, either=either)
    if a.family == "number" and (a.inexact or b.inexact):
        first, second = a.approximate, b.approximate
        if first is None or second is None or math.isnan(first) or math.isnan(second):
            return False
        return first < second or (either and first == second)
    return a.exact < b.exact or (either and a.exact == b.exact)  # type: ignore[operator]


@dataclass(frozen=True, slots=True)
class _Key:
    family: str
    exact: Decimal | str | None = None
    approximate: float | None = None
    inexact: bool = False
    moment: tuple[int, str] | None = None
    zoned: bool = False


@functools.lru_cache(maxsize=100_000)
def _key(literal: Literal) -> _Key | None:
    datatype, text = literal.datatype.value, literal.value
    if not datatype.startswith(XSD) or is_ill_typed(literal):
        return None
    name = datatype.removeprefix(XSD)
    if name == "string":
        return _Key(name, text)
    if name == "boolean":
        return _Key(name, "1" if text in {"true", "1"} else "0")
    if name == "decimal" or name in INTEGERS:
        return _Key("number", Decimal(text), _double(text))
    if name in {"float", "double"}:
        number = _double(text)
        return _Key("number", None, _single(number) if name == "float" else number, inexact=True)
    return _timed(name, text)


def _double(text: str) -> float | None:
    number = float(text.replace("INF", "inf"))
    return None if math.isinf(number) and "INF" not in text else number


def _single(number: float | None) -> float | None:
    try:
        return None if number is None else struct.unpack("f", struct.pack("f", number))[0]
    except OverflowError:
        return None


def _timed(name: str, text: str) -> _Key | None:
    match name:
        case "gYear":
            text = re.sub(r"^(-?\d+)", r"\1-01-01T00:00:00", text, flags=re.ASCII)
        case "gYearMonth":
            text = re.sub(r"^(-?\d+-\d\d)", r"\1-01T00:00:00", text, flags=re.ASCII)
        case "date":
            text = re.sub(r"^(-?\d+-\d\d-\d\d)", r"\1T00:00:00", text, flags=re.ASCII)
        case "time" | "gMonth" | "gMonthDay" | "gDay":
            text = _DATED[name].format(text, text[2:4], text[4:], text[2:7], text[7:], text[3:5], text[5:])
        case "dateTime" | "dateTimeStamp":
            pass
        case _:
            return None
    found = _MOMENT.fullmatch(text)
    if not found or len(found[1]) > _MOST_YEAR_DIGITS:
        return None
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    clock, zone = found[4], found[5]
    seconds = 86400 * _days(year, month, day)
    seconds += 3600 * int(clock[:2]) + 60 * int(clock[3:5]) + int(clock[6:8])
    if zone not in {"", "Z"}:
        seconds -= (-1 if zone[0] == "-" else 1) * (3600 * int(zone[1:3]) + 60 * int(zone[4:6]))
    family = "dateTime" if name == "dateTimeStamp" else name
    return _Key(family, moment=(seconds, clock[9:].rstrip("0")), zoned=bool(zone))


def _days(year: int, month: int, day: int) -> int:
    """Days since 0000-03-01 of the proleptic Gregorian calendar."""
    year -= month < 3  # noqa: PLR2004 - the year begins in March
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * ((month + 9) % 12) + 2) // 5 + day - 1


def _is_before(a: _Key, b: _Key, *, either: bool) -> bool:
    assert a.moment is not None and b.moment is not None, "both are times"  # noqa: PT018
    (first, part), (second, other) = a.moment, b.moment
    if a.zoned == b.zoned:
        return a.moment < b.moment or (either and a.moment == b.moment)
    if b.zoned:
        return (first + _ZONE_SLACK_S, part) < (second, other)
    return (first, part) < (second - _ZONE_SLACK_S, other)


def _is_no_day(text: str) -> bool:
    """Whether a month does not have so many days."""
    found = _DAY.match(text)
    if not found:
        return False
    year, month, day = found[1], int(found[2]), int(found[3])
    if month in {4, 6, 9, 11}:
        return day > 30  # noqa: PLR2004
    if month != 2:  # noqa: PLR2004
        return day > 31  # noqa: PLR2004
    leap = year in {"", "-"} or calendar.isleap(int(year[-4:]))
    return day > (29 if leap else 28)
