"""The names that the fields of a logical view have, and what must hold of them.

A field below another has its parents' names before its own: `item.type`. Each has an index, `item.#`;
the view's own is `#`.

Source: RML-LV, https://w3id.org/rml/lv/spec#fieldnames
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nutgraf.mapping.model import AbstractLogicalSource, ExpressionField, Field, LogicalView
from nutgraf.problems import Problem, Span

INDEX = "#"


def full_name(prefix: str, name: str) -> str:
    """The name of a field below another.

    >>> full_name("item", "#")
    'item.#'
    """
    return f"{prefix}.{name}" if prefix else name


def check_view(source: AbstractLogicalSource) -> Iterator[Problem]:
    """The problems of a view and of the views that it is made of."""
    if not isinstance(source, LogicalView):
        return
    yield from check_view(source.view_on)
    for join in source.joins:
        yield from check_view(join.parent)
    taken = {INDEX, "<it>"}
    for names, span in _names(source):
        repeated = next((name for name in names if name in taken), None)
        if repeated:
            yield Problem(
                "MAP125",
                f'the view has a second "{repeated}"',
                span,
                why="each field has a name of its own, and # and <it> are the view's",
                fix="rename one of them",
            )
        taken.update(names)


def _names(view: LogicalView) -> Iterator[tuple[tuple[str, ...], Span]]:
    """The names that each field takes: its own when it has values, and its index's."""
    yield from _below("", view.fields)
    for join in view.joins:
        yield from _below("", join.fields)


def _below(prefix: str, fields: Iterable[Field]) -> Iterator[tuple[tuple[str, ...], Span]]:
    for field in fields:
        name = full_name(prefix, field.name)
        index = full_name(name, INDEX)
        yield (name, index) if isinstance(field, ExpressionField) else (index,), field.span
        yield from _below(name, field.fields)
