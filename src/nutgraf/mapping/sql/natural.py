"""The natural RDF value of a column: its lexical form and its datatype.

Source: R2RML §10.2, https://www.w3.org/TR/r2rml/#natural-mapping, and for JSON the rules of
https://w3id.org/rml/io/registry
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sqlglot import exp

from nutgraf.mapping.relation import ORDINAL, RECORD, Column
from nutgraf.mapping.sql.function import given_once
from nutgraf.mapping.sql.functions import (
    both,
    call,
    case,
    concat,
    equals,
    matches,
    named,
    number,
    replace,
    text,
    to_text,
    transform,
)
from nutgraf.terms.vocabulary import XSD

NATURAL_TYPES: Final[dict[str, str]] = {
    "VARCHAR": XSD + "string",
    **dict.fromkeys(
        (
            "TINYINT",
            "SMALLINT",
            "INTEGER",
            "BIGINT",
            "HUGEINT",
            "UTINYINT",
            "USMALLINT",
            "UINTEGER",
            "UBIGINT",
        ),
        XSD + "integer",
    ),
    "BOOLEAN": XSD + "boolean",
    "FLOAT": XSD + "double",
    "DOUBLE": XSD + "double",
    "DECIMAL": XSD + "decimal",
    "DATE": XSD + "date",
    "TIMESTAMP": XSD + "dateTime",
    "JSON": "",
}
"""DuckDB type → datatype IRI; a column of another type holds no single value. JSON's is each value's own."""

_WHOLE: Final = "-?[0-9]+"
_DECIMAL: Final = r"-?([0-9]+)\.([0-9]+)"


def lexical_form(column: Column) -> exp.Expression:
    """The text of a value in the canonical form of its datatype."""
    return lexical_text(column.expression(), column.type)


def natural_values(raw: str, columns: Iterable[Column], others: Iterable[str] = ()) -> exp.Select:
    """What a relation shows of a raw one: its texts, and for JSON the datatype of each value.

    Args:
        raw: the name of the raw relation.
        columns: those whose values are shown; a column of no single value is left out.
        others: the names of columns that are shown as they are.
    """
    shown: list[exp.Expression] = [exp.column(name, quoted=True) for name in (RECORD, ORDINAL, *others)]
    for column in columns:
        value = column.expression()
        if column.many:
            texts = transform(value, lambda item: lexical_text(item, "JSON"))
            shown.append(named(texts, column.name))
            shown.append(named(transform(value, json_datatype), column.datatype_name))
        elif column.type in NATURAL_TYPES:
            shown.append(named(lexical_form(column), column.name))
            if column.type == "JSON":
                shown.append(named(json_datatype(value), column.datatype_name))
    return exp.select(*shown).from_(exp.to_table(raw))


def lexical_text(value: exp.Expression, kind: str) -> exp.Expression:
    """The text of a value of one of DuckDB's types."""
    if kind == "VARCHAR":
        return value
    if kind in {"DOUBLE", "FLOAT"}:
        return _double(value)
    if kind == "TIMESTAMP":
        return _date_time(value)
    if kind == "JSON":
        written = call("json_extract_string", value, text("$"))
        is_double = both(equals(call("json_type", value), text("DOUBLE")), exp.not_(matches(written, _WHOLE)))
        double = given_once([exp.cast(written.copy(), "DOUBLE")], _double)
        return case((is_double, double), otherwise=written)
    return to_text(value)


def json_datatype(value: exp.Expression) -> exp.Expression:
    """The IRI of the natural datatype of a JSON value."""
    kind = call("json_type", value)
    whole = matches(call("json_extract_string", value, text("$")), _WHOLE)
    return case(
        (equals(kind, text("VARCHAR")), text(XSD + "string")),
        (equals(kind, text("BOOLEAN")), text(XSD + "boolean")),
        (whole, text(XSD + "integer")),
        otherwise=text(XSD + "double"),
    )


def _double(value: exp.Expression) -> exp.Expression:
    """The canonical form of xsd:double: 1500.0 → 1.5E3.

    DuckDB writes the shortest decimal that reads back as the same number; only the point moves.

    Source: https://www.w3.org/TR/xmlschema-2/#double-canonical-representation
    """
    written = to_text(value)
    sign = case((call("starts_with", written, text("-")), text("-")), otherwise=text(""))
    whole, fraction = _group(written, 1), _group(written, 2)
    significant = call("ltrim", call("concat", whole, fraction), text("0"))
    zeros = exp.Sub(
        this=call("length", fraction), expression=call("length", call("ltrim", fraction, text("0")))
    )
    exponent = case(
        (equals(whole, text("0")), exp.Neg(this=exp.Paren(this=exp.Add(this=zeros, expression=number(1))))),
        otherwise=exp.Sub(this=call("length", whole), expression=number(1)),
    )
    return case(
        (value.is_(exp.null()), exp.null()),
        (equals(written, text("nan")), text("NaN")),
        (equals(written, text("inf")), text("INF")),
        (equals(written, text("-inf")), text("-INF")),
        (equals(value, number(0)), concat([sign, text("0.0E0")])),
        (call("contains", written, text("e")), _scientific(written)),
        otherwise=concat(
            [
                sign,
                call("left", significant, number(1)),
                text("."),
                _or_zero(call("rtrim", call("substr", significant, number(2)), text("0"))),
                text("E"),
                to_text(exponent),
            ]
        ),
    )


def _scientific(written: exp.Expression) -> exp.Expression:
    """1e+20 → 1.0E20, 1.5e-07 → 1.5E-7."""
    mantissa = call("split_part", written, text("e"), number(1))
    exponent = to_text(exp.cast(call("split_part", written, text("e"), number(2)), "INTEGER"))
    pointed = case((call("contains", mantissa, text(".")), text("")), otherwise=text(".0"))
    return concat([mantissa, pointed, text("E"), exponent])


def _date_time(value: exp.Expression) -> exp.Expression:
    """2024-11-07 09:30:00 → 2024-11-07T09:30:00."""
    return replace(to_text(value), (text(" "), "T"))


def _group(written: exp.Expression, group: int) -> exp.Expression:
    return call("regexp_extract", written, text(_DECIMAL), number(group))


def _or_zero(digits: exp.Expression) -> exp.Expression:
    return case((equals(digits, text("")), text("0")), otherwise=digits)
