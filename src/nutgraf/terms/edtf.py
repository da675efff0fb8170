"""Times as the Extended Date/Time Format writes them: the profile that news needs.

Source: EDTF, https://www.loc.gov/standards/datetime/, level 0 dates and intervals, and level 2's
unspecified year (`XXXX-11-24`), which RDF writes as xsd:gMonthDay.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

Precision = Literal["date", "year", "year_month", "month_day"]

_MOMENT: Final = re.compile(r"(?P<year>[0-9]{4}|XXXX)(-(?P<month>[0-9]{2})(-(?P<day>[0-9]{2}))?)?")
_LEAP_YEAR: Final = 2000
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Moment:
    """One date, to the precision that is known.

    Attributes:
        precision: which XSD type holds it.
        lexical: its XSD lexical form: `2024-11-07`, `1923`, `2024-11`, `--11-24`.
    """

    precision: Precision
    lexical: str


@dataclass(frozen=True, slots=True)
class Time:
    """A moment, or the first and last moment of an interval, both included."""

    start: Moment
    end: Moment | None = None


def parse(text: str) -> Time:
    """Read an EDTF date or interval.

    Raises:
        ValueError: it is not in the profile, or the calendar has no such day; the message says which.

    >>> parse("XXXX-11-24/XXXX-11-27").end
    Moment(precision='month_day', lexical='--11-27')
    """
    first, slash, last = text.partition("/")
    start = _moment(first)
    if not slash:
        return Time(start)
    end = _moment(last)
    if start.precision != end.precision:
        raise ValueError("the two ends of an interval need the same precision")
    if end.lexical < start.lexical and start.precision != "month_day":
        raise ValueError("the interval ends before it starts")
    return Time(start, end)


def _moment(text: str) -> Moment:
    match = _MOMENT.fullmatch(text)
    if not match:
        raise ValueError(f'"{text}" is not of the form 2024-11-07, 2024-11, 2024 or XXXX-11-07')
    year, month, day = match["year"], match["month"], match["day"]
    _check_calendar(text, year, month, day)
    if year == "XXXX":
        if day is None:
            raise ValueError(f'"{text}" has no year and no day')
        return Moment("month_day", f"--{month}-{day}")
    if day:
        return Moment("date", text)
    return Moment("year_month", text) if month else Moment("year", text)


def _check_calendar(text: str, year: str, month: str | None, day: str | None) -> None:
    number = _LEAP_YEAR if year == "XXXX" else int(year)
    if number == 0:
        raise ValueError(f'"{text}": there is no year 0 here')
    if month and not 1 <= int(month) <= _MONTHS:
        raise ValueError(f'"{text}": there is no month {month}')
    if month and day and not 1 <= int(day) <= calendar.monthrange(number, int(month))[1]:
        raise ValueError(f'"{text}": that month has no day {day}')


def days(time: Time) -> Iterator[dt.date]:
    """Every day of an interval of full dates, both ends included; none for other precisions."""
    if time.start.precision != "date":
        return
    first = dt.date.fromisoformat(time.start.lexical)
    last = dt.date.fromisoformat((time.end or time.start).lexical)
    for number in range(first.toordinal(), last.toordinal() + 1):
        yield dt.date.fromordinal(number)
