"""Check every time of a sheet: EDTF that the calendar has, and derivations that come out as written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from nutgraf.factsheet.derivation import RULES
from nutgraf.factsheet.sheet import Sheet
from nutgraf.problems import Problem
from nutgraf.terms import edtf


def check(sheet: Sheet) -> list[Problem]:
    """TIM101 a time that is no date; TIM102 a derivation that gives something else."""
    return list(_walk(sheet.document.data, (), sheet))


def _walk(value: Any, steps: tuple[Any, ...], sheet: Sheet) -> Iterator[Problem]:
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _walk(item, (*steps, number), sheet)
    if not isinstance(value, dict):
        return
    if isinstance(value.get("edtf"), str):
        yield from _check_time(value, steps, sheet)
    for key, item in value.items():
        yield from _walk(item, (*steps, key), sheet)


def _check_time(value: dict[str, Any], steps: tuple[Any, ...], sheet: Sheet) -> Iterator[Problem]:
    try:
        edtf.parse(value["edtf"])
    except ValueError as error:
        yield Problem("TIM101", f"not a date: {error}", sheet.span(*steps, "edtf"))
        return
    derived = value.get("derived")
    if not isinstance(derived, dict) or derived.get("rule") not in RULES:
        return
    span = sheet.span(*steps, "derived")
    try:
        result = RULES[derived["rule"]](derived["inputs"])
    except ValueError as error:
        yield Problem("TIM102", f"the rule {derived['rule']} gives nothing: {error}", span)
        return
    if result != value["edtf"]:
        yield Problem(
            "TIM102",
            f"the rule {derived['rule']} gives {result}, not {value['edtf']}",
            sheet.span(*steps, "edtf"),
            fix=f"write {result}, or correct the inputs",
        )
