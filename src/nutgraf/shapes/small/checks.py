"""The table of the Core constraint components over a graph in memory.

Source: SHACL §4, https://www.w3.org/TR/shacl/#core-components
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode

from nutgraf.shapes import regex
from nutgraf.shapes.paths import SH
from nutgraf.shapes.small import literals
from nutgraf.shapes.sql.facts import lowered

if TYPE_CHECKING:
    from nutgraf.shapes.model import Constraint
    from nutgraf.shapes.report import Term
    from nutgraf.shapes.small.graph import Graph

Found: TypeAlias = "tuple[Term | None, str | None]"
"""The value node at fault and the predicate that the result says, if there are any."""


class Conforms(Protocol):
    """Says whether a node conforms to a shape."""

    def __call__(self, shape: int, node: Term, /) -> bool: ...


@dataclass(frozen=True, slots=True)
class At:
    """Where a constraint is checked.

    Attributes:
        graph: the data.
        focus: the focus node.
        values: its distinct value nodes.
        conforms: asks of another shape.
    """

    graph: Graph
    focus: Term
    values: list[Term]
    conforms: Conforms


Check = Callable[["Constraint", At], "Iterable[Found]"]
"""Gives what is wrong: each becomes a result."""

_Test = Callable[["Constraint", "Term", At], bool]


def each(test: _Test) -> Check:
    """A check of one value node after the other: those of which the test is not true are at fault."""

    def check(c: Constraint, at: At) -> Iterator[Found]:
        return ((value, None) for value in at.values if not test(c, value, at))

    return check


def whole(test: Callable[[Constraint, At], bool]) -> Check:
    """A check of all value nodes together."""

    def check(c: Constraint, at: At) -> list[Found]:
        return [] if test(c, at) else [(None, None)]

    return check


def pattern(c: Constraint) -> re.Pattern[str] | None:
    """A pattern as Python reads it; None where RE2 would read it otherwise."""
    return _pattern(c.text or "", c.flags)


@functools.lru_cache(maxsize=1000)
def _pattern(text: str, flags: str) -> re.Pattern[str] | None:
    if regex.to_re2(text, flags) is None:
        return regex.to_python(text, flags)
    spelt_out = text if "q" in flags else regex.with_spaces(text, flags)
    if spelt_out is None or (re.search(r"\\[pP]|\[\[", text) and "q" not in flags):
        return None
    try:
        return regex.to_python(spelt_out, flags)
    except re.error:
        return None


def _has_datatype(c: Constraint, value: Term, _: At) -> bool:
    return isinstance(value, Literal) and value.datatype == c.term and not literals.is_ill_typed(value)


def _has_kind(c: Constraint, value: Term, _: At) -> bool:
    kind = {NamedNode: "IRI", BlankNode: "BlankNode"}.get(type(value), "Literal")
    return c.term is not None and kind in c.term.value.removeprefix(SH)


def _matches(c: Constraint, value: Term, _: At) -> bool:
    expression = pattern(c)
    assert expression is not None, "`engine.can_run` asks first"
    return not isinstance(value, BlankNode) and expression.search(value.value) is not None


def _has_language(c: Constraint, value: Term, _: At) -> bool:
    if not isinstance(value, Literal) or not value.language:
        return False
    return any(
        member.value == "*"
        or value.language == member.value.lower()
        or value.language.startswith(member.value.lower() + "-")
        for member in c.members
    )


def _length(value: Term) -> int | None:
    return None if isinstance(value, BlankNode) else len(value.value)


def _long_enough(c: Constraint, value: Term, _: At) -> bool:
    length = _length(value)
    return length is not None and length >= (c.count or 0)


def _short_enough(c: Constraint, value: Term, _: At) -> bool:
    length = _length(value)
    return length is not None and length <= (c.count or 0)


def _unique_lang(_: Constraint, at: At) -> list[Found]:
    languages = Counter(v.language for v in at.values if isinstance(v, Literal) and v.language)
    return [(None, None) for number in languages.values() if number > 1]


def _others(c: Constraint, at: At) -> list[Term]:
    return at.graph.values(at.focus, c.term) if isinstance(c.term, NamedNode) else []


def _equals(c: Constraint, at: At) -> list[Found]:
    others = _others(c, at)
    missing = [value for value in at.values if value not in others]
    return [(value, None) for value in (*missing, *(v for v in others if v not in at.values))]


def _disjoint(c: Constraint, at: At) -> list[Found]:
    others = set(_others(c, at))
    return [(value, None) for value in at.values if value in others]


def _ordered(c: Constraint, at: At) -> list[Found]:
    either = c.component == "LessThanOrEquals"
    return [
        (value, None)
        for value in at.values
        for other in _others(c, at)
        if not literals.is_less(value, other, either=either)
    ]


def _closed(c: Constraint, at: At) -> list[Found]:
    return [
        (value, predicate.value)
        for node in at.values
        for predicate, values in at.graph.objects.get(node, {}).items()
        if predicate not in c.members
        for value in values
    ]


def _conforming(c: Constraint, value: Term, at: At) -> int:
    return sum(at.conforms(shape, value) for shape in c.shapes)


def _qualified(c: Constraint, at: At) -> int:
    return sum(
        all(at.conforms(shape, value) for shape in c.shapes)
        and not any(at.conforms(sibling, value) for sibling in c.siblings)
        for value in at.values
    )


CHECKS: Final[dict[str, Check]] = {
    "Class": each(lambda c, value, at: c.term is not None and at.graph.is_instance(value, c.term)),
    "Datatype": each(_has_datatype),
    "NodeKind": each(_has_kind),
    "In": each(lambda c, value, _: value in map(lowered, c.members)),
    "MinCount": whole(lambda c, at: len(at.values) >= (c.count or 0)),
    "MaxCount": whole(lambda c, at: len(at.values) <= (c.count or 0)),
    "HasValue": whole(lambda c, at: c.term is not None and lowered(c.term) in at.values),
    "MinLength": each(_long_enough),
    "MaxLength": each(_short_enough),
    "Pattern": each(_matches),
    "LanguageIn": each(_has_language),
    "UniqueLang": _unique_lang,
    "MinExclusive": each(lambda c, value, _: literals.is_less(c.term, value, either=False)),
    "MinInclusive": each(lambda c, value, _: literals.is_less(c.term, value, either=True)),
    "MaxExclusive": each(lambda c, value, _: literals.is_less(value, c.term, either=False)),
    "MaxInclusive": each(lambda c, value, _: literals.is_less(value, c.term, either=True)),
    "Equals": _equals,
    "Disjoint": _disjoint,
    "LessThan": _ordered,
    "LessThanOrEquals": _ordered,
    "Closed": _closed,
    "Node": each(lambda c, value, at: _conforming(c, value, at) == len(c.shapes)),
    "Not": each(lambda c, value, at: _conforming(c, value, at) == 0),
    "And": each(lambda c, value, at: _conforming(c, value, at) == len(c.shapes)),
    "Or": each(lambda c, value, at: _conforming(c, value, at) > 0),
    "Xone": each(lambda c, value, at: _conforming(c, value, at) == 1),
    "QualifiedMinCount": whole(lambda c, at: _qualified(c, at) >= (c.count or 0)),
    "QualifiedMaxCount": whole(lambda c, at: _qualified(c, at) <= (c.count or 0)),
    "Property": lambda *_: (),
}
"""Component → its check. A property shape reports for itself."""
