"""The statements about a thing, each with who states it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from nutgraf.publish.site.index import Node
from nutgraf.publish.site.lines import graph_of, value_of
from nutgraf.publish.site.links import Link, Linker
from nutgraf.publish.site.part import SHOWN, Part, statement_iri
from nutgraf.publish.site.text import shown
from nutgraf.publish.site.views.values import literal
from nutgraf.terms.vocabulary import NUT, OA, RDF_TYPE, SCHEMA, shorten

_ORDER: Final = """
    rdf:type schema:headline schema:abstract schema:author nut:reportedSpeaker nut:voice nut:speechForm
    schema:appearance schema:name schema:roleName schema:alternateName schema:honorificPrefix schema:jobTitle
    schema:description schema:disambiguatingDescription schema:additionalType nut:ordinal schema:superEvent
    nut:partOf schema:startDate nut:startMonthDay schema:endDate nut:endMonthDay nut:timeWords schema:duration
    schema:location schema:containedInPlace schema:organizer nut:host schema:agent schema:participant
    nut:elected nut:candidate nut:office schema:member nut:nominee schema:attendee schema:performer
    schema:contributor schema:object schema:result schema:about nut:occasion nut:phase nut:planStatus
    schema:actionStatus schema:parentOrganization schema:memberOf schema:areaServed schema:knowsAbout
    schema:value schema:unitText nut:wording
    """.split()
_RANK: Final = {curie: number for number, curie in enumerate(_ORDER)}


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """Who states a statement, and how.

    Attributes:
        kind: stated, derived, register, link or metadata.
        article: its page, where an article states it.
        modality: Planned, Aim, Alleged or Denied; None where it is stated as actual.
        speakers: whose word it is, where it is not the article's own.
        spans: characters of the article's text, start to end.
        rule: that computes it.
    """

    kind: str
    article: Link | None = field(default=None, compare=False)
    modality: str | None = None
    speakers: tuple[Link, ...] = field(default=(), compare=False)
    spans: tuple[str, ...] = ()
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as a page shows it.

    Attributes:
        anchor: id of its row: the hash in its statement node's IRI.
        iri: of its statement node.
        value: what is stated.
        sources: who states it.
        of: the thing that it is about, where that is not the page's.
    """

    anchor: str
    iri: str
    value: Link
    sources: tuple[Source, ...]
    of: Link | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The statements of one property.

    Attributes:
        label: what the property is called.
        property: its CURIE or IRI.
        statements: in a fixed order.
        more: how many are left out.
    """

    label: str
    property: str
    statements: tuple[Statement, ...]
    more: int = 0


@dataclass(frozen=True)
class _Annotation:
    article: str
    modality: str | None
    speakers: tuple[str, ...]
    span: tuple[int, int]


class Statements:
    """The statements of a part, ready to be shown.

    Args:
        part: the page's part of the graph.
        linker: the page's links.
    """

    def __init__(self, part: Part, linker: Linker) -> None:
        self._part = part
        self._linker = linker
        self._base = linker.setting.base

    @cached_property
    def _values(self) -> dict[str, dict[str, list[str]]]:
        """Node of the evidence → property → values."""
        found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for triple in dict.fromkeys(quad.triple for quad in self._part.evidence):
            found[value_of(triple.subject)][triple.predicate.value].append(value_of(triple.object))
        return found

    @cached_property
    def _annotations(self) -> dict[str, list[_Annotation]]:
        """Statement node → what says it."""
        found: dict[str, list[_Annotation]] = defaultdict(list)
        for values in self._values.values():
            if f"{OA}hasBody" not in values or f"{NUT}modality" not in values:
                continue
            modality = values[f"{NUT}modality"][0].rpartition("#")[2]
            speakers = tuple(sorted(values.get(f"{NUT}speaker", ())))
            for target in sorted(values.get(f"{OA}hasTarget", ())):
                place = self._span(target)
                if place is not None:
                    said = _Annotation(place[0], modality, speakers, place[1])
                    for body in values[f"{OA}hasBody"]:
                        found[body].append(said)
        return found

    def _span(self, iri: str) -> tuple[str, tuple[int, int]] | None:
        """Article and characters of a span."""
        values = self._values.get(iri, {})
        for selector in values.get(f"{OA}hasSelector", ()):
            ends = [self._values[selector].get(f"{OA}{name}", [""])[0] for name in ("start", "end")]
            source = values.get(f"{OA}hasSource", [""])[0]
            if all(each.isdecimal() for each in ends):
                return source, (int(ends[0]), int(ends[1]))
        return None

    def about(self, chosen: Iterable[Quad], *, most: int = 200) -> list[Group]:
        """Statements grouped by their property, in reading order.

        Args:
            chosen: quads of the part.
            most: how many a group shows.
        """
        return self._groups(chosen, inverse=False, most=most)

    def leading(self, chosen: Iterable[Quad], *, most: int = SHOWN) -> list[Group]:
        """Statements of others grouped by what they say of the page's thing."""
        return self._groups(chosen, inverse=True, most=most)

    def _groups(self, chosen: Iterable[Quad], *, inverse: bool, most: int) -> list[Group]:
        graphs: dict[Triple, list[str]] = defaultdict(list)
        for quad in chosen:
            graphs[quad.triple].append(graph_of(quad))
        by_property: dict[str, list[Triple]] = defaultdict(list)
        for triple in graphs:
            by_property[triple.predicate.value].append(triple)
        terms, catalogue = self._linker.setting.terms, self._linker.catalogue
        name = terms.inverse if inverse else terms.property
        groups = []
        for iri in sorted(by_property, key=_property_order):
            triples = sorted(by_property[iri], key=self._triple_order)
            shown_ = tuple(
                self.statement(triple, graphs[triple], of_other=inverse) for triple in triples[:most]
            )
            more = max(0, len(triples) - most)
            groups.append(Group(name(iri, catalogue, self._part.node.kind), shorten(iri), shown_, more))
        return groups

    def _triple_order(self, triple: Triple) -> tuple[str, str]:
        value = triple.object
        tag = value.language or "" if isinstance(value, Literal) else ""
        own = "" if tag == self._linker.catalogue.language else tag or " "
        return own, str(triple)

    def statement(self, triple: Triple, graphs: Iterable[str], *, of_other: bool = False) -> Statement:
        """A statement with its sources.

        Args:
            triple: what is stated.
            graphs: in which graphs.
            of_other: whether its subject is to be shown in place of its value.
        """
        iri = statement_iri(triple, self._base)
        value = self.value(triple)
        of = self._linker.iri(triple.subject.value) if isinstance(triple.subject, NamedNode) else None
        is_inner = value_of(triple.subject) != self._part.node.iri
        return Statement(
            iri.rpartition("/")[2],
            iri,
            value,
            tuple(self._sources(iri, sorted(set(graphs)))),
            of if of_other or is_inner else None,
        )

    def value(self, triple: Triple) -> Link:
        """What a statement states."""
        value = triple.object
        if isinstance(value, NamedNode):
            return self._linker.iri(value.value)
        if isinstance(value, Literal):
            return literal(value, triple.predicate.value, self._linker)
        return Link(shown(str(value)))

    def _sources(self, statement: str, graphs: list[str]) -> Iterator[Source]:
        prefix = f"{self._base}graph/article/"
        for graph in graphs:
            if not graph.startswith(prefix):
                yield Source("link" if graph == f"{self._base}graph/links" else "register")
                continue
            article = f"{self._base}id/{graph.removeprefix(prefix)}"
            node = self._linker.setting.index.node(article)
            link = self._linker.thing(node) if node else None
            yield from self._of_article(statement, article, link)

    def _of_article(self, statement: str, article: str, link: Link | None) -> Iterator[Source]:
        rule = self._rule(statement, article)
        ways: dict[tuple[str | None, tuple[str, ...]], list[tuple[int, int]]] = defaultdict(list)
        for said in self._annotations.get(statement, ()):
            if said.article == article:
                ways[said.modality, said.speakers].append(said.span)
        for (modality, speakers), spans in sorted(ways.items(), key=lambda way: (min(way[1]), str(way[0]))):
            yield Source(
                "derived" if rule else "stated",
                link,
                modality if modality != "Actual" else None,
                tuple(map(self._linker.iri, speakers)),
                tuple(f"{start}–{end}" for start, end in sorted(set(spans))),
                rule,
            )
        if not ways:
            yield Source("derived" if rule else "metadata", link, rule=rule)

    def _rule(self, statement: str, article: str) -> str | None:
        own = f"#{article.removeprefix(f'{self._base}id/')}-"
        for derivation in self._values.get(statement, {}).get(f"{NUT}derivation", ()):
            if own in derivation:
                return shown(self._values[derivation].get(f"{NUT}rule", [""])[0])
        return None


def articles_of(quads: Iterable[Quad], base: str, linker: Linker) -> list[Node]:
    """The articles whose graphs hold some quads."""
    prefix = f"{base}graph/article/"
    ids = {graph_of(quad).removeprefix(prefix) for quad in quads if graph_of(quad).startswith(prefix)}
    found = (linker.setting.index.node(f"{base}id/{each}") for each in sorted(ids))
    return [node for node in found if node is not None]


def _property_order(iri: str) -> tuple[int, str]:
    return _RANK.get(shorten(iri), len(_RANK)), iri


HIDDEN: Final = frozenset({RDF_TYPE, f"{SCHEMA}name", f"{SCHEMA}sameAs"})
"""What the head of a page shows already."""
