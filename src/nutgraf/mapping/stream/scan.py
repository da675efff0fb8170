"""The rows of a source, with a column for each slot: only what is read of a file is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from sqlglot import exp

from nutgraf.engine import duckdb as engine
from nutgraf.mapping import files
from nutgraf.mapping.json_path import Member
from nutgraf.mapping.model import LogicalSource, Reference, TermType
from nutgraf.mapping.plan import Rule
from nutgraf.mapping.sources import Sources
from nutgraf.mapping.sql.functions import call, named, own, transform
from nutgraf.mapping.stream import slots
from nutgraf.mapping.stream.columns import NoSchemaError
from nutgraf.mapping.stream.copies import Copies
from nutgraf.mapping.stream.json_source import JsonSource, json_source, segments
from nutgraf.mapping.stream.progress import SAMPLE, row_size
from nutgraf.mapping.stream.slots import Form, Slot, TermSlot, ValueSlot
from nutgraf.mapping.stream.source import Source
from nutgraf.mapping.stream.table_source import TableSource
from nutgraf.mapping.stream.values import macros, term_value


class Scans:
    """The sources of one run that can be streamed."""

    def __init__(self, connection: engine.Connection, sources: Sources, *, relative: bool) -> None:
        self._connection = connection
        self._sources = sources
        self._relative = relative
        self._opened: dict[LogicalSource, Source | None] = {}
        self._copies = Copies(sources)
        self._macros: list[str] = []
        self._sizes: dict[Path, tuple[int, float]] = {}

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
        if opened.path not in self._sizes:
            self._sizes[opened.path] = self._size(opened.path)
        return self._sizes[opened.path]

    def _size(self, path: Path) -> tuple[int, float]:
        size = path.stat().st_size
        if path.suffix == ".parquet":
            rows = engine.rows(self._connection, engine.parquet_rows(path))[0][0]
            return size, size / rows if rows else 0
        with path.open("rb") as file:
            return size, row_size(file.read(SAMPLE))

    def has_names(self, rule: Rule) -> bool:
        """Whether some record has the member that each reference of a rule begins with."""
        assert isinstance(rule.logical_source, LogicalSource), "streamable"
        opened = self._open(rule.logical_source)
        if not isinstance(opened, JsonSource):
            return True
        found = {row[0] for row in engine.rows(self._connection, opened.keys())}
        firsts = {segments(reference)[:1] for reference in rule.references()}
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

    def _open(self, source: LogicalSource) -> Source | None:
        if source not in self._opened:
            self._opened[source] = self._find(source)
        return self._opened[source]

    def _find(self, source: LogicalSource) -> Source | None:
        opened = self._sources.opened(source)
        if isinstance(opened, Path):
            self._need_macros()
            return json_source(source, opened, self._copies)
        if opened is None or source.selector:
            return None
        types = dict(engine.describe(self._connection, exp.select(exp.Star()).from_(opened.scan)))
        names = files.sql_names(len(opened.names))
        columns = {
            name: (column, types[column].partition("(")[0])
            for name, column in zip(opened.names, names, strict=True)
        }
        return TableSource(opened.path, opened.scan, columns, self._copies)

    def _need_macros(self) -> None:
        if not self._macros:
            found = macros()
            for name, body in found.items():
                engine.create_macro(self._connection, name, "value", body)
            self._macros = list(found)

    def close(self) -> None:
        """Leave nothing in the connection."""
        for name in self._macros:
            engine.drop_macro(self._connection, name)

    def _slot(
        self, source: Source, slot: Slot, values: Mapping[Reference, exp.Expression], *, unnest: bool
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

    def _made(self, source: Source, slot: Slot, values: Mapping[Reference, exp.Expression]) -> exp.Expression:
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
