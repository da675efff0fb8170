"""Flatten checked fact sheets and registers into the tables that mappings read."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

import pyarrow as pa

from nutgraf.factsheet import tables
from nutgraf.factsheet.check import Facts
from nutgraf.factsheet.rows import Place, Row, Rows, Tables
from nutgraf.factsheet.sheet import Register
from nutgraf.factsheet.sheet_rows import SheetRows

REGISTER_GRAPH: Final = "graph/register"


def flatten(facts: Facts) -> dict[str, pa.Table]:
    """Make the tables of a workspace.

    Args:
        facts: sheets and registers without errors.

    Returns:
        Table name → Arrow table, those of `tables.SCHEMAS` and of `tables.LINEAGE`. Rows come in the
        order of the files' names, then of the files' own lines.
    """
    rows: Tables = defaultdict(list)
    for register in facts.registers:
        _add_register(register, rows)
    for sheet in facts.sheets:
        SheetRows(sheet, facts.index, rows).add_all()
    return tables.arrow(rows)


def _add_register(register: Register, tables: Tables) -> None:
    rows = Rows(register.document, tables, "register", REGISTER_GRAPH)
    for number, entry in register.records("entities"):
        place = Place(("entities", number))
        rows.add_entity(entry, _node(entry["id"]), place, "und")
        _add_formers(rows, entry, place)
    # The names of events and offices are facts of the articles that name them.
    for block in ("events", "offices"):
        for number, entry in register.records(block):
            _add_formers(rows, entry, Place((block, number)))


def _add_formers(rows: Rows, entry: Row, place: Place) -> None:
    for number, key in enumerate(entry.get("formerly", ())):
        rows.add("former", _node(key), place.below("formerly", number), replaced_by=_node(entry["id"]))


def _node(key: Any) -> str:
    return f"id/{key}"
