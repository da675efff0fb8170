"""What each rule of a mapping made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from nutgraf.engine import duckdb as engine
from nutgraf.mapping.model import LogicalSource
from nutgraf.mapping.plan import Rule
from nutgraf.mapping.relation import Relation
from nutgraf.mapping.sql.statements import GENERATED


@dataclass(frozen=True, slots=True)
class RuleCount:
    """What one rule made.

    Attributes:
        rule: the rule.
        records: how many records its source has.
        statements: how many statements it made of them, repetitions among them.
    """

    rule: Rule
    records: int
    statements: int


def count(
    connection: engine.Connection, rules: Sequence[Rule], relations: Mapping[LogicalSource, Relation]
) -> tuple[RuleCount, ...]:
    """Count while the table of what was generated is still there."""
    rule, number = exp.column("rule"), exp.func("count", exp.Star())
    made = dict(engine.rows(connection, exp.select(rule, number).from_(GENERATED).group_by(rule.copy())))
    sizes = {
        source: engine.rows(connection, exp.select(number.copy()).from_(relation.name))[0][0]
        for source, relation in relations.items()
    }
    return tuple(RuleCount(rule, sizes[rule.logical_source], made.get(rule.number, 0)) for rule in rules)
