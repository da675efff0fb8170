"""What the page of a thing shows."""

from __future__ import annotations

from dataclasses import dataclass

from nutgraf.publish.site.lines import value_of
from nutgraf.publish.site.links import Link, Linker, web
from nutgraf.publish.site.part import Part
from nutgraf.publish.site.text import shown
from nutgraf.publish.site.views.network import Network, network_of
from nutgraf.publish.site.views.statements import HIDDEN, Group, Statements, articles_of
from nutgraf.terms.vocabulary import DCTERMS, SCHEMA


@dataclass(frozen=True, slots=True)
class Decision:
    """A link decision as a page shows it."""

    message: str
    item: Link | None
    notes: tuple[str, ...]
    date: str


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
        decisions: about its link to Wikidata.
        network: its neighbours.
        replaced: what took the place of its address.
    """

    name: Link
    iri: str
    kind: str
    classes: tuple[str, ...]
    others: tuple[Link, ...]
    facts: tuple[Group, ...]
    links: tuple[Group, ...]
    articles: tuple[Link, ...]
    decisions: tuple[Decision, ...]
    network: Network | None
    replaced: Link | None


def thing_view(part: Part, linker: Linker) -> ThingView:
    """What the page of a thing shows, in the page's language."""
    node, catalogue = part.node, linker.catalogue
    statements = Statements(part, linker)
    text, language = linker.name(node)
    classes = (linker.setting.terms.value(SCHEMA + name, catalogue) or name for name in node.classes)
    replaced = [
        value_of(quad.object) for quad in part.own if quad.predicate.value == f"{DCTERMS}isReplacedBy"
    ]
    seen = [*part.own, *part.links]
    return ThingView(
        name=Link(text, None, language),
        iri=node.iri,
        kind=node.kind,
        classes=tuple(dict.fromkeys(map(shown, classes))),
        others=tuple(
            Link(shown(name), None, tag or None)
            for tag, name in sorted(node.names.items())
            if shown(name) != text and node.kind != "claim"
        ),
        facts=tuple(statements.about(quad for quad in part.own if quad.predicate.value not in HIDDEN)),
        links=tuple(statements.leading(part.links)),
        articles=tuple(map(linker.thing, articles_of(seen, linker.setting.base, linker))),
        decisions=tuple(_decisions(part, linker)),
        network=network_of(part, linker),
        replaced=linker.iri(min(replaced)) if replaced else None,
    )


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
        item = web(each.item) if each.item else None
        found.append(Decision(message, item, tuple(note for note in notes if note), each.date))
    return found
