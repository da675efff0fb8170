"""Templates and term maps."""

from __future__ import annotations

import re
from typing import Final, TypeVar

import pyoxigraph

from nutgraf.mapping.model import (
    Constant,
    DatatypeMap,
    FunctionCall,
    Generated,
    GraphMap,
    LanguageMap,
    ObjectMap,
    PredicateMap,
    Reference,
    ReferenceFormulation,
    SubjectMap,
    Template,
    TermType,
    ValueExpression,
)
from nutgraf.mapping.references import parse_reference
from nutgraf.mapping.rml.calls import CALLS, RETURNS, Calls, encoded
from nutgraf.mapping.rml.graph import Graph, Subject, Value, current
from nutgraf.mapping.rml.vocabulary import RML
from nutgraf.problems import Problem, Span
from nutgraf.terms.vocabulary import RDF_LANG_STRING, XSD_STRING

AnyTermMap = TypeVar("AnyTermMap", PredicateMap, GraphMap, SubjectMap, ObjectMap)

EXPRESSIONS: Final = ("constant", "reference", "template")
_VALUED: Final = (*EXPRESSIONS, *CALLS)
_EXPRESSION: Final = frozenset({*_VALUED, *RETURNS})
_ARGUMENT: Final = _EXPRESSION | {"termType"}
_TERM: Final = _ARGUMENT | {"logicalTarget"}
_PROPERTIES: Final = {
    SubjectMap: _TERM | {"class", "graph", "graphMap"},
    PredicateMap: _TERM,
    GraphMap: _TERM,
    ObjectMap: _TERM | {"datatype", "datatypeMap", "language", "languageMap"},
}
_LITERAL: Final = frozenset({"reference", *CALLS})
"""Of these an object is a literal, unless it says otherwise."""
_TYPES: Final = {RML + term_type.value: term_type for term_type in TermType}
_TOKEN: Final = re.compile(
    r"(?s)\\(?P<escaped>[\\{}])|\{(?P<reference>(?:\\.|[^{}\\])*)\}|(?P<wrong>[\\{}])|(?P<text>.)"
)
_ESCAPED: Final = re.compile(r"\\([\\{}])")


class Terms:
    """Reads the term maps of one triples map."""

    def __init__(self, graph: Graph, formulation: ReferenceFormulation, source: Value | None = None) -> None:
        self._graph = graph
        self._calls = Calls(graph, self._argument, source)
        self._formulation = formulation

    def term_map(self, kind: type[AnyTermMap], value: Value, what: str) -> AnyTermMap | None:
        """The term map that a property such as rml:objectMap leads to."""
        node = self._graph.resource(value, what)
        if node is None or self._graph.refuse_others(node, f"the {what}", _PROPERTIES[kind], value.span):
            return None
        term_type = self._term_type(node, kind)
        if term_type is TermType.BLANK_NODE and not any(self._graph.values(node, name) for name in _VALUED):
            span = self._graph.span(node)
            return kind(Generated(f"{span.file} {self._graph.position(node)}", span), term_type, span)
        written = self._expression_value(node, what, value.span)
        if written is None:
            return None
        name, found = written
        if name == "constant":
            return self._constant(kind, found, term_type, node)
        return self._made_of_record(kind, node, name, found, term_type)

    def _made_of_record(
        self, kind: type[AnyTermMap], node: Subject, name: str, found: Value, term_type: TermType | None
    ) -> AnyTermMap | None:
        """The term map of a reference or a template."""
        expression = self.valued(name, found)
        datatype, language = self._datatype(node), self._language(node)
        if expression is None or not self._returned(node, expression):
            return None
        if term_type is None:
            literal = kind is ObjectMap and (name in _LITERAL or datatype or language)
            term_type = TermType.LITERAL if literal else TermType.IRI
        datatype = self._or_string(term_type, datatype, language)
        return kind(expression, term_type, found.span, datatype, language)

    def constant_map(self, kind: type[AnyTermMap], value: Value) -> AnyTermMap | None:
        """The term map that a shortcut such as rml:object stands for."""
        return self._constant(kind, value, None, None)

    def _constant(
        self, kind: type[AnyTermMap], value: Value, term_type: TermType | None, node: Subject | None
    ) -> AnyTermMap | None:
        """A constant is the term that is written; a term type that differs from it is a mistake.

        Source: RML-Core, https://w3id.org/rml/core/spec#constant
        """
        term, span = value.term, value.span
        if isinstance(term, pyoxigraph.BlankNode):
            message = "a constant cannot be a blank node"
            self._graph.tolerate(Problem("MAP112", message, span, fix="write a template"))
            return None
        literal = isinstance(term, pyoxigraph.Literal)
        if literal and self._graph.is_2014 and term_type is TermType.IRI:
            literal = False  # many documents of 2014 write a constant IRI as text
        if term_type and (term_type is TermType.LITERAL) != literal:
            self._graph.report(
                "MAP112",
                f"the constant is no {term_type.value}",
                span,
                fix="write the constant as <IRI> or as text",
            )
            return None
        datatype = self._datatype(node) if node else None
        language = self._language(node) if node else None
        if isinstance(term, pyoxigraph.Literal) and literal and not datatype and not language:
            if term.language:
                language = LanguageMap(Constant(term.language, span), span)
            elif term.datatype.value != RDF_LANG_STRING:
                datatype = DatatypeMap(Constant(term.datatype.value, span), span)
        kind_of_term = TermType.LITERAL if literal else (term_type or TermType.IRI)
        return kind(Constant(term.value, span), kind_of_term, span, datatype, language)

    def _expression_value(self, node: Subject, what: str, span: Span) -> tuple[str, Value] | None:
        found = [(name, value) for name in _VALUED if (value := self._graph.one(node, name))]
        if not found:
            self._graph.report(
                "MAP107",
                f"the {what} has no constant, reference or template",
                span,
                fix="add one of rml:constant, rml:reference, rml:template",
            )
            return None
        for name, extra in found[1:]:
            self._graph.report(
                "MAP108", f"rml:{name} stands beside rml:{found[0][0]}", extra.span, fix="keep one"
            )
        return found[0]

    def _term_type(self, node: Subject, kind: type[AnyTermMap]) -> TermType | None:
        value = self._graph.one(node, "termType")
        if value is None:
            return None
        term_type = _TYPES.get(current(value.term))
        if term_type is None:
            self._graph.report("MAP106", f"the term type {value.term} is not supported yet", value.span)
        if term_type is TermType.LITERAL and kind is not ObjectMap and self._graph.is_2014:
            message = "only an object can be a Literal; the term type is ignored"
            self._graph.tolerate(Problem("MAP112", message, value.span, fix="remove it"))
            return None
        return term_type

    def expression(self, value: Value, what: str) -> ValueExpression | None:
        """The expression of a node that has nothing else, such as an rml:childMap."""
        node = self._graph.resource(value, what)
        refused = node is None or self._graph.refuse_others(node, f"the {what}", _EXPRESSION, value.span)
        written = None if refused or node is None else self._expression_value(node, what, value.span)
        made = self.valued(*written) if written else None
        return made if made and node and self._returned(node, made) else None

    def _argument(self, value: Value) -> ValueExpression | None:
        """The argument of a call: a term map of which only the text counts."""
        node = self._graph.resource(value, "argument")
        refused = node is None or self._graph.refuse_others(node, "the argument", _ARGUMENT, value.span)
        written = None if refused or node is None else self._expression_value(node, "argument", value.span)
        made = self.valued(*written) if written else None
        if made is None or node is None or not self._returned(node, made):
            return None
        return encoded(made) if self._term_type(node, ObjectMap) is TermType.IRI else made

    def _returned(self, node: Subject, expression: ValueExpression) -> bool:
        return not isinstance(expression, FunctionCall) or self._calls.check_return(node, expression)

    def valued(self, name: str, value: Value) -> ValueExpression | None:
        """The expression that a constant, reference or template stands for."""
        text = value.term.value
        if name == "constant":
            return Constant(text, value.span)
        if name in CALLS:
            return self._calls.call(name, value)
        if name == "reference":
            return self._checked(parse_reference(text, self._formulation, value.span))
        return self._template(text, value.span)

    def _template(self, text: str, span: Span) -> Template | None:
        parts: list[str | Reference] = []
        literal = ""
        for match in _TOKEN.finditer(text):
            if match["wrong"]:
                self._graph.report(
                    "MAP111",
                    f'the "{match["wrong"]}" in the template belongs to no {{reference}}',
                    span,
                    fix="close the reference, or put a backslash before the character",
                )
                return None
            if match["reference"] is None:
                literal += match["escaped"] or match["text"]
                continue
            text = _ESCAPED.sub(r"\1", match["reference"])
            reference = self._checked(parse_reference(text, self._formulation, span))
            if reference is None:
                return None
            parts += [literal, reference] if literal else [reference]
            literal = ""
        return Template((*parts, literal) if literal else tuple(parts), span)

    def _checked(self, reference: Reference | Problem) -> Reference | None:
        if isinstance(reference, Problem):
            self._graph.problems.append(reference)
            return None
        return reference

    def _datatype(self, node: Subject) -> DatatypeMap | None:
        shortcut = self._graph.one(node, "datatype")
        if shortcut:
            return DatatypeMap(Constant(shortcut.term.value, shortcut.span), shortcut.span)
        expression, span = self._nested(node, "datatypeMap")
        return DatatypeMap(expression, span) if expression else None

    def _language(self, node: Subject) -> LanguageMap | None:
        shortcut = self._graph.one(node, "language")
        if shortcut:
            return LanguageMap(Constant(shortcut.term.value, shortcut.span), shortcut.span)
        expression, span = self._nested(node, "languageMap")
        return LanguageMap(expression, span) if expression else None

    def _nested(self, node: Subject, name: str) -> tuple[ValueExpression | None, Span]:
        value = self._graph.one(node, name)
        inner = self._graph.resource(value, name) if value else None
        if value is None or inner is None:
            return None, Span("")
        refused = self._graph.refuse_others(inner, f"the {name}", _TERM, value.span)
        written = None if refused else self._expression_value(inner, name, value.span)
        return (self.valued(*written), written[1].span) if written else (None, value.span)

    def _or_string(
        self, term_type: TermType, datatype: DatatypeMap | None, language: LanguageMap | None
    ) -> DatatypeMap | None:
        """In the vocabulary of 2014 a JSON number without a datatype is a plain literal."""
        if self._graph.is_2014 and term_type is TermType.LITERAL and not datatype and not language:
            return DatatypeMap(Constant(XSD_STRING, Span("")), Span(""))
        return datatype
