"""Whether a shape has any target among the statements.

Source: SHACL §2.1.3, https://www.w3.org/TR/shacl/#targets
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nutgraf.shapes.sql.tables import SUBCLASS, TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nutgraf.shapes.incremental.graph import Graph
    from nutgraf.shapes.incremental.stated import Stated
    from nutgraf.shapes.model import Shape, Target


class Targets:
    """The targets in one graph."""

    def __init__(self, graph: Graph, predicates: Mapping[str, int], stated: Stated) -> None:
        """Begin.

        Args:
            graph: the statements.
            predicates: IRI → number, of all that targets name.
            stated: gives the numbers of nodes.
        """
        self._graph = graph
        self._predicates = predicates
        self._stated = stated

    def predicates(self, shape: Shape) -> set[int]:
        """The numbers of the predicates of the triples that make nodes targets of a shape."""
        found: set[int] = set()
        for target in shape.targets:
            if target.kind == "class":
                found |= {self._predicates[TYPE.value], self._predicates[SUBCLASS.value]}
            elif target.kind != "node":
                found.add(self._predicates[target.term.value])
        return found

    def matched(self, shapes: Iterable[Shape]) -> set[int]:
        """Of some shapes, the indices of those that some node is a target of."""
        known = list(shapes)
        terms = list(dict.fromkeys(t.term for shape in known for t in shape.targets if t.kind == "class"))
        numbers = dict(zip(terms, self._stated.terms(terms), strict=True)) if terms else {}

        def is_matched(target: Target) -> bool:
            match target.kind:
                case "node":
                    return True
                case "class":
                    return self._has_instance(numbers[target.term])
                case _:
                    return self._graph.predicates.count(self._predicates[target.term.value]) > 0

        return {shape.number for shape in known if any(map(is_matched, shape.targets))}

    def _has_instance(self, number: int) -> bool:
        """Whether anything is of a class or of one of its subclasses."""
        kind, sub = self._predicates[TYPE.value], self._predicates[SUBCLASS.value]
        seen: set[int] = set()
        waiting = [number]
        while waiting:
            at = waiting.pop()
            if at in seen:
                continue
            seen.add(at)
            if self._graph.is_object(at, kind):
                return True
            waiting += self._graph.into_one(at, sub)
        return False
