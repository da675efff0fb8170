"""Which statements go to which target of a mapping.

A statement goes to every target that a term map which made a part of it names; one with none goes to the
default target, which is what the caller writes.

Source: RML-IO, https://w3id.org/rml/io/spec
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from sqlglot import exp

from nutgraf.mapping.access import LogicalTarget, extension
from nutgraf.mapping.plan import Rule
from nutgraf.mapping.sql.functions import number
from nutgraf.mapping.sql.statements import GENERATED

DEFAULT: Final = -1
"""The number of the default target in the table `deliveries`."""

EXTENSIONS: Final = frozenset(
    {".jsonld", ".n3", ".nq", ".nt", ".owl", ".rdf", ".rdfxml", ".trig", ".ttl", ".xml"}
)
"""How a file ends that a mapping may write: it is somebody's text otherwise."""


def is_output(name: str) -> bool:
    """Whether a mapping may write a file of that name."""
    return extension(name) in EXTENSIONS


def of_rule(rule: Rule) -> tuple[LogicalTarget, ...]:
    """The targets that a rule's statements go to; none is the default target."""
    return tuple(dict.fromkeys(target for _, term_map in rule.term_maps() for target in term_map.targets))


def of_rules(rules: Sequence[Rule]) -> tuple[LogicalTarget, ...]:
    """The targets of a mapping, in its order; `deliveries` names them by their place here."""
    return tuple(dict.fromkeys(target for rule in rules for target in of_rule(rule)))


def create_deliveries(rules: Sequence[Rule]) -> exp.Create:
    """The table (target, statement, graph)."""
    numbers = {target: place for place, target in enumerate(of_rules(rules))}
    senders: dict[int, list[int]] = {}
    for rule in rules:
        for place in [numbers[target] for target in of_rule(rule)] or [DEFAULT]:
            senders.setdefault(place, []).append(rule.number)
    queries = [
        exp.select(number(place).as_("target"), exp.column("id").as_("statement"), exp.column("graph"))
        .distinct()
        .from_(GENERATED)
        .where(exp.column("rule").isin(*rule_numbers))
        for place, rule_numbers in senders.items()
    ]
    query = exp.union(*queries, distinct=False) if len(queries) > 1 else queries[0]
    return exp.Create(this=exp.to_table("deliveries"), kind="TABLE", replace=True, expression=query)
