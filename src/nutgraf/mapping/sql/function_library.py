"""The functions that a mapping may call, each with the SQL that it stands for; `register` adds one's own.

Source: https://w3id.org/rml/fnml/spec, and https://fno.io/ for the functions' names
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlglot import exp

from nutgraf.mapping.sql.functions import call, case, equals, text

GREL: Final = "http://users.ugent.be/~bjdmeest/function/grel.ttl#"
IDLAB: Final = "https://w3id.org/imec/idlab/function#"
TRUE: Final = "true"
"""What a condition must give."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function of texts.

    Attributes:
        parameters: the local names of its parameters, in the order of `compile`.
        compile: SQL of the arguments, texts none of which is NULL → SQL of the result, a text or NULL.
    """

    parameters: tuple[str, ...]
    compile: Callable[..., exp.Expression]


def _text(condition: exp.Expression) -> exp.Expression:
    return case((condition, text(TRUE)), otherwise=text("false"))


FUNCTIONS: Final[dict[str, Function]] = {
    GREL + "toUpperCase": Function(("valueParameter",), lambda value: call("upper", value)),
    GREL + "toLowerCase": Function(("valueParameter",), lambda value: call("lower", value)),
    GREL + "string_trim": Function(("valueParameter",), lambda value: call("trim", value)),
    GREL + "string_replace": Function(
        ("valueParameter", "p_string_find", "p_string_replace"),
        lambda value, old, new: call("replace", value, old, new),
    ),
    IDLAB + "equal": Function(
        ("valueParameter", "valueParameter2"), lambda one, other: _text(equals(one, other))
    ),
    IDLAB + "notEqual": Function(
        ("valueParameter", "valueParameter2"), lambda one, other: _text(exp.not_(equals(one, other)))
    ),
}
"""IRI → function."""


def register(iri: str, function: Function) -> None:
    """Add a function, or put another in its place."""
    FUNCTIONS[iri] = function
