"""A logical source as SQL sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlglot import exp

RECORD: Final = "record"
"""The SQL column that has the record's key as text."""


ORDINAL: Final = "ordinal"
"""The SQL column that has the record's position in its source, from 0."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        name: its name in SQL. SQL's names ignore case and a mapping's do not, so it is a made-up one.
        type: DuckDB's type of the raw value without parameters: VARCHAR, BIGINT, JSON, ...
        many: whether it has a list of values, of that type, for each record.
    """

    name: str
    type: str
    many: bool = False

    @property
    def datatype_name(self) -> str:
        """The name of the column that has the datatypes of JSON values."""
        return f"{self.name}_datatype"

    def expression(self) -> exp.Column:
        """The column in SQL."""
        return exp.column(self.name, quoted=True)


@dataclass(frozen=True, slots=True)
class Relation:
    """A table or view with a row for each record; every value is text in its canonical form.

    Attributes:
        name: its name in SQL.
        raw: the name of the relation with the values as they were read.
        columns: reference → column.
        names: all that a reference may name, in order; empty when that is not known.
        parents: the columns with the keys of the records that a view joined to the record.
    """

    name: str
    raw: str
    columns: Mapping[str, Column]
    names: tuple[str, ...]
    parents: tuple[str, ...] = ()
