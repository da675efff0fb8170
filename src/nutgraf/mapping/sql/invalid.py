"""Finds values of the data that made no valid term.

A constant is checked when it is read, and an encoded value is safe; what is left is checked by pattern.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlglot import exp

from nutgraf.mapping.check import LANGUAGE
from nutgraf.mapping.model import TermType, ValueExpression
from nutgraf.mapping.plan import Rule
from nutgraf.mapping.sql.functions import matches, text
from nutgraf.mapping.sql.statements import GENERATED
from nutgraf.mapping.sql.terms import UNSAFE_IRI, VALID_IRI, may_be_invalid


@dataclass(frozen=True, slots=True)
class Check:
    """A pattern that the terms at one position must match.

    Attributes:
        position: a column of `generated`.
        pattern: RE2.
        rules: the numbers of the rules whose terms may not match it.
    """

    position: str
    pattern: str
    rules: tuple[int, ...]


def checks(rules: Sequence[Rule]) -> list[Check]:
    """What the values of the data can break: terms that nothing encodes, and language tags."""
    found: dict[tuple[str, str], list[int]] = {}
    for rule in rules:
        for position, expression, term_type in _checked(rule):
            if may_be_invalid(expression, term_type):
                pattern = LANGUAGE.pattern if position == "language" else _pattern(term_type)
                found.setdefault((position, pattern), []).append(rule.number)
    return [Check(position, pattern, tuple(numbers)) for (position, pattern), numbers in found.items()]


def unsafe_checks(rules: Sequence[Rule]) -> list[Check]:
    """What an rml:UnsafeIRI may be and an IRI may not."""
    return [
        Check(check.position, VALID_IRI, check.rules)
        for check in checks(rules)
        if check.pattern == UNSAFE_IRI
    ]


def find(checks: Sequence[Check], limit: int) -> exp.Select:
    """The values that do not match: (rule, position, value, first record)."""
    queries = [_mismatches(check) for check in checks]
    made = exp.union(*queries, distinct=False) if len(queries) > 1 else queries[0]
    found = made.subquery("found")
    return exp.select(exp.Star()).from_(found).order_by("rule", "position", "value").limit(limit)


def delete(check: Check) -> exp.Delete:
    """Removes the statements whose terms do not match."""
    return exp.Delete(this=exp.to_table(GENERATED), where=exp.Where(this=exp.and_(*_conditions(check))))


def _pattern(term_type: TermType) -> str:
    return UNSAFE_IRI if term_type is TermType.UNSAFE_IRI else VALID_IRI


def _checked(rule: Rule) -> Iterator[tuple[str, ValueExpression, TermType]]:
    for position, term_map in rule.term_maps():
        if term_map.term_type.is_iri:
            yield position, term_map.expression, term_map.term_type
        if term_map.datatype_map:
            yield "datatype", term_map.datatype_map.expression, TermType.IRI
        if term_map.language_map:
            yield "language", term_map.language_map.expression, TermType.UNSAFE_IRI


def _mismatches(check: Check) -> exp.Select:
    value = exp.column(check.position)
    return (
        exp.select(
            exp.column("rule"),
            text(check.position).as_("position"),
            value.as_("value"),
            exp.func("min", exp.column("record")).as_("record"),
        )
        .from_(GENERATED)
        .where(*_conditions(check))
        .group_by(exp.column("rule"), value.copy())
    )


def _conditions(check: Check) -> list[exp.Expression]:
    value = exp.column(check.position)
    return [exp.column("rule").isin(*check.rules), exp.not_(matches(value, check.pattern))]
