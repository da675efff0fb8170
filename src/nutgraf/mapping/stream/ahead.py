"""Makes the next units ready while one is written: a scan and a writer use a processor each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from queue import SimpleQueue
from threading import RLock
from typing import Final

import pyarrow as pa
from sqlglot import exp

from nutgraf.engine import duckdb as engine
from nutgraf.mapping.sql.functions import call
from nutgraf.mapping.stream import distinct, slots
from nutgraf.mapping.stream.distinct import Texts
from nutgraf.mapping.stream.scan import Scans
from nutgraf.mapping.stream.text import Lines, told_apart
from nutgraf.mapping.stream.units import Branch, Unit

_AHEAD: Final = 2
"""So many units are made ready before their turn; each may hold a table."""
BATCH: Final = 8192
"""Rows that are written at a time."""
_WORKERS: Final = 2
"""So many at a time: one alone seldom uses two processors."""
_PROBE: Final = 8192
"""So many records tell that some share a subject, when many do."""
_TABLE: Final = "stream_rows_"


@dataclass(frozen=True, slots=True)
class Star:
    """A unit that can be written in one scan, unless later records share a subject.

    Attributes:
        lines: the texts of its statements.
        query: a row of text, number of lines and key for each record.
    """

    lines: Lines
    query: exp.Select


@dataclass(frozen=True, slots=True)
class Open:
    """Texts, and their rows, which are read already as far as they fit into a buffer."""

    texts: Texts
    batches: Iterator[pa.RecordBatch]


Ready = Star | list[Open]


class Preparation:
    """Makes units ready, in threads of its own; nobody else uses its connection meanwhile.

    Args:
        connection: of the sources; all connections of its database see the tables that are made.
        scans: the sources.
    """

    def __init__(self, connection: engine.Connection, scans: Scans) -> None:
        self._connection = connection
        self._scans = scans
        self._lock = RLock()
        """For the scans and their connection."""
        self._workers = ThreadPoolExecutor(_WORKERS, "prepare")
        self._cursors = [connection.cursor() for _ in range(_WORKERS)]
        self._free: SimpleQueue[engine.Connection] = SimpleQueue()
        for cursor in self._cursors:
            self._free.put(cursor)
        self._readers: set[engine.Connection] = set()
        self._tables: list[str] = []

    def each(self, units: Sequence[Unit]) -> Iterator[tuple[Unit, Ready]]:
        """The units, in order, made ready."""
        waiting: list[Future[Ready]] = []
        for place, unit in enumerate(units):
            waiting += [
                self._workers.submit(self._ready, each) for each in units[len(waiting) : place + 1 + _AHEAD]
            ]
            yield unit, waiting[place].result()

    def again(self, unit: Unit) -> list[Open]:
        """A star that cannot be written at once, in the other way."""
        return self._workers.submit(self._distinct, unit).result()

    def close(self) -> None:
        """End the threads, whatever they are doing, and leave nothing in the database."""
        self._workers.shutdown(wait=False, cancel_futures=True)
        for connection in (self._connection, *self._cursors, *tuple(self._readers)):
            connection.interrupt()
        self._workers.shutdown()
        for cursor in (*self._cursors, *self._readers):
            with suppress(engine.EngineError):  # one that a query still leaves goes with the database
                cursor.close()
        for table in self._tables:
            engine.drop(self._connection, "TABLE", table)

    def _ready(self, unit: Unit) -> Ready:
        branch = unit.branches[0]
        alone = unit.star and len(unit.branches) == 1 and self._is_file(unit)
        return self._star(branch) if alone and self._seem_to_differ(unit) else self._distinct(unit)

    def _is_file(self, unit: Unit) -> bool:
        return all(self._scans.path(branch.source) is not None for branch in unit.branches)

    @contextmanager
    def _connected(self, unit: Unit) -> Iterator[engine.Connection]:
        """A connection that sees the sources: a database that was read is only in that of the sources."""
        if not self._is_file(unit):
            with self._lock:
                yield self._connection
            return
        cursor = self._free.get()
        try:
            yield cursor
        finally:
            self._free.put(cursor)

    def _seem_to_differ(self, unit: Unit) -> bool:
        """Whether no two of the first records share a subject, or make the same of the only rule."""
        branch = unit.branches[0]
        wanted = told_apart(list(branch.rules.values()))
        values = [exp.column(name) for name in distinct.column_names(wanted).values()]
        with self._lock:
            rows = self._scans.rows(branch.source, wanted, unnest=False).limit(_PROBE, copy=False)
        present = exp.and_(*(exp.not_(value.copy().is_(exp.null())) for value in values), copy=False)
        hashes = exp.Distinct(expressions=[call("hash", *values)])
        query = exp.select(call("count", exp.Star()), call("count", hashes))
        query = query.from_(rows.subquery("rows", copy=False), copy=False).where(present, copy=False)
        with self._connected(unit) as connection:
            (found,) = engine.rows(connection, query)
        return bool(found[0] == found[1])

    def _star(self, branch: Branch) -> Star:
        wanted = branch.slots
        lists = frozenset(slot for slot in wanted if slots.many(slot))
        lines = Lines(list(branch.rules.values()), distinct.column_names(wanted), lists)
        with self._lock:
            scan = self._scans.rows(branch.source, wanted, unnest=False)
        return Star(lines, lines.query(scan.subquery("rows", copy=False), key=True))

    def _distinct(self, unit: Unit) -> list[Open]:
        return [opened for part in distinct.parts(unit) for opened in self._opened(part)]

    def _opened(self, part: Unit) -> Iterator[Open]:
        with self._lock:
            query = distinct.query(self._scans, part)
        if distinct.is_plain(part) and self._is_file(part):
            found = [distinct.at_once(part, query)]
        else:
            with self._lock:
                table = f"{_TABLE}{len(self._tables)}"
                self._tables.append(table)
            with self._connected(part) as connection:
                found = distinct.in_table(connection, part, query, table)
        for texts in found:
            yield Open(texts, self._begun(texts.query))

    def _begun(self, query: exp.Select) -> Iterator[pa.RecordBatch]:
        """The rows of a query, of which the first are there; most work is done before them."""
        cursor = self._connection.cursor()
        self._readers.add(cursor)
        batches = engine.batches(cursor, query, BATCH)
        first = next(batches, None)

        def rest() -> Iterator[pa.RecordBatch]:
            if first is not None:
                yield first
            yield from batches
            self._readers.remove(cursor)
            cursor.close()

        return rest()
