"""Calls of functions: which argument is which parameter's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from nutgraf.mapping.model import Constant, FunctionCall, ValueExpression
from nutgraf.mapping.sql.function import GREL, IDLAB, NUTGRAF
from nutgraf.mapping.sql.function_library import FUNCTIONS
from nutgraf.problems import Problem, Span, closest

Argument = tuple[str, ValueExpression]
"""A parameter, as the mapping names it, and its value."""

PREFIXES: Final = {"grel:": GREL, "idlab-fn:": IDLAB, "fn:": NUTGRAF}
_OTHER_NAMES: Final = {
    "valueParam": "valueParameter",
    "valueParam2": "valueParameter2",
    "modeParam": "modeParameter",
    "param_a": "p_array_a",
    "param_b": "bool_b",
    "bool_array_b": "param_rep_b",
    "param_true": "any_true",
    "param_false": "any_false",
    "param_find": "p_string_find",
    "param_replace": "p_string_replace",
    "param_string_sub": "string_sub",
    "param_string_sep": "p_string_sep",
    "param_string_pattern": "p_string_pattern",
    "param_string_unit": "p_string_unit",
    "param_date_d": "p_date_d",
    "p_int_i_from": "param_int_i_from",
    "p_int_i_opt_to": "param_int_i_opt_to",
}
"""The name of a parameter in FnO → that of its predicate, by which mappings of 2014 and YARRRML call it."""


def unknown_function(name: str, iri: str, span: Span) -> Problem | None:
    """The problem of a function that is not there."""
    if iri in FUNCTIONS:
        return None
    return Problem(
        "MAP127",
        f'the function "{name}" is unknown',
        span,
        why="docs/mapping.md#functions lists those there are",
        fix=closest(iri, FUNCTIONS),
    )


def function_call(iri: str, arguments: Sequence[Argument], span: Span) -> FunctionCall | Problem:
    """A call of a known function, its arguments in the order of the function's parameters.

    Args:
        iri: of the function.
        arguments: in the order of the mapping; parameters count by their local names.
        span: where the call stands.
    """
    function = FUNCTIONS[iri]
    given = [(local_name(name), value) for name, value in arguments]
    repeated = tuple(value for name, value in given if name == function.repeated)
    single = {name: value for name, value in given if name != function.repeated}
    needed = function.parameters[: len(function.parameters) - function.optional]
    right = (
        len(single) + len(repeated) == len(given)
        and set(needed) <= single.keys() <= set(function.parameters)
        and bool(repeated) == bool(function.repeated)
    )
    if not right:
        optional = [f"{name} (optional)" for name in function.parameters[len(needed) :]]
        several = [f"{function.repeated} (once or more)"] if function.repeated else []
        return Problem(
            "MAP127",
            f'the function "{iri}" is called with other parameters',
            span,
            why=f"its parameters are {', '.join((*needed, *optional, *several)) or 'none'}",
            fix="name each of them once",
        )
    for name, check in function.constants.items():
        value = single.get(name)
        if value is None:
            continue
        if not isinstance(value, Constant):
            message = f'the parameter "{name}" of "{_short(iri)}" has references'
            return Problem("MAP128", message, value.span, why="it must be the same for every record")
        reason = check(value.value)
        if reason:
            message = f'"{_short(iri)}" cannot take "{value.value}" as {name}'
            return Problem("MAP128", message, value.span, why=reason)
    ordered = tuple(single[name] for name in function.parameters if name in single)
    return FunctionCall(iri, (*ordered, *repeated), span)


def local_name(parameter: str) -> str:
    """The end of a parameter's name or IRI, as functions call it.

    >>> local_name("grel:valueParam")
    'valueParameter'
    """
    name = re.split(r"[:#/]", parameter)[-1].removeprefix("_")
    return _OTHER_NAMES.get(name, name)


def _short(iri: str) -> str:
    for prefix, namespace in PREFIXES.items():
        iri = iri.replace(namespace, prefix)
    return iri
