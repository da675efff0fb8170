"""Which rules may make the same statement. What cannot be told is answered with yes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from nutgraf.mapping.model import Constant, Template, TermMap, TermType
from nutgraf.mapping.plan import Rule
from nutgraf.mapping.sql.terms import starts_absolute
from nutgraf.terms.vocabulary import XSD_STRING

_UNKNOWN: Final = "?"


@dataclass(frozen=True, slots=True)
class _Shape:
    """What is known of every term that a term map makes.

    Attributes:
        kind: IRI, blank node or literal.
        prefix: how its value begins.
        suffix: how its value ends.
        exact: whether the prefix is the whole value.
        datatype: of a literal, `?` when it is each value's own.
        language: of a literal.
    """

    kind: str
    prefix: str
    suffix: str
    exact: bool
    datatype: str = ""
    language: str = ""

    def meets(self, other: _Shape) -> bool:
        """Whether both may make the same term."""
        return (
            self.kind == other.kind
            and _may_be_equal(self.datatype, other.datatype)
            and _may_be_equal(self.language, other.language)
            and _begin_alike(self.prefix, other.prefix)
            and _begin_alike(self.suffix[::-1], other.suffix[::-1])
            and self._may_contain(other)
            and other._may_contain(self)
        )

    def _may_contain(self, other: _Shape) -> bool:
        """Whether this value may be the whole of another that is known."""
        if not other.exact:
            return True
        if self.exact:
            return self.prefix == other.prefix
        return other.prefix.startswith(self.prefix) and other.prefix.endswith(self.suffix)


def components(rules: Sequence[Rule]) -> list[list[int]]:
    """The rules by their places, those together that may make the same statement, also by way of others."""
    shapes = [_shapes(rule) for rule in rules]
    leader = list(range(len(rules)))

    def find(place: int) -> int:
        while leader[place] != place:
            leader[place] = leader[leader[place]]
            place = leader[place]
        return place

    by_predicate: dict[str | None, list[int]] = {}
    for place, rule in enumerate(rules):
        by_predicate.setdefault(rule.constant_predicate, []).append(place)
    anywhere = by_predicate.pop(None, [])
    for places in (*by_predicate.values(), []):
        for left, right in combinations((*places, *anywhere), 2):
            if find(left) != find(right) and _meet(shapes[left], shapes[right]):
                leader[max(find(left), find(right))] = min(find(left), find(right))
    found: dict[int, list[int]] = {}
    for place in range(len(rules)):
        found.setdefault(find(place), []).append(place)
    return list(found.values())


def _meet(left: Sequence[_Shape | None], right: Sequence[_Shape | None]) -> bool:
    for mine, other in zip(left, right, strict=True):
        if mine is None or other is None:
            if mine is not other:  # one is in the default graph
                return False
        elif not mine.meets(other):
            return False
    return True


def _shapes(rule: Rule) -> list[_Shape | None]:
    shapes: list[_Shape | None] = [_shape(term_map) for _, term_map in rule.term_maps()]
    return shapes if rule.graph_map else [*shapes, None]


def _shape(term_map: TermMap) -> _Shape:
    expression, term_type = term_map.expression, term_map.term_type
    kind = "iri" if term_type.is_iri else term_type.value
    datatype, language = _datatype(term_map), _language(term_map)
    if isinstance(expression, Constant):
        return _Shape(kind, expression.value, expression.value, True, datatype, language)
    if not isinstance(expression, Template) or (term_type.is_iri and not starts_absolute(expression)):
        return _Shape(kind, "", "", False, datatype, language)
    first, last = expression.parts[0], expression.parts[-1]
    prefix = first if isinstance(first, str) else ""
    suffix = last if isinstance(last, str) else ""
    return _Shape(kind, prefix, suffix, False, datatype, language)


def _datatype(term_map: TermMap) -> str:
    if term_map.term_type is not TermType.LITERAL:
        return ""
    if term_map.language_map:
        return "language"
    if term_map.datatype_map:
        expression = term_map.datatype_map.expression
        return expression.value if isinstance(expression, Constant) else _UNKNOWN
    return XSD_STRING if isinstance(term_map.expression, Constant | Template) else _UNKNOWN


def _language(term_map: TermMap) -> str:
    if not term_map.language_map:
        return ""
    expression = term_map.language_map.expression
    return expression.value if isinstance(expression, Constant) else _UNKNOWN


def _may_be_equal(left: str, right: str) -> bool:
    return left == right or _UNKNOWN in {left, right}


def _begin_alike(left: str, right: str) -> bool:
    return left.startswith(right) or right.startswith(left)
