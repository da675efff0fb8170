"""What may be wrong by a constraint, and where its shape's nodes stand."""

# ruff: noqa: S608 - what stands in these queries is numbers and names of ours; the rest are parameters

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pyoxigraph import Literal, NamedNode

    from nutgraf.shapes.model import Constraint
    from nutgraf.shapes.sql.facts import Terms


ALL: Final = "true"
"""The condition that lets all value nodes pass."""


@dataclass(slots=True)
class Part:
    """What is wrong at a shape's nodes.

    Attributes:
        values: conditions on a value node, of which one holds.
        nodes: queries of focus nodes.
    """

    values: list[str] = field(default_factory=list)
    nodes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Source:
    """Where a shape's nodes stand, and what is known of the shapes that it refers to.

    Attributes:
        terms: numbers of the terms.
        focus: the table of its focus nodes.
        values: a query of (focus, value).
        literals: a query of (focus, value, lexical, datatype, language).
        is_node: whether each node is its own value node.
        may: shape → the table of nodes at which it may fail; None when it never does.
        must: the same of the nodes at which it surely fails.
        plain: shape that asks of a value node only what stands in its row → whether the node may fail it, and
            whether it surely does.
        parameters: what the queries' `$p0_` and on stand for.
    """

    terms: Terms
    focus: str
    values: str
    literals: str
    is_node: bool
    may: dict[int, str | None]
    must: dict[int, str | None]
    plain: dict[int, tuple[str, str]]
    parameters: dict[str, object]

    def parameter(self, value: object) -> str:
        """The name of a value in SQL."""
        name = f"p{len(self.parameters)}_"  # so that no name begins another
        self.parameters[name] = value
        return f"${name}"

    def may_fail(self, shape: int) -> str:
        """Whether a value node may fail a shape."""
        return self.plain[shape][0] if shape in self.plain else _in(self.may[shape])

    def must_fail(self, shape: int) -> str:
        """Whether a value node surely fails a shape."""
        return self.plain[shape][1] if shape in self.plain else _in(self.must[shape])


def _in(table: str | None) -> str:
    return "false" if table is None else f"(value in (select node from {table}))"


def exact(*, values: list[str] | None = None, nodes: list[str] | None = None) -> tuple[Part, Part]:
    """What is decided here: what may be wrong is."""
    part = Part(values or [], nodes or [])
    return part, part


def none_of(source: Source, condition: str = "") -> str:
    """A query of the focus nodes without a value node of which something holds."""
    return (
        f"select node from {source.focus} f"
        f" where not exists (from ({source.values}) v where v.focus = f.node{condition})"
    )


def fewer(source: Source, number: str, counts: str, least: int | None) -> str:
    """A query of the focus nodes of whose value nodes fewer count."""
    return (
        f"select f.node from {source.focus} f left join (select focus, {number} as number"
        f" from ({source.literals}) where {counts} group by focus) v on v.focus = f.node"
        f" where coalesce(v.number, 0) < {source.parameter(least)}"
    )


def more(source: Source, number: str, counts: str, most: int | None) -> str:
    """A query of the focus nodes of whose value nodes more count."""
    return (
        f"select focus from ({source.literals}) where {counts}"
        f" group by focus having {number} > {source.parameter(most)}"
    )


def not_among(column: str, numbers: list[int]) -> str:
    """Whether a column has none of some numbers."""
    return f"{column} not in ({', '.join(map(str, numbers))})" if numbers else "true"


def term(c: Constraint) -> NamedNode | Literal:
    """The term that a constraint has."""
    assert c.term is not None, "the reader reads one"
    return c.term  # type: ignore[return-value]
