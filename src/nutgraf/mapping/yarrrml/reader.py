"""The mappings of a YARRRML document."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Final

from nutgraf.mapping.model import (
    Constant,
    DatatypeMap,
    FunctionCall,
    Generated,
    GraphMap,
    LanguageMap,
    LogicalSource,
    ObjectMap,
    ParentTriplesMap,
    PredicateMap,
    PredicateObjectMap,
    ReferenceFormulation,
    RefObjectMap,
    SubjectMap,
    TermType,
    TriplesMap,
    ValueExpression,
)
from nutgraf.mapping.yarrrml.functions import CALL, Functions
from nutgraf.mapping.yarrrml.joins import Joins
from nutgraf.mapping.yarrrml.node import Node
from nutgraf.mapping.yarrrml.sources import mapping_sources, named_sources
from nutgraf.mapping.yarrrml.terms import Terms, split_suffix
from nutgraf.problems import Problem, closest
from nutgraf.records.document import Document
from nutgraf.terms.vocabulary import RDF_TYPE


def _names(*spellings: str) -> dict[str, str]:
    """`("subjects", "subject", "s")`: each spelling → the first."""
    return dict.fromkeys(spellings, spellings[0])


_DOCUMENT: Final = {
    **_names("prefixes"),
    **_names("base"),
    **_names("sources"),
    **_names("mappings", "mapping", "m"),
    **_names("authors", "author"),
}
_DOCUMENT_UNSUPPORTED: Final = frozenset({"targets", "external", "functions"})
_CONDITIONS: Final = _names("conditions", "condition")
_MAPPING: Final = {
    **_CONDITIONS,
    **_names("sources", "source"),
    **_names("subjects", "subject", "s"),
    **_names("predicateobjects", "predicateobject", "po"),
    **_names("graphs", "graph", "g"),
}
_MAPPING_UNSUPPORTED: Final = frozenset({"targets", "target", "changeDetection"})
_PREDICATE_OBJECT: Final = {
    **_CONDITIONS,
    **_names("predicates", "predicate", "p"),
    **_names("objects", "object", "o"),
    **_names("graphs", "graph", "g"),
}
_TERM: Final = {**_names("value", "v"), **_names("type", "t")}
_CALLED_TERM: Final = {**CALL, **_names("type", "t")}
_CALLED_OBJECT: Final = {**_CALLED_TERM, **_CONDITIONS, **_names("datatype"), **_names("language")}
_OBJECT: Final = {**_TERM, **_CONDITIONS, **_names("datatype"), **_names("language")}
_REFERENCE: Final = {
    **_names("mapping", "m"),
    **_names("conditions", "condition"),
}
_REFERENCE_UNSUPPORTED: Final = frozenset({"targets", "target"})
_PAIR_UNSUPPORTED: Final = frozenset({"function", "fn", "f", "mapping", "targets", "target"})
_TERM_UNSUPPORTED: Final = frozenset(
    {"function", "fn", "f", "parameters", "pms", "mapping", "condition", "conditions", "join", "joins"}
    | {"targets", "target"}
)
_TYPES: Final = {
    "iri": TermType.IRI,
    "literal": TermType.LITERAL,
    "blank": TermType.BLANK_NODE,
    "blanknode": TermType.BLANK_NODE,
}
_OBJECT_LENGTH: Final = 2
_SHORT_LENGTHS: Final = (2, 3)


def read(document: Document, problems: list[Problem]) -> list[TriplesMap]:
    """The triples maps of a YARRRML document; `problems` gets everything that is wrong.

    Codes: MAP104 to MAP115, see docs/errors.md.

    Source: https://rml.io/yarrrml/spec/
    """
    root = Node(document, (), document.data, problems)
    fields = root.fields("a YARRRML document", _DOCUMENT, _DOCUMENT_UNSUPPORTED)
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
            graphs = self._graphs(fields.get("graphs"))
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
        fields = node.fields("a mapping", _MAPPING, _MAPPING_UNSUPPORTED)
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
            subjects = [self._subject(item) for item in items]
            if not items:  # then each record has a blank node
                key = Generated(f"{node.span.file} {name} {number}", node.key_span)
                subjects = [SubjectMap(key, TermType.BLANK_NODE, node.key_span)]
            conditions = self._functions.conditions(fields.get("conditions")) or ()
            found.append((source, [subject for subject in subjects if subject], conditions))
        self._formulation = before
        return _Head(fields, found)

    def _subject(self, node: Node) -> SubjectMap | None:
        term = self._term(node, "a subject")
        return SubjectMap(*term, node.span) if term else None

    def _graphs(self, node: Node | None) -> tuple[GraphMap, ...]:
        terms = [(item, self._term(item, "a graph")) for item in node.items()] if node else []
        return tuple(GraphMap(*term, item.span) for item, term in terms if term)

    def _term(self, node: Node, what: str) -> tuple[ValueExpression, TermType] | None:
        """A subject or graph: a text, or keys with `value` and `type`; an IRI unless it says otherwise."""
        value, written = node, None
        if _is_call(node):
            return self._called_term(node, what)
        if isinstance(node.value, dict):
            fields = node.fields(what, _TERM, _TERM_UNSUPPORTED)
            if "value" not in fields:
                self._no_value(node, what)
                return None
            value, written = fields["value"], fields.get("type")
        text = value.text(what)
        if text is None:
            return None
        text, suffix = split_suffix(text)
        term_type = self._type(written) if written else _TYPES.get(suffix or "iri")
        if term_type is None:
            if not written:
                value.report("MAP112", f"{what} has no language", fix="remove ~lang")
            return None
        expression = self._terms.expression(value, text, self._formulation, iri=term_type is TermType.IRI)
        return (expression, term_type) if expression else None

    def _called_term(self, node: Node, what: str) -> tuple[ValueExpression, TermType] | None:
        """A subject or graph that a function gives: an IRI unless it says otherwise."""
        fields = node.fields(what, _CALLED_TERM, frozenset({"targets", "target"}))
        call = self._functions.call(node, fields)
        term_type = self._type(fields["type"]) if "type" in fields else TermType.IRI
        return (call, term_type) if call and term_type else None

    def _type(self, node: Node) -> TermType | None:
        text = node.text("type")
        if text is not None and text not in _TYPES:
            node.report("MAP112", f'the type "{text}" is unknown', fix="write iri, literal or blank")
        return _TYPES.get(text or "")

    def _no_value(self, node: Node, what: str) -> None:
        if not _TERM_UNSUPPORTED & set(node.value):
            node.report("MAP107", f"{what} has no value", fix="add value:")

    def _predicate_objects(self, node: Node) -> tuple[PredicateObjectMap, ...]:
        return tuple(pair for item in node.items() for pair in self._predicate_object(item))

    def _predicate_object(self, node: Node) -> list[PredicateObjectMap]:
        """One for all objects, and one more for each object with conditions of its own."""
        if isinstance(node.value, list):
            return self._short_predicate_object(node)
        fields = node.fields("a predicateobject", _PREDICATE_OBJECT, _PAIR_UNSUPPORTED)
        if not isinstance(node.value, dict):
            return []
        for key in ("predicates", "objects"):
            if key not in fields or not fields[key].items():
                node.report("MAP107", f"the predicateobject has no {key}", fix=f"add {key}:")
        if "predicates" not in fields or "objects" not in fields:
            return []
        predicates = self._predicates(fields["predicates"])
        default = _default_type(predicates)
        graphs = self._graphs(fields.get("graphs"))
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
        if not isinstance(node.value, dict) or _is_reference(node):
            return ()
        written = [child for key, child in node.members("an object") if key in _CONDITIONS]
        return self._functions.conditions(written[0]) or () if written else ()

    def _short_predicate_object(self, node: Node) -> list[PredicateObjectMap]:
        """`[predicates, objects]` or `[predicates, objects, datatype or language~lang]`."""
        items = node.items()
        if len(items) not in _SHORT_LENGTHS:
            node.report(
                "MAP104", "a predicateobject is a list of two or three", fix="write [predicate, object]"
            )
            return []
        predicates = self._predicates(items[0])
        default = _default_type(predicates)
        kind = items[2] if len(items) > _OBJECT_LENGTH else None
        objects: list[tuple[Node, list[ObjectMap | RefObjectMap]]] = []
        for item in items[1].items():
            if _is_reference(item):
                objects.append((item, list(self._references(item))))
            else:
                made = self._short_object(item, kind, default)
                objects.append((item, [made] if made else []))
        return [
            PredicateObjectMap(predicates, of_condition, (), node.span, conditions)
            for conditions, of_condition in self._by_condition(objects)
        ]

    def _predicates(self, node: Node) -> tuple[PredicateMap, ...]:
        found = [self._predicate(item) for item in node.items()]
        return tuple(item for item in found if item)

    def _predicate(self, node: Node) -> PredicateMap | None:
        if node.value == "a":
            return PredicateMap(Constant(RDF_TYPE, node.span), TermType.IRI, node.span)
        text = node.text("a predicate")
        if text is None:
            return None
        expression = self._terms.expression(node, split_suffix(text)[0], self._formulation, iri=True)
        return PredicateMap(expression, TermType.IRI, node.span) if expression else None

    def _objects(self, node: Node, default: TermType) -> list[ObjectMap | RefObjectMap]:
        """What stands in a list of objects; a reference to a mapping gives one for each of its subjects."""
        if _is_reference(node):
            return list(self._references(node))
        made = self._object(node, default)
        return [made] if made else []

    def _references(self, node: Node) -> list[RefObjectMap]:
        """`mapping: person`, with conditions or not."""
        fields = node.fields("a reference to a mapping", _REFERENCE, _REFERENCE_UNSUPPORTED)
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

    @property
    def _functions(self) -> Functions:
        return Functions(self._terms, self._formulation)

    def _called_object(self, node: Node) -> ObjectMap | None:
        """An object that a function gives: a literal unless it says otherwise."""
        fields = node.fields("an object", _CALLED_OBJECT, frozenset({"targets", "target"}))
        call = self._functions.call(node, fields)
        term_type = self._type(fields["type"]) if "type" in fields else TermType.LITERAL
        datatype = self._datatype(fields["datatype"]) if "datatype" in fields else None
        language = self._language(fields["language"]) if "language" in fields else None
        if call is None or term_type is None:
            return None
        return ObjectMap(call, term_type, node.span, datatype, language)

    def _object(self, node: Node, default: TermType) -> ObjectMap | None:
        """An object in a list of objects: a text, `[value, datatype or language~lang]`, or keys."""
        if not isinstance(node.value, list):
            return self._short_object(node, None, default)
        items = node.items()
        if not 1 <= len(items) <= _OBJECT_LENGTH:
            node.report("MAP104", "an object is a list of one or two", fix="write [value, datatype]")
            return None
        return self._short_object(items[0], items[1] if len(items) == _OBJECT_LENGTH else None, default)

    def _short_object(self, node: Node, kind: Node | None, default: TermType) -> ObjectMap | None:
        if isinstance(node.value, dict):
            return self._long_object(node, default)
        text = node.text("an object")
        if text is None:
            return None
        datatype, language = self._datatype_or_language(kind) if kind else (None, None)
        return self._object_map(node, text, default=default, datatype=datatype, language=language)

    def _long_object(self, node: Node, default: TermType) -> ObjectMap | None:
        if _is_call(node):
            return self._called_object(node)
        fields = node.fields("an object", _OBJECT, _TERM_UNSUPPORTED - _CONDITIONS.keys())
        if "value" not in fields:
            self._no_value(node, "an object")
            return None
        text = fields["value"].text("an object")
        term_type = self._type(fields["type"]) if "type" in fields else None
        datatype = self._datatype(fields["datatype"]) if "datatype" in fields else None
        language = self._language(fields["language"]) if "language" in fields else None
        if text is None:
            return None
        return self._object_map(
            fields["value"], text, term_type=term_type, default=default, datatype=datatype, language=language
        )

    def _object_map(
        self,
        node: Node,
        text: str,
        *,
        term_type: TermType | None = None,
        default: TermType,
        datatype: DatatypeMap | None,
        language: LanguageMap | None,
    ) -> ObjectMap | None:
        text, suffix = split_suffix(text)
        if suffix == "lang":
            node.report(
                "MAP104", "~lang belongs after the language", fix="write [predicate, object, en~lang]"
            )
            return None
        kind = term_type or (_TYPES[suffix] if suffix else default)
        expression = self._terms.expression(node, text, self._formulation, iri=kind is TermType.IRI)
        return ObjectMap(expression, kind, node.span, datatype, language) if expression else None

    def _datatype_or_language(self, node: Node) -> tuple[DatatypeMap | None, LanguageMap | None]:
        if isinstance(node.value, str) and split_suffix(node.value)[1] == "lang":
            return None, self._language(node)
        return self._datatype(node), None

    def _datatype(self, node: Node) -> DatatypeMap | None:
        text = node.text("a datatype")
        if text is None:
            return None
        expression = self._terms.expression(node, text, self._formulation, iri=True)
        return DatatypeMap(expression, node.span) if expression else None

    def _language(self, node: Node) -> LanguageMap | None:
        text = node.text("a language")
        if text is None:
            return None
        expression = self._terms.expression(node, split_suffix(text)[0], self._formulation, iri=False)
        return LanguageMap(expression, node.span) if expression else None


def _default_type(predicates: tuple[PredicateMap, ...]) -> TermType:
    """What an object is that does not say: after `a` an IRI, else a literal."""
    types = [
        isinstance(item.expression, Constant) and item.expression.value == RDF_TYPE for item in predicates
    ]
    return TermType.IRI if types and all(types) else TermType.LITERAL


def _is_call(node: Node) -> bool:
    return isinstance(node.value, dict) and any(CALL.get(key) == "function" for key in node.value)


def _is_reference(node: Node) -> bool:
    return isinstance(node.value, dict) and any(_REFERENCE.get(key) == "mapping" for key in node.value)
