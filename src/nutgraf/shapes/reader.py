"""Reads a shapes graph into the model; what is ill-formed or recursive is refused by name.

Source: SHACL §2 and appendix A, https://www.w3.org/TR/shacl/#syntax-rules
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode

from nutgraf.problems import InputError, Problem
from nutgraf.shapes import parameters, sparql
from nutgraf.shapes.index import IllFormedError, Index, shown
from nutgraf.shapes.model import PARAMETERS, Constraint, Shape, ShapesGraph, Target, TargetKind
from nutgraf.shapes.paths import SH, shorten
from nutgraf.terms.vocabulary import RDF_TYPE, RDFS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyoxigraph import Triple

    from nutgraf.problems import Span
    from nutgraf.shapes.report import Term

_TARGETS: Final[dict[str, TargetKind]] = {
    SH + "targetNode": "node",
    SH + "targetClass": "class",
    SH + "targetSubjectsOf": "subjects",
    SH + "targetObjectsOf": "objects",
}
_OTHER_PARAMETERS: Final = ("pattern", "flags", "closed", "ignoredProperties", "qualifiedValueShape")
BEYOND: Final = ("sparql", "js", "target", "rule", "expression", "values")
"""Properties of shapes that are more than SHACL Core."""
_MARKS: Final = frozenset(
    [SH + name for name in (*PARAMETERS, *_OTHER_PARAMETERS, *BEYOND, "path")] + list(_TARGETS)
)
_SHAPE_CLASSES: Final = frozenset({NamedNode(SH + "NodeShape"), NamedNode(SH + "PropertyShape")})


Where = Callable[["Term"], "Span | None"]


def nowhere(_: Term) -> Span | None:
    """The place of a shape where nobody knows it."""
    return None


def read(triples: Iterable[Triple], where: Where = nowhere) -> ShapesGraph:
    """Read a shapes graph.

    Args:
        triples: what `load` gave.
        where: gives the place of a shape, for messages.

    Returns:
        The shapes that have targets, and those that they refer to.

    Raises:
        InputError: SHP102 an ill-formed shape, SHP103 a shape that refers to itself.
    """
    return _Reader(Index(triples), where).graph()


def read_cached(triples: Iterable[Triple], where: Where = nowhere) -> ShapesGraph:
    """Read a shapes graph, or give what was made of it when it was read before.

    Args:
        triples: as for `read`.
        where: as for `read`.

    Raises:
        InputError: as for `read`.
    """
    distinct = tuple(triples)
    try:
        return _read(distinct)
    except InputError:
        return read(distinct, where)  # for the places in its messages


@functools.lru_cache(maxsize=8)
def _read(triples: tuple[Triple, ...]) -> ShapesGraph:
    return read(triples)


class _Reader:
    def __init__(self, index: Index, where: Where) -> None:
        self.index = index
        self.where = where
        self.numbers: dict[Term, int] = {}
        self.shapes: list[Shape] = []
        self.constraints: list[Constraint] = []
        self.classes = index.instances(NamedNode(RDFS + "Class"))
        self.custom = _custom_parameters(index)

    def graph(self) -> ShapesGraph:
        for node in self.index.subjects():
            if self._targets(node):
                self._number(node)
        problems: list[Problem] = []
        for shape in self.shapes:  # grows while shapes are read
            try:
                self._fill(shape)
            except IllFormedError as error:
                problems.append(_ill_formed(shape, str(error), self.where))
        if problems:
            raise InputError(*problems)
        _set_levels(self.shapes, self.where)
        return ShapesGraph(tuple(self.shapes), tuple(self.constraints))

    def _number(self, node: Term) -> int:
        if isinstance(node, Literal):
            raise IllFormedError(f"{node} cannot be a shape")
        if node not in self.numbers:
            self.numbers[node] = len(self.shapes)
            self.shapes.append(Shape(len(self.shapes), node, targets=self._targets(node)))
        return self.numbers[node]

    def _targets(self, node: Term) -> tuple[Target, ...]:
        found = [
            Target(kind, term)
            for predicate, kind in _TARGETS.items()
            for term in self.index.objects(node, predicate)
        ]
        if isinstance(node, NamedNode) and node in self.classes and self._is_shape(node):
            found.append(Target("class", node))
        if isinstance(node, NamedNode | BlankNode) and not found and self.index.values(node, "target"):
            # Only the advanced features know whom it is for; then another engine runs it.
            found.append(Target("node", node))
        return tuple(dict.fromkeys(found))

    def _is_shape(self, node: Term) -> bool:
        properties = self.index.properties(node)
        classes = set(properties.get(RDF_TYPE, ()))
        return bool(_SHAPE_CLASSES & classes or (_MARKS | self.custom) & properties.keys())

    def _fill(self, shape: Shape) -> None:
        node = shape.node
        paths = self.index.values(node, "path")
        severities = self.index.values(node, "severity")
        if len(paths) > 1 or len(severities) > 1:
            raise IllFormedError("it has more than one sh:path or sh:severity")
        shape.path = self.index.path(paths[0]) if paths else None
        if severities:
            shape.severity = parameters.iri("severity", severities[0]).value
        shape.messages = self.index.texts(node, "message")
        own = self.index.properties(node)
        labels = tuple(label for label in own.get(RDFS + "label", ()) if isinstance(label, Literal))
        shape.names = self.index.texts(node, "name") or labels
        for target in shape.targets:
            if target.kind != "node" and not isinstance(target.term, NamedNode):
                raise IllFormedError(f"a target must be an IRI, not {target.term}")
        if self.index.is_true(node, "deactivated"):
            return
        for component, fields in parameters.constraints(self.index, shape, self._number):
            self._add(shape, component, fields)
        queries = list(sparql.read(self.index, node, shape.path))
        shape.queried = bool(queries) and all(map(sparql.is_safe, queries))
        for query in queries if shape.queried else ():
            self._add(shape, sparql.COMPONENT, {"query": query})
        shape.beyond = tuple(
            [f"sh:{name}" for name in BEYOND if SH + name in own and not (name == "sparql" and shape.queried)]
            + [shorten(predicate) for predicate in sorted(self.custom & own.keys())]
        )

    def _add(self, shape: Shape, component: str, fields: parameters.Fields) -> None:
        constraint = Constraint(len(self.constraints), shape.number, component, **fields)  # type: ignore[arg-type]
        self.constraints.append(constraint)
        shape.constraints.append(constraint)


def _custom_parameters(index: Index) -> frozenset[str]:
    """The parameters of the constraint components that the shapes graph itself defines."""
    components = sorted(index.instances(NamedNode(SH + "ConstraintComponent")), key=str)
    return frozenset(
        path.value
        for component in components
        for parameter in index.values(component, "parameter")
        for path in index.values(parameter, "path")
    )


def _set_levels(shapes: list[Shape], where: Where) -> None:
    """Put each shape one level below the deepest that refers to it.

    Raises:
        InputError: SHP103, some shape refers to itself.

    Source: SHACL §3.4.3, https://www.w3.org/TR/shacl/#shapes-recursion
    """
    children = {
        shape.number: {n for c in shape.constraints for n in (*c.shapes, *c.siblings)} for shape in shapes
    }
    parents = dict.fromkeys(children, 0)
    for numbers in children.values():
        for number in numbers:
            parents[number] += 1
    ready = [number for number, count in parents.items() if not count]
    while ready:
        parent = ready.pop()
        for number in children.pop(parent):
            shapes[number].level = max(shapes[number].level, shapes[parent].level + 1)
            parents[number] -= 1
            if not parents[number]:
                ready.append(number)
    if children:
        names = ", ".join(sorted(shown(shapes[number].node) for number in children))
        raise InputError(
            Problem(
                "SHP103",
                "shapes refer to themselves",
                where(shapes[min(children)].node),
                why=f"among {names}; what a recursive shape means is not defined",
                fix="break the circle",
            )
        )


def _ill_formed(shape: Shape, why: str, where: Where) -> Problem:
    message = f"the shape {shown(shape.node)} is ill-formed"
    return Problem("SHP102", message, where(shape.node), why=why, fix="correct the shape")
