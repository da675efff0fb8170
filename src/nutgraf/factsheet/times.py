"""Check every time of a sheet: EDTF that the calendar has, and derivations that come out as written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from nutgraf.factsheet.derivation import RULES
from nutgraf.factsheet.sheet import Sheet
from nutgraf.problems import Problem, quoted
from nutgraf.records.places import Steps
from nutgraf.terms import edtf

_DAY: Final = frozenset({"date", "month_day"})
_FULL_DAY: Final = frozenset({"date"})


def check(sheet: Sheet) -> list[Problem]:
    """Check the times of a sheet.

    Returns:
        TIM101 a time that is no date, TIM102 a derivation that gives something else, TIM103 a time that
        its field cannot hold and that would be left out in silence: when an article was published or
        modified is a day, and the time of a relation one moment.
    """
    return [*_walk(sheet.document.data, (), sheet), *_moments(sheet)]


def _walk(value: Any, steps: Steps, sheet: Sheet) -> Iterator[Problem]:
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _walk(item, (*steps, number), sheet)
    if not isinstance(value, dict):
        return
    if isinstance(value.get("edtf"), str):
        yield from _check_time(value, steps, sheet)
    elif isinstance(value.get("derived"), dict):
        yield _nothing_derived(value["derived"], (*steps, "derived"), sheet)
    for key, item in value.items():
        yield from _walk(item, (*steps, key), sheet)


def _nothing_derived(derived: dict[str, Any], steps: Steps, sheet: Sheet) -> Problem:
    return Problem(
        "TIM102",
        f'the rule {derived["rule"]} computes a time, and there is no "edtf" here',
        sheet.span(*steps),
        fix='add "edtf:" with what it gives, or remove "derived:"',
    )


def _check_time(value: dict[str, Any], steps: Steps, sheet: Sheet) -> Iterator[Problem]:
    try:
        edtf.parse(value["edtf"])
    except ValueError as error:
        yield Problem(
            "TIM101",
            f"{quoted(value['edtf'])} is not a time",
            sheet.span(*steps, "edtf"),
            why=str(error),
            fix="write 2024-11-07, 2024-11, 2024, XXXX-11-07, or two of a kind joined by a slash",
        )
        return
    if "derived" in value:
        yield from _check_derived(value, steps, sheet)


def _check_derived(value: dict[str, Any], steps: Steps, sheet: Sheet) -> Iterator[Problem]:
    derived = value["derived"]
    try:
        result = RULES[derived["rule"]](derived["inputs"])
    except ValueError as error:
        span = sheet.span(*steps, "derived")
        yield Problem(
            "TIM102",
            f"the rule {derived['rule']} gives nothing",
            span,
            why=str(error),
            fix="correct the inputs",
        )
        return
    if result != value["edtf"]:
        yield Problem(
            "TIM102",
            f"the rule {derived['rule']} gives {result}, not {value['edtf']}",
            sheet.span(*steps, "edtf"),
            fix=f"write {result}, or correct the inputs",
        )


def _moments(sheet: Sheet) -> Iterator[Problem]:
    article = sheet.document.data["article"]
    for name, allowed in (("published", _DAY), ("modified", _FULL_DAY)):
        if name in article:
            yield from _moment(article[name], ("article", name), sheet, allowed)
    for number, record in sheet.records("relations"):
        if "time" in record:
            yield from _moment(record["time"], ("relations", number, "time"), sheet)


def _moment(
    value: dict[str, Any], steps: Steps, sheet: Sheet, allowed: frozenset[str] | None = None
) -> Iterator[Problem]:
    name = f'"{steps[-1]}"' if steps[0] == "article" else "the time of a relation"
    span = sheet.span(*steps, "edtf")
    if "edtf" not in value:
        if steps[0] != "article":
            yield Problem("TIM103", f"{name} needs a date", span, fix='add "edtf:"')
        return
    try:
        time = edtf.parse(value["edtf"])
    except ValueError:
        return  # TIM101 has said so
    if time.end is not None:
        yield Problem("TIM103", f"{name} takes one date, not an interval", span, fix="keep one end of it")
    elif allowed and time.start.precision not in allowed:
        yield Problem(
            "TIM103", f"{name} needs a day", span, fix='write the day, or keep the words as "said:" alone'
        )
