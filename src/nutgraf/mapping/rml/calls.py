"""Calls of functions: rml:functionExecution, and fnml:functionValue of the vocabulary of 2014.

Source: https://w3id.org/rml/fnml/spec, and https://rml.io/specs/fnml/ for the vocabulary of 2014
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pyoxigraph

from nutgraf.mapping.calls import PREFIXES, Argument, function_call, local_name, unknown_function
from nutgraf.mapping.model import Constant, FunctionCall, Template, ValueExpression
from nutgraf.mapping.rml.graph import Graph, Subject, Value
from nutgraf.mapping.sql.function import GREL, NUTGRAF
from nutgraf.problems import Problem, Span

CALLS: Final = ("functionExecution", "functionValue")
"""The properties of a term map that a function gives."""

RETURNS: Final = frozenset({"return", "returnMap"})
MOST_CALLS: Final = 100
"""How many calls one expression may have: executions may be shared, and grow without bound."""

_EXECUTES: Final = "https://w3id.org/function/ontology#executes"
_EXECUTION: Final = frozenset({"function", "functionMap", "input"})
_INPUT: Final = frozenset({"parameter", "parameterMap", "inputValue", "inputValueMap"})
_EXECUTION_2014: Final = frozenset({"logicalSource", "predicateObjectMap"})
_PAIR: Final = frozenset({"predicate", "predicateMap", "object", "objectMap"})
_CONSTANT: Final = frozenset({"constant", "termType"})
_OUTPUTS: Final = frozenset(
    "stringOut stringOutput output_bool o_bool output_number o_number output_date o_date output_any o_any "
    "boolOut o_boolOut".split()
)
"""What the functions of GREL and IDLab return."""

ReadArgument = Callable[[Value], ValueExpression | None]
"""Reads the term map of an argument."""


class Calls:
    """Reads the calls of one triples map.

    Args:
        graph: the mapping.
        argument: reads the term map of an argument.
        source: the logical source of the triples map.
    """

    def __init__(self, graph: Graph, argument: ReadArgument, source: Value | None) -> None:
        self._graph = graph
        self._source = source
        self._argument = argument
        self._open: list[Subject] = []
        self._count = 0

    def call(self, name: str, value: Value) -> FunctionCall | None:
        """The call that one of `CALLS` leads to."""
        node = self._graph.resource(value, name)
        if node is None:
            return None
        if not self._open:
            self._count = 0
        self._count += 1
        if node in self._open or self._count > MOST_CALLS:
            endless = node in self._open
            message = "the call is an argument of itself" if endless else f"more than {MOST_CALLS} calls"
            self._graph.report("MAP106", message, value.span, fix="write a shorter expression")
            return None
        self._open.append(node)
        try:
            return self._execution(node, value) if name == "functionExecution" else self._of_2014(node, value)
        finally:
            self._open.pop()

    def check_return(self, node: Subject, call: FunctionCall) -> bool:
        """Whether a term map takes what the function gives; a function here gives one text."""
        value = self._constant(node, "return")
        known = any(call.function.startswith(namespace) for namespace in PREFIXES.values())
        if value is None or not known or local_name(value.term.value) in _OUTPUTS:
            return True
        self._graph.report("MAP106", f"the output {value.term} is not supported yet", value.span)
        return False

    def _execution(self, node: Subject, place: Value) -> FunctionCall | None:
        refused = self._graph.refuse_others(node, "a function execution", _EXECUTION, place.span)
        function = self._constant(node, "function")
        inputs = [self._input(item) for item in self._graph.values(node, "input")]
        return None if refused else self._made(function, inputs, place.span)

    def _input(self, value: Value) -> Argument | None:
        node = self._graph.resource(value, "input")
        if node is None or self._graph.refuse_others(node, "an input", _INPUT, value.span):
            return None
        parameter = self._constant(node, "parameter")
        return self._pair(parameter, self._given(node, "inputValue"), value)

    def _of_2014(self, node: Subject, place: Value) -> FunctionCall | None:
        """A call written like a triples map, whose predicates are fno:executes and the parameters."""
        refused = self._graph.refuse_others(node, "a function value", _EXECUTION_2014, place.span)
        self._check_source(node)
        function: Value | None = None
        inputs: list[Argument | None] = []
        for item in self._graph.values(node, "predicateObjectMap"):
            pair = self._graph.resource(item, "predicateObjectMap")
            if pair is None or self._graph.refuse_others(pair, "a parameter", _PAIR, item.span):
                return None
            parameter = self._constant(pair, "predicate")
            if parameter and parameter.term.value == _EXECUTES:
                function = self._constant(pair, "object")
            else:
                inputs.append(self._pair(parameter, self._given(pair, "object"), item))
        return None if refused else self._made(function, inputs, place.span)

    def _check_source(self, node: Subject) -> None:
        """A call reads the records of its triples map, and says so at most."""
        value = self._graph.one(node, "logicalSource")
        if value is None or self._source is None or value.term == self._source.term:
            return
        ends = [
            {
                (name, found.term)
                for name in ("source", "iterator", "referenceFormulation")
                for found in self._graph.values(place.term, name)
            }
            for place in (value, self._source)
            if not isinstance(place.term, pyoxigraph.Literal)
        ]
        if ends[0] != ends[-1]:
            message = "a call over another logical source than its triples map's is not supported yet"
            self._graph.report("MAP106", message, value.span, fix="remove rml:logicalSource")

    def _made(self, function: Value | None, inputs: list[Argument | None], span: Span) -> FunctionCall | None:
        if function is None:
            self._graph.report("MAP107", "the call names no function", span, fix="add rml:function")
            return None
        iri = function.term.value
        unknown = unknown_function(iri, iri, function.span)
        if unknown:
            self._graph.problems.append(unknown)
            return None
        arguments = [argument for argument in inputs if argument]
        if len(arguments) != len(inputs):
            return None
        made = function_call(iri, arguments, span)
        if isinstance(made, Problem):
            self._graph.problems.append(made)
            return None
        return made

    def _pair(self, parameter: Value | None, given: ValueExpression | None, place: Value) -> Argument | None:
        if parameter is None:
            self._graph.report("MAP107", "the argument names no parameter", place.span, fix="add it")
        return (parameter.term.value, given) if parameter and given else None

    def _given(self, node: Subject, name: str) -> ValueExpression | None:
        """The argument: a shortcut such as rml:inputValue, or a term map."""
        shortcut = self._graph.one(node, name)
        if shortcut:
            return Constant(shortcut.term.value, shortcut.span)
        value = self._graph.one(node, name + "Map")
        if value is None:
            place = self._graph.span(node)
            self._graph.report("MAP107", "the argument has no value", place, fix=f"add rml:{name}")
            return None
        return self._argument(value)

    def _constant(self, node: Subject, name: str) -> Value | None:
        """The object of a shortcut such as rml:function, or the constant of an rml:functionMap."""
        shortcut = self._graph.one(node, name)
        value = self._graph.one(node, name + "Map")
        inner = self._graph.resource(value, name + "Map") if value else None
        if shortcut or value is None or inner is None:
            return shortcut
        self._graph.refuse_others(inner, f"the {name}Map", _CONSTANT, value.span)
        return self._graph.one(inner, "constant")


def encoded(expression: ValueExpression) -> ValueExpression:
    """An argument that is an IRI: what a template puts in is percent-encoded."""
    if not isinstance(expression, Template):
        return expression
    parts: list[ValueExpression] = [
        Constant(part, expression.span)
        if isinstance(part, str)
        else FunctionCall(NUTGRAF + "encodeIri", (part,), expression.span)
        for part in expression.parts
    ]
    return FunctionCall(GREL + "array_join", (Constant("", expression.span), *parts), expression.span)
