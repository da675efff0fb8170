"""What a constraint asks for, in words: the shape's own message, else a plain sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal

from nutgraf.problems import quoted
from nutgraf.shapes.paths import SH
from nutgraf.shapes.report import display

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nutgraf.shapes.model import Constraint, Shape, ShapesGraph


_SHOWN: Final = 6
_KINDS: Final = {
    SH + "IRI": "an IRI",
    SH + "BlankNode": "a blank node",
    SH + "Literal": "a literal",
    SH + "BlankNodeOrIRI": "an IRI or a blank node",
    SH + "BlankNodeOrLiteral": "a blank node or a literal",
    SH + "IRIOrLiteral": "an IRI or a literal",
}
_WORDS: Final = {
    "MinExclusive": "more than {term}",
    "MinInclusive": "{term} or more",
    "MaxExclusive": "less than {term}",
    "MaxInclusive": "{term} or less",
    "LessThan": "less than each {term}",
    "LessThanOrEquals": "no more than any {term}",
    "Equals": "the same as {term}",
    "Disjoint": "none of {term}",
    "Class": "of class {term}",
    "Datatype": "a well-formed {term}",
    "Node": "conforming to {shapes}",
    "Not": "not conforming to {shapes}",
    "And": "conforming to all of {shapes}",
    "Or": "conforming to at least one of {shapes}",
    "Xone": "conforming to exactly one of {shapes}",
    "In": "one of {members}",
    "LanguageIn": "text in one of the languages {members}",
    "Closed": "of the properties {members}",
    "MinCount": "there at least {times}",
    "MaxCount": "there at most {times}",
    "HasValue": "{term} among others",
    "MinLength": "of {count} characters or more",
    "MaxLength": "of {count} characters or fewer",
    "Pattern": "like {text}",
    "UniqueLang": "one text a language",
    "NodeKind": "{term}",
    "QualifiedMinCount": "conforming to {shapes} at least {times}",
    "QualifiedMaxCount": "conforming to {shapes} at most {times}",
}


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
    return own if own is not None else f"must be {expected(graph, constraint)}"


def expected(graph: ShapesGraph, constraint: Constraint) -> str:
    """What a constraint asks for, as what follows "must be"."""
    term, members = constraint.term, constraint.members
    languages = constraint.component == "LanguageIn"
    return _WORDS[constraint.component].format(
        term=_KINDS.get(term.value, display(term)) if term is not None else "",
        count=constraint.count,
        times="once" if constraint.count == 1 else f"{constraint.count} times",
        text=quoted(constraint.text or ""),
        shapes=_listed([_shape(graph, graph.shapes[n]) for n in dict.fromkeys(constraint.shapes)]),
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


def _shape(graph: ShapesGraph, shape: Shape) -> str:
    """A shape by its name, or one without a name by what it asks for."""
    if not str(shape.node).startswith("_:") or shape.names:
        return shape_name(shape)
    asks = [
        expected(graph, constraint) for constraint in shape.constraints if constraint.component != "Property"
    ]
    asks += [
        f"with {graph.shapes[n].path.short()}"  # type: ignore[union-attr]
        for constraint in shape.constraints
        if constraint.component == "Property"
        for n in constraint.shapes
    ]
    return f"({', '.join(asks)})" if asks else "(anything)"


def _listed(words: Sequence[str]) -> str:
    more = len(words) - _SHOWN
    return ", ".join(words[:_SHOWN]) + (f" and {more} more" if more > 0 else "") or "none"
