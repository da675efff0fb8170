"""The relations of all sources and views that rules read."""

from __future__ import annotations

from collections.abc import Sequence

from nutgraf.engine import duckdb as engine
from nutgraf.mapping import columns
from nutgraf.mapping.model import AbstractLogicalSource, LogicalView
from nutgraf.mapping.plan import Rule
from nutgraf.mapping.relation import Relation
from nutgraf.mapping.sources import Sources
from nutgraf.mapping.views import Views
from nutgraf.problems import InputError, Problem


def relations(
    connection: engine.Connection, sources: Sources, rules: Sequence[Rule]
) -> tuple[dict[AbstractLogicalSource, Relation], list[Problem]]:
    """The relation of each logical source that the rules read, and warnings.

    Raises:
        InputError: MAP103 a reference names no column, MAP120 a column that is no RDF value, and what
            `Sources.relation` raises.
    """
    problems: list[Problem] = []
    found: dict[AbstractLogicalSource, Relation] = {}
    views = Views(sources)
    wanted = columns.wanted(rules)
    for source, references in wanted.items():
        try:
            if isinstance(source, LogicalView):
                found[source] = views.relation(source, references)
            else:
                found[source] = sources.relation(source, references)
        except InputError as error:
            problems += error.problems
    mistakes, warnings = columns.missing(rules, found)
    problems += mistakes
    if not problems:
        for source, relation in found.items():
            problems += columns.nested(connection, relation, wanted[source])
    if problems:
        raise InputError(*problems)
    return found, warnings
