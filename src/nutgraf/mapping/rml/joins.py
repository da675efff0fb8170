"""Join conditions."""

from __future__ import annotations

from typing import Final

from nutgraf.mapping.model import JoinCondition, ValueExpression
from nutgraf.mapping.rml.graph import Graph, Subject, Value
from nutgraf.mapping.rml.terms import Terms

_JOIN_CONDITION: Final = frozenset({"child", "childMap", "parent", "parentMap"})


def read_join(graph: Graph, child: Terms, parent: Terms, value: Value) -> JoinCondition | None:
    """A join condition.

    Args:
        graph: the mapping.
        child: reads what is of the child's record.
        parent: reads what is of the parent's record.
        value: the condition.

    Source: RML-Core, https://w3id.org/rml/core/spec#join-condition
    """
    node = graph.resource(value, "joinCondition")
    if node is None or graph.refuse_others(node, "a join condition", _JOIN_CONDITION, value.span):
        return None
    left = _side(graph, child, node, "child", value)
    right = _side(graph, parent, node, "parent", value)
    return JoinCondition(left, right, value.span) if left and right else None


def _side(graph: Graph, terms: Terms, node: Subject, side: str, condition: Value) -> ValueExpression | None:
    """The reference of the shortcut, or the expression of the map."""
    shortcut = graph.one(node, side)
    if shortcut:
        return terms.valued("reference", shortcut)
    value = graph.one(node, side + "Map")
    if value is None:
        graph.report("MAP107", f"the join condition has no {side}", condition.span, fix=f"add rml:{side}")
        return None
    return terms.expression(value, side + "Map")
