"""Which triples decide what a shape finds at a node, as an automaton over the steps between nodes.

A state is a question asked at a node: "what does shape 7 find here", or "half-way along the path of shape 9".
An edge says that the answer depends on the triples with a predicate at that node, and on the answer to
another question at their other end. Walked forwards from a focus node, it meets every triple that the
validation of the node reads; walked backwards from a triple that changed, every node whose results may
change.

Sources: SHACL §2 and §4, https://www.w3.org/TR/shacl/#core-components
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from nutgraf.terms.vocabulary import RDF_TYPE, RDFS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nutgraf.shapes.model import Constraint, Shape, ShapesGraph
    from nutgraf.shapes.paths import PropertyPath

SINK: Final = -1
"""The state after which nothing more is read."""
_SUBCLASS: Final = RDFS + "subClassOf"
_PAIRS: Final = frozenset({"Equals", "Disjoint", "LessThan", "LessThanOrEquals"})


@dataclass(frozen=True, slots=True)
class Edge:
    """One step.

    Attributes:
        state: where it starts.
        forward: whether from subject to object.
        predicate: IRI; None for any.
        next: where it ends.
    """

    state: int
    forward: bool
    predicate: str | None
    next: int


@dataclass(frozen=True, slots=True)
class Automaton:
    """States, edges, and the questions that are asked at the same node.

    Attributes:
        size: how many states there are; they are numbered from 0.
        edges: the steps.
        jumps: state → the states that it leads to without a step.
    """

    size: int
    edges: tuple[Edge, ...]
    jumps: Mapping[int, frozenset[int]]

    def closed(self) -> dict[int, frozenset[int]]:
        """State → itself and all states that it leads to without a step."""
        return {state: self._reached(state) for state in range(self.size)}

    def reversed(self) -> Automaton:
        """The same, walked the other way; what leads into the sink is left out, as nothing starts there."""
        edges = [
            Edge(edge.next, not edge.forward, edge.predicate, edge.state)
            for edge in self.edges
            if edge.next != SINK
        ]
        jumps: dict[int, set[int]] = defaultdict(set)
        for state, others in self.jumps.items():
            for other in others:
                jumps[other].add(state)
        return Automaton(self.size, tuple(edges), _frozen(jumps))

    def _reached(self, start: int) -> frozenset[int]:
        found: set[int] = set()
        waiting = [start]
        while waiting:
            state = waiting.pop()
            if state not in found:
                found.add(state)
                waiting += self.jumps.get(state, ())
        return frozenset(found)


@dataclass(frozen=True, slots=True)
class Dependence:
    """What a shapes graph reads.

    Attributes:
        reads: all that is read, from the focus nodes of any shape.
        reports: only the way from a focus node down to the property shapes that report for it.
        focus: index of shape → the state "what does it find here".
    """

    reads: Automaton
    reports: Automaton
    focus: tuple[int, ...]


def dependence(graph: ShapesGraph) -> Dependence:
    """Analyse the shapes of a graph.

    Args:
        graph: shapes of SHACL Core; what SPARQL reads is not followed.
    """
    return _Maker(graph).made()


def queried(graph: ShapesGraph) -> frozenset[int]:
    """The shapes with targets whose reads are not known: with SPARQL or more, and what reports among them.

    A shape with targets belongs to them when it, or what it refers to, has a query or another thing beyond
    SHACL Core; or when it shares a shape that reports with one that does, so that their results cannot be
    told apart.
    """
    roots = [shape for shape in graph.shapes if shape.targets]
    found = {root.number for root in roots if _is_queried(graph, root)}
    reporting = {root.number: reporters(graph, [root.number]) for root in roots}
    size = -1
    while size < len(found):
        size = len(found)
        shared = {number for root in found for number in reporting[root]}
        found |= {number for number, shapes in reporting.items() if shapes & shared}
    return frozenset(found)


def reporters(graph: ShapesGraph, roots: Iterable[int]) -> set[int]:
    """The shapes that report results when some shapes are validated: themselves and their property shapes."""
    found: set[int] = set()
    waiting = list(roots)
    while waiting:
        number = waiting.pop()
        if number not in found:
            found.add(number)
            for constraint in graph.shapes[number].constraints:
                if constraint.component == "Property":
                    waiting += constraint.shapes
    return found


def _is_queried(graph: ShapesGraph, root: Shape) -> bool:
    shapes = [graph.shapes[number] for number in graph.reached(root.number)]
    return any(shape.queried or shape.beyond for shape in shapes)


@dataclass
class _Maker:
    graph: ShapesGraph
    count: int = 0
    steps: list[Edge] = field(default_factory=list)
    reads: list[Edge] = field(default_factory=list)
    jumps: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    checks: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    def made(self) -> Dependence:
        self.focus = tuple(self.state() for _ in self.graph.shapes)
        self.classes = self.state()
        self.reads.append(Edge(self.classes, True, _SUBCLASS, self.classes))
        for shape in self.graph.shapes:
            self.shape(shape)
        reports = _shortened(Automaton(self.count, tuple(self.steps), _frozen(self.jumps)))
        both = {state: self.jumps[state] | self.checks[state] for state in [*self.jumps, *self.checks]}
        reads = Automaton(self.count, (*self.steps, *self.reads), _frozen(both))
        return Dependence(_shortened(reads), reports, self.focus)

    def state(self) -> int:
        self.count += 1
        return self.count - 1

    def shape(self, shape: Shape) -> None:
        here = self.focus[shape.number]
        for target in shape.targets:
            match target.kind:
                case "class":
                    self.reads.append(Edge(here, True, RDF_TYPE, self.classes))
                case "subjects":
                    self.reads.append(Edge(here, True, target.term.value, SINK))
                case "objects":
                    self.reads.append(Edge(here, False, target.term.value, SINK))
        values = here if shape.path is None else self.follow(shape.path, here, forward=True)
        for constraint in shape.constraints:
            self.constraint(constraint, here, values)

    def constraint(self, constraint: Constraint, here: int, values: int) -> None:
        if constraint.component == "Class":
            self.reads.append(Edge(values, True, RDF_TYPE, self.classes))
        elif constraint.component == "Closed":
            self.reads.append(Edge(values, True, None, SINK))
        elif constraint.component in _PAIRS and constraint.term is not None:
            self.reads.append(Edge(here, True, constraint.term.value, SINK))
        jumps = self.jumps if constraint.component == "Property" else self.checks
        jumps[values].update(self.focus[n] for n in (*constraint.shapes, *constraint.siblings))

    def follow(self, path: PropertyPath, start: int, *, forward: bool) -> int:
        """Add the steps of a path, and give the state at its end.

        Source: SPARQL 1.1 §18.4, https://www.w3.org/TR/sparql11-query/#PropertyPathPatterns
        """
        match path.kind:
            case "predicate":
                end = self.state()
                self.steps.append(Edge(start, forward, path.iri, end))
                return end
            case "inverse":
                return self.follow(path.parts[0], start, forward=not forward)
            case "sequence":
                for part in path.parts if forward else reversed(path.parts):
                    start = self.follow(part, start, forward=forward)
                return start
            case "alternative" | "zeroOrOne":
                end = self.state()
                for part in path.parts:
                    self.jumps[self.follow(part, start, forward=forward)].add(end)
                if path.kind == "zeroOrOne":
                    self.jumps[start].add(end)
                return end
            case "oneOrMore":
                start = self.follow(path.parts[0], start, forward=forward)
        end = self.state()
        self.jumps[start].add(end)
        self.jumps[self.follow(path.parts[0], end, forward=forward)].add(end)
        return end


def _shortened(automaton: Automaton) -> Automaton:
    """The same, with the sink in the place of the states at which nothing is read."""
    reading = {edge.state for edge in automaton.edges}
    dead = {state for state, others in automaton.closed().items() if not others & reading}
    edges = [replace(edge, next=SINK) if edge.next in dead else edge for edge in automaton.edges]
    return Automaton(automaton.size, tuple(edges), automaton.jumps)


def _frozen(jumps: Mapping[int, set[int]]) -> dict[int, frozenset[int]]:
    return {state: frozenset(others) for state, others in jumps.items() if others}
