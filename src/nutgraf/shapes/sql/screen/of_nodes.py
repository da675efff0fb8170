"""Screens of what a focus node has: how many value nodes, and what other properties."""

# ruff: noqa: S608 - what stands in these queries is numbers and names of ours; the rest are parameters

from __future__ import annotations

from typing import TYPE_CHECKING

from nutgraf.shapes.sql.screen import certain
from nutgraf.shapes.sql.screen.part import Part, Source, exact, fewer, more, none_of, not_among, term

if TYPE_CHECKING:
    from nutgraf.shapes.model import Constraint


def min_count(source: Source, c: Constraint) -> tuple[Part, Part]:
    """Focus nodes with too few value nodes."""
    if not c.count:
        return Part(), Part()
    if c.count == 1:
        return exact(nodes=[none_of(source)])
    return Part(nodes=[fewer(source, "count(distinct value)", "true", c.count)]), Part(
        nodes=[none_of(source)]
    )


def max_count(source: Source, c: Constraint) -> tuple[Part, Part]:
    """Focus nodes with too many value nodes."""
    return (
        Part(nodes=[more(source, "count(*)", "true", c.count)]),
        Part(nodes=[more(source, "count(distinct value)", "true", c.count)]),
    )


def has_value(source: Source, c: Constraint) -> tuple[Part, Part]:
    """Focus nodes without the value."""
    return exact(nodes=[none_of(source, f" and v.value = {source.terms[term(c)]}")])


def unique_lang(source: Source, _: Constraint) -> tuple[Part, Part]:
    """Focus nodes with two value nodes of one language."""
    query = (
        f"select focus from ({source.literals}) where language <> '' group by focus, language having {{}} > 1"
    )
    return Part(nodes=[query.format("count(*)")]), Part(nodes=[query.format("count(distinct value)")])


def less_than(source: Source, c: Constraint) -> tuple[Part, Part]:
    """Focus nodes with a value node that is not surely less than another property's."""
    other = source.terms[term(c)]
    less = certain.less("v", "t", source.parameter, either=c.component == "LessThanOrEquals")
    query = (
        f"select v.focus from ({source.literals}) v join shacl_fact t on t.s = v.focus and t.p = {other}"
        f" where not coalesce({less}, false)"
    )
    return Part(nodes=[query]), Part()


def equals(source: Source, c: Constraint) -> tuple[Part, Part]:
    """Focus nodes with other value nodes than another property has."""
    other = source.terms[term(c)]
    return exact(
        nodes=[
            (
                f"select v.focus from ({source.values}) v where not exists ("
                f"from shacl_fact t where t.s = v.focus and t.p = {other} and t.o = v.value)"
            ),
            (
                f"select t.s from shacl_fact t where t.p = {other}"
                f" and t.s in (select node from {source.focus})"
                f" and not exists (from ({source.values}) v where v.focus = t.s and v.value = t.o)"
            ),
        ]
    )


def disjoint(source: Source, c: Constraint) -> tuple[Part, Part]:
    """Focus nodes with a value node that another property has too."""
    query = (
        f"select v.focus from ({source.values}) v"
        f" join shacl_fact t on t.s = v.focus and t.p = {source.terms[term(c)]} and t.o = v.value"
    )
    return exact(nodes=[query])


def closed(source: Source, c: Constraint) -> tuple[Part, Part]:
    """Focus nodes with a property that the shape does not name."""
    other = not_among("p", [source.terms[member] for member in c.members])
    if source.is_node:
        return exact(nodes=[f"select s from shacl_fact where {other}"])
    return exact(
        nodes=[f"select v.focus from ({source.values}) v join shacl_fact t on t.s = v.value where {other}"]
    )
