"""What the page of the vocabulary shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple, parse
from pyoxigraph import RdfFormat as Format

from nutgraf.publish.site.links import Link, Linker, web
from nutgraf.publish.site.text import cut, shown
from nutgraf.publish.vocabulary.model import KINDS, Example, Kind, Vocabulary, VocabularyTerm
from nutgraf.terms.vocabulary import shorten

_LITERAL: Final = 120
_ANCHOR: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class TermView:
    """A term as the page shows it.

    Attributes:
        anchor: the fragment of its IRI; None where that can be none in HTML.
        curie: how it is written in a query.
        iri: its IRI.
        label: its name in the page's language.
        comment: its definition.
        parents: what it is narrower than.
        types: of an individual, its classes.
        domains: which classes have the property.
        ranges: of which classes and datatypes its values are.
        members: of a class, the vocabulary's own individuals.
        uses: how often the dataset has it.
        examples: statements, each three links.
    """

    anchor: str | None
    curie: str
    iri: str
    label: str
    comment: str
    parents: tuple[Link, ...]
    types: tuple[Link, ...]
    domains: tuple[Link, ...]
    ranges: tuple[Link, ...]
    members: tuple[Link, ...]
    uses: int
    examples: tuple[tuple[Link, Link, Link], ...]


def terms(vocabulary: Vocabulary, linker: Linker) -> list[tuple[Kind, list[TermView]]]:
    """The terms by kind, in the page's language; no kind without terms."""
    own = {term.iri: term for term in vocabulary.terms}
    found = [(kind, [_view(term, own, linker) for term in vocabulary.of_kind(kind)]) for kind in KINDS]
    return [(kind, views) for kind, views in found if views]


def _view(term: VocabularyTerm, own: dict[str, VocabularyTerm], linker: Linker) -> TermView:
    language = linker.catalogue.language

    def links(iris: tuple[str, ...]) -> tuple[Link, ...]:
        return tuple(_term(iri, own) for iri in iris)

    return TermView(
        anchor=term.anchor if _ANCHOR.fullmatch(term.anchor) else None,
        curie=shown(shorten(term.iri)),
        iri=shown(term.iri),
        label=shown(term.label(language)),
        comment=shown(term.comment(language)),
        parents=links(term.parents),
        types=links(term.types),
        domains=links(term.domains),
        ranges=links(term.ranges),
        members=links(term.members),
        uses=term.uses,
        examples=tuple(_example(example, own, linker) for example in term.examples),
    )


def _term(iri: str, own: dict[str, VocabularyTerm]) -> Link:
    """A term of ours on this page, or one of another vocabulary at its own address."""
    if iri in own and _ANCHOR.fullmatch(own[iri].anchor):
        return Link(shown(shorten(iri)), f"#{own[iri].anchor}")
    return Link(shown(shorten(iri)), web(iri).url, external=True)


def _example(example: Example, own: dict[str, VocabularyTerm], linker: Linker) -> tuple[Link, Link, Link]:
    line = f"{example.subject} {example.predicate} {example.object} ."
    (found,) = parse(line.encode(), Format.N_TRIPLES)
    subject, predicate, value = Triple(found.subject, found.predicate, found.object)
    return _node(subject, own, linker), _term(predicate.value, own), _node(value, own, linker)


def _node(node: object, own: dict[str, VocabularyTerm], linker: Linker) -> Link:
    if isinstance(node, Literal):
        return Link(f"“{cut(node.value, _LITERAL)}”", None, node.language)
    if not isinstance(node, NamedNode):
        return Link(shown(str(node)))
    if node.value in own:
        return _term(node.value, own)
    base = linker.setting.base
    if not node.value.startswith(base):
        return _term(node.value, own)
    thing = linker.setting.index.node(node.value)
    return linker.thing(thing) if thing else Link(cut(node.value.removeprefix(base), _LITERAL))
