"""Logical views.

Source: RML-LV, https://w3id.org/rml/lv/spec
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pyoxigraph

from nutgraf.mapping import json_path
from nutgraf.mapping.model import (
    AbstractLogicalSource,
    ExpressionField,
    Field,
    IterableField,
    LogicalSource,
    LogicalView,
    ReferenceFormulation,
    ViewJoin,
)
from nutgraf.mapping.rml.graph import Graph, Subject, Value, current
from nutgraf.mapping.rml.joins import read_join
from nutgraf.mapping.rml.terms import EXPRESSIONS, Terms
from nutgraf.mapping.rml.vocabulary import RML
from nutgraf.problems import Span

_VIEW: Final = frozenset({"viewOn", "field", "leftJoin", "innerJoin", "structuralAnnotation"})
_FIELD: Final = frozenset({"fieldName", "field", "referenceFormulation", "iterator", *EXPRESSIONS})
_JOIN: Final = frozenset({"parentLogicalView", "joinCondition", "field"})
_FORMULATIONS: Final = {
    RML + formulation.value: formulation
    for formulation in (ReferenceFormulation.CSV, ReferenceFormulation.JSON_PATH)
}

ReadSource = Callable[[Graph, Subject, Span], LogicalSource | None]


class Views:
    """Reads the logical sources and views of one document, each once."""

    def __init__(self, graph: Graph, read_source: ReadSource) -> None:
        self._graph = graph
        self._read_source = read_source
        self._found: dict[Subject, AbstractLogicalSource | None] = {}
        self._open: list[Subject] = []

    def source(self, node: Subject, span: Span) -> AbstractLogicalSource | None:
        """The logical source or view of a node."""
        if node in self._open:
            self._cycle("a view is made of itself", span)
            return None
        if node not in self._found:
            self._open.append(node)
            is_view = any(self._graph.values(node, name) for name in ("viewOn", "field"))
            self._found[node] = (
                self._view(node, span) if is_view else self._read_source(self._graph, node, span)
            )
            self._open.pop()
        return self._found[node]

    def _view(self, node: Subject, span: Span) -> LogicalView | None:
        graph = self._graph
        graph.refuse_others(node, "a logical view", _VIEW, span)
        value = graph.one(node, "viewOn")
        base = graph.resource(value, "viewOn") if value else None
        if value is None or base is None:
            graph.report("MAP107", "the logical view has no source", span, fix="add rml:viewOn")
            return None
        view_on = self.source(base, value.span)
        if view_on is None:
            return None
        formulation = formulation_of(view_on)
        fields = [self._field(item, formulation, ()) for item in graph.values(node, "field")]
        joins = [self._join(item, left=True) for item in graph.values(node, "leftJoin")]
        joins += [self._join(item, left=False) for item in graph.values(node, "innerJoin")]
        found_fields, found_joins = [item for item in fields if item], [item for item in joins if item]
        if len(found_fields) < len(fields) or len(found_joins) < len(joins):
            return None
        name = (
            node.value.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
            if isinstance(node, pyoxigraph.NamedNode)
            else "view"
        )
        return LogicalView(name, view_on, tuple(found_fields), tuple(found_joins), graph.span(node))

    def _field(
        self, value: Value, formulation: ReferenceFormulation, above: tuple[Subject, ...]
    ) -> Field | None:
        """A field and those below it; `above` are those it stands in."""
        graph = self._graph
        node = graph.resource(value, "field")
        if node is None or graph.refuse_others(node, "a field", _FIELD, value.span):
            return None
        if node in above:
            self._cycle("a field stands in itself", value.span)
            return None
        written = graph.one(node, "fieldName")
        if written is None:
            graph.report("MAP107", "the field has no name", value.span, fix="add rml:fieldName")
            return None
        name = written.term.value
        own = self._own_formulation(node, formulation)
        iterator = graph.one(node, "iterator")
        expressions = [(key, found) for key in EXPRESSIONS for found in graph.values(node, key)]
        if iterator is None and (expressions or own is formulation):
            return self._expression_field(name, node, expressions, formulation, (*above, node), value.span)
        path = json_path.parse(iterator.term.value) if iterator else None
        if isinstance(path, str) and iterator:
            message = f'the iterator "{iterator.term.value}" is not JSONPath'
            graph.report("MAP114", message, iterator.span, why=path)
            return None
        fields = self._fields(node, own, (*above, node))
        assert not isinstance(path, str), "reported above"
        return None if fields is None else IterableField(name, own, path, fields, value.span)

    def _expression_field(
        self,
        name: str,
        node: Subject,
        expressions: list[tuple[str, Value]],
        formulation: ReferenceFormulation,
        above: tuple[Subject, ...],
        span: Span,
    ) -> ExpressionField | None:
        if len(expressions) != 1:
            self._graph.report(
                "MAP108" if expressions else "MAP107",
                f'the field "{name}" has {len(expressions) or "no"} constant, reference or template',
                span,
                why="it has exactly one, or an iterator",
            )
            return None
        expression = Terms(self._graph, formulation).valued(*expressions[0])
        fields = self._fields(node, formulation, above)
        if expression is None or fields is None:
            return None
        return ExpressionField(name, expression, fields, span)

    def _fields(
        self, node: Subject, formulation: ReferenceFormulation, above: tuple[Subject, ...]
    ) -> tuple[Field, ...] | None:
        """The fields below a field; None when one of them is wrong."""
        found = [self._field(value, formulation, above) for value in self._graph.values(node, "field")]
        fields = tuple(item for item in found if item)
        return fields if len(fields) == len(found) else None

    def _own_formulation(self, node: Subject, parent: ReferenceFormulation) -> ReferenceFormulation:
        value = self._graph.one(node, "referenceFormulation")
        if value is None:
            return parent
        formulation = _FORMULATIONS.get(current(value.term))
        if formulation is None:
            message = f"the reference formulation {value.term} is not supported yet"
            self._graph.report(
                "MAP106", message, value.span, why="a field is read as rml:CSV or rml:JSONPath"
            )
        return formulation or parent

    def _join(self, value: Value, *, left: bool) -> ViewJoin | None:
        graph = self._graph
        node = graph.resource(value, "leftJoin" if left else "innerJoin")
        if node is None or graph.refuse_others(node, "a join", _JOIN, value.span):
            return None
        written = graph.one(node, "parentLogicalView")
        parent_node = graph.resource(written, "parentLogicalView") if written else None
        if written is None or parent_node is None:
            graph.report("MAP107", "the join has no parent view", value.span, fix="add rml:parentLogicalView")
            return None
        parent = self.source(parent_node, written.span)
        if parent is None:
            return None
        if not isinstance(parent, LogicalView):
            graph.report("MAP104", "rml:parentLogicalView must lead to a logical view", written.span)
            return None
        terms = Terms(graph, ReferenceFormulation.FIELDS)
        conditions = [read_join(graph, terms, terms, item) for item in graph.values(node, "joinCondition")]
        fields = self._join_fields(node)
        if not conditions:
            graph.report("MAP107", "the join has no condition", value.span, fix="add rml:joinCondition")
        found = tuple(item for item in conditions if item)
        return ViewJoin(parent, left, found, fields, value.span) if found and fields is not None else None

    def _join_fields(self, node: Subject) -> tuple[ExpressionField, ...] | None:
        fields = self._fields(node, ReferenceFormulation.FIELDS, ())
        found = tuple(item for item in fields or () if isinstance(item, ExpressionField) and not item.fields)
        if fields is not None and len(found) < len(fields):
            message = "a field of a join has an expression and no fields"
            self._graph.report("MAP104", message, self._graph.span(node))
            return None
        return found if fields is not None else None

    def _cycle(self, message: str, span: Span) -> None:
        self._graph.report("MAP124", message, span, fix="break the circle")


def formulation_of(source: AbstractLogicalSource) -> ReferenceFormulation:
    """How references to a source are written."""
    return ReferenceFormulation.FIELDS if isinstance(source, LogicalView) else source.reference_formulation
