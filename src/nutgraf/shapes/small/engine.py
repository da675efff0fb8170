"""Validates a small graph against shapes of SHACL Core, focus node by focus node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from nutgraf.shapes.model import Constraint, Shape, ShapesGraph
from nutgraf.shapes.reported import Reported
from nutgraf.shapes.small import literals
from nutgraf.shapes.small.checks import CHECKS, At, pattern
from nutgraf.shapes.small.graph import Graph

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from pyoxigraph import Triple

    from nutgraf.shapes.model import Target
    from nutgraf.shapes.report import Report, Term

_BRANCHED: Final = frozenset({"Or", "Xone"})
_Result = tuple[int, "Term | None", "str | None"]
"""Constraint, value node and predicate."""


def can_run(graph: ShapesGraph) -> bool:
    """Whether all of a shapes graph means the same here as in SQL.

    Not with a SPARQL-based constraint, a pattern that Python's `re` reads otherwise than RE2, or a datatype
    whose rule it cannot say.
    """
    for c in graph.constraints:
        if c.component not in CHECKS or (c.component == "Pattern" and pattern(c) is None):
            return False
        if c.component == "Datatype" and c.term is not None and c.term.value in literals.UNICODE:
            return False
    return True


def validate(
    triples: Iterable[Triple], graph: ShapesGraph, *, language: str = "en", skip: Collection[int] = ()
) -> Report:
    """Validate a graph.

    Args:
        triples: the data, blank nodes with the labels that the report gives them after a prefix.
        graph: the shapes, with which `can_run` agrees.
        language: of the messages, where the shapes have them in several.
        skip: indices of shapes whose targets another engine looks at.

    Returns:
        The report, the same as of `sql.engine.validate`.

    Source: SHACL §3.4, https://www.w3.org/TR/shacl/#validation
    """
    run = _Run(Graph(triples), graph)
    reported = Reported(graph, language)
    unmatched = []
    for shape in graph.shapes:
        focus = run.targets(shape)
        if shape.targets and not focus:
            unmatched.append(shape.node)
        if shape.number not in skip:
            for node in focus:
                run.report(shape.number, node, reported)
    return reported.report(unmatched)


class _Run:
    def __init__(self, graph: Graph, shapes: ShapesGraph) -> None:
        self.graph = graph
        self.shapes = shapes
        self._values: dict[tuple[int, Term], list[Term]] = {}
        self._results: dict[tuple[int, Term], list[_Result]] = {}
        self._failures: dict[tuple[int, Term], int] = {}

    def targets(self, shape: Shape) -> list[Term]:
        """The distinct nodes that a shape is for."""
        return list(dict.fromkeys(node for target in shape.targets for node in self._selected(target)))

    def report(self, number: int, focus: Term, reported: Reported) -> None:
        """Add the results of a shape at a focus node, and those of its property shapes."""
        shape = self.shapes.shapes[number]
        for constraint, value, path in self.results(number, focus):
            c = self.shapes.constraints[constraint]
            near = self._nearest(c, value) if c.component in _BRANCHED and value is not None else None
            reported.add(constraint, focus, value, path, nearest=near)
        for child, value in self._properties(shape, focus):
            self.report(child, value, reported)

    def results(self, number: int, focus: Term) -> list[_Result]:
        """What a shape itself finds at a node."""
        key = (number, focus)
        if key not in self._results:
            at = At(self.graph, focus, self.values(number, focus), self.conforms)
            self._results[key] = [
                (c.number, value, path)
                for c in self.shapes.shapes[number].constraints
                for value, path in CHECKS[c.component](c, at)
            ]
        return self._results[key]

    def values(self, number: int, focus: Term) -> list[Term]:
        """The value nodes of a shape at a node."""
        key = (number, focus)
        if key not in self._values:
            path = self.shapes.shapes[number].path
            self._values[key] = [focus] if path is None else self.graph.follow(path, [focus])
        return self._values[key]

    def conforms(self, number: int, node: Term) -> bool:
        """Whether a shape finds nothing at a node, and none of its property shapes.

        Source: SHACL §3.4.1, https://www.w3.org/TR/shacl/#conformance
        """
        return not self.failures(number, node)

    def failures(self, number: int, node: Term) -> int:
        """How often a shape and its property shapes fail at a node."""
        key = (number, node)
        if key not in self._failures:
            below = self._properties(self.shapes.shapes[number], node)
            self._failures[key] = len(self.results(number, node)) + sum(
                self.failures(child, value) for child, value in below
            )
        return self._failures[key]

    def _properties(self, shape: Shape, focus: Term) -> Iterator[tuple[int, Term]]:
        for constraint in shape.constraints:
            if constraint.component == "Property":
                for child in constraint.shapes:
                    for value in self.values(shape.number, focus):
                        yield child, value

    def _selected(self, target: Target) -> Iterable[Term]:
        """Source: SHACL §2.1.3, https://www.w3.org/TR/shacl/#targets."""
        if target.kind == "node":
            return [target.term]
        if target.kind == "class":
            return self.graph.instances(target.term)
        index = self.graph.objects if target.kind == "subjects" else self.graph.subjects
        assert isinstance(target.term, NamedNode), "the reader takes no other"
        return [node for node, by in index.items() if target.term in by]

    def _nearest(self, constraint: Constraint, node: Term) -> tuple[int, list[int]] | None:
        """The shape of a list that fails least often, and the constraints that fail there."""
        failing = [shape for shape in constraint.shapes if not self.conforms(shape, node)]
        if not failing:
            return None
        branch = min(failing, key=lambda shape: self.failures(shape, node))
        return branch, sorted({number for number, _, _ in self._below(branch, node)})

    def _below(self, number: int, node: Term) -> Iterator[_Result]:
        yield from self.results(number, node)
        for child, value in self._properties(self.shapes.shapes[number], node):
            yield from self._below(child, value)
