"""The values of a view's fields: what an expression gives of the record that the field is in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from sqlglot import exp

from nutgraf.mapping.json_path import JsonPath
from nutgraf.mapping.model import (
    Constant,
    Reference,
    ReferenceFormulation,
    Template,
    ValueExpression,
)
from nutgraf.mapping.relation import Column
from nutgraf.mapping.sql.functions import any_of, call, case, concat, text
from nutgraf.mapping.sql.json_records import json_value
from nutgraf.mapping.sql.json_values import ROWS, parsed, values_of
from nutgraf.mapping.sql.natural import NATURAL_TYPES, lexical_text


@dataclass(frozen=True, slots=True)
class Values:
    """The value, or the list of the values, of an expression.

    Attributes:
        expression: over the columns of the rows so far.
        type: DuckDB's type of a value.
        many: whether it is a list.
    """

    expression: exp.Expression
    type: str
    many: bool = False


class Context(Protocol):
    """The record that a field is in."""

    def read(self, reference: Reference) -> Values:
        """The values of a reference."""

    def document(self) -> exp.Expression | None:
        """The record as a JSON value, when it is one or is written as one."""

    def written(self) -> exp.Expression | None:
        """The record as text, when it is a single value."""


@dataclass(frozen=True, slots=True)
class Document:
    """A record that is a JSON value."""

    value: exp.Expression

    def read(self, reference: Reference) -> Values:
        """The values of a JSONPath query, or of one member."""
        many = bool(reference.path and reference.path.many)
        return Values(json_value(self.value, reference), "JSON", many)

    def document(self) -> exp.Expression:
        """The record."""
        return self.value

    def written(self) -> exp.Expression:
        """The record as text."""
        return lexical_text(self.value, "JSON")


@dataclass(frozen=True, slots=True)
class Cell:
    """A record that is the value of a field, in which another language may be written."""

    column: Column

    def read(self, reference: Reference) -> Values:
        """The values in a JSON value; a text has none."""
        is_json = self.column.type == "JSON"
        return Document(self.column.expression()).read(reference) if is_json else _NOTHING

    def document(self) -> exp.Expression:
        """The JSON value, or the one that is written in a text."""
        value = self.column.expression()
        return parsed(value) if self.column.type == "JSON" else exp.cast(value, "JSON")

    def written(self) -> exp.Expression:
        """The text."""
        return lexical_text(self.column.expression(), _known(self.column.type))


@dataclass(frozen=True, slots=True)
class Row:
    """A record that is a row of columns: a CSV row, or a row of another view."""

    columns: Mapping[str, Column]

    def read(self, reference: Reference) -> Values:
        """The value of a column; none of one that is not there."""
        column = self.columns.get(reference.name)
        return Values(column.expression(), column.type, column.many) if column else _NOTHING

    def document(self) -> None:
        """A row is no JSON value."""

    def written(self) -> None:
        """A row is no text."""


_NOTHING: Final = Values(exp.null(), "VARCHAR")


def field_values(expression: ValueExpression, context: Context) -> Values:
    """The values of an expression in a record."""
    if isinstance(expression, Constant):
        return Values(text(expression.value), "VARCHAR")
    if isinstance(expression, Reference):
        return context.read(expression)
    assert isinstance(expression, Template), "a field has a constant, a reference or a template"
    return _template(expression, context)


def field_text(expression: ValueExpression, context: Context) -> exp.Expression:
    """The text of an expression that gives one value at most."""
    values = field_values(expression, context)
    assert not values.many, "the rows of a view have single values"
    return lexical_text(values.expression, _known(values.type))


def records_of(
    context: Context, formulation: ReferenceFormulation, iterator: JsonPath | None
) -> Values | None:
    """The records that are written in a record, as JSON values; None when it is a row of columns.

    Args:
        context: the record.
        formulation: what is written in it.
        iterator: selects among the values of JSON.
    """
    records: exp.Expression | None = None
    if formulation is ReferenceFormulation.CSV:
        written = context.written()
        if written is not None:
            records = exp.cast(call(ROWS, written), "JSON[]")
    else:
        document = context.document()
        if document is not None:
            records = values_of(document, iterator or JsonPath("$", ()))
    return None if records is None else Values(records, "JSON", many=True)


def _template(template: Template, context: Context) -> Values:
    """Each combination of the values of its references; none where one has no value."""
    parts: list[exp.Expression | Values] = [
        text(part) if isinstance(part, str) else context.read(part) for part in template.parts
    ]
    singles = [part.expression for part in parts if isinstance(part, Values) and not part.many]
    absent = any_of([value.copy().is_(exp.null()) for value in singles])
    if not any(isinstance(part, Values) and part.many for part in parts):
        made = concat([_text(part) for part in parts])
        return Values(case((absent, exp.null()), otherwise=made), "VARCHAR")
    texts: exp.Expression = exp.cast(call("list_value", text("")), "VARCHAR[]")
    for number, part in enumerate(parts):
        texts = _extended(texts, part, number)
    nothing: exp.Expression = exp.cast(exp.null(), "VARCHAR[]")
    return Values(case((absent, nothing), otherwise=texts), "VARCHAR", many=True)


def _extended(texts: exp.Expression, part: exp.Expression | Values, number: int) -> exp.Expression:
    """Each text with each value of a part behind it."""
    before, value = f"text{number}", f"value{number}"
    if isinstance(part, Values) and part.many:
        joined = concat([exp.column(before), lexical_text(exp.column(value), _known(part.type))])
        inner = call("list_transform", part.expression, _lambda(value, joined))
        return call("flatten", call("list_transform", texts, _lambda(before, inner)))
    return call("list_transform", texts, _lambda(before, concat([exp.column(before), _text(part)])))


def _lambda(name: str, value: exp.Expression) -> exp.Lambda:
    return exp.Lambda(this=value, expressions=[exp.to_identifier(name)])


def _text(part: exp.Expression | Values) -> exp.Expression:
    return lexical_text(part.expression, _known(part.type)) if isinstance(part, Values) else part


def _known(kind: str) -> str:
    """A type that has a lexical form; other values are refused when they are used."""
    return kind if kind in NATURAL_TYPES else "VARCHAR"
