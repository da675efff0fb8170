"""A shapes graph by subject and predicate, with its lists and property paths.

Source: SHACL §1.1 and §2.3.1, https://www.w3.org/TR/shacl/#dfn-shacl-list
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, cast

from pyoxigraph import Literal, NamedNode

from nutgraf.shapes.paths import SH, Kind, PropertyPath, shorten
from nutgraf.terms.vocabulary import RDF, RDF_TYPE, RDFS, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Triple

    from nutgraf.shapes.report import Term

_NIL: Final = NamedNode(RDF + "nil")
_PATHS: Final[dict[str, Kind]] = {
    SH + "inversePath": "inverse",
    SH + "zeroOrMorePath": "zeroOrMore",
    SH + "oneOrMorePath": "oneOrMore",
    SH + "zeroOrOnePath": "zeroOrOne",
}
_MAX_DEPTH: Final = 50
"""How deep paths may nest."""
_MAX_STEPS: Final = 100
"""How many paths a path may be made of."""


class IllFormedError(Exception):
    """What is wrong with the shape that is being read."""


class Index:
    """Subject → predicate → objects, in the order of the triples."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._objects: dict[Term, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for triple in triples:
            subject, value = cast("Term", triple.subject), cast("Term", triple.object)
            self._objects[subject][triple.predicate.value].append(value)
        self._steps = 0

    def subjects(self) -> list[Term]:
        """All subjects."""
        return list(self._objects)

    def properties(self, node: Term) -> dict[str, list[Term]]:
        """Predicate → objects of a subject."""
        return self._objects.get(node, {})

    def objects(self, node: Term, predicate: str) -> list[Term]:
        """The objects of a subject and predicate."""
        return self.properties(node).get(predicate, [])

    def values(self, node: Term, name: str) -> list[Term]:
        """The values of a property of SHACL's namespace."""
        return self.objects(node, SH + name)

    def subjects_with(self, predicate: str, value: Term) -> list[Term]:
        """The subjects of a predicate and object."""
        return [node for node, by in self._objects.items() if value in by.get(predicate, ())]

    def instances(self, of: NamedNode) -> set[Term]:
        """The nodes of a class, or of its subclasses.

        Source: SHACL §1.1, https://www.w3.org/TR/shacl/#dfn-shacl-instance
        """
        classes: set[Term] = {of}
        size = 0
        while size < len(classes):
            size = len(classes)
            classes |= {
                s for s, by in self._objects.items() if classes & set(by.get(RDFS + "subClassOf", ()))
            }
        return {s for s, by in self._objects.items() if classes & set(by.get(RDF_TYPE, ()))}

    def texts(self, node: Term, name: str) -> tuple[Literal, ...]:
        """The literals among the values of a property of SHACL's namespace."""
        return tuple(value for value in self.values(node, name) if isinstance(value, Literal))

    def is_true(self, node: Term, name: str) -> bool:
        """Whether a property of SHACL's namespace is true."""
        return any(is_boolean(value) and value.value in {"true", "1"} for value in self.values(node, name))

    def members(self, node: Term) -> list[Term]:
        """The members of a list.

        Raises:
            IllFormedError: it is none.
        """
        members: list[Term] = []
        seen: set[Term] = set()
        while node != _NIL:
            by = self.properties(node)
            first, rest = by.get(RDF + "first", []), by.get(RDF + "rest", [])
            if node in seen or len(first) != 1 or len(rest) != 1:
                raise IllFormedError(f"{shown(node)} is not a well-formed list")
            seen.add(node)
            members.append(first[0])
            node = rest[0]
        return members

    def path(self, node: Term, depth: int = 0) -> PropertyPath:
        """A property path; where a node is several, as in W3C's path-strange-001, the list comes first.

        Raises:
            IllFormedError: it is none.
        """
        self._steps = self._steps + 1 if depth else 0
        if self._steps > _MAX_STEPS:
            raise IllFormedError(f"its path has more than {_MAX_STEPS} steps")
        if isinstance(node, NamedNode):
            return PropertyPath("predicate", node.value)
        if isinstance(node, Literal) or depth > _MAX_DEPTH or not self.properties(node):
            raise IllFormedError(f"{shown(node)} is not a property path")
        by = self.properties(node)
        if RDF + "first" in by:
            return PropertyPath("sequence", parts=self._paths(node, depth))
        for alternative in by.get(SH + "alternativePath", ()):
            return PropertyPath("alternative", parts=self._paths(alternative, depth))
        for predicate, kind in _PATHS.items():
            for inner in by.get(predicate, ()):
                return PropertyPath(kind, parts=(self.path(inner, depth + 1),))
        raise IllFormedError(f"{shown(node)} is not a property path")

    def _paths(self, node: Term, depth: int) -> tuple[PropertyPath, ...]:
        parts = tuple(self.path(member, depth + 1) for member in self.members(node))
        if len(parts) < 2:  # noqa: PLR2004
            raise IllFormedError("a sequence or alternative path needs two members or more")
        return parts


def shown(term: Term) -> str:
    """A term for a message."""
    return shorten(term.value) if isinstance(term, NamedNode) else str(term)


def is_boolean(value: Term) -> bool:
    """Whether a term is a literal of xsd:boolean."""
    return isinstance(value, Literal) and value.datatype.value == XSD + "boolean"
