"""What the page of a thing shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from pyoxigraph import Quad

from nutgraf.publish.site.lines import value_of
from nutgraf.publish.site.links import Link, Linker, web
from nutgraf.publish.site.part import Part
from nutgraf.publish.site.text import shown
from nutgraf.publish.site.views.counts import counts_of
from nutgraf.publish.site.views.network import Network, network_of
from nutgraf.publish.site.views.statements import HIDDEN, Group, Statements, articles_of
from nutgraf.publish.site.views.values import date
from nutgraf.terms.vocabulary import DCTERMS, NUT, SCHEMA


@dataclass(frozen=True, slots=True)
class Decision:
    """A link decision as a page shows it."""

    message: str
    item: Link | None
    notes: tuple[str, ...]
    date: str
    day: str


@dataclass(frozen=True, slots=True)
class ClaimView:
    """Who says a claim, and where.

    Attributes:
        authors: who says it.
        voice: ArticleVoice or UnnamedVoice, where nobody is named.
        reported: whose words they report.
        appears: the articles that it appears in.
    """

    authors: tuple[Link, ...]
    voice: str
    reported: tuple[Link, ...]
    appears: tuple[Link, ...]


@dataclass(frozen=True)
class ThingView:
    """What the page of a thing shows.

    Attributes:
        name: its name, and the language where it is not the page's.
        iri: its address.
        kind: which kind of thing.
        classes: its classes in words.
        others: its names in other languages.
        description: of it, in the page's language or another.
        facts: statements about it.
        links: statements of others that lead to it.
        articles: where it is named.
        more_articles: how many more name it.
        decisions: about its link to Wikidata.
        network: its neighbours.
        replaced: what took the place of its address.
        linkable: whether its kind is one that is looked up elsewhere.
        claim: of a claim, who says it.
    """

    name: Link
    iri: str
    kind: str
    classes: tuple[str, ...]
    others: tuple[Link, ...]
    facts: tuple[Group, ...]
    links: tuple[Group, ...]
    articles: tuple[Link, ...]
    more_articles: int
    decisions: tuple[Decision, ...]
    network: Network | None
    replaced: Link | None
    linkable: bool
    claim: ClaimView | None


_ARTICLES: Final = 50
"""How many articles the page of a thing names beside the matter."""


def thing_view(part: Part, linker: Linker) -> ThingView:
    """What the page of a thing shows, in the page's language."""
    node, catalogue = part.node, linker.catalogue
    statements = Statements(part, linker)
    text, language = linker.name(node)
    classes = [shown(linker.setting.terms.value(SCHEMA + name, catalogue) or name) for name in node.classes]
    plain = catalogue.say(f"kind.{node.kind}").casefold()
    replaced = [
        value_of(quad.object) for quad in part.own if quad.predicate.value == f"{DCTERMS}isReplacedBy"
    ]
    articles = articles_of([*part.own, *part.links], linker.setting.base, linker)
    return ThingView(
        name=Link(text, None, language),
        iri=shown(node.iri),
        kind=node.kind,
        classes=tuple(name for name in dict.fromkeys(classes) if name.casefold() != plain),
        others=tuple(
            Link(shown(name), None, tag or None)
            for tag, name in sorted(node.names.items())
            if shown(name) != text and node.kind != "claim"
        ),
        facts=(
            *statements.about(quad for quad in part.own if _is_fact(quad, node.iri)),
            *counts_of(part, statements, linker),
        ),
        links=tuple(
            statements.leading(
                quad for quad in part.links if value_of(quad.subject).partition("#")[0] != node.iri
            )
        ),
        articles=tuple(map(linker.thing, articles[:_ARTICLES])),
        more_articles=max(0, len(articles) - _ARTICLES),
        decisions=tuple(_decisions(part, linker)),
        network=network_of(part, linker),
        replaced=linker.iri(min(replaced)) if replaced else None,
        linkable=node.kind not in {"claim", "action"},
        claim=_claim(part, linker) if node.kind == "claim" else None,
    )


def _is_fact(quad: Quad, iri: str) -> bool:
    """Whether a statement has a row of its own: the head shows some, and a count is one row."""
    return quad.predicate.value not in HIDDEN and value_of(quad.subject) == iri


def _claim(part: Part, linker: Linker) -> ClaimView:
    def values(predicate: str) -> list[str]:
        about = (quad for quad in part.own if quad.predicate.value == predicate)
        return sorted({value_of(quad.object) for quad in about})

    voices = [value.rpartition("#")[2] for value in values(f"{NUT}voice")]
    return ClaimView(
        tuple(map(linker.iri, values(f"{SCHEMA}author"))),
        min((voice for voice in voices if voice in _VOICES), default=""),
        tuple(map(linker.iri, values(f"{NUT}reportedSpeaker"))),
        tuple(map(linker.iri, values(f"{SCHEMA}appearance"))),
    )


_VOICES: Final = frozenset({"ArticleVoice", "UnnamedVoice"})


def _decisions(part: Part, linker: Linker) -> list[Decision]:
    say, find = linker.catalogue.say, linker.catalogue.find
    found = []
    for each in linker.setting.links.get(part.node.iri, ()):
        notes = [find(f"justification.{each.justification}") or shown(each.justification)]
        if each.confidence:
            notes.append(say("thing.link_confidence", confidence=each.confidence))
        if each.comment:
            notes.append(shown(each.comment))
        message = {"accepted": "link_accepted", "rejected": "link_rejected", "not found": "link_none"}[
            each.verdict
        ]
        day = date(each.date, linker.catalogue) if each.date else ""
        item = web(each.item) if each.item else None
        found.append(Decision(message, item, tuple(note for note in notes if note), each.date, day))
    return found
