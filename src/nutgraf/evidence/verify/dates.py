"""Dates in a text, in the forms that English and French news use, as EDTF.

A form that is not in this closed grammar gives nothing: a date is never guessed.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from nutgraf.terms import edtf


@dataclass(frozen=True, slots=True)
class Date:
    """A date or range as a text writes it.

    Attributes:
        time: what it says.
        start: first character.
        end: character after the last.
    """

    time: edtf.Time
    start: int
    end: int


_MONTHS: Final = {
    "en": "january february march april may june july august september october november december".split(),
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
}
_SHORT: Final = {
    "en": "jan feb mar apr may jun jul aug sept oct nov dec".split(),
    "fr": "janv févr mars avr mai juin juil août sept oct nov déc".split(),
}
_TO: Final = {
    "en": r"\s*[-–]\s*|\s+(?:to|through|until|till)\s+",
    "fr": r"\s*[-–]\s*|\s+(?:au|à|jusqu['’]au)\s+",
}
_BETWEEN: Final = {"en": (r"between\s+", r"\s+and\s+"), "fr": (r"entre\s+(?:le\s+)?", r"\s+et\s+(?:le\s+)?")}
_YEAR: Final = r"(?P<y{}>[12]\d{{3}})"
_THEN_YEAR: Final = rf"(?:,?\s+{_YEAR})?"


def dates(text: str, language: str) -> list[Date]:
    """Every date of a text, in order; of languages other than English and French, years and ISO dates.

    >>> [(d.time.start.lexical, d.time.end.lexical) for d in dates("from November 4-7", "en")]
    [('--11-04', '--11-07')]
    >>> [d.time.end.lexical for d in dates("du 4 au 7 novembre 2024", "fr")]
    ['2024-11-07']
    """
    found: list[Date] = []
    primary = language.partition("-")[0].lower()
    for pattern in _patterns(primary):
        for match in pattern.finditer(text):
            if any(other.start < match.end() and match.start() < other.end for other in found):
                continue  # a longer form holds it
            time = _time(match, primary)
            if time:
                found.append(Date(time, match.start(), match.end()))
    return sorted(found, key=lambda date: date.start)


@functools.cache
def _patterns(language: str) -> tuple[re.Pattern[str], ...]:
    shapes = list(_shapes(language)) if language in _MONTHS else []
    shapes += [r"(?P<y1>\d{4})-(?P<n1>\d{2})-(?P<d1>\d{2})", _YEAR.format(1)]
    return tuple(re.compile(rf"(?<!\w)(?<!\d[.,]){shape}(?!\w)(?![.,]\d)", re.IGNORECASE) for shape in shapes)


def _shapes(language: str) -> Iterator[str]:
    """From the longest form to the shortest."""
    names = "|".join(sorted((*_MONTHS[language], *_SHORT[language]), key=len, reverse=True))
    month = rf"(?P<m{{}}>{names})\.?"
    suffix = "(?:st|nd|rd|th)?" if language == "en" else "(?:er)?"
    day = rf"(?P<d{{}}>[0-3]?\d){suffix}"
    of = r"\s+(?:of\s+)?" if language == "en" else r"\s+"
    before, both = _BETWEEN[language]
    start, end = day.format(1), day.format(2)
    first, last = month.format(1), month.format(2)
    year, end_year = _THEN_YEAR.format(1), _THEN_YEAR.format(2)
    for opening, to in ((before, both), ("", f"(?:{_TO[language]})")):
        yield rf"{opening}{start}{of}{first}{year}{to}{end}{of}{last}{end_year}"
        yield rf"{opening}{start}{to}{end}{of}{first}{end_year}"
        if language == "en":
            yield rf"{opening}{first}\s+{start}{year}{to}{last}\s+{end}{end_year}"
            yield rf"{opening}{first}\s+{start}{to}{end}{end_year}"
    yield rf"{start}{of}{first}{year}"
    if language == "en":
        yield rf"{first}\s+{start}{year}"
    yield rf"{first},?\s+{_YEAR.format(1)}"


def _time(match: re.Match[str], language: str) -> edtf.Time | None:
    part = {name: value for name, value in match.groupdict().items() if value}
    last_year = part.get("y2")
    year = part.get("y1") or last_year
    start = _moment(year, part.get("m1"), part.get("n1"), part.get("d1"), language)
    if "d2" in part:
        start += "/" + _moment(
            last_year or year, part.get("m2") or part.get("m1"), None, part["d2"], language
        )
    try:
        return edtf.parse(start)
    except ValueError:
        return None  # the calendar has no such day


def _moment(year: str | None, month: str | None, number: str | None, day: str | None, language: str) -> str:
    if month:
        name = month.lower()
        names = _MONTHS[language] if name in _MONTHS[language] else _SHORT[language]
        number = f"{names.index(name) + 1:02}"
    parts = [year or "XXXX", number, day and f"{int(day):02}"]
    return "-".join(part for part in parts if part)


def covers(said: edtf.Time, published: edtf.Time) -> bool:
    """Whether the words of a text give a published time: the same, or a more precise one.

    >>> covers(edtf.parse("2024-11-04"), edtf.parse("XXXX-11-04"))
    True
    >>> covers(edtf.parse("XXXX-11-04"), edtf.parse("2024-11-04"))
    False
    """
    if said.end is None or published.end is None:
        return said.end is None and published.end is None and _covers(said.start, published.start)
    return _covers(said.start, published.start) and _covers(said.end, published.end)


def _covers(said: edtf.Moment, published: edtf.Moment) -> bool:
    if said == published:
        return True
    if published.precision == "month_day":
        return said.precision == "date" and said.lexical[4:] == published.lexical[1:]
    return said.precision in {"date", "year_month"} and said.lexical.startswith(published.lexical + "-")


DURATION: Final = re.compile(
    r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?"
)
_DURATION_UNITS: Final = {
    "en": ("years?", "months?", "weeks?", "days?", "hours?", "minutes?", "seconds?"),
    "fr": ("ans?|années?", "mois", "semaines?", "jours?|journées?", "heures?", "minutes?", "secondes?"),
}


def duration_units(duration: str, language: str) -> list[tuple[int, str]] | None:
    """The numbers of an ISO 8601 duration, each with the pattern of the words that name its unit.

    >>> duration_units("P4D", "en")
    [(4, 'days?')]
    """
    match = DURATION.fullmatch(duration)
    units = _DURATION_UNITS.get(language.partition("-")[0].lower())
    if not match or not units:
        return None
    return [(int(number), unit) for number, unit in zip(match.groups(), units, strict=True) if number]


def follows(text: str, at: int, unit: str) -> bool:
    """Whether the word of a unit stands right after a place of a text."""
    return re.compile(rf"[\s-]+(?:{unit})(?!\w)", re.IGNORECASE).match(text, at) is not None
