"""What must hold of a mapping, whichever syntax it was written in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pyoxigraph

from nutgraf.mapping.model import (
    Constant,
    GraphMap,
    ObjectMap,
    PredicateMap,
    RefObjectMap,
    Template,
    TermMap,
    TermType,
    TriplesMap,
    ValueExpression,
    references,
)
from nutgraf.mapping.view_fields import check_view
from nutgraf.problems import Problem, Span
from nutgraf.terms.vocabulary import RDF_LANG_STRING

ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
"""How an absolute IRI begins. Python and RE2 read it alike, and so the next."""

LANGUAGE: Final = re.compile(r"(?:[A-Za-z]{2,3}|[xXiI](?:-[A-Za-z0-9]{1,8}))(?:-[A-Za-z0-9]{1,8})*")
"""A language tag, BCP 47 §2.1, of a language: none has a name of four letters or more."""


def check(triples_map: TriplesMap) -> Iterator[Problem]:
    """The problems of one triples map.

    Source: RML-Core, https://w3id.org/rml/core/spec
    """
    if triples_map.base_iri:
        yield from _constant_iri(triples_map.base_iri, "base")
    yield from check_view(triples_map.logical_source)
    yield from _subject(triples_map)
    for constant in triples_map.classes:
        yield from _constant_iri(constant, "class")
    for graph_map in triples_map.graph_maps:
        yield from _graph(graph_map)
    for pair in triples_map.predicate_object_maps:
        for predicate_map in pair.predicate_maps:
            yield from _predicate(predicate_map)
        for object_map in pair.object_maps:
            if isinstance(object_map, RefObjectMap):
                yield from _reference(triples_map, object_map)
            else:
                yield from _object(object_map)
        for graph_map in pair.graph_maps:
            yield from _graph(graph_map)


def iri_problem(text: str, what: str, span: Span) -> Problem | None:
    """The problem of a constant IRI that is none."""
    if not ABSOLUTE.match(text):
        return Problem(
            "MAP110",
            f'the {what} "{text}" is not an absolute IRI',
            span,
            fix="write a full IRI, or prefix:name with a declared prefix",
        )
    try:
        pyoxigraph.NamedNode(text)
    except ValueError as error:
        return Problem("MAP110", f'the {what} "{text}" is not a valid IRI', span, why=str(error))
    return None


def _subject(triples_map: TriplesMap) -> Iterator[Problem]:
    subject_map = triples_map.subject_map
    yield from _term_type(subject_map, "subject", literal=False, blank=True)
    yield from _term(subject_map, "subject")


def _predicate(predicate_map: PredicateMap) -> Iterator[Problem]:
    yield from _term_type(predicate_map, "predicate", literal=False, blank=False)
    yield from _term(predicate_map, "predicate")


def _graph(graph_map: GraphMap) -> Iterator[Problem]:
    yield from _term_type(graph_map, "graph", literal=False, blank=True)
    yield from _term(graph_map, "graph")


def _object(object_map: ObjectMap) -> Iterator[Problem]:
    yield from _term(object_map, "object")
    datatype, language = object_map.datatype_map, object_map.language_map
    if datatype and language:
        yield Problem(
            "MAP121",
            "a literal has a datatype or a language, not both",
            language.span,
            why="a literal with a language tag is an rdf:langString",
            fix="remove one of them",
        )
    if (datatype or language) and object_map.term_type is not TermType.LITERAL:
        yield Problem(
            "MAP112",
            "only a literal has a datatype or a language",
            object_map.span,
            fix="remove it, or make the object a literal",
        )
    if datatype:
        yield from _expression_iri(datatype.expression, "datatype", TermType.IRI)
        if isinstance(datatype.expression, Constant) and datatype.expression.value == RDF_LANG_STRING:
            yield Problem(
                "MAP113", "an rdf:langString needs a language", datatype.span, fix="name the language instead"
            )
    if language and isinstance(language.expression, Constant):
        yield from _language(language.expression)


def _reference(triples_map: TriplesMap, object_map: RefObjectMap) -> Iterator[Problem]:
    parent = object_map.parent
    if not object_map.join_conditions and parent.logical_source != triples_map.logical_source:
        yield Problem(
            "MAP123",
            f'each record is joined with every record of "{parent.name}"',
            object_map.span,
            why="the two have different sources and no join condition",
            fix="add a join condition",
            severity="warning",
        )


def _language(constant: Constant) -> Iterator[Problem]:
    if not LANGUAGE.fullmatch(constant.value):
        yield Problem(
            "MAP113",
            f'"{constant.value}" is not a language tag',
            constant.span,
            why="a tag is well-formed by BCP 47, such as en or en-GB",
        )


def _term_type(term_map: TermMap, what: str, *, literal: bool, blank: bool) -> Iterator[Problem]:
    if (term_map.term_type is TermType.LITERAL and not literal) or (
        term_map.term_type is TermType.BLANK_NODE and not blank
    ):
        allowed = "an IRI or a blank node" if blank else "an IRI"
        yield Problem(
            "MAP112",
            f"a {what} cannot be a {term_map.term_type.value}",
            term_map.span,
            why=f"a {what} is {allowed}",
        )


def _term(term_map: TermMap, what: str) -> Iterator[Problem]:
    if term_map.term_type.is_iri:
        yield from _expression_iri(term_map.expression, what, term_map.term_type)


def _expression_iri(expression: ValueExpression, what: str, term_type: TermType) -> Iterator[Problem]:
    if isinstance(expression, Constant):
        yield from _constant_iri(expression, what)
    elif isinstance(expression, Template):
        yield from _template_iri(expression, what, term_type)


def _constant_iri(constant: Constant, what: str) -> Iterator[Problem]:
    problem = iri_problem(constant.value, what, constant.span)
    if problem:
        yield problem


def _template_iri(template: Template, what: str, term_type: TermType) -> Iterator[Problem]:
    if not any(references(template)):
        yield Problem(
            "MAP111",
            f"the {what} template has no reference",
            template.span,
            why="it would be the same for every record",
            fix="write a constant, or name a column",
        )
        return
    if term_type is TermType.UNSAFE_IRI:
        return  # any text may come out; each value is checked when it is made
    example = "".join(part if isinstance(part, str) else "x" for part in template.parts)
    try:
        pyoxigraph.NamedNode(example if ABSOLUTE.match(example) else "http://base.example/" + example)
    except ValueError as error:
        yield Problem(
            "MAP110",
            f"the {what} template gives no valid IRI",
            template.span,
            why=str(error),
            fix="percent-encode what an IRI cannot hold",
        )
