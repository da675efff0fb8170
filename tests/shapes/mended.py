"""pySHACL with its known faults mended, so that every other difference from it counts.

The faults, of pySHACL 0.40.1:

* sh:lessThan and sh:lessThanOrEquals compare IRIs as text, and fail on blank nodes, instead of a result;
* ranges compare ill-typed literals by their text, NaN as a number, a date with a dateTime, a gMonthDay with
  a number, and decimals of more than 28 digits not exactly;
* times with and without a zone raise an error, or compare;
* sh:minLength 0 lets blank nodes pass (the random shapes do not use it);
* an inverse path of a sequence is followed in the wrong order (the random shapes do not use it; random
  paths are compared with SPARQL's instead);
* values of xsd:gMonthDay are never ill-typed (the random shapes have none that are);
* an alternative path inside another is lost in the report (paths are compared by their shape).
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Any
from unittest.mock import patch

import rdflib
from pyshacl.constraints.core import property_pair_constraints as pairs
from pyshacl.constraints.core import value_range_constraints as ranges

_XSD = str(rdflib.XSD)
_EXACT = Context(prec=200, traps=[Inexact, InvalidOperation])
_BOUNDS = {"byte": (-128, 127)}
_ZONE = dt.timedelta(hours=14)


def order(left: Any, right: Any) -> int | None:
    """-1, 0 or 1 for two terms of rdflib; None when they cannot be compared."""
    one, other = _key(left), _key(right)
    if one is None or other is None or one[0] != other[0]:
        return None
    if one[0] == "number":
        return _numbers(one[1], other[1])
    if one[0] == "time":
        return _times(one[1], other[1]) if one[2] == other[2] else None
    return int(one[1] > other[1]) - int(one[1] < other[1])


def _key(term: Any) -> Any:
    if not isinstance(term, rdflib.Literal) or term.language is not None:
        return None
    text, name = str(term), str(term.datatype or _XSD + "string").removeprefix(_XSD)
    match name:
        case "string":
            return "string", text
        case "boolean":
            return ("boolean", text in {"true", "1"}) if text in {"true", "false", "1", "0"} else None
        case "integer" | "byte" | "decimal":
            return _decimal(text, name)
        case "double" | "float":
            return _double(text)
    return _time(text, name)


def _decimal(text: str, name: str) -> Any:
    pattern = r"[+-]?(\d+(\.\d*)?|\.\d+)" if name == "decimal" else r"[+-]?\d+"
    if not re.fullmatch(pattern, text, re.ASCII):
        return None
    least, most = _BOUNDS.get(name, (-math.inf, math.inf))
    number = _EXACT.create_decimal(text)
    return ("number", number) if least <= number <= most else None


def _double(text: str) -> Any:
    try:
        return "number", float(text.replace("INF", "inf"))
    except ValueError:
        return None


def _numbers(one: float | Decimal, other: float | Decimal) -> int | None:
    if isinstance(one, float) or isinstance(other, float):
        one, other = float(one), float(other)
        if math.isnan(one) or math.isnan(other):
            return None
    return (one > other) - (one < other)


def _time(text: str, name: str) -> Any:
    """A moment as a naive datetime in UTC, its type, and whether it has a zone."""
    forms = {"date": "{}T00:00:00{}", "gYear": "{}-01-01T00:00:00{}", "gMonthDay": "2000{}T00:00:00{}"}
    lengths = {"date": 10, "gYear": 4, "gMonthDay": 7, "dateTime": len(text)}
    if name not in lengths:
        return None
    whole = text
    if name in forms:
        head = text[: lengths[name]].removeprefix("-")
        whole = forms[name].format(head, text[lengths[name] :])
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?", whole, re.ASCII):
        return None
    try:
        moment = dt.datetime.fromisoformat(whole)
    except ValueError:
        return None
    zoned = moment.tzinfo is not None
    return "time", (moment.astimezone(dt.UTC).replace(tzinfo=None) if zoned else moment, zoned), name


def _times(one: tuple[dt.datetime, bool], other: tuple[dt.datetime, bool]) -> int | None:
    if one[1] == other[1]:
        return (one[0] > other[0]) - (one[0] < other[0])
    if one[1]:
        turned = _times(other, one)
        return None if turned is None else -turned
    # `one` has no zone: fourteen hours either way.
    if one[0] + _ZONE < other[0]:
        return -1
    return 1 if one[0] - _ZONE > other[0] else None


def _compare_literal(left: Any, right: Any) -> int:
    found = order(left, right)
    if found is None:
        raise TypeError("incomparable")
    return found


def _compared(*allowed: int) -> Any:
    def compare(self: Any, values: Any, others: Any, graph: Any, focus: Any) -> tuple[bool, list[Any]]:
        found = [
            self.make_v_result(graph, focus, value_node=value)
            for value in values
            for other in others
            if order(value, other) not in allowed
        ]
        return bool(found), found

    return compare


@contextmanager
def mended() -> Iterator[None]:
    """While it lasts, pySHACL compares as SPARQL does."""
    with (
        patch.object(ranges, "compare_literal", _compare_literal),
        patch.object(pairs.LessThanConstraintComponent, "_compare_lt", _compared(-1)),
        patch.object(pairs.LessThanOrEqualsConstraintComponent, "_compare_ltoe", _compared(-1, 0)),
    ):
        yield
