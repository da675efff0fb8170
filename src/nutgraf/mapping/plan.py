"""The plan: one rule for each predicate, object and graph of a triples map, and for each class.

Source: R2RML §11.1, https://www.w3.org/TR/r2rml/#generated-rdf
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from nutgraf.mapping.model import (
    Constant,
    GraphMap,
    LogicalSource,
    ObjectMap,
    PredicateMap,
    Reference,
    RmlMapping,
    SubjectMap,
    TermMap,
    TermType,
    TriplesMap,
    references,
)
from nutgraf.problems import Span
from nutgraf.terms.vocabulary import RDF_TYPE

DEFAULT_GRAPH: Final = frozenset(
    {"http://w3id.org/rml/defaultGraph", "http://www.w3.org/ns/r2rml#defaultGraph"}
)


@dataclass(frozen=True, slots=True)
class Rule:
    """Makes at most one statement of each record.

    Attributes:
        number: from 0, in the order of the mapping.
        graph_map: None for the default graph.
        base_iri: of the triples map; the caller's when None.
        span: the place that says it.
    """

    number: int
    triples_map: str
    logical_source: LogicalSource
    subject_map: SubjectMap
    predicate_map: PredicateMap
    object_map: ObjectMap
    graph_map: GraphMap | None
    base_iri: str | None
    span: Span

    def term_maps(self) -> Iterator[tuple[str, TermMap]]:
        """Each term map with its position in the statement."""
        yield "subject", self.subject_map
        yield "predicate", self.predicate_map
        yield "object", self.object_map
        if self.graph_map:
            yield "graph", self.graph_map

    def references(self) -> Iterator[Reference]:
        """Every reference that the rule reads."""
        for _, term_map in self.term_maps():
            for expression in term_map.expressions():
                yield from references(expression)

    @property
    def constant_predicate(self) -> str | None:
        """The predicate, when it is the same for every record."""
        expression = self.predicate_map.expression
        return expression.value if isinstance(expression, Constant) else None


def plan(mapping: RmlMapping) -> tuple[Rule, ...]:
    """The rules of a mapping, in its order."""
    rules: list[Rule] = []
    for triples_map in mapping.triples_maps:
        for predicate_map, object_map, graph_maps in _pairs(triples_map):
            rules.extend(
                Rule(
                    number,
                    triples_map.name,
                    triples_map.logical_source,
                    triples_map.subject_map,
                    predicate_map,
                    object_map,
                    graph_map,
                    triples_map.base_iri.value if triples_map.base_iri else None,
                    object_map.span,
                )
                for number, graph_map in enumerate(_graphs(graph_maps), start=len(rules))
            )
    return tuple(rules)


def _pairs(triples_map: TriplesMap) -> Iterator[tuple[PredicateMap, ObjectMap, tuple[GraphMap, ...]]]:
    for constant in triples_map.classes:
        predicate = PredicateMap(Constant(RDF_TYPE, constant.span), TermType.IRI, constant.span)
        yield predicate, ObjectMap(constant, TermType.IRI, constant.span), triples_map.graph_maps
    for pair in triples_map.predicate_object_maps:
        for predicate_map in pair.predicate_maps:
            for object_map in pair.object_maps:
                yield predicate_map, object_map, triples_map.graph_maps + pair.graph_maps


def _graphs(graph_maps: tuple[GraphMap, ...]) -> list[GraphMap | None]:
    """The graphs without repetition; none at all means the default graph."""
    chosen: list[GraphMap | None] = []
    for graph_map in graph_maps:
        graph = None if _is_default(graph_map) else graph_map
        if graph not in chosen:
            chosen.append(graph)
    return chosen or [None]


def _is_default(graph_map: GraphMap) -> bool:
    return isinstance(graph_map.expression, Constant) and graph_map.expression.value in DEFAULT_GRAPH
