"""The plan: one rule for each predicate, object and graph of a triples map, and for each class.

Source: R2RML §11.1, https://www.w3.org/TR/r2rml/#generated-rdf
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from nutgraf.mapping.model import (
    AbstractLogicalSource,
    Constant,
    FunctionCall,
    GraphMap,
    JoinCondition,
    ObjectMap,
    ParentTriplesMap,
    PredicateMap,
    Reference,
    RefObjectMap,
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
class Join:
    """The parent's side of a rule whose objects are the subjects of another triples map.

    Attributes:
        logical_source: of the parent.
        conditions: what a child and a parent record must meet; none means each pair of records.
    """

    logical_source: AbstractLogicalSource
    conditions: tuple[JoinCondition, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """Makes a statement of each record, or of each combination of the values that it uses of one.

    Attributes:
        number: from 0, in the order of the mapping.
        object_map: makes the object, of the parent record where there is a join.
        graph_map: None for the default graph.
        base_iri: of the triples map; the caller's when None.
        object_base_iri: of the triples map whose subject the object is, else the same.
        span: the place that says it.
        join: None where child and parent are the same record, and where there is no parent.
        lenient: whether data that makes no valid term is skipped.
        conditions: calls that must give true.
        parent_conditions: calls that must give true of the record that the object is made of.
    """

    number: int
    triples_map: str
    logical_source: AbstractLogicalSource
    subject_map: SubjectMap
    predicate_map: PredicateMap
    object_map: ObjectMap | SubjectMap
    graph_map: GraphMap | None
    base_iri: str | None
    object_base_iri: str | None
    span: Span
    join: Join | None
    lenient: bool
    conditions: tuple[FunctionCall, ...] = ()
    parent_conditions: tuple[FunctionCall, ...] = ()

    def term_maps(self) -> Iterator[tuple[str, TermMap]]:
        """Each term map with its position in the statement."""
        yield "subject", self.subject_map
        yield "predicate", self.predicate_map
        yield "object", self.object_map
        if self.graph_map:
            yield "graph", self.graph_map

    def reads(self) -> Iterator[tuple[AbstractLogicalSource, Reference]]:
        """Every reference that the rule reads, with its source."""
        for position, term_map in self.term_maps():
            of_parent = self.join is not None and position == "object"
            source = self.join.logical_source if self.join and of_parent else self.logical_source
            for expression in term_map.expressions():
                yield from ((source, reference) for reference in references(expression))
        for call in self.conditions:
            yield from ((self.logical_source, reference) for reference in references(call))
        parent = self.join.logical_source if self.join else self.logical_source
        for call in self.parent_conditions:
            yield from ((parent, reference) for reference in references(call))
        if self.join:
            for condition in self.join.conditions:
                yield from ((self.logical_source, reference) for reference in references(condition.child))
                yield from ((parent, reference) for reference in references(condition.parent))

    def references(self) -> Iterator[Reference]:
        """Every reference that the rule reads, of whatever source."""
        yield from (reference for _, reference in self.reads())

    def sources(self) -> Iterator[AbstractLogicalSource]:
        """The source of the rule, and that of its parent."""
        yield self.logical_source
        if self.join:
            yield self.join.logical_source

    @property
    def constant_predicate(self) -> str | None:
        """The predicate, when it is the same for every record."""
        expression = self.predicate_map.expression
        return expression.value if isinstance(expression, Constant) else None


def plan(mapping: RmlMapping) -> tuple[Rule, ...]:
    """The rules of a mapping, in its order."""
    rules: list[Rule] = []
    for triples_map in mapping.triples_maps:
        for predicate_map, object_map, graph_maps, conditions in _pairs(triples_map):
            for graph_map in _graphs(graph_maps):
                rule = _rule(len(rules), triples_map, predicate_map, object_map, graph_map)
                of_parent = object_map.parent.conditions if isinstance(object_map, RefObjectMap) else ()
                rules.append(dataclasses.replace(rule, conditions=conditions, parent_conditions=of_parent))
    return tuple(rules)


def _rule(
    number: int,
    triples_map: TriplesMap,
    predicate_map: PredicateMap,
    object_map: ObjectMap | RefObjectMap,
    graph_map: GraphMap | None,
) -> Rule:
    base = triples_map.base_iri
    parent = object_map.parent if isinstance(object_map, RefObjectMap) else None
    made = object_map if isinstance(object_map, ObjectMap) else _as_object(object_map.parent)
    object_base = parent.base_iri if parent else base
    return Rule(
        number,
        triples_map.name,
        triples_map.logical_source,
        triples_map.subject_map,
        predicate_map,
        made,
        graph_map,
        base.value if base else None,
        object_base.value if object_base else None,
        object_map.span,
        _join(triples_map, object_map) if isinstance(object_map, RefObjectMap) else None,
        triples_map.lenient,
    )


def _as_object(parent: ParentTriplesMap) -> SubjectMap:
    """The parent's subject map; where its own statements go is no matter here."""
    return dataclasses.replace(parent.subject_map, targets=())


def _join(triples_map: TriplesMap, object_map: RefObjectMap) -> Join | None:
    """None when the parent's subject is made of the child's own record.

    Source: R2RML §11.2, a joint query without conditions, https://www.w3.org/TR/r2rml/#dfn-joint-sql-query
    """
    parent = object_map.parent
    if not object_map.join_conditions and parent.logical_source == triples_map.logical_source:
        return None
    return Join(parent.logical_source, object_map.join_conditions)


def _pairs(
    triples_map: TriplesMap,
) -> Iterator[tuple[PredicateMap, ObjectMap | RefObjectMap, tuple[GraphMap, ...], tuple[FunctionCall, ...]]]:
    for constant in triples_map.classes:
        predicate = PredicateMap(Constant(RDF_TYPE, constant.span), TermType.IRI, constant.span)
        yield predicate, ObjectMap(constant, TermType.IRI, constant.span), triples_map.graph_maps, ()
    for pair in triples_map.predicate_object_maps:
        for predicate_map in pair.predicate_maps:
            for object_map in pair.object_maps:
                yield predicate_map, object_map, triples_map.graph_maps + pair.graph_maps, pair.conditions


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
