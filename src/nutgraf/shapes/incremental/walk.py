"""Walks of an automaton over the statements.

A term is a 64-bit hash here. Two terms with the same hash count as one node, so a walk never misses what it
should meet; it may meet more.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from nutgraf.shapes.incremental.automaton import SINK
from nutgraf.shapes.incremental.graph import Triples

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from nutgraf.shapes.incremental.automaton import Automaton, Edge
    from nutgraf.shapes.incremental.graph import Graph
    from nutgraf.shapes.incremental.rows import Numbers

Asked: TypeAlias = "dict[int, set[int]]"
"""State → the nodes at which its question is asked."""


class TooMuchError(Exception):
    """A change reaches so many nodes that a full run is no more work."""


class Walks:
    """Walks over one graph."""

    def __init__(self, graph: Graph, predicates: Mapping[str, int]) -> None:
        """Begin.

        Args:
            graph: the statements.
            predicates: IRI → number, of all that the automata name.
        """
        self._graph = graph
        self._predicates = predicates

    def touched(self, automaton: Automaton, changed: Triples) -> Asked:
        """The questions that read a changed statement."""
        found: Asked = defaultdict(set)
        for edge in automaton.edges:
            nodes = changed.s if edge.forward else changed.o
            if edge.predicate is not None:
                nodes = nodes[changed.p == np.uint64(self._predicates[edge.predicate])]
            found[edge.state].update(nodes.tolist())
        return {state: nodes for state, nodes in found.items() if nodes}

    def walk(self, automaton: Automaton, start: Asked, most: int) -> Asked:
        """The questions that some questions lead to, themselves among them.

        Args:
            automaton: what leads where.
            start: the questions to start from.
            most: how many there may be.

        Raises:
            TooMuchError: there are more.
        """
        closed = automaton.closed()
        edges = _by_state(edge for edge in automaton.edges if edge.next != SINK)
        seen: Asked = defaultdict(set)
        frontier = _spread(closed, start.items(), seen)
        while frontier:
            if sum(map(len, seen.values())) > most:
                raise TooMuchError
            found = (
                (edge.next, set((triples.o if edge.forward else triples.s).tolist()))
                for state, nodes in frontier.items()
                for edge, triples in self._steps(edges.get(state, ()), nodes)
            )
            frontier = _spread(closed, found, seen)
        return dict(seen)

    def read(self, automaton: Automaton, asked: Asked) -> Triples:
        """The statements that some questions read."""
        edges = _by_state(automaton.edges)
        return Triples.joined(
            triples
            for state, nodes in asked.items()
            for _, triples in self._steps(edges.get(state, ()), nodes)
        )

    def _steps(self, edges: Sequence[Edge], nodes: set[int]) -> Iterator[tuple[Edge, Triples]]:
        """The statements that each edge of a state meets at some nodes."""
        if not edges:
            return
        at = _sorted(nodes)
        if any(edge.forward for edge in edges):
            stated, codes = self._graph.out(at)
        for edge in edges:
            if edge.predicate is None:
                yield edge, stated
            elif not edge.forward:
                yield edge, self._graph.into(at, self._predicates[edge.predicate])
            else:
                code = self._graph.predicates.code(self._predicates[edge.predicate])
                if code is not None and len(codes):
                    yield edge, stated.of(codes == code)


def _by_state(edges: Iterable[Edge]) -> dict[int, list[Edge]]:
    found: dict[int, list[Edge]] = defaultdict(list)
    for edge in edges:
        found[edge.state].append(edge)
    return found


def _spread(closed: Mapping[int, Iterable[int]], found: Iterable[tuple[int, set[int]]], seen: Asked) -> Asked:
    """The questions that are new, with those that they lead to without a step; noted as seen."""
    fresh: Asked = defaultdict(set)
    for state, nodes in found:
        for other in closed[state] if nodes else ():
            more = nodes - seen[other]
            if more:
                seen[other] |= more
                fresh[other] |= more
    return fresh


def _sorted(nodes: set[int]) -> Numbers:
    return np.sort(np.fromiter(nodes, np.uint64, len(nodes)))
