"""Copies of what several units read of a file, so that it is read once for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlglot import exp

from nutgraf.engine import duckdb as engine
from nutgraf.mapping.sources import Sources
from nutgraf.mapping.stream.columns import Node

_SHARED: Final = 2
"""So many units that read the same file make a copy worth while."""


@dataclass
class Copy:
    """What several units read of a file, so that it is read once for them.

    Attributes:
        readers: how many there are.
        table: the table of it, once it is made.
    """

    readers: int = 0
    table: str | None = None


@dataclass
class JsonCopy(Copy):
    """Members of the records of a JSON file."""

    schema: Node = field(default_factory=Node)
    differ: bool = False
    """Whether units read a member in different ways, so that there is no copy."""


@dataclass
class TableCopy(Copy):
    """Columns of a CSV file."""

    columns: set[str] = field(default_factory=set)


class Copies:
    """The copies of the files of one run; a file has one when two units or more read the same of it."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self.json: dict[tuple[Path, str], JsonCopy] = {}
        self.tables: dict[exp.Expression, TableCopy] = {}

    def of_json(self, key: tuple[Path, str], schema: Node) -> exp.Table | None:
        """The copy that has what a schema reads."""
        copy = self.json.get(key)
        if copy is None or copy.differ or copy.readers < _SHARED or not copy.schema.covers(schema):
            return None
        if copy.table is None:
            columns = copy.schema.columns()
            scan = engine.read_json_columns(key[0], columns, layout=key[1])
            query = exp.select(*(exp.column(name, quoted=True) for name in columns)).from_(scan)
            copy.table = self._sources.create(query, "TABLE", shared=True)
        return exp.to_table(copy.table)

    def of_table(self, scan: exp.Expression, columns: set[str]) -> exp.Table | None:
        """The copy that has some columns."""
        copy = self.tables.get(scan)
        if copy is None or copy.readers < _SHARED or not columns <= copy.columns:
            return None
        if copy.table is None:
            shown = (exp.column(name, quoted=True) for name in sorted(copy.columns))
            copy.table = self._sources.create(exp.select(*shown).from_(scan.copy()), "TABLE", shared=True)
        return exp.to_table(copy.table)
