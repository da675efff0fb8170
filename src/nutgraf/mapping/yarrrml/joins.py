"""Conditions of references to another mapping: `function: equal` with a value of each side.

Source: https://rml.io/yarrrml/spec/#referring-to-other-mappings
"""

from __future__ import annotations

from typing import Final

from nutgraf.mapping.model import JoinCondition, ReferenceFormulation, ValueExpression
from nutgraf.mapping.yarrrml.node import Node
from nutgraf.mapping.yarrrml.terms import Terms

_CONDITION: Final = {
    **dict.fromkeys(("function", "fn", "f"), "function"),
    **dict.fromkeys(("parameters", "pms"), "parameters"),
}
_PARAMETER: Final = {
    **dict.fromkeys(("parameter", "pm"), "parameter"),
    **dict.fromkeys(("value", "v"), "value"),
    "from": "from",
}
_EQUAL: Final = frozenset({"equal", "idlab-fn:equal", "https://w3id.org/imec/idlab/function#equal"})
_SIDES: Final = {
    **dict.fromkeys(("s", "subject"), "child"),
    **dict.fromkeys(("o", "object"), "parent"),
}
_DEFAULT_SIDES: Final = {
    **dict.fromkeys(("str1", "valueParameter"), "child"),
    **dict.fromkeys(("str2", "valueParameter2"), "parent"),
}
_SIZES: Final = (2, 3)


class Joins:
    """Reads the conditions between two mappings.

    Args:
        terms: reads texts.
        formulations: how references are written, by side: "child" and "parent".
    """

    def __init__(self, terms: Terms, formulations: dict[str, ReferenceFormulation]) -> None:
        self._terms = terms
        self._formulations = formulations

    def conditions(self, node: Node | None) -> tuple[JoinCondition, ...] | None:
        """The conditions of a list, or the one that stands there; None when one is wrong."""
        found = [self._condition(item) for item in node.items()] if node else []
        conditions = tuple(condition for condition in found if condition)
        return conditions if len(conditions) == len(found) else None

    def _condition(self, node: Node) -> JoinCondition | None:
        fields = node.fields("a condition", _CONDITION, frozenset())
        if not isinstance(node.value, dict):
            return None
        function = fields["function"].text("a function") if "function" in fields else None
        if function not in _EQUAL:
            place = fields.get("function", node)
            place.report(
                "MAP106",
                f'the function "{function}" does not join yet',
                why="records are joined where two values are equal",
                fix="write function: equal",
            )
            return None
        sides: dict[str, ValueExpression] = {}
        for item in fields["parameters"].items() if "parameters" in fields else []:
            found = self._parameter(item)
            if found is None:
                return None
            sides[found[0]] = found[1]
        if sides.keys() != self._formulations.keys():
            node.report(
                "MAP107",
                "the condition has no value of each mapping",
                why="it compares one of this mapping, s, with one of the other, o",
                fix="write parameters: [[str1, $(mine), s], [str2, $(other), o]]",
            )
            return None
        return JoinCondition(sides["child"], sides["parent"], node.span)

    def _parameter(self, node: Node) -> tuple[str, ValueExpression] | None:
        """The side that a parameter is of, and its value."""
        if isinstance(node.value, list):
            items = node.items() if len(node.value) in _SIZES else []
            parts = dict(zip(("parameter", "value", "from"), items, strict=False))
        else:
            parts = node.fields("a parameter", _PARAMETER, frozenset())
        name = parts["parameter"].text("a parameter") if "parameter" in parts else None
        if name is None or "value" not in parts:
            node.report("MAP104", "a parameter is a name and a value", fix="write [str1, $(name)]")
            return None
        written = parts["from"].text("from") if "from" in parts else None
        side = _SIDES.get(written or "") or _DEFAULT_SIDES.get(name.rsplit(":", 1)[-1].rsplit("#", 1)[-1])
        if side is None:
            node.report(
                "MAP104", f'the parameter "{name}" is of no mapping', fix="add s or o behind the value"
            )
            return None
        value = parts["value"]
        if isinstance(value.value, dict):
            value.report("MAP106", "a function in a join is not supported yet", fix="compare plain values")
            return None
        text = value.text("a value")
        if text is None:
            return None
        expression = self._terms.expression(value, text, self._formulations[side], iri=False)
        return (side, expression) if expression else None
