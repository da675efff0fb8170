"""Writes a unit by the cheapest way that makes no statement twice.

1. A star over one source whose records have subjects of their own: one scan, no repetition is looked for.
   That the subjects differ is checked on the way; where they do not, what was written is taken back.
2. The distinct rows of slots. Where each has a subject of its own, all rules are written in one go.
3. For rules that use the same slots, their distinct values.

Repetitions are removed from slots, never from lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

import pyarrow as pa
import pyarrow.compute as pc
from sqlglot import exp

from nutgraf.engine import duckdb as engine
from nutgraf.engine.texts import joined
from nutgraf.mapping.sql.functions import call
from nutgraf.mapping.stream import slots
from nutgraf.mapping.stream.ahead import BATCH, Open, Preparation, Ready, Star
from nutgraf.mapping.stream.progress import Meter
from nutgraf.mapping.stream.text import KEY, LINES, TEXT, product
from nutgraf.mapping.stream.units import Branch, Unit

_KEYS: Final = "stream_keys"
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
    """Writes the units of a run.

    Attributes:
        connection: where texts are read; not the one that tables are made in.
        preparation: makes the units ready.
        meter: told how far it is.
    """

    connection: engine.Connection
    preparation: Preparation
    sink: Sink
    tally: Tally
    meter: Meter

    def write(self, unit: Unit, ready: Ready) -> None:
        """Write the statements of a unit."""
        if isinstance(ready, Star):
            if self._at_once(unit.branches[0], ready):
                return
            ready = self.preparation.again(unit)
        for opened in ready:
            self._distinct(opened)

    def _at_once(self, branch: Branch, star: Star) -> bool:
        """Write a star in one scan; False, and nothing written, when records share a subject."""
        mark, before = self.sink.mark(), self.tally.lines
        counts, keys, rows = dict.fromkeys(branch.rules, 0), [_NO_KEYS], 0
        for batch in engine.batches(self.connection, star.query, BATCH):
            # A copy: a column that came from the engine keeps its whole batch in memory.
            keys.append(pa.concat_arrays([batch.column(KEY).drop_null(), _NO_KEYS]))
            rows += len(batch)
            self._write(batch)
            for rule, column in zip(branch.rules, star.lines.made, strict=True):
                counts[rule] += _total(batch.column(column))
        if not self._differ(keys):
            self.sink.rewind(mark)
            self.tally.lines = before
            return False
        for rule, made in counts.items():
            self.tally.add(rule, made)
            self.tally.records[rule] = rows
        return True

    def _differ(self, keys: Sequence[pa.Array]) -> bool:
        """Whether no two hashes are the same; two texts with one hash only cost time."""
        column = pa.chunked_array(keys, pa.uint64())
        engine.register(self.connection, _KEYS, pa.table({KEY: column}))
        try:
            distinct = exp.select(call("count", exp.Distinct(expressions=[exp.column(KEY)]))).from_(_KEYS)
            return bool(engine.rows(self.connection, distinct)[0][0] == len(column))
        finally:
            engine.unregister(self.connection, _KEYS)

    def _distinct(self, opened: Open) -> None:
        """Write the statements of distinct rows."""
        texts = opened.texts
        branches = texts.unit.branches
        records = [0] * len(branches)
        for batch in opened.batches:
            self._write(batch)
            for number, (branch, name) in enumerate(zip(branches, texts.counted, strict=True)):
                records[number] += _total(batch.column(name))
                rules = list(branch.rules)
                for place, made in zip(texts.places, texts.lines.made, strict=True):
                    self.tally.add(rules[place], _total(batch.column(product(made, name))))
        if not any(slots.many(slot) for branch in branches for slot in branch.slots):
            for branch, total in zip(branches, records, strict=True):
                self.tally.records.update(dict.fromkeys(branch.rules, total))

    def _write(self, batch: pa.RecordBatch) -> None:
        self.sink.write(joined(batch.column(TEXT)))
        self.tally.lines += _total(batch.column(LINES))
        self.meter.add(len(batch), self.tally.lines)


def _total(numbers: pa.Array) -> int:
    return int(pc.sum(numbers).as_py() or 0)
