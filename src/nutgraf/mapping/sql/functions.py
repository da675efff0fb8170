"""Small SQL expressions that everything here is made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlglot import exp


def own(expression: exp.Expression) -> exp.Expression:
    """An expression to put into another: a copy when it already stands somewhere."""
    return expression.copy() if expression.parent else expression


def call(function: str, *arguments: exp.Expression) -> exp.Anonymous:
    """A call of a function of the engine."""
    return exp.Anonymous(this=function, expressions=[own(argument) for argument in arguments])


def text(value: str) -> exp.Literal:
    """A text."""
    return exp.Literal.string(value)


def number(value: int) -> exp.Expression:
    """A whole number."""
    return exp.Literal(this=str(value), is_string=False)


def named(value: exp.Expression, name: str) -> exp.Alias:
    """A value under the name of a column."""
    return exp.Alias(this=value, alias=exp.to_identifier(name))


def to_text(value: exp.Expression) -> exp.Cast:
    """A value as text."""
    return exp.cast(own(value), "VARCHAR")


def concat(parts: Sequence[exp.Expression]) -> exp.Expression:
    """Texts joined. The caller sees to it that none is NULL: engines differ on that."""
    return parts[0] if len(parts) == 1 else call("concat", *parts)


def both(left: exp.Expression, right: exp.Expression) -> exp.And:
    """Whether two conditions hold."""
    return exp.And(this=own(left), expression=own(right))


def any_of(conditions: Sequence[exp.Expression]) -> exp.Expression:
    """Whether one of the conditions holds; of none, none does."""
    found: exp.Expression = exp.false()
    for condition in conditions:
        found = exp.Or(this=found, expression=own(condition))
    return found


def case(*branches: tuple[exp.Expression, exp.Expression], otherwise: exp.Expression) -> exp.Case:
    """The value of the first condition that holds."""
    expression = exp.Case()
    for condition, value in branches:
        expression = expression.when(own(condition), own(value), copy=False)
    return expression.else_(own(otherwise), copy=False)


def equals(left: exp.Expression, right: exp.Expression) -> exp.EQ:
    """Whether two values are the same."""
    return exp.EQ(this=own(left), expression=own(right))


def matches(value: exp.Expression, pattern: str) -> exp.Anonymous:
    """Whether the whole text matches a regular expression of RE2."""
    return call("regexp_full_match", value, text(pattern))


def replace(value: exp.Expression, *pairs: tuple[exp.Expression, str]) -> exp.Expression:
    """A text with each first of a pair replaced by the second."""
    for old, new in pairs:
        value = call("replace", value, old, text(new))
    return value


def transform(values: exp.Expression, change: Callable[[exp.Expression], exp.Expression]) -> exp.Expression:
    """A list with each value changed. A change holds no other list's."""
    item = exp.Lambda(this=change(exp.column("item")), expressions=[exp.to_identifier("item")])
    return call("list_transform", values, item)
