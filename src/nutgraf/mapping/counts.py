"""What each rule of a mapping made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from nutgraf.engine import duckdb as engine
from nutgraf.mapping.model import AbstractLogicalSource
from nutgraf.mapping.plan import Rule
from nutgraf.mapping.relation import Relation
from nutgraf.mapping.sql.statements import GENERATED
from nutgraf.problems import Problem, Span


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
    connection: engine.Connection, rules: Sequence[Rule], relations: Mapping[AbstractLogicalSource, Relation]
) -> tuple[RuleCount, ...]:
    """Count while the table of what was generated is still there."""
    rule, number = exp.column("rule"), exp.func("count", exp.Star())
    made = dict(engine.rows(connection, exp.select(rule, number).from_(GENERATED).group_by(rule.copy())))
    sizes = {
        source: engine.rows(connection, exp.select(number.copy()).from_(relation.name))[0][0]
        for source, relation in relations.items()
    }
    return tuple(RuleCount(rule, sizes[rule.logical_source], made.get(rule.number, 0)) for rule in rules)


def no_statement(made: Sequence[RuleCount]) -> list[Problem]:
    """A warning for each rule that made nothing, and one for a source without records.

    Codes: MAP140.
    """
    found: dict[Span, Problem] = {}
    for count in made:
        if count.statements:
            continue
        source = count.rule.logical_source
        if not count.records:
            message = f'the source "{source.label}" has no record'
            found.setdefault(source.span, Problem("MAP140", message, source.span, severity="warning"))
            continue
        names = dict.fromkeys(reference.name for reference in count.rule.references())
        why = f"no record of {source.label} has a value for {' and '.join(names)}"
        if count.rule.join:
            why = "no pair of records has all values and meets the conditions of the join"
        problem = Problem("MAP140", "the rule made nothing", count.rule.span, why=why, severity="warning")
        found.setdefault(count.rule.span, problem)
    return list(found.values())
