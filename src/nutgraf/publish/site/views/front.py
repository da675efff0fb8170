"""What the front page shows."""

from __future__ import annotations

from dataclasses import dataclass

from nutgraf.publish.site.index import Node
from nutgraf.publish.site.lines import quads
from nutgraf.publish.site.links import Link, Linker
from nutgraf.publish.site.part import Part
from nutgraf.publish.site.views.statements import Statements
from nutgraf.terms.vocabulary import SCHEMA

_SHOWN = ("description", "publisher", "inLanguage", "datePublished")


@dataclass(frozen=True, slots=True)
class Card:
    """An article on the front page.

    Attributes:
        thing: the article.
        description: in our words.
        notes: publisher, day, language.
        claims: how many claims it has.
        things: how many things it names.
    """

    thing: Link
    description: Link | None
    notes: tuple[Link, ...]
    claims: int
    things: int


def front_articles(linker: Linker, most: int) -> list[Card]:
    """The articles, the latest first where they have a day, then by their key."""
    index = linker.setting.index
    nodes = index.nodes(where="n.kind = 'article'", order=f"n.start desc, n.stem limit {most}")
    return [_card(node, linker) for node in nodes]


def _card(node: Node, linker: Linker) -> Card:
    index = linker.setting.index
    about = [quad for quad in quads(index.about(node.iri)) if not _is_evidence(str(quad.graph_name))]
    statements = Statements(Part(node), linker)
    groups = {
        name: statements.about([quad for quad in about if quad.predicate.value == SCHEMA + name])
        for name in _SHOWN
    }
    values = {name: found[0].statements[0].value for name, found in groups.items() if found}
    query = (
        "select count(*) filter (n.kind = 'claim'), count(*) from named_in f "
        "join node a on a.h = f.article join node n on n.h = f.node where a.stem = ?"
    ).replace("filter (n", "filter (where n")
    claims, things = index.rows(query, [node.stem])[0]
    notes = tuple(values[name] for name in ("publisher", "datePublished", "inLanguage") if name in values)
    return Card(linker.thing(node), values.get("description"), notes, claims, things - claims - 1)


def _is_evidence(graph: str) -> bool:
    return "/graph/evidence/" in graph


def most_named(linker: Linker, kind: str, most: int) -> list[tuple[Link, int]]:
    """The things of a kind that most articles name, with how many do."""
    query = (
        "select n.iri, count(*) as articles from node n join named_in f on f.node = n.h "
        "where n.kind = ? group by n.h order by articles desc, n.stem limit ?"
    )
    found = []
    for iri, articles in linker.setting.index.rows(query, [kind, most]):
        node = linker.setting.index.node(iri)
        if node is not None:
            found.append((linker.thing(node), int(articles)))
    return found
