"""Screens of what a value node is: class, datatype, kind, list, length, pattern, language and range."""

# ruff: noqa: S608 - what stands in these queries is numbers and names of ours; the rest are parameters

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal

from nutgraf.shapes import regex
from nutgraf.shapes.paths import SH
from nutgraf.shapes.sql.facts import KINDS, short
from nutgraf.shapes.sql.screen import certain
from nutgraf.shapes.sql.screen.part import ALL, Part, Source, exact, not_among, term

if TYPE_CHECKING:
    from nutgraf.shapes.model import Constraint

_NODE_KINDS: Final = {"IRI": "iri", "BlankNode": "bnode", "Literal": "literal"}


def class_(source: Source, c: Constraint) -> tuple[Part, Part]:
    """Value nodes of another class."""
    number = source.terms[term(c)]
    return exact(values=[f"value not in (select node from shacl_instance where class = {number})"])


def datatype(source: Source, c: Constraint) -> tuple[Part, Part]:
    """Value nodes of another datatype, or not surely well-typed."""
    datatype = term(c).value
    other = f"datatype <> {source.parameter(short(datatype))}"
    well_typed = certain.well_typed(datatype, source.parameter)
    return Part([f"({other} or not {well_typed})"]), Part([other])


def node_kind(_: Source, c: Constraint) -> tuple[Part, Part]:
    """Value nodes of another kind."""
    name = term(c).value.removeprefix(SH)
    allowed = [str(KINDS[kind]) for part, kind in _NODE_KINDS.items() if part in name]
    return exact(values=[f"value % 4 not in ({', '.join(allowed)})"])


def in_list(source: Source, c: Constraint) -> tuple[Part, Part]:
    """Value nodes that the list does not have."""
    return exact(values=[not_among("value", [source.terms[member] for member in c.members])])


def min_length(source: Source, c: Constraint) -> tuple[Part, Part]:
    """Value nodes that are too short."""
    return exact(values=[f"(value % 4 = 1 or length(lexical) < {source.parameter(c.count)})"])


def max_length(source: Source, c: Constraint) -> tuple[Part, Part]:
    """Value nodes that are too long."""
    return exact(values=[f"(value % 4 = 1 or length(lexical) > {source.parameter(c.count)})"])


def pattern(source: Source, c: Constraint) -> tuple[Part, Part]:
    """Value nodes that do not match."""
    pattern = regex.to_re2(c.text or "", c.flags)
    if pattern is None:
        return Part([ALL]), Part()
    return exact(values=[f"(value % 4 = 1 or not regexp_matches(lexical, {source.parameter(pattern)}))"])


def language_in(source: Source, c: Constraint) -> tuple[Part, Part]:
    """Value nodes of another language."""
    fits = ["false"]
    for member in c.members:
        name = source.parameter(member.value.lower())
        fits.append(f"language = {name} or starts_with(language, {name} || '-') or {name} = '*'")
    return exact(values=[f"(language = '' or not ({' or '.join(fits)}))"])


def bound(source: Source, c: Constraint) -> tuple[Part, Part]:
    """Value nodes that are not surely within the bound."""
    bound = term(c)
    assert isinstance(bound, Literal), "the reader takes no other bound"
    within = certain.within(c.component, short(bound.datatype.value), bound.value, source.parameter)
    return Part([ALL if within is None else f"not coalesce({within}, false)"]), Part()
