"""The term maps of YARRRML: subjects, graphs, predicates, objects."""

from __future__ import annotations

from typing import Final

from nutgraf.mapping.model import (
    Constant,
    DatatypeMap,
    GraphMap,
    LanguageMap,
    ObjectMap,
    PredicateMap,
    ReferenceFormulation,
    SubjectMap,
    TermType,
    ValueExpression,
)
from nutgraf.mapping.yarrrml.functions import Functions
from nutgraf.mapping.yarrrml.keys import (
    CALLED_OBJECT,
    CALLED_TERM,
    CONDITIONS,
    OBJECT,
    TERM,
    TERM_UNSUPPORTED,
    is_call,
)
from nutgraf.mapping.yarrrml.node import Node
from nutgraf.mapping.yarrrml.terms import Terms, split_suffix
from nutgraf.terms.vocabulary import RDF_TYPE

_TYPES: Final = {
    "iri": TermType.IRI,
    "literal": TermType.LITERAL,
    "blank": TermType.BLANK_NODE,
    "blanknode": TermType.BLANK_NODE,
}
_OBJECT_LENGTH: Final = 2


class TermMaps:
    """Reads the term maps over one source.

    Args:
        terms: the prefixes of the document.
        formulation: how references into the source are written.
    """

    def __init__(self, terms: Terms, formulation: ReferenceFormulation) -> None:
        self._terms = terms
        self._formulation = formulation
        self._functions = Functions(terms, formulation)

    def subject(self, node: Node) -> SubjectMap | None:
        """The subject; None, and a problem said, when it is none."""
        term = self._term(node, "a subject")
        return SubjectMap(*term, node.span) if term else None

    def graphs(self, node: Node | None) -> tuple[GraphMap, ...]:
        """The graphs; those that are none are left out, and said."""
        terms = [(item, self._term(item, "a graph")) for item in node.items()] if node else []
        return tuple(GraphMap(*term, item.span) for item, term in terms if term)

    def _term(self, node: Node, what: str) -> tuple[ValueExpression, TermType] | None:
        """A subject or graph: a text, or keys with `value` and `type`; an IRI unless it says otherwise."""
        value, written = node, None
        if is_call(node):
            return self._called_term(node, what)
        if isinstance(node.value, dict):
            fields = node.fields(what, TERM, TERM_UNSUPPORTED)
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
        fields = node.fields(what, CALLED_TERM, frozenset({"targets", "target"}))
        call = self._functions.call(node, fields)
        term_type = self._type(fields["type"]) if "type" in fields else TermType.IRI
        return (call, term_type) if call and term_type else None

    def _type(self, node: Node) -> TermType | None:
        text = node.text("type")
        if text is not None and text not in _TYPES:
            node.report("MAP112", f'the type "{text}" is unknown', fix="write iri, literal or blank")
        return _TYPES.get(text or "")

    def _no_value(self, node: Node, what: str) -> None:
        if not TERM_UNSUPPORTED & set(node.value):
            node.report("MAP107", f"{what} has no value", fix="add value:")

    def predicates(self, node: Node) -> tuple[PredicateMap, ...]:
        """The predicates; those that are none are left out, and said."""
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

    def _called_object(self, node: Node) -> ObjectMap | None:
        """An object that a function gives: a literal unless it says otherwise."""
        fields = node.fields("an object", CALLED_OBJECT, frozenset({"targets", "target"}))
        call = self._functions.call(node, fields)
        term_type = self._type(fields["type"]) if "type" in fields else TermType.LITERAL
        datatype = self._datatype(fields["datatype"]) if "datatype" in fields else None
        language = self._language(fields["language"]) if "language" in fields else None
        if call is None or term_type is None:
            return None
        return ObjectMap(call, term_type, node.span, datatype, language)

    def object(self, node: Node, default: TermType) -> ObjectMap | None:
        """An object in a list of objects: a text, `[value, datatype or language~lang]`, or keys."""
        if not isinstance(node.value, list):
            return self.short_object(node, None, default)
        items = node.items()
        if not 1 <= len(items) <= _OBJECT_LENGTH:
            node.report("MAP104", "an object is a list of one or two", fix="write [value, datatype]")
            return None
        return self.short_object(items[0], items[1] if len(items) == _OBJECT_LENGTH else None, default)

    def short_object(self, node: Node, kind: Node | None, default: TermType) -> ObjectMap | None:
        """An object with the datatype or language that stands beside it."""
        if isinstance(node.value, dict):
            return self._long_object(node, default)
        text = node.text("an object")
        if text is None:
            return None
        datatype, language = self._datatype_or_language(kind) if kind else (None, None)
        return self._object_map(node, text, default=default, datatype=datatype, language=language)

    def _long_object(self, node: Node, default: TermType) -> ObjectMap | None:
        if is_call(node):
            return self._called_object(node)
        fields = node.fields("an object", OBJECT, TERM_UNSUPPORTED - CONDITIONS.keys())
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


def default_type(predicates: tuple[PredicateMap, ...]) -> TermType:
    """What an object is that does not say: after `a` an IRI, else a literal."""
    types = [
        isinstance(item.expression, Constant) and item.expression.value == RDF_TYPE for item in predicates
    ]
    return TermType.IRI if types and all(types) else TermType.LITERAL
