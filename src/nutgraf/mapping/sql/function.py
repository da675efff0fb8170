"""What a function is, and small SQL that functions are made of.

A function of no value gives none: every SQL here is NULL where an argument that counts is NULL.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlglot import exp

from nutgraf.mapping.sql.functions import call, case, number, own, text

GREL: Final = "http://users.ugent.be/~bjdmeest/function/grel.ttl#"
IDLAB: Final = "https://w3id.org/imec/idlab/function#"
NUTGRAF: Final = "https://nutgraf.example/fn#"
TRUE: Final = "true"
"""What a condition must give."""

Check = Callable[[str], str | None]
"""A constant argument → why it cannot be taken, or None."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function of texts.

    Attributes:
        parameters: the local names of its parameters, in the order of `compile`.
        compile: SQL of the arguments → SQL of the result, a text or NULL; NULL where an argument is.
        optional: how many of the last parameters may be left out; `compile` gets fewer arguments then.
        repeated: a parameter that stands once or more, and comes after the others.
        constants: parameters that the mapping must write as a text without references, each with what
            checks it; `compile` gets an SQL literal.
    """

    parameters: tuple[str, ...]
    compile: Callable[..., exp.Expression]
    optional: int = 0
    repeated: str | None = None
    constants: Mapping[str, Check] = field(default_factory=dict)


def truth(condition: exp.Expression) -> exp.Expression:
    """A condition as text; NULL when it is neither true nor false."""
    return case(
        (condition, text(TRUE)),
        (exp.not_(exp.Paren(this=own(condition))), text("false")),
        otherwise=exp.null(),
    )


def is_true(value: exp.Expression) -> exp.Expression:
    """Whether a text is "true"."""
    return exp.EQ(this=own(value), expression=text(TRUE))


def joined(parts: Sequence[exp.Expression]) -> exp.Expression:
    """Texts joined; NULL when one of them is."""
    found = own(parts[0])
    for part in parts[1:]:
        found = exp.DPipe(this=found, expression=own(part), safe=True)
    return exp.Paren(this=found)


def whole_number(value: exp.Expression) -> exp.Expression:
    """The number that a text is; NULL when it is none."""
    digits = call("regexp_full_match", value, text("[+-]?[0-9]{1,9}"))
    return case((digits, exp.TryCast(this=own(value), to=exp.DataType.build("BIGINT"))), otherwise=exp.null())


def given_once(arguments: Sequence[exp.Expression], change: Callable[..., exp.Expression]) -> exp.Expression:
    """What a change makes of arguments, each of which is worked out once however often the change uses it.

    So the SQL of nested calls grows with the calls, and not with a power of them.
    """
    if all(isinstance(argument, exp.Column | exp.Literal) for argument in arguments):
        return change(*arguments)
    values = [argument for argument in arguments if not isinstance(argument, exp.Column | exp.Literal)]
    places = iter(range(1, len(values) + 1))
    given = [
        argument
        if isinstance(argument, exp.Column | exp.Literal)
        else call("list_extract", exp.column("given"), number(next(places)))
        for argument in arguments
    ]
    body = exp.Lambda(this=change(*given), expressions=[exp.to_identifier("given")])
    made = exp.Anonymous(
        this="list_transform", expressions=[call("list_value", call("list_value", *values)), body]
    )
    return call("list_extract", made, number(1))


def constant(value: exp.Expression) -> str:
    """The text of a constant argument."""
    return str(value.this)
