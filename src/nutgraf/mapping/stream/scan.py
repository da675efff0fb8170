"""The rows of a source, with a column for each slot: only what is read of a file is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from sqlglot import exp

from nutgraf.engine import duckdb as engine
from nutgraf.mapping import files
from nutgraf.mapping.json_path import JsonPath, Member, Segment, Wildcard
from nutgraf.mapping.model import LogicalSource, Reference, TermType
from nutgraf.mapping.plan import Rule
from nutgraf.mapping.sources import Sources
from nutgraf.mapping.sql.functions import call, named, own, text, transform
from nutgraf.mapping.sql.natural import NATURAL_TYPES
from nutgraf.mapping.stream import slots
from nutgraf.mapping.stream.columns import Node, NoSchemaError
from nutgraf.mapping.stream.progress import SAMPLE, row_size
from nutgraf.mapping.stream.slots import Form, Slot, TermSlot, ValueSlot
from nutgraf.mapping.stream.values import column_value, json_value, term_value

_ITEM: Final = "nutgraf item"
_RECORD: Final = "nutgraf record"
_SHARED: Final = 2
"""So many units that read the same file make a copy worth while."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Something to select from, and where its values are."""

    query: exp.Select
    values: Mapping[Reference, exp.Expression]


class _Source(Protocol):
    """A source that can be streamed."""

    @property
    def path(self) -> Path | None:
        """Its file."""

    def rows(self, read: Sequence[Reference], unnested: Reference | None) -> Rows:
        """Its records, with the values of some references; a row for each value of `unnested`."""

    def share(self, read: Sequence[Reference]) -> None:
        """Read these of a copy, if others do so too."""

    def value(self, reference: Reference, value: exp.Expression, form: Form) -> exp.Expression:
        """One value in the form of a slot."""


class Scans:
    """The sources of one run that can be streamed."""

    def __init__(self, connection: engine.Connection, sources: Sources, *, relative: bool) -> None:
        self._connection = connection
        self._sources = sources
        self._relative = relative
        self._opened: dict[LogicalSource, _Source | None] = {}
        self._copies = _Copies(sources)

    def can_read(self, rule: Rule) -> bool:
        """Whether a rule can be streamed.

        Raises:
            InputError: its file cannot be read.
        """
        if not slots.is_streamable(rule) or not isinstance(rule.logical_source, LogicalSource):
            return False
        found = self._open(rule.logical_source)
        try:
            if found:
                found.rows([slots.bare(reference) for reference in rule.references()], None)
        except NoSchemaError:
            return False
        return found is not None

    def share(self, source: LogicalSource, wanted: Sequence[Slot]) -> None:
        """Say that a unit will read these slots, and that others may read the same file."""
        opened = self._open(source)
        assert opened, "only what can be read is asked for"
        opened.share([reference for slot in wanted for reference in slots.references(slot)])

    def rows(self, source: LogicalSource, wanted: Sequence[Slot], *, unnest: bool) -> exp.Select:
        """The rows of a source with the columns `s0`, `s1` and so on.

        Args:
            source: what to read.
            wanted: the slots.
            unnest: make a row of each of several values; else the slot is a list.
        """
        opened = self._open(source)
        assert opened, "only what can be read is asked for"
        read = list(dict.fromkeys(reference for slot in wanted for reference in slots.references(slot)))
        several = [reference for slot in wanted for reference in slots.many(slot)]
        rows = opened.rows(read, several[0] if several and unnest else None)
        columns = [
            named(self._slot(opened, slot, rows.values, unnest=unnest), f"s{place}")
            for place, slot in enumerate(wanted)
        ]
        return rows.query.select(*columns, append=False, copy=False)

    def path(self, source: LogicalSource) -> Path | None:
        """The file of a source."""
        opened = self._open(source)
        return opened.path if opened else None

    def size(self, source: LogicalSource) -> tuple[int, float]:
        """The bytes of the file of a source, and of one of its rows; 0 where that is not known."""
        opened = self._open(source)
        assert opened, "streamable"
        if opened.path is None:
            return 0, 0
        size = opened.path.stat().st_size
        if opened.path.suffix == ".parquet":
            rows = engine.rows(self._connection, engine.parquet_rows(opened.path))[0][0]
            return size, size / rows if rows else 0
        with opened.path.open("rb") as file:
            return size, row_size(file.read(SAMPLE))

    def has_names(self, rule: Rule) -> bool:
        """Whether some record has the member that each reference of a rule begins with."""
        assert isinstance(rule.logical_source, LogicalSource), "streamable"
        opened = self._open(rule.logical_source)
        if not isinstance(opened, _Json):
            return True
        found = {row[0] for row in engine.rows(self._connection, opened.keys())}
        firsts = {_segments(reference)[:1] for reference in rule.references()}
        return all(
            not first or not isinstance(first[0], Member) or first[0].name in found for first in firsts
        )

    def count(self, rule: Rule) -> int:
        """How many records the source of a rule has."""
        assert isinstance(rule.logical_source, LogicalSource), "streamable"
        opened = self._open(rule.logical_source)
        assert opened, "streamable"
        rows = opened.rows([slots.bare(reference) for reference in rule.references()][:1], None)
        query = rows.query.select(call("count", exp.Star()), append=False, copy=False)
        return int(engine.rows(self._connection, query)[0][0])

    def _open(self, source: LogicalSource) -> _Source | None:
        if source not in self._opened:
            self._opened[source] = self._find(source)
        return self._opened[source]

    def _find(self, source: LogicalSource) -> _Source | None:
        opened = self._sources.opened(source)
        if isinstance(opened, Path):
            return _json_source(source, opened, self._copies)
        if opened is None or source.selector:
            return None
        types = dict(engine.describe(self._connection, exp.select(exp.Star()).from_(opened.scan)))
        names = files.sql_names(len(opened.names))
        columns = {
            name: (column, types[column].partition("(")[0])
            for name, column in zip(opened.names, names, strict=True)
        }
        return _Table(opened.path, opened.scan, columns, self._copies)

    def _slot(
        self, source: _Source, slot: Slot, values: Mapping[Reference, exp.Expression], *, unnest: bool
    ) -> exp.Expression:
        several = [] if unnest else slots.many(slot)
        if not several:
            return self._made(source, slot, values)
        reference = several[0]
        made = transform(
            values[reference],
            lambda item: self._made(source, slot, {**values, reference: item}),
        )
        present = exp.Lambda(
            this=exp.not_(exp.column("made").is_(exp.null())), expressions=[exp.to_identifier("made")]
        )
        return call("list_filter", made, present)

    def _made(
        self, source: _Source, slot: Slot, values: Mapping[Reference, exp.Expression]
    ) -> exp.Expression:
        if isinstance(slot, ValueSlot):
            return source.value(slot.reference, own(values[slot.reference]), slot.form)
        form = Form.NATURAL if _is_natural(slot) else Form.TEXT
        given = {
            reference: source.value(reference, own(values[reference]), form)
            for reference in slots.references(slot)
        }
        return term_value(slot, given, relative=self._relative)


def _is_natural(slot: TermSlot) -> bool:
    is_literal = slot.term_type is TermType.LITERAL
    return is_literal and slot.suffix is None and isinstance(slot.expression, Reference)


@dataclass
class _Copy:
    """What several units read of a file, so that it is read once for them.

    Attributes:
        readers: how many there are.
        table: the table of it, once it is made.
    """

    readers: int = 0
    table: str | None = None


@dataclass
class _JsonCopy(_Copy):
    """Members of the records of a JSON file."""

    schema: Node = field(default_factory=Node)


@dataclass
class _TableCopy(_Copy):
    """Columns of a CSV file."""

    columns: set[str] = field(default_factory=set)


class _Copies:
    """The copies of the files of one run; a file has one when two units or more read the same of it."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self.json: dict[tuple[Path, str], _JsonCopy] = {}
        self.tables: dict[exp.Expression, _TableCopy] = {}

    def of_json(self, key: tuple[Path, str], schema: Node) -> exp.Table | None:
        """The copy that has what a schema reads."""
        copy = self.json.get(key)
        if copy is None or copy.readers < _SHARED or not copy.schema.covers(schema):
            return None
        if copy.table is None:
            columns = copy.schema.columns()
            scan = engine.read_json_columns(key[0], columns, layout=key[1])
            query = exp.select(*(exp.column(name, quoted=True) for name in columns)).from_(scan)
            copy.table = self._sources.create(query, "TABLE")
        return exp.to_table(copy.table)

    def of_table(self, scan: exp.Expression, columns: set[str]) -> exp.Table | None:
        """The copy that has some columns."""
        copy = self.tables.get(scan)
        if copy is None or copy.readers < _SHARED or not columns <= copy.columns:
            return None
        if copy.table is None:
            shown = (exp.column(name, quoted=True) for name in sorted(copy.columns))
            copy.table = self._sources.create(exp.select(*shown).from_(scan.copy()), "TABLE")
        return exp.to_table(copy.table)


@dataclass(frozen=True, slots=True)
class _Table:
    """A file with columns: its reference → the column and its type."""

    path: Path | None
    scan: exp.Table | exp.Subquery
    columns: Mapping[str, tuple[str, str]]
    copies: _Copies

    def rows(self, read: Sequence[Reference], unnested: Reference | None) -> Rows:
        """The rows of the file."""
        if unnested or not all(self._is_value(reference) for reference in read):
            raise NoSchemaError
        values = {reference: exp.column(self.columns[reference.name][0], quoted=True) for reference in read}
        copy = self.copies.of_table(self.scan, {value.name for value in values.values()})
        return Rows(exp.select().from_(copy or self.scan.copy(), copy=False), values)

    def share(self, read: Sequence[Reference]) -> None:
        """Read these columns of a copy. Parquet needs none: a scan of it reads just some columns."""
        if self.path is None or self.path.suffix == ".parquet":
            return
        copy = self.copies.tables.setdefault(self.scan, _TableCopy())
        copy.readers += 1
        copy.columns |= {self.columns[reference.name][0] for reference in read}

    def value(self, reference: Reference, value: exp.Expression, form: Form) -> exp.Expression:
        """A value by the type of its column."""
        return column_value(value, self.columns[reference.name][1], form)

    def _is_value(self, reference: Reference) -> bool:
        kind = self.columns.get(reference.name, ("", ""))[1]
        return reference.path is None and kind in NATURAL_TYPES and kind != "JSON"


@dataclass(frozen=True, slots=True)
class _Json:
    """A file of JSON values; its records are what `selector` gives of each."""

    path: Path
    layout: str
    selector: tuple[Segment, ...]
    copies: _Copies

    def rows(self, read: Sequence[Reference], unnested: Reference | None) -> Rows:
        """The records of the file."""
        schema = Node()
        paths = {reference: _segments(reference) for reference in read}
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
        copy = self.copies.json.setdefault((self.path, self.layout), _JsonCopy())
        try:
            for reference in read:
                copy.schema.add((*self.selector, *_segments(reference)))
        except NoSchemaError:
            copy.readers = -(10**6)
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


def _json_source(source: LogicalSource, path: Path, copies: _Copies) -> _Json | None:
    layout = files.layout(source, path)
    selector: tuple[Segment, ...] | None = ()
    if source.iterator:
        selector = (*map(Member, source.iterator), Wildcard())
    elif source.selector:
        selector = source.selector.segments
    return None if selector is None else _Json(path, layout, selector, copies)


def _segments(reference: Reference) -> tuple[Segment, ...]:
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
