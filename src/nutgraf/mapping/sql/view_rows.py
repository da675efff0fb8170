"""The rows of a logical view, step by step: each field adds columns, and a list of values adds rows.

A field without values keeps the row, with nulls. Every column of a step is a column of the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from sqlglot import exp

from nutgraf.mapping.relation import ORDINAL, RECORD, Column, Relation
from nutgraf.mapping.sql.functions import call, case, equals, named, number
from nutgraf.mapping.sql.view_values import Values

_INDEX: Final = "BIGINT"


class Rows:
    """The rows so far; `index` is the column with the position of the record they are of."""

    def __init__(self, base: Relation) -> None:
        self._made = 0
        self._parents = list(base.parents)
        self.index = self._new(_INDEX)
        position = named(exp.column(ORDINAL), self.index.name)
        self._query = exp.select(exp.Star(), position).from_(base.raw)
        self._indexes = [self.index]

    def add(self, values: Values) -> tuple[Column, Column]:
        """Add a column of values and one of their positions; a list gives a row for each value."""
        column, index = self._new(values.type), self._new(_INDEX)
        if values.many:
            self._query = self._unnested(values, column, index)
        else:
            value = exp.column(column.name)
            position = exp.cast(case((value.is_(exp.null()), exp.null()), otherwise=number(0)), _INDEX)
            added = exp.select(exp.Star(), named(values.expression, column.name)).from_(self._rows())
            self._query = exp.select(exp.Star(), named(position, index.name)).from_(added.subquery("added"))
        self._indexes.append(index)
        return column, index

    def join(
        self,
        parent: Relation,
        keys: Sequence[tuple[exp.Expression, exp.Expression]],
        fields: Sequence[Values],
        *,
        left: bool,
    ) -> tuple[list[Column], Column]:
        """Add columns of another view; a row for each partner.

        Args:
            parent: the other view.
            keys: texts of a row and of a row of the other view that must be the same.
            fields: over a row of the other view.
            left: whether a row without a partner stays.

        Returns:
            The column of each field, and the position of the partner among those of a row.
        """
        columns, index = [self._new(values.type) for values in fields], self._new(_INDEX)
        row, order = self._new(_INDEX).name, self._new(_INDEX).name
        pairs = [(self._new("VARCHAR").name, self._new("VARCHAR").name) for _ in keys]
        records = [self._new("VARCHAR").name for _ in (RECORD, *parent.parents)]
        child = exp.select(
            exp.Star(),
            named(exp.Window(this=exp.RowNumber()), row),
            *(named(key, name) for (key, _), (name, _) in zip(keys, pairs, strict=True)),
        ).from_(self._rows())
        partner = exp.select(
            named(exp.column(ORDINAL), order),
            *(named(key, name) for (_, key), (_, name) in zip(keys, pairs, strict=True)),
            *(named(values.expression, column.name) for values, column in zip(fields, columns, strict=True)),
            *(
                named(exp.column(old), new)
                for old, new in zip((RECORD, *parent.parents), records, strict=True)
            ),
        ).from_(parent.raw)
        counted = exp.Window(
            this=exp.RowNumber(),
            partition_by=[exp.column(row)],
            order=exp.Order(expressions=[exp.column(order)]),
        )
        position = case(
            (exp.column(order).is_(exp.null()), exp.null()),
            otherwise=exp.Sub(this=counted, expression=number(1)),
        )
        self._query = (
            exp.select(exp.Star(), named(position, index.name))
            .from_(child.subquery("child"))
            .join(
                partner.subquery("partner"),
                on=exp.and_(*(equals(exp.column(mine), exp.column(other)) for mine, other in pairs)),
                join_type="left" if left else "inner",
            )
        )
        self._indexes.append(index)
        self._parents += records
        return columns, index

    def finish(self, columns: Mapping[str, Column]) -> tuple[exp.Select, dict[str, Column], tuple[str, ...]]:
        """The query of all rows, its column of each name, and the names of the parents' keys."""
        found = {
            name: Column(f"c{index}", column.type) for index, (name, column) in enumerate(columns.items())
        }
        parents = tuple(f"p{index}" for index in range(len(self._parents)))
        order = [exp.Ordered(this=exp.column(index.name), nulls_first=True) for index in self._indexes]
        counted = exp.Window(this=exp.RowNumber(), order=exp.Order(expressions=order))
        query = exp.select(
            *(named(column.expression(), found[name].name) for name, column in columns.items()),
            exp.column(RECORD),
            named(exp.Sub(this=counted, expression=number(1)), ORDINAL),
            *(named(exp.column(old), new) for old, new in zip(self._parents, parents, strict=True)),
        ).from_(self._rows())
        return query, found, parents

    def _unnested(self, values: Values, column: Column, index: Column) -> exp.Select:
        items = self._new(f"{values.type}[]")
        listed = exp.select(exp.Star(), named(values.expression, items.name)).from_(self._rows())
        value = items.expression()
        count = call("len", value)
        empty = equals(call("coalesce", count, number(0)), number(0))
        nothing = call("list_value", exp.null())
        found = case((empty, exp.cast(nothing, items.type)), otherwise=value)
        positions = case((empty, exp.cast(nothing.copy(), f"{_INDEX}[]")), otherwise=call("range", count))
        return exp.select(
            exp.Star(),
            named(call("unnest", found), column.name),
            named(call("unnest", positions), index.name),
        ).from_(listed.subquery("listed"))

    def _rows(self) -> exp.Subquery:
        return self._query.subquery("rows")

    def _new(self, kind: str) -> Column:
        self._made += 1
        return Column(f"v{self._made}", kind)
