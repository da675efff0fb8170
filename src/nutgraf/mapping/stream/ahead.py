"""Makes the next units ready while one is written: a scan and a writer use a processor each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from sqlglot import exp

from nutgraf.engine import duckdb as engine
from nutgraf.mapping.sql.functions import call
from nutgraf.mapping.stream import distinct, slots
from nutgraf.mapping.stream.distinct import DistinctRows
from nutgraf.mapping.stream.scan import Scans
from nutgraf.mapping.stream.text import Lines, told_apart
from nutgraf.mapping.stream.units import Branch, Unit

_AHEAD: Final = 2
"""So many units are made ready before their turn; each may hold a table."""
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


Ready = Star | list[DistinctRows]


class Preparation:
    """Makes units ready, in a thread of its own; nobody else uses its connection meanwhile.

    Args:
        connection: where tables are made; other connections of the database see them.
        scans: the sources.
    """

    def __init__(self, connection: engine.Connection, scans: Scans) -> None:
        self._connection = connection
        self._scans = scans
        self._worker = ThreadPoolExecutor(1, "prepare")
        self._tables = 0

    def each(self, units: Sequence[Unit]) -> Iterator[tuple[Unit, Ready]]:
        """The units, in order, made ready."""
        waiting: list[Future[Ready]] = []
        for place, unit in enumerate(units):
            waiting += [
                self._worker.submit(self._ready, each) for each in units[len(waiting) : place + 1 + _AHEAD]
            ]
            yield unit, waiting[place].result()

    def again(self, unit: Unit) -> list[DistinctRows]:
        """A star that cannot be written at once, in the other way."""
        return self._worker.submit(self._distinct, unit).result()

    def close(self) -> None:
        """End the thread, whatever it is doing, and leave nothing in the database."""
        self._worker.shutdown(wait=False, cancel_futures=True)
        self._connection.interrupt()
        self._worker.shutdown()
        for number in range(1, self._tables + 1):
            engine.drop(self._connection, "TABLE", f"{_TABLE}{number}")

    def _ready(self, unit: Unit) -> Ready:
        branch = unit.branches[0]
        alone = unit.star and len(unit.branches) == 1 and self._scans.path(branch.source) is not None
        return self._star(branch) if alone and self._seem_to_differ(branch) else self._distinct(unit)

    def _seem_to_differ(self, branch: Branch) -> bool:
        """Whether no two of the first records share a subject, or make the same of the only rule."""
        wanted = told_apart(list(branch.rules.values()))
        values = [exp.column(name) for name in distinct.column_names(wanted).values()]
        rows = self._scans.rows(branch.source, wanted, unnest=False).limit(_PROBE, copy=False)
        present = exp.and_(*(exp.not_(value.copy().is_(exp.null())) for value in values), copy=False)
        hashes = exp.Distinct(expressions=[call("hash", *values)])
        query = exp.select(call("count", exp.Star()), call("count", hashes))
        query = query.from_(rows.subquery("rows", copy=False), copy=False).where(present, copy=False)
        (found,) = engine.rows(self._connection, query)
        return bool(found[0] == found[1])

    def _star(self, branch: Branch) -> Star:
        wanted = branch.slots
        lists = frozenset(slot for slot in wanted if slots.many(slot))
        lines = Lines(list(branch.rules.values()), distinct.column_names(wanted), lists)
        scan = self._scans.rows(branch.source, wanted, unnest=False)
        return Star(lines, lines.query(scan.subquery("rows", copy=False), key=True))

    def _distinct(self, unit: Unit) -> list[DistinctRows]:
        made = []
        for part in distinct.parts(unit):
            self._tables += 1
            made.append(distinct.create(self._connection, self._scans, part, f"{_TABLE}{self._tables}"))
        return made
