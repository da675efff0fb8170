"""A shapes graph as Python values: shapes, their targets and their constraints.

Source: SHACL §2, https://www.w3.org/TR/shacl/#shapes
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from nutgraf.shapes.paths import SH

if TYPE_CHECKING:
    import pyoxigraph as ox

    from nutgraf.shapes.paths import PropertyPath
    from nutgraf.shapes.report import Term
    from nutgraf.shapes.sparql import Query

TargetKind = Literal["node", "class", "subjects", "objects"]
ParameterKind = Literal["iri", "term", "literal", "number", "terms", "texts", "shape", "shapes", "true"]

PARAMETERS: Final[dict[str, tuple[str, ParameterKind]]] = {
    "class": ("Class", "iri"),
    "datatype": ("Datatype", "iri"),
    "nodeKind": ("NodeKind", "iri"),
    "minCount": ("MinCount", "number"),
    "maxCount": ("MaxCount", "number"),
    "minExclusive": ("MinExclusive", "literal"),
    "minInclusive": ("MinInclusive", "literal"),
    "maxExclusive": ("MaxExclusive", "literal"),
    "maxInclusive": ("MaxInclusive", "literal"),
    "minLength": ("MinLength", "number"),
    "maxLength": ("MaxLength", "number"),
    "languageIn": ("LanguageIn", "texts"),
    "uniqueLang": ("UniqueLang", "true"),
    "equals": ("Equals", "iri"),
    "disjoint": ("Disjoint", "iri"),
    "lessThan": ("LessThan", "iri"),
    "lessThanOrEquals": ("LessThanOrEquals", "iri"),
    "not": ("Not", "shape"),
    "and": ("And", "shapes"),
    "or": ("Or", "shapes"),
    "xone": ("Xone", "shapes"),
    "node": ("Node", "shape"),
    "property": ("Property", "shape"),
    "hasValue": ("HasValue", "term"),
    "in": ("In", "terms"),
}
"""Parameter → constraint component and what the value must be. Four components have several parameters and
are read by functions of their own: pattern, the two qualified counts and closed.

Source: SHACL §4, https://www.w3.org/TR/shacl/#core-components
"""

SINGLE: Final = frozenset(
    """datatype nodeKind minCount maxCount minExclusive minInclusive maxExclusive maxInclusive minLength
    maxLength languageIn uniqueLang in""".split()
)
"""Parameters that a shape may have once at most."""

PROPERTY_ONLY: Final = frozenset(
    "minCount maxCount uniqueLang lessThan lessThanOrEquals qualifiedValueShape".split()
)
"""Parameters that only a property shape may have."""


def component_iri(name: str) -> str:
    """The IRI of a Core constraint component.

    >>> component_iri("MinCount")
    'http://www.w3.org/ns/shacl#MinCountConstraintComponent'
    """
    return f"{SH}{name}ConstraintComponent"


@dataclass(frozen=True, slots=True)
class Target:
    """Which nodes of the data graph a shape is for.

    Attributes:
        kind: what `term` is: the node itself, its class, or the predicate of which it is subject or object.
        term: a node, a class or a predicate.
    """

    kind: TargetKind
    term: Term


@dataclass(frozen=True, slots=True)
class Constraint:
    """One constraint of a shape.

    Attributes:
        number: its index in the shapes graph.
        shape: index of the shape that has it.
        component: name of its component, without "ConstraintComponent".
        term: the parameter that is one term: class, datatype, bound, other property, value.
        count: the parameter that is a number.
        text: a pattern.
        flags: the flags of a pattern.
        members: the members of a list: allowed values, languages, properties of a closed shape.
        shapes: indices of the shapes that it refers to, in the list's order, repetitions kept.
        siblings: indices of the sibling shapes, where qualified value shapes are disjoint.
        query: of a SPARQL-based constraint.
    """

    number: int
    shape: int
    component: str
    term: Term | None = None
    count: int | None = None
    text: str | None = None
    flags: str = ""
    members: tuple[Term, ...] = ()
    shapes: tuple[int, ...] = ()
    siblings: tuple[int, ...] = ()
    query: Query | None = None


@dataclass(slots=True)
class Shape:
    """A node shape or, with a path, a property shape.

    Attributes:
        number: its index in the shapes graph.
        node: the node that is the shape.
        path: of a property shape.
        targets: whom it is for when validation starts.
        constraints: in a fixed order; none when the shape is deactivated.
        severity: IRI.
        messages: the values of `sh:message`.
        names: the values of `sh:name`, else of `rdfs:label`.
        beyond: what the shape has that is more than SHACL Core, such as "sh:sparql".
        queried: whether it has SPARQL-based constraints that pyoxigraph can run.
        level: 0 for a shape that no other refers to, else one more than the deepest that does.
    """

    number: int
    node: ox.NamedNode | ox.BlankNode
    path: PropertyPath | None = None
    targets: tuple[Target, ...] = ()
    constraints: list[Constraint] = field(default_factory=list)
    severity: str = SH + "Violation"
    messages: tuple[ox.Literal, ...] = ()
    names: tuple[ox.Literal, ...] = ()
    beyond: tuple[str, ...] = ()
    queried: bool = False
    level: int = 0


@dataclass(frozen=True, slots=True)
class ShapesGraph:
    """The shapes with targets and all that they refer to.

    Attributes:
        shapes: index → shape.
        constraints: index → constraint.
    """

    shapes: tuple[Shape, ...]
    constraints: tuple[Constraint, ...]

    @property
    def levels(self) -> int:
        """How many levels there are."""
        return max((shape.level for shape in self.shapes), default=-1) + 1

    def reached(self, start: int) -> set[int]:
        """The indices of a shape and all that it refers to."""
        found: set[int] = set()
        waiting = [start]
        while waiting:
            number = waiting.pop()
            if number not in found:
                found.add(number)
                for constraint in self.shapes[number].constraints:
                    waiting += [*constraint.shapes, *constraint.siblings]
        return found
