"""Functions of conditions. A condition is the text "true"; any other text is not.

Source: https://w3id.org/imec/idlab/function, https://users.ugent.be/~bjdmeest/function/grel.ttl
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Final

from sqlglot import exp

from nutgraf.mapping.sql.function import GREL, IDLAB, Function, is_true, truth
from nutgraf.mapping.sql.functions import call, case, equals

_TWO: Final = ("valueParameter", "valueParameter2")


def _fold(
    combine: Callable[[exp.Expression, exp.Expression], exp.Expression],
) -> Callable[..., exp.Expression]:
    """All values combined; none when one of them is none, as `NULL OR true` in SQL would not say."""

    def compiled(*values: exp.Expression) -> exp.Expression:
        present: list[exp.Expression] = [exp.not_(value.copy().is_(exp.null())) for value in values]
        given = reduce(_and, present)
        return case((given, truth(reduce(combine, map(is_true, values)))), otherwise=exp.null())

    return compiled


def _and(one: exp.Expression, other: exp.Expression) -> exp.Expression:
    return exp.Paren(this=exp.And(this=one, expression=other))


def _or(one: exp.Expression, other: exp.Expression) -> exp.Expression:
    return exp.Paren(this=exp.Or(this=one, expression=other))


def _xor(one: exp.Expression, other: exp.Expression) -> exp.Expression:
    return exp.NEQ(this=exp.Paren(this=one), expression=exp.Paren(this=other))


def _if(
    condition: exp.Expression, then: exp.Expression, otherwise: exp.Expression | None = None
) -> exp.Expression:
    return case(
        (is_true(condition), then),
        (exp.not_(is_true(condition)), exp.null() if otherwise is None else otherwise),
        otherwise=exp.null(),
    )


def _in_list(value: exp.Expression, other: exp.Expression, delimiter: exp.Expression) -> exp.Expression:
    found = truth(call("list_contains", call("string_split", value, delimiter), other))
    return case((exp.Is(this=delimiter.copy(), expression=exp.null()), exp.null()), otherwise=found)


LOGIC_FUNCTIONS: Final[dict[str, Function]] = {
    IDLAB + "equal": Function(_TWO, lambda one, other: truth(equals(one, other))),
    IDLAB + "notEqual": Function(_TWO, lambda one, other: truth(exp.not_(equals(one, other)))),
    IDLAB + "trueCondition": Function(("strBoolean", "str"), _if),
    IDLAB + "decide": Function(
        ("str", "expectedStr", "result"),
        lambda value, expected, result: case((equals(value, expected), result), otherwise=exp.null()),
    ),
    IDLAB + "stringContainsOtherString": Function(("str", "otherStr", "delimiter"), _in_list),
    GREL + "boolean_not": Function(("bool_b",), lambda value: truth(exp.not_(is_true(value)))),
    GREL + "boolean_and": Function((), _fold(_and), repeated="param_rep_b"),
    GREL + "boolean_or": Function((), _fold(_or), repeated="param_rep_b"),
    GREL + "boolean_xor": Function((), _fold(_xor), repeated="param_rep_b"),
    GREL + "controls_if": Function(("bool_b", "any_true", "any_false"), _if, optional=1),
}
"""IRI → function."""
