"""Which columns rules read, and what is wrong with them: columns that are not there, and nested values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sqlglot import exp

from nutgraf.engine import duckdb as engine
from nutgraf.mapping.json_path import Member
from nutgraf.mapping.model import AbstractLogicalSource, LogicalView, Reference
from nutgraf.mapping.plan import Rule
from nutgraf.mapping.relation import RECORD, Column, Relation
from nutgraf.mapping.sql.functions import call, named, text
from nutgraf.mapping.sql.natural import NATURAL_TYPES
from nutgraf.problems import Problem, closest

_NESTED: Final = ("ARRAY", "OBJECT")


def wanted(rules: Sequence[Rule]) -> dict[AbstractLogicalSource, dict[str, Reference]]:
    """The references of each logical source, by name."""
    found: dict[AbstractLogicalSource, dict[str, Reference]] = {}
    for rule in rules:
        for source in rule.sources():
            found.setdefault(source, {})
        for source, reference in rule.reads():
            found[source].setdefault(reference.name, reference)
    return {source: dict(sorted(references.items())) for source, references in found.items()}


def missing(
    rules: Sequence[Rule], relations: Mapping[AbstractLogicalSource, Relation]
) -> tuple[list[Problem], list[Problem]]:
    """The references that name no column: mistakes, and warnings where the notation is lenient."""
    mistakes: list[Problem] = []
    warnings: list[Problem] = []
    for rule in rules:
        for source, reference in rule.reads():
            relation = relations.get(source)
            problem = missing_column(source, reference, relation.names) if relation else None
            if problem:
                (warnings if rule.lenient else mistakes).append(problem)
    return mistakes, warnings


def missing_column(
    source: AbstractLogicalSource, reference: Reference, names: Sequence[str]
) -> Problem | None:
    """The problem of a reference to a column that is not there; None also when no name is known."""
    name = _first_name(reference)
    if not names or name is None or name in names:
        return None
    what = "field" if isinstance(source, LogicalView) else "column"
    return Problem(
        "MAP103",
        f'no {what} "{name}" in {source.label}',
        reference.span,
        why=f"the {what}s are {', '.join(names)}",
        fix=closest(name, names),
    )


def nested(
    connection: engine.Connection, relation: Relation, references: Mapping[str, Reference]
) -> Iterator[Problem]:
    """The references with a column, or a value in some record, that is an array or an object."""
    for name, reference in references.items():
        column = relation.columns.get(name)
        if column is None:
            continue
        if column.type not in NATURAL_TYPES:
            yield _no_value(name, f"its type is {column.type}", reference)
        elif column.type == "JSON":
            for row in engine.rows(connection, _find_nested(relation, column)):
                yield _no_value(name, f"it is {row[0].lower()} in record {row[1]}", reference)


def _first_name(reference: Reference) -> str | None:
    if reference.path is None:
        return reference.name
    first = reference.path.segments[0] if reference.path.segments else None
    return first.name if isinstance(first, Member) else None


def _find_nested(relation: Relation, column: Column) -> exp.Select:
    """The first record with an array or an object, and which of them it is."""
    value = column.expression()
    values = call("unnest", value) if column.many else value
    rows = exp.select(named(values, "value"), exp.column(RECORD)).from_(relation.raw).subquery("rows")
    kind = call("json_type", exp.column("value"))
    return (
        exp.select(kind, exp.column(RECORD))
        .from_(rows)
        .where(kind.copy().isin(*(text(nested) for nested in _NESTED)))
        .order_by(exp.column(RECORD))
        .limit(1)
    )


def _no_value(name: str, why: str, reference: Reference) -> Problem:
    message = f'the column "{name}" holds no single value'
    return Problem("MAP120", message, reference.span, why=why, fix=f"write {name}[*] for each item of a list")
