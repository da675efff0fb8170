"""The triples maps of an RML document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pyoxigraph

from nutgraf.mapping.model import (
    AbstractLogicalSource,
    Constant,
    GraphMap,
    ObjectMap,
    ParentTriplesMap,
    PredicateMap,
    PredicateObjectMap,
    RefObjectMap,
    SubjectMap,
    TriplesMap,
)
from nutgraf.mapping.rml.graph import Graph, Subject, Value
from nutgraf.mapping.rml.joins import read_join
from nutgraf.mapping.rml.sources import logical_source
from nutgraf.mapping.rml.targets import with_targets
from nutgraf.mapping.rml.terms import AnyTermMap, Terms
from nutgraf.mapping.rml.views import Views, formulation_of
from nutgraf.problems import Problem, Span

_TRIPLES_MAP: Final = frozenset({"logicalSource", "subjectMap", "subject", "predicateObjectMap", "baseIRI"})
_PREDICATE_OBJECT_MAP: Final = frozenset(
    {"predicateMap", "predicate", "objectMap", "object", "graphMap", "graph"}
)
_REF_OBJECT_MAP: Final = frozenset({"parentTriplesMap", "joinCondition"})


def read(text: str, file: str, problems: list[Problem]) -> list[TriplesMap]:
    """The triples maps of an RML document in Turtle; `problems` gets everything that is wrong.

    Raises:
        InputError: MAP101, not Turtle.

    Source: https://w3id.org/rml/core/spec, and https://rml.io/specs/rml/ for the vocabulary of 2014
    """
    graph = Graph(text, file)
    reader = _Reader(graph)
    calls = {value.term for subject in graph.subjects() for value in graph.values(subject, "functionValue")}
    found = [
        reader.triples_map(subject)
        for subject in graph.subjects()
        if _is_triples_map(graph, subject) and subject not in calls
    ]
    reader.read_unused_views()
    if not found:
        graph.report(
            "MAP107", "the document has no triples map", Span(file), fix="add one with an rml:logicalSource"
        )
    problems += graph.problems
    return [triples_map for triples_map in found if triples_map]


def _is_triples_map(graph: Graph, subject: Subject) -> bool:
    return any(
        graph.values(subject, name)
        for name in ("logicalSource", "subjectMap", "subject", "predicateObjectMap")
    )


@dataclass(frozen=True, slots=True)
class _Head:
    """What other triples maps may need of one; no subject map when it has a mistake."""

    name: str
    logical_source: AbstractLogicalSource
    terms: Terms
    subject_map: SubjectMap | None
    base_iri: Constant | None

    @property
    def parent(self) -> ParentTriplesMap | None:
        if self.subject_map is None:
            return None
        return ParentTriplesMap(self.name, self.logical_source, self.subject_map, self.base_iri)


class _Reader:
    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._views = Views(graph, logical_source)
        self._heads: dict[Subject, _Head | None] = {}

    def triples_map(self, node: Subject) -> TriplesMap | None:
        graph, span = self._graph, self._graph.span(node)
        head = self._head(node)
        if head is None:
            return None
        pairs = [
            self._predicate_object_map(head.terms, value)
            for value in graph.values(node, "predicateObjectMap")
        ]
        if head.subject_map is None:
            return None
        subject_node = graph.one(node, "subjectMap")
        classes: list[Constant] = []
        graphs: tuple[GraphMap, ...] = ()
        if subject_node and not isinstance(subject_node.term, pyoxigraph.Literal):
            classes = [
                Constant(value.term.value, value.span) for value in graph.values(subject_node.term, "class")
            ]
            graphs = _term_maps(graph, head.terms, subject_node.term, "graph", GraphMap)
        return TriplesMap(
            head.name,
            head.logical_source,
            head.subject_map,
            tuple(classes),
            graphs,
            tuple(pair for pair in pairs if pair),
            head.base_iri,
            span,
            graph.is_2014,
        )

    def read_unused_views(self) -> None:
        """Read the views that no triples map leads to, for their mistakes."""
        for node in self._graph.subjects():
            if self._graph.values(node, "viewOn"):
                self._views.source(node, self._graph.span(node))

    def _head(self, node: Subject) -> _Head | None:
        """The head of a triples map, read once; None when it has no readable source."""
        if node not in self._heads:
            self._heads[node] = self._read_head(node)
        return self._heads[node]

    def _read_head(self, node: Subject) -> _Head | None:
        graph, span = self._graph, self._graph.span(node)
        name = _name(node)
        graph.refuse_others(node, "a triples map", _TRIPLES_MAP, span)
        source = self._logical_source(node, name, span)
        if source is None:
            return None
        terms = Terms(graph, formulation_of(source), graph.one(node, "logicalSource"))
        subject_map = _subject_map(graph, terms, node, name, span)
        base = graph.one(node, "baseIRI")
        return _Head(name, source, terms, subject_map, Constant(base.term.value, base.span) if base else None)

    def _logical_source(self, node: Subject, name: str, span: Span) -> AbstractLogicalSource | None:
        value = self._graph.one(node, "logicalSource")
        source = self._graph.resource(value, "logicalSource") if value else None
        if source is None:
            message = f'the triples map "{name}" has no logical source'
            self._graph.report("MAP107", message, span, fix="add rml:logicalSource")
            return None
        return self._views.source(source, span)

    def _predicate_object_map(self, terms: Terms, value: Value) -> PredicateObjectMap | None:
        graph = self._graph
        node = graph.resource(value, "predicateObjectMap")
        if node is None:
            return None
        graph.refuse_others(node, "a predicate-object map", _PREDICATE_OBJECT_MAP, value.span)
        predicates = _term_maps(graph, terms, node, "predicate", PredicateMap)
        for what in ("predicate", "object"):
            if not graph.values(node, what) and not graph.values(node, what + "Map"):
                graph.report(
                    "MAP107", f"the predicate-object map has no {what}", value.span, fix=f"add rml:{what}"
                )
        objects: list[ObjectMap | RefObjectMap | None] = [
            terms.constant_map(ObjectMap, item) for item in graph.values(node, "object")
        ]
        objects += [self._object_map(terms, item) for item in graph.values(node, "objectMap")]
        graphs = _term_maps(graph, terms, node, "graph", GraphMap)
        return PredicateObjectMap(predicates, tuple(item for item in objects if item), graphs, value.span)

    def _object_map(self, terms: Terms, value: Value) -> ObjectMap | RefObjectMap | None:
        node = value.term
        if isinstance(node, pyoxigraph.Literal) or not self._graph.values(node, "parentTriplesMap"):
            return with_targets(self._graph, terms.term_map(ObjectMap, value, "objectMap"), value)
        return self._ref_object_map(terms, node, value.span)

    def _ref_object_map(self, terms: Terms, node: Subject, span: Span) -> RefObjectMap | None:
        graph = self._graph
        refused = graph.refuse_others(node, "the objectMap", _REF_OBJECT_MAP, span)
        value = graph.one(node, "parentTriplesMap")
        parent = graph.resource(value, "parentTriplesMap") if value else None
        if refused or value is None or parent is None:
            return None
        if not _is_triples_map(graph, parent):
            graph.report("MAP107", f'"{_name(parent)}" is no triples map', value.span)
            return None
        head = self._head(parent)
        if head is None or head.parent is None:
            return None
        conditions = [
            read_join(graph, terms, head.terms, item) for item in graph.values(node, "joinCondition")
        ]
        return RefObjectMap(head.parent, tuple(item for item in conditions if item), value.span)


def _name(node: Subject) -> str:
    if isinstance(node, pyoxigraph.BlankNode):
        return "triples map"
    return node.value.rsplit("#", 1)[-1].rsplit("/", 1)[-1]


def _subject_map(graph: Graph, terms: Terms, node: Subject, name: str, span: Span) -> SubjectMap | None:
    count = len(graph.values(node, "subjectMap")) + len(graph.values(node, "subject"))
    if count != 1:
        graph.report(
            "MAP108" if count else "MAP107",
            f'the triples map "{name}" has {count or "no"} subject map{"s" if count else ""}',
            span,
            why="it has exactly one",
        )
        return None
    return next(iter(_term_maps(graph, terms, node, "subject", SubjectMap)), None)


def _term_maps(
    graph: Graph, terms: Terms, node: Subject, what: str, kind: type[AnyTermMap]
) -> tuple[AnyTermMap, ...]:
    """The shortcuts and the maps of a node, such as rml:graph and rml:graphMap."""
    found = [terms.constant_map(kind, value) for value in graph.values(node, what)]
    found += [
        with_targets(graph, terms.term_map(kind, value, what + "Map"), value)
        for value in graph.values(node, what + "Map")
    ]
    return tuple(term_map for term_map in found if term_map)
