"""Functions of dates: texts that follow a pattern become xsd:date and xsd:dateTime.

A text that does not follow the pattern, or is no day of the calendar, gives nothing.

Source: https://w3id.org/imec/idlab/function, https://users.ugent.be/~bjdmeest/function/grel.ttl;
letters of patterns as in java.time.format.DateTimeFormatter
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from sqlglot import exp

from nutgraf.mapping.sql.function import GREL, IDLAB, Check, Function, constant, joined
from nutgraf.mapping.sql.functions import both, call, case, equals, number, text, to_text

MONTHS: Final = tuple(
    "January February March April May June July August September October November December".split()
)
_LETTERS: Final = {
    "yyyy": ("year", "[0-9]{4}"),
    "uuuu": ("year", "[0-9]{4}"),
    "M": ("month", "[0-9]{1,2}"),
    "MM": ("month", "[0-9]{2}"),
    "MMM": ("short month", "(?i:" + "|".join(month[:3] for month in MONTHS) + ")"),
    "MMMM": ("long month", "(?i:" + "|".join(MONTHS) + ")"),
    "d": ("day", "[0-9]{1,2}"),
    "dd": ("day", "[0-9]{2}"),
    "H": ("hour", "[0-9]{1,2}"),
    "HH": ("hour", "[0-9]{2}"),
    "mm": ("minute", "[0-9]{2}"),
    "ss": ("second", "[0-9]{2}"),
}
"""What stands in a pattern → what it is, and the characters that it takes."""

_TOKEN: Final = re.compile(r"'(?P<quoted>(?:[^']|'')*)'|(?P<letters>([A-Za-z])\3*)|(?P<text>[^A-Za-z'])")
_DAY: Final = ("year", "month", "day")
_UNITS: Final = {
    "years": (1, "year"),
    "months": (2, "month"),
    "days": (3, "day"),
    "hours": (4, "hour"),
    "minutes": (5, "min", "minute"),
    "seconds": (6, "sec", "second"),
}
UNITS: Final[dict[str, int]] = {
    str(name): int(group) for unit, (group, *others) in _UNITS.items() for name in (unit, *others)
}
"""Name of a part of a date → the group of `_ISO` that it is."""

_ISO: Final = (
    "([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?"
)


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern of dates.

    Attributes:
        regex: what a text must be, for RE2.
        groups: what each group of it is, in order.
    """

    regex: str
    groups: tuple[str, ...]


def read_pattern(pattern: str) -> Pattern | str:
    """A pattern, or why it cannot be read."""
    regex, groups, end = "", [], 0
    for match in _TOKEN.finditer(pattern):
        if match.start() != end:
            break
        end = match.end()
        letters = match["letters"]
        if letters is None:
            quoted = match["quoted"]
            regex += re.escape(match["text"] if quoted is None else quoted.replace("''", "'") or "'")
        elif letters in _LETTERS:
            name, characters = _LETTERS[letters]
            regex += f"({characters})"
            groups.append(name)
        else:
            return f"\"{letters}\" is none of {', '.join(_LETTERS)}; other letters stand between '…'"
    if end != len(pattern):
        return "a ' is not closed"
    kinds = [name.split()[-1] for name in groups]
    if len(kinds) != len(set(kinds)):
        return "a part of the date stands twice"
    return Pattern(regex, tuple(groups))


def check_date(pattern: str) -> str | None:
    """Why a pattern gives no date."""
    return _check(pattern, _DAY, "a date has a year, a month and a day")


def check_date_time(pattern: str) -> str | None:
    """Why a pattern gives no date with a time."""
    return _check(pattern, (*_DAY, "hour", "minute"), "it has a year, a month, a day, an hour and a minute")


def _check(pattern: str, needed: tuple[str, ...], why: str) -> str | None:
    found = read_pattern(pattern)
    if isinstance(found, str):
        return found
    return None if {name.split()[-1] for name in found.groups} >= set(needed) else why


def check_language(language: str) -> str | None:
    """Why names of months cannot be read in a language."""
    return None if language.lower().split("-")[0] == "en" else "names of months are read in English, en"


def check_unit(unit: str) -> str | None:
    """Why a part of a date cannot be given."""
    return None if unit in UNITS else f"the parts are {', '.join(UNITS)}"


def _date(value: exp.Expression, pattern: exp.Expression, _language: object = None) -> exp.Expression:
    return _made(value, pattern, "DATE")


def _date_time(value: exp.Expression, pattern: exp.Expression, _language: object = None) -> exp.Expression:
    return _made(value, pattern, "TIMESTAMP")


def _made(value: exp.Expression, written: exp.Expression, kind: str) -> exp.Expression:
    pattern = read_pattern(constant(written))
    if not isinstance(pattern, Pattern):
        raise TypeError(pattern)  # the mapping's reader has checked it
    parts = {
        name.split()[-1]: _part(value, pattern, index, name)
        for index, name in enumerate(pattern.groups, start=1)
    }
    date = [parts["year"], text("-"), parts["month"], text("-"), parts["day"]]
    if kind == "TIMESTAMP":
        second = parts.get("second", text("00"))
        date += [text("T"), parts["hour"], text(":"), parts["minute"], text(":"), second]
    lexical = joined(date)
    good = both(call("regexp_full_match", value, text(pattern.regex)), _exists(lexical, kind))
    return case((good, lexical), otherwise=exp.null())


def _part(value: exp.Expression, pattern: Pattern, group: int, name: str) -> exp.Expression:
    found: exp.Expression = call("regexp_extract", value, text(f"^{pattern.regex}$"), number(group))
    if name.endswith(" month"):
        names = [text(month[:3].lower()) for month in MONTHS]
        index = call(
            "list_position", call("list_value", *names), call("lower", call("left", found, number(3)))
        )
        found = to_text(index)
    return found if name == "year" else call("lpad", found, number(2), text("0"))


def _exists(lexical: exp.Expression, kind: str) -> exp.Expression:
    """Whether it is a day of the calendar, and a time before 24:00."""
    day = exp.TryCast(this=call("left", lexical, number(10)), to=exp.DataType.build("DATE"))
    found: exp.Expression = exp.not_(day.is_(exp.null()))
    if kind == "TIMESTAMP":
        time = call("substr", lexical, number(12))
        found = both(found, call("regexp_full_match", time, text("([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]")))
    return found


def _date_part(value: exp.Expression, unit: exp.Expression) -> exp.Expression:
    digits = call("regexp_extract", value, text(f"^{_ISO}$"), number(UNITS[constant(unit)]))
    good = both(call("regexp_full_match", value, text(_ISO)), exp.not_(equals(digits, text(""))))
    return case((good, to_text(exp.cast(digits, "INTEGER"))), otherwise=exp.null())


_DATE: Final[dict[str, Check]] = {"pattern": check_date}
_TIME: Final[dict[str, Check]] = {"pattern": check_date_time}
_LANGUAGE: Final[dict[str, Check]] = {"lang": check_language}

DATE_FUNCTIONS: Final[dict[str, Function]] = {
    GREL + "date_toDate": Function(
        ("valueParameter", "p_string_pattern"), _date, constants={"p_string_pattern": check_date}
    ),
    GREL + "date_datePart": Function(
        ("p_date_d", "p_string_unit"), _date_part, constants={"p_string_unit": check_unit}
    ),
    IDLAB + "normalizeDate": Function(("strDate", "pattern"), _date, constants=_DATE),
    IDLAB + "normalizeDateTime": Function(("strDate", "pattern"), _date_time, constants=_TIME),
    IDLAB + "normalizeDateWithLang": Function(
        ("strDate", "pattern", "lang"), _date, constants=_DATE | _LANGUAGE
    ),
    IDLAB + "normalizeDateTimeWithLang": Function(
        ("strDate", "pattern", "lang"), _date_time, constants=_TIME | _LANGUAGE
    ),
}
"""IRI → function."""
