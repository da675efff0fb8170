"""Term maps as SQL: the value, the kind, the datatype and the language of a term.

A percent-encoded template keeps `iunreserved` of RFC 3987; a reference is never encoded.

Source: R2RML §7.3 and §11.2, https://www.w3.org/TR/r2rml/#from-template
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final

from sqlglot import exp

from nutgraf.mapping.check import ABSOLUTE
from nutgraf.mapping.model import (
    Constant,
    FunctionCall,
    Generated,
    Reference,
    Template,
    TermMap,
    TermType,
    ValueExpression,
)
from nutgraf.mapping.sql.encoding import UCSCHAR, encode_iri
from nutgraf.mapping.sql.function import given_once
from nutgraf.mapping.sql.function_library import FUNCTIONS
from nutgraf.mapping.sql.functions import call, case, concat, matches, replace, text, to_text
from nutgraf.mapping.sql.scope import Scope
from nutgraf.terms.vocabulary import RDF_LANG_STRING, XSD_STRING

_PRIVATE: Final = r"\x{E000}-\x{F8FF}\x{F0000}-\x{FFFFD}\x{100000}-\x{10FFFD}"
_CHARACTER: Final = rf"(?:[A-Za-z0-9._~:/@!$&'()*+,;={UCSCHAR}-]|%[0-9A-Fa-f]{{2}})"
_QUERY_CHARACTER: Final = rf"(?:[?{_PRIVATE}]|{_CHARACTER})"
_BRACKETS: Final = rf"//(?:{_CHARACTER}*@)?\[[0-9A-Fa-f:.vV]+\]"
VALID_IRI: Final = (
    rf"{ABSOLUTE.pattern}(?:{_BRACKETS})?{_CHARACTER}*(?:\?{_QUERY_CHARACTER}*)?(?:#(?:\?|{_CHARACTER})*)?"
)
"""An absolute IRI, RFC 3987 §2.2, as an RE2 pattern; brackets only around an IP address."""

UNSAFE_IRI: Final = rf"{ABSOLUTE.pattern}[^\x00-\x1f<>\"\x7f]*"
"""What an rml:UnsafeIRI may be: anything that stays one IRI where it is written between < and >."""

IRI: Final = "iri"
BLANK_NODE: Final = "bnode"
LITERAL: Final = "literal"


@dataclass(frozen=True, slots=True)
class Term:
    """The SQL of a term; `datatype` and `language` are NULL but for a literal."""

    value: exp.Expression
    kind: str
    datatype: exp.Expression
    language: exp.Expression


def compile_term(term_map: TermMap, scope: Scope, base: str) -> Term:
    """A term map as SQL over the records of a scope.

    Args:
        term_map: what to compile.
        scope: has every column that the term map refers to.
        base: goes before an IRI that is not absolute.
    """
    if isinstance(term_map.expression, Generated):
        return Term(_generated_label(term_map.expression, scope), BLANK_NODE, exp.null(), exp.null())
    value, datatype = _compile(term_map.expression, scope, base, term_map.term_type)
    if term_map.term_type.is_iri:
        return Term(value, IRI, exp.null(), exp.null())
    if term_map.term_type is TermType.BLANK_NODE:
        return Term(blank_node_label(value), BLANK_NODE, exp.null(), exp.null())
    if term_map.language_map:
        language = compile_text(term_map.language_map.expression, scope)
        return Term(value, LITERAL, text(RDF_LANG_STRING), language)
    if term_map.datatype_map:
        datatype, _ = _compile(term_map.datatype_map.expression, scope, base, TermType.IRI)
    return Term(value, LITERAL, datatype, exp.null())


def compile_text(expression: ValueExpression, scope: Scope) -> exp.Expression:
    """The text that an expression gives, with nothing encoded."""
    return _compile(expression, scope, "", TermType.LITERAL)[0]


def _compile(
    expression: ValueExpression, scope: Scope, base: str, term_type: TermType
) -> tuple[exp.Expression, exp.Expression]:
    """The text of a term, and its natural datatype."""
    if isinstance(expression, Constant):
        return text(expression.value), text(XSD_STRING)
    if isinstance(expression, Reference):
        bound = scope.bind(expression)
        return _absolute(bound.value, base) if term_type.is_iri else bound.value, bound.datatype
    if isinstance(expression, Generated):
        return _generated_label(expression, scope), text(XSD_STRING)
    if isinstance(expression, FunctionCall):
        made = _called(expression, scope)
        scope.require(made)
        return _absolute(made, base) if term_type.is_iri else made, text(XSD_STRING)
    value = concat([_part(part, scope, term_type) for part in expression.parts])
    if term_type.is_iri and not starts_absolute(expression):
        value = _absolute(value, base)
    return value, text(XSD_STRING)


def may_be_invalid(expression: ValueExpression, term_type: TermType) -> bool:
    """Whether a value of the data can make an IRI invalid: nothing encodes it."""
    return isinstance(expression, Reference | FunctionCall) or (
        isinstance(expression, Template)
        and (term_type is TermType.UNSAFE_IRI or not starts_absolute(expression))
    )


def starts_absolute(template: Template) -> bool:
    """Whether the template begins with a scheme, so that no base goes before it."""
    first = template.parts[0]
    return isinstance(first, str) and bool(re.match(ABSOLUTE, first))


def blank_node_label(value: exp.Expression) -> exp.Expression:
    """A label for any text, different texts having different labels: `Bob Smith` → `bBob_20Smith`.

    Source: https://www.w3.org/TR/n-triples/#grammar-production-BLANK_NODE_LABEL
    """
    marks = (("_", "_5F"), ("-", "_2D"), (".", "_2E"), ("~", "_7E"), ("%", "_"))
    encoded = replace(call("url_encode", value), *((text(old), new) for old, new in marks))
    return concat([text("b"), encoded])


def _called(expression: FunctionCall, scope: Scope) -> exp.Expression:
    arguments = [
        _called(argument, scope) if isinstance(argument, FunctionCall) else compile_text(argument, scope)
        for argument in expression.arguments
    ]
    return given_once(arguments, FUNCTIONS[expression.function].compile)


def _generated_label(expression: Generated, scope: Scope) -> exp.Expression:
    """A label of a record: `g3f9a01c2_7`. It begins as no label of a value does."""
    key = hashlib.sha256(expression.key.encode()).hexdigest()[:8]
    return concat([text(f"g{key}_"), to_text(scope.ordinal)])


def _part(part: str | Reference, scope: Scope, term_type: TermType) -> exp.Expression:
    if isinstance(part, str):
        return text(part)
    value = scope.bind(part).value
    if term_type is TermType.IRI:
        return encode_iri(value)
    return call("url_encode", value) if term_type is TermType.URI else value


def _absolute(value: exp.Expression, base: str) -> exp.Expression:
    pattern = rf"(?s){ABSOLUTE.pattern}.*"
    return case((matches(value, pattern), value), otherwise=concat([text(base), value]))
