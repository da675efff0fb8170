"""Function calls and conditions: `function:` with its `parameters:`, or `name(parameter = value)`.

Source: https://rml.io/yarrrml/spec/#functions
"""

from __future__ import annotations

import re
from typing import Final

from nutgraf.mapping.model import FunctionCall, ReferenceFormulation, ValueExpression
from nutgraf.mapping.sql.function_library import FUNCTIONS, GREL, IDLAB
from nutgraf.mapping.yarrrml.node import Node
from nutgraf.mapping.yarrrml.terms import Terms
from nutgraf.problems import closest

CALL: Final = {
    **dict.fromkeys(("function", "fn", "f"), "function"),
    **dict.fromkeys(("parameters", "pms"), "parameters"),
}
_PARAMETER: Final = {
    **dict.fromkeys(("parameter", "pm"), "parameter"),
    **dict.fromkeys(("value", "v"), "value"),
}
_SHORT: Final = re.compile(r"([^()\s]+)\((.*)\)")
_PAIR: Final = 2


class Functions:
    """Reads calls over the records of one source."""

    def __init__(self, terms: Terms, formulation: ReferenceFormulation) -> None:
        self._terms = terms
        self._formulation = formulation

    def conditions(self, node: Node | None) -> tuple[FunctionCall, ...] | None:
        """The conditions of a list, or the one that stands there; None when one is wrong."""
        items = node.items() if node else []
        found = [self.call(item, item.fields("a condition", CALL, frozenset())) for item in items]
        calls = tuple(call for call in found if call)
        return calls if len(calls) == len(found) else None

    def call(self, node: Node, fields: dict[str, Node]) -> FunctionCall | None:
        """A call; its arguments are matched by the local names of its parameters."""
        written = fields["function"].text("a function") if "function" in fields else None
        if written is None:
            if isinstance(node.value, dict):
                node.report("MAP107", "the call names no function", fix="add function:")
            return None
        short = _SHORT.fullmatch(written)
        name = self._terms.iri(short[1] if short else written)
        function = FUNCTIONS.get(name)
        if function is None:
            known = ", ".join(sorted(FUNCTIONS)).replace(GREL, "grel:").replace(IDLAB, "idlab-fn:")
            fields["function"].report(
                "MAP127",
                f'the function "{short[1] if short else written}" is unknown',
                why=f"the functions are {known}, where grel: is <{GREL}> and idlab-fn: is <{IDLAB}>",
                fix=closest(name, FUNCTIONS),
            )
            return None
        arguments = self._short(node, short[2]) if short else self._long(fields.get("parameters"))
        if arguments is None:
            return None
        if sorted(arguments) != sorted(function.parameters):
            node.report(
                "MAP127",
                f'the function "{name}" is called with other parameters',
                why=f"its parameters are {', '.join(function.parameters)}",
                fix="name each of them once",
            )
            return None
        ordered = tuple(arguments[parameter] for parameter in function.parameters)
        return FunctionCall(name, ordered, node.span)

    def _short(self, node: Node, text: str) -> dict[str, ValueExpression] | None:
        """`valueParameter = $(name), …`: local name → value."""
        found: dict[str, ValueExpression] = {}
        for pair in filter(str.strip, text.split(",")):
            name, _, value = pair.partition("=")
            expression = self._terms.expression(node, value.strip(), self._formulation, iri=False)
            if expression is None:
                return None
            found[_local(name.strip())] = expression
        return found

    def _long(self, node: Node | None) -> dict[str, ValueExpression] | None:
        """`[[valueParameter, $(name)], …]`, or keys; a value may be a call itself."""
        found: dict[str, ValueExpression] = {}
        for item in node.items() if node else []:
            if isinstance(item.value, list):
                items = item.items() if len(item.value) == _PAIR else []
                parts = dict(zip(("parameter", "value"), items, strict=False))
            else:
                parts = item.fields("a parameter", _PARAMETER, frozenset())
            name = parts["parameter"].text("a parameter") if "parameter" in parts else None
            if name is None or "value" not in parts:
                item.report(
                    "MAP104", "a parameter is a name and a value", fix="write [valueParameter, $(name)]"
                )
                return None
            expression = self._argument(parts["value"])
            if expression is None:
                return None
            found[_local(name)] = expression
        return found

    def _argument(self, node: Node) -> ValueExpression | None:
        if isinstance(node.value, dict):
            return self.call(node, node.fields("a call", CALL, frozenset()))
        text = node.text("a value")
        return None if text is None else self._terms.expression(node, text, self._formulation, iri=False)


def _local(name: str) -> str:
    return re.split(r"[:#/]", name)[-1]
