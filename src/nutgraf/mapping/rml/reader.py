"""The triples maps of an RML document."""

from __future__ import annotations

from typing import Final

import pyoxigraph

from nutgraf.mapping.model import (
    Constant,
    GraphMap,
    ObjectMap,
    PredicateMap,
    PredicateObjectMap,
    SubjectMap,
    TriplesMap,
)
from nutgraf.mapping.rml.graph import Graph, Subject, Value
from nutgraf.mapping.rml.sources import logical_source
from nutgraf.mapping.rml.targets import with_targets
from nutgraf.mapping.rml.terms import AnyTermMap, Terms
from nutgraf.problems import Problem, Span

_TRIPLES_MAP: Final = frozenset({"logicalSource", "subjectMap", "subject", "predicateObjectMap", "baseIRI"})
_PREDICATE_OBJECT_MAP: Final = frozenset(
    {"predicateMap", "predicate", "objectMap", "object", "graphMap", "graph"}
)


def read(text: str, file: str, problems: list[Problem]) -> list[TriplesMap]:
    """The triples maps of an RML document in Turtle; `problems` gets everything that is wrong.

    Raises:
        InputError: MAP101, not Turtle.

    Source: https://w3id.org/rml/core/spec, and https://rml.io/specs/rml/ for the vocabulary of 2014
    """
    graph = Graph(text, file)
    found = [_triples_map(graph, subject) for subject in graph.subjects() if _is_triples_map(graph, subject)]
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


def _triples_map(graph: Graph, node: Subject) -> TriplesMap | None:
    name = (
        node.value.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
        if isinstance(node, pyoxigraph.NamedNode)
        else "triples map"
    )
    span = graph.span(node)
    graph.refuse_others(node, "a triples map", _TRIPLES_MAP, span)
    source = logical_source(graph, node, name, span)
    if source is None:
        return None
    terms = Terms(graph, source.reference_formulation)
    subject_map = _subject_map(graph, terms, node, name, span)
    pairs = [_predicate_object_map(graph, terms, value) for value in graph.values(node, "predicateObjectMap")]
    if subject_map is None:
        return None
    subject_node = graph.one(node, "subjectMap")
    classes: list[Constant] = []
    graphs: tuple[GraphMap, ...] = ()
    if subject_node and not isinstance(subject_node.term, pyoxigraph.Literal):
        classes = [
            Constant(value.term.value, value.span) for value in graph.values(subject_node.term, "class")
        ]
        graphs = _term_maps(graph, terms, subject_node.term, "graph", GraphMap)
    base = graph.one(node, "baseIRI")
    return TriplesMap(
        name,
        source,
        subject_map,
        tuple(classes),
        graphs,
        tuple(pair for pair in pairs if pair),
        Constant(base.term.value, base.span) if base else None,
        span,
    )


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


def _predicate_object_map(graph: Graph, terms: Terms, value: Value) -> PredicateObjectMap | None:
    node = graph.resource(value, "predicateObjectMap")
    if node is None:
        return None
    graph.refuse_others(node, "a predicate-object map", _PREDICATE_OBJECT_MAP, value.span)
    predicates = _term_maps(graph, terms, node, "predicate", PredicateMap)
    objects = _term_maps(graph, terms, node, "object", ObjectMap)
    for what in ("predicate", "object"):
        if not graph.values(node, what) and not graph.values(node, what + "Map"):
            graph.report(
                "MAP107", f"the predicate-object map has no {what}", value.span, fix=f"add rml:{what}"
            )
    graphs = _term_maps(graph, terms, node, "graph", GraphMap)
    return PredicateObjectMap(predicates, objects, graphs, value.span)


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
