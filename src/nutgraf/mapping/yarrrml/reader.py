"""The mappings of a YARRRML document."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Final

from nutgraf.mapping.model import (
    Constant,
    FunctionCall,
    Generated,
    LogicalSource,
    ObjectMap,
    ParentTriplesMap,
    PredicateObjectMap,
    ReferenceFormulation,
    RefObjectMap,
    SubjectMap,
    TermType,
    TriplesMap,
)
from nutgraf.mapping.yarrrml.functions import Functions
from nutgraf.mapping.yarrrml.joins import Joins
from nutgraf.mapping.yarrrml.keys import (
    CONDITIONS,
    DOCUMENT,
    DOCUMENT_UNSUPPORTED,
    MAPPING,
    MAPPING_UNSUPPORTED,
    PREDICATE_OBJECT,
    PREDICATE_OBJECT_UNSUPPORTED,
    REFERENCE,
    REFERENCE_UNSUPPORTED,
    is_reference,
)
from nutgraf.mapping.yarrrml.node import Node
from nutgraf.mapping.yarrrml.sources import mapping_sources, named_sources
from nutgraf.mapping.yarrrml.term_maps import TermMaps, default_type
from nutgraf.mapping.yarrrml.terms import Terms
from nutgraf.problems import Problem, closest
from nutgraf.records.document import Document

_SHORT_LENGTHS: Final = (2, 3)
_PAIR: Final = 2


def read(document: Document, problems: list[Problem]) -> list[TriplesMap]:
    """The triples maps of a YARRRML document; `problems` gets everything that is wrong.

    Codes: MAP104 to MAP115, see docs/errors.md.

    Source: https://rml.io/yarrrml/spec/
    """
    root = Node(document, (), document.data, problems)
    fields = root.fields("a YARRRML document", DOCUMENT, DOCUMENT_UNSUPPORTED)
    prefixes = _prefixes(fields["prefixes"]) if "prefixes" in fields else {}
    base = fields["base"].text("base") if "base" in fields else None
    base_iri = Constant(base, fields["base"].span) if base is not None else None
    sources = named_sources(fields["sources"]) if "sources" in fields else {}
    if "mappings" not in fields:
        root.report("MAP107", "the document has no mappings", fix="add mappings:")
        return []
    mappings = dict(fields["mappings"].members("mappings"))
    reader = _Reader(Terms(prefixes), sources, base_iri, mappings)
    found: list[TriplesMap] = []
    for name in mappings:
        found += reader.triples_maps(name)
    return found


def _prefixes(node: Node) -> dict[str, str]:
    found = {name: child.text("a prefix") for name, child in node.members("prefixes")}
    return {name: text for name, text in found.items() if text is not None}


@dataclass(frozen=True)
class _Head:
    """A mapping as far as others need it: its keys, and the subjects of each of its sources."""

    fields: dict[str, Node]
    subjects: list[tuple[LogicalSource | None, list[SubjectMap], tuple[FunctionCall, ...]]]


def _formulation(source: LogicalSource | None) -> ReferenceFormulation:
    return source.reference_formulation if source else ReferenceFormulation.JSON_PATH


class _Reader:
    def __init__(
        self,
        terms: Terms,
        sources: dict[str, LogicalSource | None],
        base_iri: Constant | None,
        mappings: dict[str, Node],
    ) -> None:
        self._terms = terms
        self._sources = sources
        self._base_iri = base_iri
        self._mappings = mappings
        self._heads: dict[str, _Head] = {}
        self._formulation = ReferenceFormulation.JSON_PATH

    def triples_maps(self, name: str) -> list[TriplesMap]:
        """One for each source and subject."""
        head = self._head(name)
        fields = head.fields
        found: list[TriplesMap] = []
        for source, subjects, conditions in head.subjects:
            self._formulation = _formulation(source)
            graphs = self._maps.graphs(fields.get("graphs"))
            pairs = (
                self._predicate_objects(fields["predicateobjects"]) if "predicateobjects" in fields else ()
            )
            pairs = tuple(
                dataclasses.replace(pair, conditions=conditions + pair.conditions) for pair in pairs
            )
            span = self._mappings[name].key_span
            found += [
                TriplesMap(name, source, subject, (), graphs, pairs, self._base_iri, span)
                for subject in subjects
                if source
            ]
        return found

    def _head(self, name: str) -> _Head:
        """The sources and subjects of a mapping, read once: other mappings may need them."""
        if name not in self._heads:
            self._heads[name] = self._read_head(name, self._mappings[name])
        return self._heads[name]

    def _read_head(self, name: str, node: Node) -> _Head:
        fields = node.fields("a mapping", MAPPING, MAPPING_UNSUPPORTED)
        if "sources" not in fields or not fields["sources"].items():
            node.report("MAP107", f'the mapping "{name}" has no sources', at_key=True, fix="add sources:")
        if "subjects" in fields and not fields["subjects"].items():
            node.report("MAP107", f'the mapping "{name}" has empty subjects', fix="remove it for blank nodes")
        sources: list[LogicalSource | None] = []
        if "sources" in fields:
            sources += mapping_sources(fields["sources"], self._sources)
        found: list[tuple[LogicalSource | None, list[SubjectMap], tuple[FunctionCall, ...]]] = []
        before = self._formulation
        for number, source in enumerate(sources or [None]):  # the rest is still read for its problems
            self._formulation = _formulation(source)
            items = fields["subjects"].items() if "subjects" in fields else []
            subjects = [self._maps.subject(item) for item in items]
            if not items:  # then each record has a blank node
                key = Generated(f"{node.span.file} {name} {number}", node.key_span)
                subjects = [SubjectMap(key, TermType.BLANK_NODE, node.key_span)]
            conditions = self._functions.conditions(fields.get("conditions")) or ()
            found.append((source, [subject for subject in subjects if subject], conditions))
        self._formulation = before
        return _Head(fields, found)

    def _predicate_objects(self, node: Node) -> tuple[PredicateObjectMap, ...]:
        return tuple(pair for item in node.items() for pair in self._predicate_object(item))

    def _predicate_object(self, node: Node) -> list[PredicateObjectMap]:
        """One for all objects, and one more for each object with conditions of its own."""
        if isinstance(node.value, list):
            return self._short_predicate_object(node)
        fields = node.fields("a predicateobject", PREDICATE_OBJECT, PREDICATE_OBJECT_UNSUPPORTED)
        if not isinstance(node.value, dict):
            return []
        for key in ("predicates", "objects"):
            if key not in fields or not fields[key].items():
                node.report("MAP107", f"the predicateobject has no {key}", fix=f"add {key}:")
        if "predicates" not in fields or "objects" not in fields:
            return []
        predicates = self._maps.predicates(fields["predicates"])
        default = default_type(predicates)
        graphs = self._maps.graphs(fields.get("graphs"))
        of_all = self._functions.conditions(fields.get("conditions")) or ()
        objects = [(item, self._objects(item, default)) for item in fields["objects"].items()]
        return [
            PredicateObjectMap(predicates, made, graphs, node.span, of_all + conditions)
            for conditions, made in self._by_condition(objects)
        ]

    def _by_condition(
        self, objects: list[tuple[Node, list[ObjectMap | RefObjectMap]]]
    ) -> list[tuple[tuple[FunctionCall, ...], tuple[ObjectMap | RefObjectMap, ...]]]:
        found: dict[tuple[FunctionCall, ...], list[ObjectMap | RefObjectMap]] = {}
        for node, made in objects:
            found.setdefault(self._own_conditions(node), []).extend(made)
        return [(conditions, tuple(made)) for conditions, made in found.items()]

    def _own_conditions(self, node: Node) -> tuple[FunctionCall, ...]:
        """The conditions of one object; those of a reference to a mapping join, and are read there."""
        if isinstance(node.value, list) and node.value:
            return self._own_conditions(node.items()[0])
        if not isinstance(node.value, dict) or is_reference(node):
            return ()
        written = [child for key, child in node.members("an object") if key in CONDITIONS]
        return self._functions.conditions(written[0]) or () if written else ()

    def _short_predicate_object(self, node: Node) -> list[PredicateObjectMap]:
        """`[predicates, objects]` or `[predicates, objects, datatype or language~lang]`."""
        items = node.items()
        if len(items) not in _SHORT_LENGTHS:
            node.report(
                "MAP104", "a predicateobject is a list of two or three", fix="write [predicate, object]"
            )
            return []
        predicates = self._maps.predicates(items[0])
        default = default_type(predicates)
        kind = items[2] if len(items) > _PAIR else None
        objects: list[tuple[Node, list[ObjectMap | RefObjectMap]]] = []
        for item in items[1].items():
            if is_reference(item):
                objects.append((item, list(self._references(item))))
            else:
                made = self._maps.short_object(item, kind, default)
                objects.append((item, [made] if made else []))
        return [
            PredicateObjectMap(predicates, of_condition, (), node.span, conditions)
            for conditions, of_condition in self._by_condition(objects)
        ]

    @property
    def _maps(self) -> TermMaps:
        return TermMaps(self._terms, self._formulation)

    @property
    def _functions(self) -> Functions:
        return Functions(self._terms, self._formulation)

    def _objects(self, node: Node, default: TermType) -> list[ObjectMap | RefObjectMap]:
        """What stands in a list of objects; a reference to a mapping gives one for each of its subjects."""
        if is_reference(node):
            return list(self._references(node))
        made = self._maps.object(node, default)
        return [made] if made else []

    def _references(self, node: Node) -> list[RefObjectMap]:
        """`mapping: person`, with conditions or not."""
        fields = node.fields("a reference to a mapping", REFERENCE, REFERENCE_UNSUPPORTED)
        name = fields["mapping"].text("a mapping") if "mapping" in fields else None
        if name is None:
            return []
        if name not in self._mappings:
            fix = closest(name, self._mappings)
            fields["mapping"].report("MAP115", f'no mapping is named "{name}"', fix=fix)
            return []
        found = []
        for source, subjects, of_parent in self._head(name).subjects:
            sides = {"child": self._formulation, "parent": _formulation(source)}
            conditions = Joins(self._terms, sides).conditions(fields.get("conditions"))
            found += [
                RefObjectMap(
                    ParentTriplesMap(name, source, subject, self._base_iri, of_parent), conditions, node.span
                )
                for subject in subjects
                if source and conditions is not None
            ]
        return found
