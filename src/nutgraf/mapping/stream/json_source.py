"""JSON and JSON Lines: records and their members."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlglot import exp

from nutgraf.engine import duckdb as engine
from nutgraf.mapping import files
from nutgraf.mapping.json_path import JsonPath, Member, Segment, Wildcard
from nutgraf.mapping.model import LogicalSource, Reference
from nutgraf.mapping.sql.functions import call, own, text, transform
from nutgraf.mapping.stream.columns import Node, NoSchemaError
from nutgraf.mapping.stream.copies import Copies, JsonCopy
from nutgraf.mapping.stream.slots import Form
from nutgraf.mapping.stream.source import Rows
from nutgraf.mapping.stream.values import json_value

_ITEM: Final = "nutgraf item"
_RECORD: Final = "nutgraf record"


@dataclass(frozen=True, slots=True)
class JsonSource:
    """A file of JSON values; its records are what `selector` gives of each."""

    path: Path
    layout: str
    selector: tuple[Segment, ...]
    copies: Copies

    def rows(self, read: Sequence[Reference], unnested: Reference | None) -> Rows:
        """The records of the file."""
        schema = Node()
        paths = {reference: segments(reference) for reference in read}
        for path in paths.values():
            schema.add((*self.selector, *path))
        columns = schema.columns()
        scan = self.copies.of_json((self.path, self.layout), schema) or engine.read_json_columns(
            self.path, columns, layout=self.layout
        )
        query, record = _descend(exp.select().from_(scan, copy=False), None, self.selector)
        if record is not None:
            query = query.where(exp.not_(record.copy().is_(exp.null())), copy=False)
        values: dict[Reference, exp.Expression] = {}
        if unnested:
            before, _, after = _split(paths[unnested])
            query, record = _carried(query, record, before)
            values[unnested] = _member(exp.column(_ITEM, quoted=True), after)
        for reference, path in paths.items():
            if reference == unnested:
                continue
            before, several, after = _split(path)
            value = _member(record, before)
            values[reference] = _members(value, after) if several and after else value
        return Rows(query, values)

    def share(self, read: Sequence[Reference]) -> None:
        """Read these members of a copy, unless others read them in another way."""
        copy = self.copies.json.setdefault((self.path, self.layout), JsonCopy())
        try:
            for reference in read:
                copy.schema.add((*self.selector, *segments(reference)))
        except NoSchemaError:
            copy.differ = True
        copy.readers += 1

    def keys(self) -> exp.Select:
        """The names of the members of all records."""
        if self.selector:
            schema = Node()
            schema.add(self.selector)
            scan = engine.read_json_columns(self.path, schema.columns(), layout=self.layout)
            query, record = _descend(exp.select().from_(scan, copy=False), None, self.selector)
        else:
            query = exp.select().from_(engine.read_json(self.path, layout=self.layout))
            record = exp.column("json")
        names = call("unnest", call("json_keys", record or exp.null()))
        return query.select(names, append=False, copy=False).distinct()

    def value(self, reference: Reference, value: exp.Expression, form: Form) -> exp.Expression:  # noqa: ARG002
        """A JSON value by its own type."""
        return json_value(value, form)


def json_source(source: LogicalSource, path: Path, copies: Copies) -> JsonSource | None:
    """The source of a JSON file; None when SQL does not express which values are its records."""
    layout = files.layout(source, path)
    selector: tuple[Segment, ...] | None = ()
    if source.iterator:
        selector = (*map(Member, source.iterator), Wildcard())
    elif source.selector:
        selector = source.selector.segments
    return None if selector is None else JsonSource(path, layout, selector, copies)


def segments(reference: Reference) -> tuple[Segment, ...]:
    """The chain of names that a reference is, with one wildcard at most.

    Raises:
        NoSchemaError: it is another query.
    """
    path = reference.path or JsonPath("", (Member(reference.name),))
    if path.segments is None or sum(isinstance(segment, Wildcard) for segment in path.segments) > 1:
        raise NoSchemaError
    return path.segments


def _split(path: Sequence[Segment]) -> tuple[list[Segment], bool, list[Segment]]:
    """What stands before the wildcard, whether there is one, and what stands after it."""
    for place, segment in enumerate(path):
        if isinstance(segment, Wildcard):
            return list(path[:place]), True, list(path[place + 1 :])
    return list(path), False, []


def _descend(
    query: exp.Select, record: exp.Expression | None, path: Sequence[Segment]
) -> tuple[exp.Select, exp.Expression | None]:
    """What a selector gives of the rows of a query."""
    before, several, after = _split(path)
    if not several:
        return query, _member(record, before) if before else record
    items = _called(call("unnest", _member(record, before)), _RECORD)
    query = exp.select().from_(
        query.select(items, append=False, copy=False).subquery("records", copy=False), copy=False
    )
    return _descend(query, exp.column(_RECORD, quoted=True), after)


def _carried(
    query: exp.Select, record: exp.Expression | None, path: Sequence[Segment]
) -> tuple[exp.Select, exp.Expression | None]:
    """The rows with one row for each item of a list, which is the column `item`."""
    items = _called(call("unnest", _member(record, path)), _ITEM)
    if record is None:
        inner = query.select(exp.Star(), items, append=False, copy=False)
        return exp.select().from_(inner.subquery("records", copy=False), copy=False), None
    inner = query.select(_called(own(record), _RECORD), items, append=False, copy=False)
    return exp.select().from_(inner.subquery("records", copy=False), copy=False), exp.column(
        _RECORD, quoted=True
    )


def _members(values: exp.Expression, path: Sequence[Segment]) -> exp.Expression:
    """The member of each value of a list."""
    return transform(values, lambda value: _member(value, path))


def _member(value: exp.Expression | None, path: Sequence[Segment]) -> exp.Expression:
    for segment in path:
        assert isinstance(segment, Member), "wildcards are split off"
        if value is None:
            value = exp.column(segment.name, quoted=True)
        else:
            value = call("struct_extract", value, text(segment.name))
    assert value is not None, "no value is the whole record"
    return own(value)


def _called(value: exp.Expression, name: str) -> exp.Alias:
    return exp.Alias(this=value, alias=exp.to_identifier(name, quoted=True))
