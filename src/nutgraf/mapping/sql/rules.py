"""Rules as SQL: a query for each, with a row for each statement it makes."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from nutgraf.mapping.model import AbstractLogicalSource, FunctionCall
from nutgraf.mapping.plan import Join, Rule
from nutgraf.mapping.relation import Relation
from nutgraf.mapping.sql.function import TRUE
from nutgraf.mapping.sql.functions import call, equals, named, number, text
from nutgraf.mapping.sql.scope import Scope
from nutgraf.mapping.sql.terms import Term, compile_term, compile_text

Relations = Mapping[AbstractLogicalSource, Relation]
"""The relation of each logical source."""


def rule_query(rule: Rule, relations: Relations, base: str, *, lineage: bool) -> exp.Select:
    """What a rule makes: the columns of `generated` but for the identifier.

    Args:
        rule: what to make.
        relations: has the sources of the rule.
        base: the caller's base IRI, for a rule without its own.
        lineage: whether to keep the parents' keys.
    """
    child = Scope(relations[rule.logical_source], "child")
    parent = Scope(relations[rule.join.logical_source], "parent") if rule.join else child
    subject = compile_term(rule.subject_map, child, rule.base_iri or base)
    predicate = compile_term(rule.predicate_map, child, rule.base_iri or base)
    made = compile_term(rule.object_map, parent, rule.object_base_iri or base)
    graph = compile_term(rule.graph_map, child, rule.base_iri or base) if rule.graph_map else None
    conditions = _join_conditions(rule.join, child, parent) if rule.join else []
    conditions += [_holds(condition, child) for condition in rule.conditions]
    conditions += [_holds(condition, parent) for condition in rule.parent_conditions]
    scopes = [child, parent] if rule.join else [child]
    query = exp.select(
        number(rule.number).as_("rule"),
        named(child.record, "record"),
        named(_parents(rule, child, parent) if lineage else _no_list(), "parents"),
        named(subject.value, "subject"),
        named(text(subject.kind), "subject_kind"),
        named(predicate.value, "predicate"),
        named(made.value, "object"),
        named(text(made.kind), "object_kind"),
        named(made.datatype, "datatype"),
        named(made.language, "language"),
        *_graph_columns(graph),
    )
    first, *others = [table for scope in scopes for table in scope.tables()]
    query = query.from_(first, copy=False)
    for table in others:
        query = query.join(table, join_type="cross", copy=False)
    conditions += [condition for scope in scopes for condition in scope.conditions()]
    return query.where(*conditions, copy=False)


def _holds(condition: FunctionCall, scope: Scope) -> exp.Expression:
    return equals(compile_text(condition, scope), text(TRUE))


def _join_conditions(join: Join, child: Scope, parent: Scope) -> list[exp.Expression]:
    return [
        equals(compile_text(condition.child, child), compile_text(condition.parent, parent))
        for condition in join.conditions
    ]


def _parents(rule: Rule, child: Scope, parent: Scope) -> exp.Expression:
    """The keys of the records beside the child's; NULL when there are none."""
    keys = [*child.parents, *([parent.record, *parent.parents] if rule.join else [])]
    return call("list_value", *keys) if keys else _no_list()


def _no_list() -> exp.Expression:
    return exp.cast(exp.null(), "VARCHAR[]")


def _graph_columns(graph: Term | None) -> tuple[exp.Expression, exp.Expression]:
    if graph is None:
        return named(exp.null(), "graph"), named(exp.null(), "graph_kind")
    return named(graph.value, "graph"), named(text(graph.kind), "graph_kind")
