"""Literals as people read them: dates to the precision that is stated, numbers, texts with their language."""

from __future__ import annotations

import re
from typing import Final

from pyoxigraph import Literal

from nutgraf.publish.site.catalogue import Catalogue
from nutgraf.publish.site.links import Link, Linker, web
from nutgraf.publish.site.text import shown
from nutgraf.terms.vocabulary import XSD

_DATE: Final = re.compile(r"(?:(?P<year>-?[0-9]{4,})|-)(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?")
_DURATION: Final = re.compile(r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<days>\d+)D)?")
_MONTHS: Final = 12


def literal(value: Literal, predicate: str, linker: Linker) -> Link:  # noqa: PLR0911 - one a datatype
    """A literal."""
    catalogue = linker.catalogue
    local = value.datatype.value.removeprefix(XSD)
    if value.language:
        own = value.language.lower().partition("-")[0] == catalogue.language
        return Link(shown(value.value), language=None if own else value.language)
    if local in {"date", "gYear", "gYearMonth", "gMonthDay"}:
        return Link(date(value.value, catalogue))
    if local == "integer" and value.value.lstrip("-").isdecimal() and len(value.value) <= 18:  # noqa: PLR2004
        return Link(catalogue.number(int(value.value)))
    if local == "boolean" and value.value in {"true", "false"}:
        return Link(catalogue.say(f"boolean.{value.value}"))
    if predicate.endswith("/inLanguage"):
        return Link(catalogue.find(f"tongue.{value.value.lower()}") or shown(value.value))
    if local == "anyURI" or predicate.endswith("/url"):
        return web(value.value)
    if local == "duration":
        return Link(duration(value.value, catalogue))
    return Link(shown(value.value))


def date(text: str, catalogue: Catalogue) -> str:
    """A date in words, to the precision that it has; without a year where it has none.

    Args:
        text: lexical form of an `xsd:date`, `gYear`, `gYearMonth` or `gMonthDay`.
        catalogue: the language.
    """
    match = _DATE.fullmatch(text)
    if match is None:
        return shown(text)
    year, month, day = match["year"], match["month"], match["day"]
    if month is None or not 1 <= int(month) <= _MONTHS:
        return year or shown(text)
    parts = {
        "year": year or "",
        "month": catalogue.say(f"month.{month}"),
        "day": str(int(day)) if day else "",
    }
    form = "".join(name[0] for name in ("day", "month", "year") if parts[name])
    return catalogue.say(f"date.{form}", **parts)


def period(start: str, end: str, catalogue: Catalogue) -> tuple[str, str]:
    """Two dates in words; the first without what it shares with the second."""
    first, last = _DATE.fullmatch(start), _DATE.fullmatch(end)
    said = date(start, catalogue), date(end, catalogue)
    if not first or not last or not first["day"] or not last["day"] or first["year"] != last["year"]:
        return said
    if first["month"] == last["month"]:
        return str(int(first["day"])), said[1]
    return date(f"--{first['month']}-{first['day']}", catalogue), said[1]


def duration(text: str, catalogue: Catalogue) -> str:
    """A duration in words, if it is in years, months and days."""
    match = _DURATION.fullmatch(text)
    if match is None or text == "P":
        return shown(text)
    return " ".join(catalogue.count(f"count.{name}", int(n)) for name, n in match.groupdict().items() if n)


def edtf(start: str | None, end: str | None) -> str:
    """Days as EDTF: unknown years as `XXXX`.

    >>> edtf("--11-24", "--11-27"), edtf("2024-11-04", None)
    ('XXXX-11-24/XXXX-11-27', '2024-11-04')

    Source: EDTF level 1, https://www.loc.gov/standards/datetime/
    """
    days = [f"XXXX{day[1:]}" if day.startswith("--") else day for day in (start, end) if day]
    return "/".join(dict.fromkeys(days))


def machine(text: str) -> str | None:
    """The `datetime` of a `time` element; None where HTML has no form for it.

    >>> machine("--11-24"), machine("2024-11"), machine("1923")
    ('11-24', '2024-11', '1923')

    Source: https://html.spec.whatwg.org/multipage/text-level-semantics.html#the-time-element
    """
    bare = text.removeprefix("--")
    return bare if re.fullmatch(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?|[0-9]{2}-[0-9]{2}", bare) else None
