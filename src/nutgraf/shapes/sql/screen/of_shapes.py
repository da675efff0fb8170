"""Screens of the components that refer to other shapes."""

# ruff: noqa: S608 - what stands in these queries is numbers and names of ours; the rest are parameters

from __future__ import annotations

from typing import TYPE_CHECKING

from nutgraf.shapes.sql.screen.part import ALL, Part, Source, fewer, more

if TYPE_CHECKING:
    from nutgraf.shapes.model import Constraint


def all_of(source: Source, c: Constraint) -> tuple[Part, Part]:
    """Value nodes that one of the shapes fails at."""
    """The components by which a value node conforms to all of some shapes."""
    plain = [n for n in c.shapes if n in source.plain]
    others = [n for n in c.shapes if n not in source.plain]
    may, must = ([source.may_fail(n) for n in plain], [source.must_fail(n) for n in plain])
    if source.is_node:
        return (
            Part(may, [query for n in others for query in _from(source.may[n])]),
            Part(must, [query for n in others for query in _from(source.must[n])]),
        )
    return (
        Part(may + [source.may_fail(n) for n in others if source.may[n]]),
        Part(must + [source.must_fail(n) for n in others if source.must[n]]),
    )


def not_(source: Source, c: Constraint) -> tuple[Part, Part]:
    """Value nodes at which the shape does not fail."""
    (shape,) = c.shapes
    return Part([f"not {source.must_fail(shape)}"]), Part([f"not {source.may_fail(shape)}"])


def or_(source: Source, c: Constraint) -> tuple[Part, Part]:
    """Value nodes at which all shapes fail."""
    may = [source.may_fail(n) for n in c.shapes] or [ALL]
    must = [source.must_fail(n) for n in c.shapes] or [ALL]
    return Part([f"({' and '.join(may)})"]), Part([f"({' and '.join(must)})"])


def xone(source: Source, c: Constraint) -> tuple[Part, Part]:
    """Value nodes that do not conform to just one of the shapes."""
    least = _sum(f"(not {source.may_fail(n)})::integer" for n in c.shapes)
    most = _sum(f"(not {source.must_fail(n)})::integer" for n in c.shapes)
    return Part([f"not ({least} = 1 and {most} = 1)"]), Part([f"({least} > 1 or {most} < 1)"])


def qualified_min(source: Source, c: Constraint) -> tuple[Part, Part]:
    """Focus nodes with too few value nodes that conform."""
    surely, possibly = _qualified(source, c)
    return (
        Part(nodes=[fewer(source, "count(distinct value)", surely, c.count)]),
        Part(nodes=[fewer(source, "count(*)", possibly, c.count)]),
    )


def qualified_max(source: Source, c: Constraint) -> tuple[Part, Part]:
    """Focus nodes with too many value nodes that conform."""
    surely, possibly = _qualified(source, c)
    return (
        Part(nodes=[more(source, "count(*)", possibly, c.count)]),
        Part(nodes=[more(source, "count(distinct value)", surely, c.count)]),
    )


def _qualified(source: Source, c: Constraint) -> tuple[str, str]:
    """Whether a value surely counts, and whether it possibly does."""
    (shape,) = c.shapes
    surely = [f"not {source.may_fail(shape)}", *(source.must_fail(n) for n in c.siblings)]
    possibly = [f"not {source.must_fail(shape)}", *(source.may_fail(n) for n in c.siblings)]
    return " and ".join(surely), " and ".join(possibly)


def _from(table: str | None) -> list[str]:
    return [f"select node from {table}"] if table else []


def _sum(terms: object) -> str:
    return "(" + " + ".join(["0", *terms]) + ")"  # type: ignore[misc]
