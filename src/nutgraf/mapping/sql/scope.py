"""The records that a rule reads as SQL sees them: one row for each combination of the values it uses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from nutgraf.mapping.model import Reference
from nutgraf.mapping.relation import ORDINAL, RECORD, Relation
from nutgraf.mapping.sql.functions import call, named, text
from nutgraf.mapping.sql.natural import NATURAL_TYPES

_VALUE = "value"
_DATATYPE = "datatype"


@dataclass(frozen=True, slots=True)
class Bound:
    """One use of a reference.

    Attributes:
        value: its text.
        datatype: the IRI of its natural datatype.
    """

    value: exp.Expression
    datatype: exp.Expression


class Scope:
    """A relation under a name. Every use of a reference to many values multiplies the rows.

    Source: RML-Core, the n-ary Cartesian product of the values of an expression,
    https://w3id.org/rml/core/spec#expression-map
    """

    def __init__(self, relation: Relation, name: str) -> None:
        self._relation = relation
        self._name = name
        self._singles: dict[str, exp.Expression] = {}
        self._unnested: list[exp.Lateral] = []
        self._required: list[exp.Expression] = []
        self._missing = False

    def bind(self, reference: Reference) -> Bound:
        """The value of one use of a reference; a row without it is none."""
        column = self._relation.columns.get(reference.name)
        if column is None:  # only where mistakes are tolerated: a column that is not there has no value
            self._missing = True
            return Bound(exp.null(), exp.null())
        if column.many:
            alias = self._unnest(column.name, column.datatype_name)
            return Bound(exp.column(_VALUE, table=alias), exp.column(_DATATYPE, table=alias))
        value = self._column(column.name)
        self._singles[column.name] = value
        if column.type == "JSON":
            return Bound(value, self._column(column.datatype_name))
        return Bound(value, text(NATURAL_TYPES[column.type]))

    @property
    def record(self) -> exp.Expression:
        """The key of the record."""
        return self._column(RECORD)

    @property
    def ordinal(self) -> exp.Expression:
        """The position of the record in its source."""
        return self._column(ORDINAL)

    @property
    def parents(self) -> list[exp.Expression]:
        """The keys of the records that a view joined to this one."""
        return [self._column(name) for name in self._relation.parents]

    def require(self, value: exp.Expression) -> None:
        """A row in which this gives nothing is none."""
        self._required.append(value.copy())

    def conditions(self) -> Iterator[exp.Expression]:
        """That every reference has a value, and every function gives one."""
        if self._missing:
            yield exp.false()
        for _, value in sorted(self._singles.items()):
            yield exp.not_(value.copy().is_(exp.null()))
        for value in self._required:
            yield exp.not_(value.copy().is_(exp.null()))

    def tables(self) -> list[exp.Expression]:
        """The relation, and what its lists become."""
        relation = exp.Table(
            this=exp.to_identifier(self._relation.name),
            alias=exp.TableAlias(this=exp.to_identifier(self._name)),
        )
        return [relation, *self._unnested]

    def _column(self, name: str) -> exp.Column:
        return exp.column(name, table=self._name, quoted=True)

    def _unnest(self, values: str, datatypes: str) -> str:
        alias = f"{self._name}_{len(self._unnested)}"
        rows = exp.select(
            named(call("unnest", self._column(values)), _VALUE),
            named(call("unnest", self._column(datatypes)), _DATATYPE),
        )
        self._unnested.append(
            exp.Lateral(this=rows.subquery(), alias=exp.TableAlias(this=exp.to_identifier(alias)))
        )
        return alias
