"""Values of columns and of JSON in the forms of slots, in SQL. No value gives none."""

from __future__ import annotations

from typing import Final

from sqlglot import exp

from nutgraf.mapping.check import ABSOLUTE
from nutgraf.mapping.model import Constant, Reference, Template, TermType
from nutgraf.mapping.sql.encoding import encode_iri
from nutgraf.mapping.sql.functions import any_of, call, case, concat, matches, own, text
from nutgraf.mapping.sql.natural import NATURAL_TYPES, json_datatype, lexical_text
from nutgraf.mapping.sql.statements import quoted, readable
from nutgraf.mapping.sql.terms import VALID_IRI, blank_node_label, starts_absolute
from nutgraf.mapping.stream.slots import Form, TermSlot, quote
from nutgraf.terms.vocabulary import XSD_STRING

JSON: Final = "JSON"
_SCALAR: Final = "nutgraf_json_scalar"
_DATATYPE: Final = "nutgraf_json_datatype"


def column_value(column: exp.Expression, kind: str, form: Form) -> exp.Expression:
    """A value of a column of one of DuckDB's types that have a natural RDF value."""
    written = lexical_text(column, kind)
    if form is Form.TEXT:
        return written
    literal = quoted(written)
    if form is Form.NATURAL and NATURAL_TYPES[kind] != XSD_STRING:
        literal = concat([literal, text(f"^^<{NATURAL_TYPES[kind]}>")])
    return case((own(column).is_(exp.null()), exp.null()), otherwise=literal)


def macros() -> dict[str, exp.Expression]:
    """Macros that `json_value` needs: name → what it makes of `value`. They keep the SQL short.

    A value that is an array or an object is an error.
    """
    value = exp.column("value")
    written = exp.cast(value.copy(), "VARCHAR")
    nested = any_of([call("starts_with", written, text(mark)) for mark in "{["])
    scalar = case(
        (nested, call("error", concat([text("nested: "), written]))), otherwise=lexical_text(value, JSON)
    )
    return {_SCALAR: scalar, _DATATYPE: json_datatype(exp.column("value"))}


def json_value(value: exp.Expression, form: Form) -> exp.Expression:
    """A JSON value. Its text is that of a literal already when it is a string."""
    written = exp.cast(own(value), "VARCHAR")
    is_string = call("starts_with", written, text('"'))
    scalar = call(_SCALAR, value)
    if form is Form.TEXT:
        return case((is_string, call("json_extract_string", value, text("$"))), otherwise=scalar)
    datatype = [text('"^^<'), call(_DATATYPE, value), text(">")] if form is Form.NATURAL else [text('"')]
    return case(
        (own(value).is_(exp.null()), exp.null()),
        (is_string, readable(written)),
        otherwise=concat([text('"'), scalar, *datatype]),
    )


def term_value(slot: TermSlot, values: dict[Reference, exp.Expression], *, relative: bool) -> exp.Expression:
    """A whole term in N-Triples.

    Args:
        slot: the term.
        values: the text of each reference; of a literal without datatype, the literal.
        relative: whether its IRI may be relative, so that the base goes before it.
    """
    expression, term_type = slot.expression, slot.term_type
    absent = any_of([value.copy().is_(exp.null()) for value in values.values()])
    if term_type.is_iri:
        made = _iri(slot, values, relative=relative)
    elif term_type is TermType.BLANK_NODE:
        made = concat([text("_:"), blank_node_label(_text(expression, values))])
    elif isinstance(expression, Constant):
        made = text(quote(expression.value) + (slot.suffix or ""))
    elif isinstance(expression, Reference) and slot.suffix is None:
        return values[expression]
    else:
        made = concat([quoted(_text(expression, values)), text(slot.suffix or "")])
    return case((absent, exp.null()), otherwise=made) if values else made


def _iri(slot: TermSlot, values: dict[Reference, exp.Expression], *, relative: bool) -> exp.Expression:
    """An IRI that is valid; a value that makes another is an error."""
    expression = slot.expression
    value = _text(expression, values, slot.term_type)
    if isinstance(expression, Constant) or (isinstance(expression, Template) and starts_absolute(expression)):
        return concat([text("<"), value, text(">")])
    absolute = matches(value, rf"(?s){ABSOLUTE.pattern}.*")
    based = concat([text(slot.base), value])
    refused = call("error", concat([text("no IRI: "), value]))
    branches: list[tuple[exp.Expression, exp.Expression]] = [
        (matches(value, VALID_IRI), concat([text("<"), value, text(">")]))
    ]
    if relative:
        is_relative = exp.And(this=exp.not_(absolute), expression=matches(based, VALID_IRI))
        branches.append((is_relative, concat([text("<"), based, text(">")])))
    return case(*branches, otherwise=refused)


def _text(
    expression: Constant | Reference | Template,
    values: dict[Reference, exp.Expression],
    term_type: TermType | None = None,
) -> exp.Expression:
    if isinstance(expression, Constant):
        return text(expression.value)
    if isinstance(expression, Reference):
        return values[expression]
    return concat(
        [
            text(part) if isinstance(part, str) else encoded(values[part], term_type)
            for part in expression.parts
        ]
    )


def encoded(value: exp.Expression, term_type: TermType | None) -> exp.Expression:
    """A value as a template of that type has it."""
    if term_type is TermType.IRI:
        return encode_iri(own(value))
    return call("url_encode", value) if term_type is TermType.URI else own(value)
