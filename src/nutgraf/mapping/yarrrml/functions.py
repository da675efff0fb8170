"""Function calls and conditions: `function:` with its `parameters:`, or `name(parameter = value)`.

Source: https://rml.io/yarrrml/spec/#functions
"""

from __future__ import annotations

import re
from typing import Final

from nutgraf.mapping.calls import Argument, function_call, unknown_function
from nutgraf.mapping.model import FunctionCall, ReferenceFormulation, ValueExpression
from nutgraf.mapping.yarrrml.node import Node
from nutgraf.mapping.yarrrml.terms import Terms
from nutgraf.problems import Problem

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
        unknown = unknown_function(short[1] if short else written, name, fields["function"].span)
        if unknown:
            node.problems.append(unknown)
            return None
        arguments = self._short(node, short[2]) if short else self._long(fields.get("parameters"))
        if arguments is None:
            return None
        call = function_call(name, arguments, node.span)
        if isinstance(call, Problem):
            node.problems.append(call)
            return None
        return call

    def _short(self, node: Node, text: str) -> list[Argument] | None:
        """`valueParameter = $(name), …`."""
        found: list[Argument] = []
        for pair in filter(str.strip, text.split(",")):
            name, _, value = pair.partition("=")
            expression = self._terms.expression(node, value.strip(), self._formulation, iri=False)
            if expression is None:
                return None
            found.append((name.strip(), expression))
        return found

    def _long(self, node: Node | None) -> list[Argument] | None:
        """`[[valueParameter, $(name)], …]`, or keys; a value may be a call itself."""
        found: list[Argument] = []
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
            found.append((name, expression))
        return found

    def _argument(self, node: Node) -> ValueExpression | None:
        if isinstance(node.value, dict):
            return self.call(node, node.fields("a call", CALL, frozenset()))
        text = node.text("a value")
        return None if text is None else self._terms.expression(node, text, self._formulation, iri=False)
