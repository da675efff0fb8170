"""Runs a mapping: plan, sources, SQL, tables."""

from __future__ import annotations

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
from nutgraf.mapping.sources import Sources
from nutgraf.mapping.sql import statements
from nutgraf.problems import InputError, Problem, Span

_MAX_FINDINGS: Final = 100


def run(
    mapping: RmlMapping,
    *,
    tables: Mapping[str, pa.Table],
    base: str,
    connection: engine.Connection,
    lineage: bool = True,
    folders: Folders | None = None,
    on_step: Callable[[str], None] = lambda _: None,
) -> tuple[RuleCount, ...]:
    """Make the tables `statements`, `rules` and, when asked, `lineage` in the connection.

    Where the mapping has targets, the table `deliveries` says which statement goes to which.

    Args:
        mapping: what `load` gave.
        tables: the source `event.json` is the table "event"; a column `record` has the records' keys.
        base: absolute IRI that goes before relative ones.
        connection: what `nutgraf.engine.duckdb.connect` gave.
        lineage: whether to say which record and rule made each statement.
        folders: where the files may be that are no table; none is read when absent.
        on_step: told what is being done.

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
        relations = sources.relations(rules)
        engine.execute(connection, statements.create_generated())
        for rule in rules:
            on_step(f"rule {rule.number + 1} of {len(rules)}")
            engine.execute(connection, statements.insert_rule(rule, relations[rule.logical_source], base))
        problems = _invalid_values(connection, rules)
        if problems:
            raise InputError(*problems)
        on_step("removing repetitions")
        engine.execute(connection, statements.create_statements())
        if targets.of_rules(rules):
            engine.execute(connection, targets.create_deliveries(rules))
        if lineage:
            engine.execute(connection, statements.create_lineage())
        for query in statements.create_rules(rules):
            engine.execute(connection, query)
        return count(connection, rules, relations)
    finally:
        engine.drop(connection, "TABLE", statements.GENERATED)
        sources.close()


def _invalid_values(connection: engine.Connection, rules: Sequence[Rule]) -> list[Problem]:
    query = statements.find_invalid(rules, _MAX_FINDINGS)
    if query is None:
        return []
    return [_invalid_value(rules[row[0]], *row[1:]) for row in engine.rows(connection, query)]


def _invalid_value(rule: Rule, position: str, value: str, record: str) -> Problem:
    term_map = dict(rule.term_maps()).get(position, rule.object_map)
    where = f"record {record} of {rule.logical_source.file}"
    if position == "language":
        return Problem(
            "MAP119",
            f'"{value}" is not a language tag',
            term_map.span,
            why=f"{where}: a tag is well-formed by BCP 47, such as en or en-GB",
            fix="correct the value",
        )
    return Problem(
        "MAP118",
        f'the {position} "{value}" is not a valid IRI',
        term_map.span,
        why=f'{where}: an IRI holds no space and none of <>"{{}}|\\^`, and % stands before two hex digits',
        fix="correct the value, or put it into a template, which encodes it",
    )
