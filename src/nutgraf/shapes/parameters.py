"""Reads the parameters of one shape: its constraints, as the components of SHACL Core have them.

Source: SHACL §4, https://www.w3.org/TR/shacl/#core-components
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from nutgraf.shapes import regex
from nutgraf.shapes.index import IllFormedError, Index, is_boolean, shown
from nutgraf.shapes.model import PARAMETERS, PROPERTY_ONLY, SINGLE, ParameterKind
from nutgraf.shapes.paths import SH
from nutgraf.terms.vocabulary import XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nutgraf.shapes.model import Shape
    from nutgraf.shapes.report import Term

_NODE_KINDS: Final = frozenset(
    SH + name for name in "BlankNode IRI Literal BlankNodeOrIRI BlankNodeOrLiteral IRIOrLiteral".split()
)
_TRUE: Final = Literal("true", datatype=NamedNode(XSD + "boolean"))
_DIGITS: Final = 18

Fields = dict[str, object]
"""Attributes of a `Constraint`."""


def constraints(index: Index, shape: Shape, number: Callable[[Term], int]) -> Iterator[tuple[str, Fields]]:
    """The constraints of a shape: component and attributes, in a fixed order.

    Args:
        index: the shapes graph.
        shape: with its path.
        number: gives the index of a shape that this one refers to.

    Raises:
        IllFormedError: a parameter does not have the value that it must have.
    """
    if shape.path is None:
        for name in sorted(PROPERTY_ONLY):
            if index.values(shape.node, name):
                raise IllFormedError(f"sh:{name} needs a property shape, with a sh:path")
    for name, (component, kind) in PARAMETERS.items():
        values = index.values(shape.node, name)
        if len(values) > 1 and name in SINGLE:
            raise IllFormedError(f"it has more than one sh:{name}")
        for value in values:
            fields = _READERS[kind](index, name, value, number)
            if fields is not None:
                yield component, fields
    yield from _pattern(index, shape.node)
    yield from _closed(index, shape.node)
    yield from _qualified(index, shape.node, number)


def _read_iri(_: Index, name: str, value: Term, __: Callable[[Term], int]) -> Fields:
    if name == "nodeKind" and value.value not in _NODE_KINDS:
        raise IllFormedError(f"{shown(value)} is no node kind")
    return {"term": iri(name, value)}


def _read_term(_: Index, __: str, value: Term, ___: Callable[[Term], int]) -> Fields:
    return {"term": value}


def _read_literal(_: Index, name: str, value: Term, __: Callable[[Term], int]) -> Fields:
    if not isinstance(value, Literal):
        raise IllFormedError(f"sh:{name} needs a literal, not {shown(value)}")
    return {"term": value}


def _read_count(_: Index, name: str, value: Term, __: Callable[[Term], int]) -> Fields:
    return {"count": count(name, value)}


def _read_terms(index: Index, _: str, value: Term, __: Callable[[Term], int]) -> Fields:
    return {"members": tuple(index.members(value))}


def _read_texts(index: Index, name: str, value: Term, _: Callable[[Term], int]) -> Fields:
    members = tuple(index.members(value))
    if not all(isinstance(member, Literal) for member in members):
        raise IllFormedError(f"sh:{name} needs a list of texts")
    return {"members": members}


def _read_shape(index: Index, name: str, value: Term, number: Callable[[Term], int]) -> Fields:
    has_path = bool(index.values(value, "path"))
    if name == "property" and not has_path:
        raise IllFormedError(f"sh:property needs a property shape: {shown(value)} has no sh:path")
    if name == "node" and has_path:
        raise IllFormedError(f"sh:node needs a node shape: {shown(value)} has a sh:path")
    return {"shapes": (number(value),)}


def _read_shapes(index: Index, _: str, value: Term, number: Callable[[Term], int]) -> Fields:
    return {"shapes": tuple(number(member) for member in index.members(value))}


def _read_true(_: Index, name: str, value: Term, __: Callable[[Term], int]) -> Fields | None:
    """Only the literal `true` itself switches it on, as W3C's test uniqueLang-002 has it."""
    if not is_boolean(value):
        raise IllFormedError(f"sh:{name} needs true or false, not {shown(value)}")
    return {} if value == _TRUE else None


_READERS: Final[dict[ParameterKind, Callable[[Index, str, Term, Callable[[Term], int]], Fields | None]]] = {
    "iri": _read_iri,
    "term": _read_term,
    "literal": _read_literal,
    "number": _read_count,
    "terms": _read_terms,
    "texts": _read_texts,
    "shape": _read_shape,
    "shapes": _read_shapes,
    "true": _read_true,
}
"""Kind of parameter → what reads its value; None where it asks for nothing."""


def _pattern(index: Index, node: Term) -> Iterator[tuple[str, Fields]]:
    patterns, flags = index.values(node, "pattern"), index.values(node, "flags")
    if len(patterns) > 1 or len(flags) > 1:
        raise IllFormedError("it has more than one sh:pattern or sh:flags")
    if not all(isinstance(value, Literal) for value in (*patterns, *flags)):
        raise IllFormedError("sh:pattern and sh:flags need a text")
    for pattern in patterns:
        switches = flags[0].value if flags else ""
        problem = regex.problem(pattern.value, switches)
        if problem:
            raise IllFormedError(problem)
        yield "Pattern", {"text": pattern.value, "flags": switches}


def _closed(index: Index, node: Term) -> Iterator[tuple[str, Fields]]:
    if not index.is_true(node, "closed"):
        return
    allowed: list[Term] = []
    for property_shape in index.values(node, "property"):
        allowed += [path for path in index.values(property_shape, "path") if isinstance(path, NamedNode)]
    for ignored in index.values(node, "ignoredProperties"):
        allowed += [iri("ignoredProperties", member) for member in index.members(ignored)]
    yield "Closed", {"members": tuple(dict.fromkeys(allowed))}


def _qualified(index: Index, node: Term, number: Callable[[Term], int]) -> Iterator[tuple[str, Fields]]:
    for value in index.values(node, "qualifiedValueShape"):
        fields: Fields = {"shapes": (number(value),)}
        if index.is_true(node, "qualifiedValueShapesDisjoint"):
            fields["siblings"] = tuple(number(sibling) for sibling in _siblings(index, node))
        for which in ("Min", "Max"):
            for bound in index.values(node, f"qualified{which}Count"):
                yield f"Qualified{which}Count", fields | {"count": count(f"qualified{which}Count", bound)}


def _siblings(index: Index, node: Term) -> list[Term]:
    """Source: SHACL §4.7.3, https://www.w3.org/TR/shacl/#def-sibling-shapes."""
    own = index.values(node, "qualifiedValueShape")
    found = {
        value: None
        for parent in index.subjects_with(SH + "property", node)
        for property_shape in index.values(parent, "property")
        for value in index.values(property_shape, "qualifiedValueShape")
        if value not in own
    }
    return list(found)


def iri(name: str, value: Term) -> NamedNode:
    """The value of a parameter that must be an IRI.

    Raises:
        IllFormedError: it is none.
    """
    if not isinstance(value, NamedNode):
        raise IllFormedError(f"sh:{name} needs an IRI, not {shown(value)}")
    return value


def count(name: str, value: Term) -> int:
    """The value of a parameter that must be a whole number; beyond 18 digits, the largest or least we have.

    Raises:
        IllFormedError: it is none.
    """
    if isinstance(value, Literal) and value.datatype.value == XSD + "integer":
        sign = -1 if value.value.startswith("-") else 1
        digits = value.value[value.value[:1] in {"+", "-"} :]
        if digits.isascii() and digits.isdigit():
            digits = digits.lstrip("0") or "0"
            return sign * (int(digits) if len(digits) <= _DIGITS else 10**_DIGITS)
    raise IllFormedError(f"sh:{name} needs a whole number, not {shown(value)}")
