"""What is certain of literals by their text alone: that one is well-typed, that one is less than another.

Each function gives an SQL expression; where it is not true, nothing is said.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from nutgraf.shapes.sql.facts import short
from nutgraf.shapes.sql.lexical import INTEGERS, PATTERNS
from nutgraf.terms.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Callable

_DAY: Final = (
    r"\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)"
    r"|02-(?:0[1-9]|1\d|2[0-8]))"
)
"""A day of any year: all but 29 February."""
_CLOCK: Final = r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d"
_ZONE: Final = r"(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d)?"
_SHORT: Final = r"[+-]?\d{1,14}(?:\.\d{1,4})?"
"""A number that DECIMAL(18, 4) has exactly."""
_EXACT: Final = "decimal(18, 4)"
_DURATIONS: Final = frozenset({"duration", "dayTimeDuration", "yearMonthDuration"})
_WELL_TYPED: Final = {
    "date": _DAY + _ZONE,
    "dateTime": rf"{_DAY}T{_CLOCK}(?:\.\d+)?{_ZONE}",
    "gMonthDay": None,
    "dateTimeStamp": None,
}
_ALIKE: Final = {
    short(XSD + "date"): (_DAY, _DAY + "Z"),
    short(XSD + "dateTime"): (f"{_DAY}T{_CLOCK}", f"{_DAY}T{_CLOCK}Z"),
}
"""Datatype → forms whose texts, if both have one, are ordered as the times are."""
_NUMBERS: Final = (short(XSD + "integer"), short(XSD + "decimal"))


def well_typed(datatype: str, parameter: Callable[[object], str]) -> str:
    """Whether `lexical` is surely one of a datatype's."""
    name = datatype.removeprefix(XSD) if datatype.startswith(XSD) else ""
    if name in INTEGERS:
        return f"regexp_full_match(lexical, {parameter(_integer(*INTEGERS[name]))})"
    if name in _DURATIONS:
        full = f"regexp_full_match(lexical, {parameter(PATTERNS[name])})"
        return f"({full} and not regexp_matches(lexical, '(^-?P|T)$'))"
    if name in PATTERNS:
        pattern = _WELL_TYPED.get(name, PATTERNS[name])
        return f"regexp_full_match(lexical, {parameter(pattern)})" if pattern else "false"
    return "true"


def less(own: str, other: str, parameter: Callable[[object], str], *, either: bool) -> str:
    """Whether the literal of the row `own` is surely less than that of `other`, or `either`: equal."""
    sign = "<=" if either else "<"
    same = f"{own}.datatype = {other}.datatype"
    short = parameter(_SHORT)
    numbers = ", ".join(parameter(name) for name in _NUMBERS)
    cases = [
        (
            f"when {own}.datatype in ({numbers}) then {other}.datatype in ({numbers})"
            f" and regexp_full_match({own}.lexical, {short}) and regexp_full_match({other}.lexical, {short})"
            f" and {_whole(own, parameter)} and {_whole(other, parameter)}"
            f" and try_cast({own}.lexical as {_EXACT}) {sign} try_cast({other}.lexical as {_EXACT})"
        )
    ]
    for datatype, forms in _ALIKE.items():
        alike = " or ".join(
            f"regexp_full_match({own}.lexical, {name}) and regexp_full_match({other}.lexical, {name})"
            for name in map(parameter, forms)
        )
        cases.append(
            f"when {own}.datatype = {parameter(datatype)} then {same} and ({alike})"
            f" and {own}.lexical {sign} {other}.lexical"
        )
    return f"(case {' '.join(cases)} else false end)"


def within(component: str, datatype: str, bound: str, parameter: Callable[[object], str]) -> str | None:
    """Whether the literal is surely within a bound; None where the bound's own form says nothing.

    Args:
        component: MinExclusive, MinInclusive, MaxExclusive or MaxInclusive.
        datatype: of the bound, as it stands in `shacl_fact`.
        bound: its text.
        parameter: takes a value, gives its name in SQL.
    """
    sign = (">" if component.startswith("Min") else "<") + ("=" if component.endswith("Inclusive") else "")
    if datatype in _NUMBERS and re.fullmatch(_SHORT, bound, re.ASCII):
        if datatype == _NUMBERS[0] and "." in bound:
            return None
        return (
            f"(datatype in ({', '.join(parameter(name) for name in _NUMBERS)})"
            f" and regexp_full_match(lexical, {parameter(_SHORT)}) and {_whole('', parameter)}"
            f" and try_cast(lexical as {_EXACT}) {sign} {parameter(bound)}::{_EXACT})"
        )
    for form in _ALIKE.get(datatype, ()):
        if re.fullmatch(form, bound, re.ASCII):
            return (
                f"(datatype = {parameter(datatype)} and regexp_full_match(lexical, {parameter(form)})"
                f" and lexical {sign} {parameter(bound)})"
            )
    return None


def _whole(row: str, parameter: Callable[[object], str]) -> str:
    """That an integer has no point."""
    prefix = f"{row}." if row else ""
    return f"({prefix}datatype <> {parameter(_NUMBERS[0])} or not contains({prefix}lexical, '.'))"


def _integer(least: int | None, most: int | None) -> str:
    """Integers that surely lie between two bounds."""
    if most is not None and most > 0:
        sign = "[+-]?" if least is not None and least < 0 else r"\+?"
        return rf"{sign}\d{{1,{len(str(most)) - 1}}}"
    if least is None and most is None:
        return r"[+-]?\d+"
    if most is None:
        return r"\+?\d+" if least == 0 else r"\+?0*[1-9]\d*"
    return r"-\d+" if most == 0 else r"-0*[1-9]\d*"
