"""Runs a unit by the cheapest way that makes no statement twice.

1. A star over one source whose records have subjects of their own: one scan, no repetition is looked for.
   That the subjects differ is checked on the way; where they do not, what was written is taken back.
2. The distinct rows of slots. Where each has a subject of its own, all rules are written in one go.
3. For rules that use the same slots, their distinct values.

Repetitions are removed from slots, never from lines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from nutgraf.engine import duckdb as engine
from nutgraf.engine.texts import joined
from nutgraf.mapping import files
from nutgraf.mapping.sql.functions import call, named, number
from nutgraf.mapping.stream import slots
from nutgraf.mapping.stream.progress import Meter
from nutgraf.mapping.stream.scan import Scans
from nutgraf.mapping.stream.slots import Slot, TermText
from nutgraf.mapping.stream.text import KEY, LINES, TEXT, Lines
from nutgraf.mapping.stream.units import Branch, Unit

_BATCH: Final = 8192
"""Rows that are written at a time."""

_DISTINCT: Final = "stream_rows"
_KEYS: Final = "stream_keys"
_ROW: Final = "row"
_BRANCH: Final = 1 << 40
"""What the numbers of the rows of one branch and the next differ by."""

_NO_KEYS: Final = pa.nulls(0, pa.uint64())


class Sink(Protocol):
    """Takes the text of statements."""

    def write(self, data: memoryview) -> None:
        """Take a part."""

    def mark(self) -> int:
        """The place where the next part goes."""

    def rewind(self, mark: int) -> None:
        """Forget everything from a place on."""


@dataclass
class Tally:
    """What was made so far.

    Attributes:
        lines: distinct statements.
        made: rule → statements, repetitions among them.
        records: rule → records of its source, where that is known.
    """

    lines: int = 0
    made: dict[int, int] = field(default_factory=dict)
    records: dict[int, int] = field(default_factory=dict)

    def add(self, rule: int, made: int) -> None:
        """Count what a rule made."""
        self.made[rule] = self.made.get(rule, 0) + made


@dataclass(frozen=True)
class Ladder:
    """Runs units over the sources of a run.

    Attributes:
        meter: told how far it is.
    """

    connection: engine.Connection
    scans: Scans
    sink: Sink
    tally: Tally
    meter: Meter

    def run(self, unit: Unit) -> None:
        """Write the statements of a unit."""
        sizes = [self.scans.size(branch.source) for branch in unit.branches]
        self.meter.begin(sum(size for size, _ in sizes), sizes[0][1] if len(sizes) == 1 else 0)
        self._run(unit)
        self.meter.end(self.tally.lines)

    def _run(self, unit: Unit) -> None:
        if unit.star and len(unit.branches) == 1 and self._at_once(unit.branches[0]):
            return
        for part in _parts(unit):
            self._distinct(part)

    def _at_once(self, branch: Branch) -> bool:
        """Write a star in one scan; False, and nothing written, when records share a subject."""
        wanted = branch.slots
        lists = frozenset(slot for slot in wanted if slots.many(slot))
        lines = Lines(list(branch.rules.values()), _names(wanted), lists)
        scan = self.scans.rows(branch.source, wanted, unnest=False)
        query = lines.query(scan.subquery("rows", copy=False), key=True)
        mark, before = self.sink.mark(), self.tally.lines
        counts, keys, rows = dict.fromkeys(branch.rules, 0), [], 0
        for batch in engine.batches(self.connection, query, _BATCH):
            # A copy: a column that came from the engine keeps its whole batch in memory.
            keys.append(pa.concat_arrays([batch.column(KEY).drop_null(), _NO_KEYS]))
            if len(keys) == 1 and len(keys[0].unique()) < len(keys[0]):
                return self._taken_back(mark, before)
            rows += len(batch)
            self._write(batch)
            for rule, column in zip(branch.rules, lines.made, strict=True):
                counts[rule] += _total(batch.column(column))
        if not self._differ(keys):
            return self._taken_back(mark, before)
        for rule, made in counts.items():
            self.tally.add(rule, made)
            self.tally.records[rule] = rows
        return True

    def _taken_back(self, mark: int, lines: int) -> bool:
        self.sink.rewind(mark)
        self.tally.lines = lines
        return False

    def _differ(self, keys: Sequence[pa.Array]) -> bool:
        """Whether no two hashes are the same; two texts with one hash only cost time."""
        column = pa.chunked_array(keys, pa.uint64())
        if not len(column):
            return True
        engine.register(self.connection, _KEYS, pa.table({KEY: column}))
        try:
            distinct = exp.select(call("count", exp.Distinct(expressions=[exp.column(KEY)]))).from_(_KEYS)
            return bool(engine.rows(self.connection, distinct)[0][0] == len(column))
        finally:
            engine.unregister(self.connection, _KEYS)

    def _distinct(self, unit: Unit) -> None:
        """Write the distinct statements of branches that match rule for rule."""
        first = unit.branches[0]
        wanted = first.slots
        names = _names(wanted)
        counted = [f"n{place}" for place in range(len(unit.branches))]
        self._create_rows(unit, list(names.values()), counted)
        try:
            self._count_records(unit, counted)
            for rules in self._together(unit, names):
                self._write_distinct(unit, rules, names, counted)
        finally:
            engine.drop(self.connection, "TABLE", _DISTINCT)

    def _create_rows(self, unit: Unit, names: Sequence[str], counted: Sequence[str]) -> None:
        """The table of the distinct rows of slots, with the number of records of each branch."""
        branches = [
            self.scans.rows(branch.source, branch.slots, unnest=True).select(
                *(named(number(int(place == other)), name) for other, name in enumerate(counted)),
                named(exp.Add(this=number(place * _BRANCH), expression=files.row_number()), _ROW),
                copy=False,
            )
            for place, branch in enumerate(unit.branches)
        ]
        rows = exp.union(*branches, distinct=False, copy=False) if len(branches) > 1 else branches[0]
        distinct = _grouped(rows.subquery("rows", copy=False), names, counted)
        engine.execute(self.connection, _table(_DISTINCT, distinct), once=True)

    def _count_records(self, unit: Unit, counted: Sequence[str]) -> None:
        """Say how many records each branch has, when each is a row."""
        sums = [call("sum", exp.column(name)) for name in counted]
        numbers = engine.rows(self.connection, exp.select(*sums).from_(_DISTINCT))[0]
        for branch, total in zip(unit.branches, numbers, strict=True):
            if not any(slots.many(slot) for slot in branch.slots):
                self.tally.records.update(dict.fromkeys(branch.rules, int(total or 0)))

    def _together(self, unit: Unit, names: dict[Slot, str]) -> list[list[int]]:
        """The places of the rules that are written in one go: all, or those that use the same slots."""
        rules = list(unit.branches[0].rules.values())
        subject = [names[slot] for slot in slots.slots(rules[0][:1])]
        if len(rules) > 1:
            columns = [exp.column(name) for name in subject]
            has_subject = exp.and_(*(exp.not_(column.copy().is_(exp.null())) for column in columns))
            counts = exp.select(
                call("count", exp.Star()), call("count", exp.Distinct(expressions=[call("hash", *columns)]))
            )
            found = engine.rows(self.connection, counts.from_(_DISTINCT).where(has_subject))[0]
            if found[0] == found[1]:
                return [list(range(len(rules)))]
        groups: dict[frozenset[Slot], list[int]] = {}
        for place, texts in enumerate(rules):
            groups.setdefault(frozenset(slots.slots(texts)), []).append(place)
        return list(groups.values())

    def _write_distinct(
        self, unit: Unit, places: Sequence[int], names: dict[Slot, str], counted: Sequence[str]
    ) -> None:
        rules = list(unit.branches[0].rules.values())
        chosen = [rules[place] for place in places]
        used = [names[slot] for slot in slots.slots([text for texts in chosen for text in texts])]
        rows: exp.Subquery | exp.Table = exp.to_table(_DISTINCT)
        if len(used) < len(names):
            rows = _grouped(rows, used, counted).subquery("rows", copy=False)
        lines = Lines(chosen, names, frozenset())
        for batch in engine.batches(self.connection, lines.query(rows, others=counted), _BATCH):
            self._write(batch)
            for place, column in zip(places, lines.made, strict=True):
                made = batch.column(column)
                for branch, name in zip(unit.branches, counted, strict=True):
                    self.tally.add(list(branch.rules)[place], _total(pc.multiply(made, batch.column(name))))

    def _write(self, batch: pa.RecordBatch) -> None:
        self.sink.write(joined(batch.column(TEXT)))
        self.tally.lines += _total(batch.column(LINES))
        self.meter.add(len(batch), self.tally.lines)


def _grouped(rows: exp.Subquery | exp.Table, names: Sequence[str], counted: Sequence[str]) -> exp.Select:
    """The distinct values of some columns, with sums, in the order in which they first come."""
    columns = [exp.column(name) for name in names]
    sums = [named(exp.cast(call("sum", exp.column(name)), "BIGINT"), name) for name in counted]
    first = named(call("min", exp.column(_ROW)), _ROW)
    query = exp.select(*columns, *sums, first).from_(rows, copy=False)
    query = query.group_by(*(column.copy() for column in columns), copy=False)
    return query.order_by(exp.column(_ROW), copy=False)


def _table(name: str, query: exp.Select) -> exp.Create:
    properties = exp.Properties(expressions=[exp.TemporaryProperty()])
    return exp.Create(
        this=exp.to_table(name), kind="TABLE", replace=True, expression=query, properties=properties
    )


def _names(wanted: Sequence[Slot]) -> dict[Slot, str]:
    return {slot: f"s{place}" for place, slot in enumerate(wanted)}


def _total(numbers: pa.Array) -> int:
    return int(pc.sum(numbers).as_py() or 0)


def _has_list(texts: Sequence[TermText]) -> bool:
    return any(slots.many(slot) for slot in slots.slots(texts))


def _parts(unit: Unit) -> Iterator[Unit]:
    """The rules with one value, and each rule with several values by itself."""
    if len(unit.branches) > 1:
        yield unit
        return
    branch = unit.branches[0]
    single = {place: texts for place, texts in branch.rules.items() if not _has_list(texts)}
    if single:
        yield Unit((Branch(branch.source, single),), unit.star)
    for place, texts in branch.rules.items():
        if place not in single:
            yield Unit((Branch(branch.source, {place: texts}),), unit.star)
