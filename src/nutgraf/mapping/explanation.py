"""A mapping's plan as text: its sources, its rules, and the SQL of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa

from nutgraf.engine import duckdb as engine
from nutgraf.mapping.folders import Folders
from nutgraf.mapping.model import LogicalView, RmlMapping
from nutgraf.mapping.plan import Rule, plan
from nutgraf.mapping.relations import relations
from nutgraf.mapping.sources import Sources
from nutgraf.mapping.sql import statements
from nutgraf.mapping.sql.rules import Relations, rule_query


def explain(
    mapping: RmlMapping,
    *,
    tables: Mapping[str, pa.Table],
    base: str,
    connection: engine.Connection,
    folders: Folders | None = None,
) -> str:
    """The plan of a mapping: each source with its columns, and each rule with its place and its SQL."""
    rules = plan(mapping)
    sources = Sources(connection, tables, folders)
    try:
        found, _ = relations(connection, sources, rules)
        parts = [*_sources(rules, found), *_rules(rules, found, base)]
        return "\n\n".join(parts)
    finally:
        sources.close()


def _sources(rules: Sequence[Rule], found: Relations) -> Iterator[str]:
    for source, relation in found.items():
        readers = [str(rule.number) for rule in rules if source in rule.sources()]
        columns = [f"--   {column.name}: {column.type} {name}" for name, column in relation.columns.items()]
        if isinstance(source, LogicalView):
            head = f"-- view {source.label}, {source.span}"
        else:
            head = f"-- source {source.label}, rml:{source.reference_formulation.value}, {source.span}"
        table = f"-- is the table {relation.name}, read by the rules {', '.join(readers)}; its columns:"
        yield "\n".join([head, table, *columns])


def _rules(rules: Sequence[Rule], found: Relations, base: str) -> Iterator[str]:
    for rule in rules:
        head = f"-- rule {rule.number}: {rule.triples_map}, {rule.logical_source.label}, {rule.span}\n"
        query = statements.insert([rule_query(rule, found, base, lineage=True)])
        yield head + engine.render(query, pretty=True)
