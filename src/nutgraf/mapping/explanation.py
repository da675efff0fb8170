"""A mapping's plan as text: its sources, its rules, and the SQL of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa

from nutgraf.engine import duckdb as engine
from nutgraf.mapping.folders import Folders
from nutgraf.mapping.model import LogicalSource, RmlMapping
from nutgraf.mapping.plan import Rule, plan
from nutgraf.mapping.relation import Relation
from nutgraf.mapping.sources import Sources
from nutgraf.mapping.sql import statements


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
        relations = sources.relations(rules)
        parts = [*_sources(rules, relations), *_rules(rules, relations, base)]
        return "\n\n".join(parts)
    finally:
        sources.close()


def _sources(rules: Sequence[Rule], relations: Mapping[LogicalSource, Relation]) -> Iterator[str]:
    for source, relation in relations.items():
        readers = [str(rule.number) for rule in rules if rule.logical_source == source]
        columns = [f"--   {column.name}: {column.type} {name}" for name, column in relation.columns.items()]
        head = f"-- source {source.file}, rml:{source.reference_formulation.value}, {source.span}"
        table = f"-- is the table {relation.name}, read by the rules {', '.join(readers)}; its columns:"
        yield "\n".join([head, table, *columns])


def _rules(rules: Sequence[Rule], relations: Mapping[LogicalSource, Relation], base: str) -> Iterator[str]:
    for rule in rules:
        head = f"-- rule {rule.number}: {rule.triples_map}, {rule.logical_source.file}, {rule.span}\n"
        query = statements.insert_rule(rule, relations[rule.logical_source], base)
        yield head + engine.render(query, pretty=True)
