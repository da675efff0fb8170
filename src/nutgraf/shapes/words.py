"""What a constraint asks for, in words: the shape's own message, else a plain sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal

from nutgraf.problems import quoted
from nutgraf.shapes.paths import SH
from nutgraf.shapes.report import Detail, display

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nutgraf.shapes.model import Constraint, Shape, ShapesGraph


_SHOWN: Final = 6
_MAX_DEPTH: Final = 2
_KINDS: Final = {
    SH + "IRI": "an IRI",
    SH + "BlankNode": "a blank node",
    SH + "Literal": "a literal",
    SH + "BlankNodeOrIRI": "an IRI or a blank node",
    SH + "BlankNodeOrLiteral": "a blank node or a literal",
    SH + "IRIOrLiteral": "an IRI or a literal",
}
_PAIRS: Final = frozenset({"Equals", "Disjoint", "LessThan", "LessThanOrEquals"})
_WORDS: Final = {
    "MinExclusive": "be more than {term}",
    "MinInclusive": "be {term} or more",
    "MaxExclusive": "be less than {term}",
    "MaxInclusive": "be {term} or less",
    "LessThan": "be less than each {term}",
    "LessThanOrEquals": "be no more than any {term}",
    "Equals": "have the same values as {term}",
    "Disjoint": "have no value of {term}",
    "Class": "be of class {term}",
    "Datatype": "be a well-formed {term}",
    "NodeKind": "be {term}",
    "In": "be one of {members}",
    "LanguageIn": "be text in one of the languages {members}",
    "Pattern": "match {text}",
    "MinLength": "be of {count} characters or more",
    "MaxLength": "be of {count} characters or fewer",
    "UniqueLang": "have one text a language",
    "MinCount": "be given at least {times}",
    "MaxCount": "be given at most {times}",
    "HasValue": "have the value {term}",
    "SPARQL": "not be found by the query of the shape",
    "Closed": "have no property but {members}",
    "Node": "conform to {shapes}",
    "Property": "conform to {shapes}",
    "Not": "not conform to {shapes}",
    "And": "conform to all of {shapes}",
    "Or": "conform to at least one of {shapes}",
    "Xone": "conform to exactly one of {shapes}",
    "QualifiedMinCount": "have at least {count} that conform to {shapes}",
    "QualifiedMaxCount": "have at most {count} that conform to {shapes}",
}
"""Component → what follows "must"."""


def best(texts: Iterable[Literal], language: str) -> str | None:
    """The text in a language, or in a variant of it; else in English, in none, or the first by language."""
    wanted = language.lower()

    def rank(text: Literal) -> tuple[int, str, str]:
        tag = (text.language or "").lower()
        order = [tag == wanted, tag.startswith(f"{wanted}-"), tag == "en", tag.startswith("en-"), not tag]
        return (order.index(True) if True in order else len(order)), tag, text.value

    return min(map(rank, texts), default=(0, "", None))[2]


def message(graph: ShapesGraph, constraint: Constraint, language: str = "en") -> str:
    """What is wrong when a constraint does not hold.

    Source: SHACL §2.1.5, https://www.w3.org/TR/shacl/#message
    """
    own = best(graph.shapes[constraint.shape].messages, language)
    return own if own is not None else f"must {expected(graph, constraint)}"


def detail(graph: ShapesGraph, constraint: Constraint, nearest: str | None = None) -> Detail:
    """What can be said of a result of a constraint."""
    term = constraint.term if constraint.component in _PAIRS else None
    return Detail(expected(graph, constraint), constraint.count, term.value if term else None, nearest)


def expected(graph: ShapesGraph, constraint: Constraint, depth: int = 0) -> str:
    """What a constraint asks for, as what follows "must"."""
    term, members = constraint.term, constraint.members
    languages = constraint.component == "LanguageIn"
    return _WORDS[constraint.component].format(
        term=_KINDS.get(term.value, display(term)) if term is not None else "",
        count=constraint.count,
        times="once" if constraint.count == 1 else f"{constraint.count} times",
        text=quoted(constraint.text or ""),
        shapes=_listed([_shape(graph, graph.shapes[n], depth) for n in dict.fromkeys(constraint.shapes)]),
        members=_listed([member.value if languages else display(member) for member in members]),
    )


def shape_name(shape: Shape, language: str = "en") -> str:
    """What people call a shape: its name, its IRI or what it asks of a property."""
    name = best(shape.names, language)
    if name:
        return quoted(name)
    if isinstance(shape.node, Literal) or not str(shape.node).startswith("_:"):
        return display(shape.node)
    return f"a shape of {shape.path.short()}" if shape.path else "a shape without a name"


def _shape(graph: ShapesGraph, shape: Shape, depth: int) -> str:
    """A shape by its name, or one without a name by what it asks for."""
    if not str(shape.node).startswith("_:") or shape.names:
        return shape_name(shape)
    if depth >= _MAX_DEPTH:
        return "a shape without a name"
    asks = [
        expected(graph, constraint, depth + 1)
        for constraint in shape.constraints
        if constraint.component != "Property"
    ]
    asks += [
        f"with {graph.shapes[n].path.short()}"  # type: ignore[union-attr]
        for constraint in shape.constraints
        if constraint.component == "Property"
        for n in constraint.shapes
    ]
    return f"({_listed(asks)})" if asks else "(anything)"


def _listed(words: Sequence[str]) -> str:
    more = len(words) - _SHOWN
    return ", ".join(words[:_SHOWN]) + (f" and {more} more" if more > 0 else "") or "none"
