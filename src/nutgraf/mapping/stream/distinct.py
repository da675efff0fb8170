"""The distinct rows of the slots of a unit, and the texts of its rules over them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlglot import exp

from nutgraf.engine import duckdb as engine
from nutgraf.mapping import files
from nutgraf.mapping.sql.functions import call, named, number
from nutgraf.mapping.stream import slots
from nutgraf.mapping.stream.scan import Scans
from nutgraf.mapping.stream.slots import Slot, TermText
from nutgraf.mapping.stream.text import Lines
from nutgraf.mapping.stream.units import Branch, Unit

_ROW: Final = "row"
_BRANCH: Final = 1 << 40
"""What the numbers of the rows of one branch and the next differ by."""


@dataclass(frozen=True, slots=True)
class Texts:
    """What some rules of a unit make of its distinct rows.

    Attributes:
        unit: whose branches match rule for rule.
        places: the places of the rules in each branch.
        counted: for each branch the column with the number of its records that are the row.
        lines: the texts, and the columns that count them.
        query: gives them, in the order in which the rows first come.
    """

    unit: Unit
    places: list[int]
    counted: list[str]
    lines: Lines
    query: exp.Select


def query(scans: Scans, unit: Unit) -> exp.Select:
    """The distinct rows of a unit: a column for each slot, the records of each branch, the order."""
    counted = _counted(unit)
    branches = [
        scans.rows(branch.source, branch.slots, unnest=True).select(
            *(named(number(int(place == other)), name) for other, name in enumerate(counted)),
            named(exp.Add(this=number(place * _BRANCH), expression=files.row_number()), _ROW),
            copy=False,
        )
        for place, branch in enumerate(unit.branches)
    ]
    rows = exp.union(*branches, distinct=False, copy=False) if len(branches) > 1 else branches[0]
    names = column_names(unit.branches[0].slots)
    return _grouped(rows.subquery("rows", copy=False), list(names.values()), counted)


def is_plain(unit: Unit) -> bool:
    """Whether all rules use the same slots, so that they can be written in one go whatever the rows are."""
    rules = unit.branches[0].rules.values()
    return len({frozenset(slots.slots(texts)) for texts in rules}) == 1


def at_once(unit: Unit, query: exp.Select) -> Texts:
    """The texts of a plain unit.

    Args:
        unit: whose.
        query: what `query` gave for it; it is not used again.
    """
    return _texts(unit, list(range(len(unit.branches[0].rules))), query.subquery("rows", copy=False))


def in_table(connection: engine.Connection, unit: Unit, query: exp.Select, table: str) -> list[Texts]:
    """The texts of a unit of which it takes a look at the rows to know what can be written in one go.

    Args:
        connection: where the table of the rows is made.
        unit: whose.
        query: what `query` gave for it; it is not used again.
        table: its name.
    """
    kept = exp.Create(this=exp.to_table(table), kind="TABLE", replace=True, expression=query)
    engine.execute(connection, kept, once=True)
    names, counted = column_names(unit.branches[0].slots), _counted(unit)
    rules = list(unit.branches[0].rules.values())
    found = []
    for places in _together(connection, unit, table, names):
        used = [names[slot] for slot in slots.slots([text for place in places for text in rules[place]])]
        rows: exp.Subquery | exp.Table = exp.to_table(table)
        if len(used) < len(names):
            rows = _grouped(rows, used, counted).subquery("rows", copy=False)
        found.append(_texts(unit, places, rows))
    return found


def _texts(unit: Unit, places: list[int], rows: exp.Subquery | exp.Table) -> Texts:
    rules = list(unit.branches[0].rules.values())
    names, counted = column_names(unit.branches[0].slots), _counted(unit)
    lines = Lines([rules[place] for place in places], names, frozenset())
    return Texts(unit, places, counted, lines, lines.query(rows, times=counted))


def _counted(unit: Unit) -> list[str]:
    return [f"n{place}" for place in range(len(unit.branches))]


def parts(unit: Unit) -> Iterator[Unit]:
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


def column_names(wanted: Sequence[Slot]) -> dict[Slot, str]:
    """Slot → the column of `Scans.rows`."""
    return {slot: f"s{place}" for place, slot in enumerate(wanted)}


def _together(
    connection: engine.Connection, unit: Unit, table: str, names: dict[Slot, str]
) -> list[list[int]]:
    """The places of the rules that are written in one go: all, or those that use the same slots."""
    rules = list(unit.branches[0].rules.values())
    if len(rules) > 1:
        columns = [exp.column(names[slot]) for slot in slots.slots(rules[0][:1])]
        has_subject = exp.and_(*(exp.not_(column.copy().is_(exp.null())) for column in columns))
        counts = exp.select(
            call("count", exp.Star()), call("count", exp.Distinct(expressions=[call("hash", *columns)]))
        )
        found = engine.rows(connection, counts.from_(table).where(has_subject))[0]
        if found[0] == found[1]:
            return [list(range(len(rules)))]
    groups: dict[frozenset[Slot], list[int]] = {}
    for place, texts in enumerate(rules):
        groups.setdefault(frozenset(slots.slots(texts)), []).append(place)
    return list(groups.values())


def _grouped(rows: exp.Subquery | exp.Table, names: Sequence[str], counted: Sequence[str]) -> exp.Select:
    """The distinct values of some columns, with sums, in the order in which they first come."""
    columns = [exp.column(name) for name in names]
    sums = [named(exp.cast(call("sum", exp.column(name)), "BIGINT"), name) for name in counted]
    first = named(call("min", exp.column(_ROW)), _ROW)
    query = exp.select(*columns, *sums, first).from_(rows, copy=False)
    query = query.group_by(*(column.copy() for column in columns), copy=False)
    return query.order_by(exp.column(_ROW), copy=False)


def _has_list(texts: Sequence[TermText]) -> bool:
    return any(slots.many(slot) for slot in slots.slots(texts))
