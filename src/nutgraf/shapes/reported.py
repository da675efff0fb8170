"""Makes a report of what an engine found: constraints and terms become results with their words."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, NamedNode

from nutgraf.shapes import words
from nutgraf.shapes.model import component_iri
from nutgraf.shapes.paths import PropertyPath
from nutgraf.shapes.report import Detail, Report, Result, Term

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nutgraf.shapes.model import ShapesGraph

_SHOWN: Final = 3
"""How many things that a branch lacks are said."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What all results of a constraint have in common."""

    path: PropertyPath | None
    component: str
    severity: str
    shape: NamedNode | BlankNode
    message: str
    detail: Detail


@dataclass(slots=True)
class Reported:
    """The results so far.

    Attributes:
        graph: the shapes.
        language: of the messages, where the shapes have them in several.
    """

    graph: ShapesGraph
    language: str
    _results: list[Result] = field(default_factory=list)
    _details: dict[Result, Detail] = field(default_factory=dict)
    _known: dict[int, _Known] = field(default_factory=dict)
    _asks: dict[int, str] = field(default_factory=dict)

    def add(
        self,
        number: int,
        focus: Term,
        value: Term | None,
        path: str | None,
        *,
        message: str | None = None,
        nearest: tuple[int, Sequence[int]] | None = None,
        times: int = 1,
    ) -> None:
        """Add a result.

        Args:
            number: of the constraint.
            focus: the focus node; blank nodes with the labels of the data.
            value: the value node at fault, if there is one.
            path: the predicate of the result, where it is not the shape's path.
            message: where it is not the constraint's.
            nearest: of sh:or and sh:xone, the shape that came nearest and the constraints that fail there.
            times: how often it is found.
        """
        known = self._known.get(number) or self._know(number)
        result = Result(
            focus=_labelled(focus),
            path=known.path if path is None else PropertyPath("predicate", path),
            value=None if value is None else _labelled(value),
            component=known.component,
            severity=known.severity,
            source_shape=known.shape,
            message=message or known.message,
        )
        self._results += [result] * times
        self._details[result] = (
            known.detail if nearest is None else replace(known.detail, nearest=self._branch(*nearest))
        )

    def report(self, unmatched: Iterable[NamedNode | BlankNode]) -> Report:
        """The report; with the shapes that have targets, and none in the data."""
        return Report.of(self._results, self._details, map(_shape_node, unmatched))

    def _know(self, number: int) -> _Known:
        constraint = self.graph.constraints[number]
        shape = self.graph.shapes[constraint.shape]
        self._known[number] = _Known(
            shape.path,
            component_iri(constraint.component),
            shape.severity,
            _shape_node(shape.node),
            words.message(self.graph, constraint, self.language),
            words.detail(self.graph, constraint),
        )
        return self._known[number]

    def _branch(self, shape: int, lacking: Sequence[int]) -> str:
        lacks = [self._asks.get(number) or self._ask(number) for number in lacking[:_SHOWN]]
        more = f" and {len(lacking) - _SHOWN} more" if len(lacking) > _SHOWN else ""
        return f"{words.shape_name(self.graph.shapes[shape], self.language)}, but: {'; '.join(lacks)}{more}"

    def _ask(self, number: int) -> str:
        constraint = self.graph.constraints[number]
        shape = self.graph.shapes[constraint.shape]
        path = f"{shape.path.short()} " if shape.path else ""
        own = words.best(shape.messages, self.language)
        asks = own if own is not None else f"must {words.expected(self.graph, constraint)}"
        self._asks[number] = path + asks
        return self._asks[number]


def _labelled(term: Term) -> Term:
    return BlankNode(f"data_{term.value}") if isinstance(term, BlankNode) else term


def _shape_node(node: NamedNode | BlankNode) -> NamedNode | BlankNode:
    return BlankNode(f"shape_{node.value}") if isinstance(node, BlankNode) else node
