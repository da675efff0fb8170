"""JSONPath over JSON values as SQL: what RFC 9535 gives, as one value or as a list of values.

DuckDB's own paths differ from RFC 9535 where an array meets a name or an object meets `[*]`, so that only
single steps are left to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from sqlglot import exp

from nutgraf.mapping.json_path import Index, JsonPath, Member, Segment, Wildcard
from nutgraf.mapping.sql.functions import call, case, equals, text, transform

EVALUATE: Final = "nutgraf_json_path"
"""The function (JSON text, query) → list of JSON texts, for queries that SQL does not express."""

ROWS: Final = "nutgraf_csv_records"
"""The function CSV text → list of JSON objects."""

NULL: Final = "NULL"
"""What json_type says of JSON's null."""


def value_of(document: exp.Expression, path: JsonPath) -> exp.Expression:
    """The value that a query for at most one gives; NULL when there is none, or when it is JSON's null."""
    assert path.segments is not None, "a chain without wildcards"
    value = _descend(document, path.segments)
    return case((equals(call("json_type", value), text(NULL)), exp.null()), otherwise=value)


def values_of(document: exp.Expression, path: JsonPath) -> exp.Expression:
    """The list of the values that a query gives, without nulls, in the order of the document."""
    if path.segments is None:
        found = call(EVALUATE, exp.cast(document.copy(), "VARCHAR"), text(path.text))
        return without_nulls(exp.cast(found, "JSON[]"))
    before: list[Segment] = []
    values: exp.Expression | None = None
    for segment in path.segments:
        if not isinstance(segment, Wildcard):
            before.append(segment)
            continue
        if values is None:
            values = _children(_descend(document, before))
        else:
            values = call("flatten", transform(values, _children_below(tuple(before))))
        before = []
    if values is None:
        return without_nulls(call("list_value", _descend(document, before)))
    return without_nulls(transform(values, lambda value: _descend(value, before)) if before else values)


def parsed(value: exp.Expression) -> exp.Expression:
    """A JSON value; what is written in it where it is a text."""
    written = exp.cast(call("json_extract_string", value, text("$")), "JSON")
    return case((equals(call("json_type", value), text("VARCHAR")), written), otherwise=value)


def without_nulls(values: exp.Expression) -> exp.Expression:
    """A list of JSON values without SQL's and JSON's nulls."""
    item = exp.column("item")
    kept = exp.not_(equals(call("coalesce", call("json_type", item), text(NULL)), text(NULL)))
    return call("list_filter", values, exp.Lambda(this=kept, expressions=[exp.to_identifier("item")]))


def _children_below(steps: tuple[Segment, ...]) -> Callable[[exp.Expression], exp.Expression]:
    return lambda value: _children(_descend(value, steps))


def _children(value: exp.Expression) -> exp.Expression:
    kind = call("json_type", value)
    return case(
        (equals(kind, text("ARRAY")), call("json_extract", value, text("$[*]"))),
        (equals(kind, text("OBJECT")), call("json_extract", value, text("$.*"))),
        otherwise=exp.cast(exp.Array(expressions=[]), "JSON[]"),
    )


def _descend(value: exp.Expression, segments: Sequence[Segment]) -> exp.Expression:
    for segment in segments:
        value = _step(value, segment)
    return value


def _step(value: exp.Expression, segment: Segment) -> exp.Expression:
    if isinstance(segment, Index):
        return call("json_extract", value, text(f"$[{segment.position}]"))
    assert isinstance(segment, Member), "wildcards make lists"
    pointer = "/" + segment.name.replace("~", "~0").replace("/", "~1")
    found = call("json_extract", value, text(pointer))
    if not re.fullmatch(r"[0-9]+|-", segment.name):
        return found
    is_object = equals(call("json_type", value), text("OBJECT"))
    return case((is_object, found), otherwise=exp.null())
