"""Files with columns: CSV and Parquet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlglot import exp

from nutgraf.mapping.model import Reference
from nutgraf.mapping.sql.natural import NATURAL_TYPES
from nutgraf.mapping.stream.columns import NoSchemaError
from nutgraf.mapping.stream.copies import Copies, TableCopy
from nutgraf.mapping.stream.slots import Form
from nutgraf.mapping.stream.source import Rows
from nutgraf.mapping.stream.values import column_value


@dataclass(frozen=True, slots=True)
class TableSource:
    """A file with columns: its reference → the column and its type."""

    path: Path | None
    scan: exp.Table | exp.Subquery
    columns: Mapping[str, tuple[str, str]]
    copies: Copies

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
        copy = self.copies.tables.setdefault(self.scan, TableCopy())
        copy.readers += 1
        copy.columns |= {self.columns[reference.name][0] for reference in read}

    def value(self, reference: Reference, value: exp.Expression, form: Form) -> exp.Expression:
        """A value by the type of its column."""
        return column_value(value, self.columns[reference.name][1], form)

    def _is_value(self, reference: Reference) -> bool:
        kind = self.columns.get(reference.name, ("", ""))[1]
        return reference.path is None and kind in NATURAL_TYPES and kind != "JSON"
