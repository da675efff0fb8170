"""A count, such as the members of a body: one row for its number, one for the articles' words for it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Final

from pyoxigraph import Quad

from nutgraf.publish.site.lines import value_of
from nutgraf.publish.site.links import Linker
from nutgraf.publish.site.part import Part
from nutgraf.publish.site.views.statements import Group, Statements
from nutgraf.terms.vocabulary import RDF_TYPE, SCHEMA

_MEASURED: Final = f"{SCHEMA}measuredProperty"
_OBSERVATION: Final = frozenset({_MEASURED, RDF_TYPE, f"{SCHEMA}observationAbout"})


def counts_of(part: Part, statements: Statements, linker: Linker) -> list[Group]:
    """The statements about the fragments of a thing: a count's number stands under what it counts.

    Other fragments than counts have a row for each of their statements.
    """
    fragments: dict[str, list[Quad]] = defaultdict(list)
    for quad in part.own:
        if value_of(quad.subject) != part.node.iri:
            fragments[value_of(quad.subject)].append(quad)
    found = []
    for quads in (fragments[fragment] for fragment in sorted(fragments)):
        measured = min((value_of(q.object) for q in quads if q.predicate.value == _MEASURED), default="")
        kept = [quad for quad in quads if not (measured and quad.predicate.value in _OBSERVATION)]
        for group in statements.about(kept):
            is_number = measured and group.property == "schema:value"
            label = linker.setting.terms.property(measured, linker.catalogue) if is_number else group.label
            bare = tuple(replace(each, of=None) for each in group.statements)
            found.append(replace(group, label=label, statements=bare))
    return found
