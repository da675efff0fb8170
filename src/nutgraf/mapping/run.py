"""Runs a mapping: plan, sources, SQL, tables."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import pyarrow as pa

from nutgraf.engine import duckdb as engine
from nutgraf.mapping import targets
from nutgraf.mapping.check import iri_problem
from nutgraf.mapping.counts import RuleCount, count
from nutgraf.mapping.folders import Folders
from nutgraf.mapping.model import RmlMapping
from nutgraf.mapping.plan import Rule, plan
from nutgraf.mapping.relations import relations
from nutgraf.mapping.sources import Sources
from nutgraf.mapping.sql import invalid, statements
from nutgraf.mapping.sql.rules import Relations, rule_query
from nutgraf.problems import InputError, Problem, Span, quoted

_MAX_FINDINGS: Final = 100


def run(
    mapping: RmlMapping,
    *,
    tables: Mapping[str, pa.Table],
    base: str,
    connection: engine.Connection,
    lineage: bool = True,
    digested: bool = False,
    folders: Folders | None = None,
    on_step: Callable[[str], None] = lambda _: None,
    on_warning: Callable[[Problem], None] = lambda _: None,
) -> tuple[RuleCount, ...]:
    """Make the tables `statements`, `rules` and, when asked, `lineage` in the connection.

    Where the mapping has targets, the table `deliveries` says which statement goes to which.

    Args:
        mapping: what `load` gave.
        tables: the source `event.json` is the table "event"; a column `record` has the records' keys.
        base: absolute IRI that goes before relative ones.
        connection: what `nutgraf.engine.duckdb.connect` gave.
        lineage: whether to say which record and rule made each statement.
        digested: whether each statement gets its digest, as `nutgraf.engine.statements` says.
        folders: where the files may be that are no table; none is read when absent.
        on_step: told what is being done.
        on_warning: told what is odd in the mapping, and which data a lenient notation skipped.

    Returns:
        What each rule made.

    Raises:
        InputError: MAP103 and MAP114 to MAP120, see docs/errors.md; then no table is made.
    """
    problem = iri_problem(base, "base", Span("base"))
    if problem:
        raise InputError(problem)
    rules = plan(mapping)
    sources = Sources(connection, tables, folders, on_step)
    try:
        found, warnings = generate(rules, sources, base, connection, lineage=lineage, on_step=on_step)
        on_step("removing repetitions")
        engine.execute(connection, statements.create_statements(digested=digested))
        if targets.of_rules(rules):
            engine.execute(connection, targets.create_deliveries(rules))
        if lineage:
            engine.execute(connection, statements.create_lineage())
        for query in statements.create_rules(rules):
            engine.execute(connection, query)
        for problem in (*mapping.warnings, *warnings):
            on_warning(dataclasses.replace(problem, severity="warning"))
        return count(connection, rules, found)
    finally:
        engine.drop(connection, "TABLE", statements.GENERATED)
        sources.close()


def generate(
    rules: Sequence[Rule],
    sources: Sources,
    base: str,
    connection: engine.Connection,
    *,
    lineage: bool,
    identified: bool = True,
    on_step: Callable[[str], None],
) -> tuple[Relations, list[Problem]]:
    """Make the table `generated` of everything that rules make, repetitions among it; and check it.

    Args:
        rules: of a plan.
        sources: of the run.
        base: goes before relative IRIs.
        connection: where the table is made.
        lineage: whether to keep the records of parents.
        identified: whether each statement gets its identifier.
        on_step: told what is being done.

    Returns:
        The relation of each source, and warnings.

    Raises:
        InputError: as of `run`.
    """
    found, warnings = relations(connection, sources, rules)
    engine.execute(connection, statements.create_generated())
    for source, group in itertools.groupby(rules, key=lambda rule: rule.logical_source):
        on_step(f"mapping {source.label}")
        queries = [rule_query(rule, found, base, lineage=lineage) for rule in group]
        engine.execute(connection, statements.insert(queries, identified=identified))
    return found, warnings + _check(connection, rules)


def _check(connection: engine.Connection, rules: Sequence[Rule]) -> list[Problem]:
    """Refuse invalid terms, or remove them where the notation is lenient; and warn of unsafe ones.

    Raises:
        InputError: MAP118 or MAP119.
    """
    strict = invalid.checks([rule for rule in rules if not rule.lenient])
    problems = _find(connection, rules, strict)
    if problems:
        raise InputError(*problems)
    lenient = invalid.checks([rule for rule in rules if rule.lenient])
    warnings = _find(connection, rules, lenient)
    for check in lenient if warnings else []:
        engine.execute(connection, invalid.delete(check))
    return warnings + _find(connection, rules, invalid.unsafe_checks(rules))


def _find(
    connection: engine.Connection, rules: Sequence[Rule], checks: Sequence[invalid.Check]
) -> list[Problem]:
    if not checks:
        return []
    found = engine.rows(connection, invalid.find(checks, _MAX_FINDINGS))
    by_number = {rule.number: rule for rule in rules}
    return [_invalid_value(by_number[row[0]], *row[1:]) for row in found]


def _invalid_value(rule: Rule, position: str, value: str, record: str) -> Problem:
    term_map = dict(rule.term_maps()).get(position, rule.object_map)
    where = f"record {record} of {rule.logical_source.label}"
    if position == "language":
        return Problem(
            "MAP119",
            f"{quoted(value)} is not a language tag",
            term_map.span,
            why=f"{where}: a tag is well-formed by BCP 47, such as en or en-GB",
            fix="correct the value",
        )
    return Problem(
        "MAP118",
        f"the {position} {quoted(value)} is not a valid IRI",
        term_map.span,
        why=f'{where}: an IRI holds no space and none of <>"{{}}|\\^`, and % stands before two hex digits',
        fix="correct the value, or put it into a template, which encodes it",
    )
