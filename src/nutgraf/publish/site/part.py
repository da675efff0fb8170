"""The part of the graph that a page is about: the one answer for its `.ttl`, `.jsonld`, `.nt` and HTML.

**The page's part** (`part_of`), of a thing:

1. *own*: every statement about the thing or one of its fragments (a count is one);
2. *links*: every statement from elsewhere that leads to it;
3. *offices*: every statement about an office that 1 or 2 name, since an office is a relation with details;
4. *names*: class and name of everything with a page that 1 to 3 name, of the articles that state them,
   and of those whose word they are;
5. *evidence* of 1, of 3, and of as many of 2 as a page shows: the statement nodes, which annotations say
   them, with spans and selectors, derivations.

Of an article: its whole graph and its evidence graph, and 4, with what the register and the link decisions
say besides of the things that it names.

What the page embeds is chosen from this part and from nothing else (`nutgraf.publish.page.part`): the terms
of schema.org, in the page's language. The parts of all pages together are all that is said of things with a
page, and all of the evidence for it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from pyoxigraph import NamedNode, Quad, Triple

from nutgraf.publish.page import roots
from nutgraf.publish.page.model import PagePart
from nutgraf.publish.page.part import PageGraph
from nutgraf.publish.site.index import Node
from nutgraf.publish.site.lines import cut, graph_of, quads, value_of
from nutgraf.publish.site.reading import Questions
from nutgraf.terms.vocabulary import NUT, OA, RDF_TYPE, SCHEMA

_STATEMENT_DIGITS: Final = 20
_NAMES: Final = frozenset(f"{SCHEMA}{name}" for name in ("name", "roleName", "headline"))
_NAMING: Final = _NAMES | {RDF_TYPE, f"{SCHEMA}inLanguage"}
_ABSTRACT: Final = f"{SCHEMA}abstract"
_DEPTH: Final = 3
SHOWN: Final = 100
"""How many links of one property a page shows."""
_EMBEDDED: Final = frozenset({f"{SCHEMA}member", f"{SCHEMA}superEvent"})
"""Links that pages embed as their own: whether they are alleged must be known of all."""


@dataclass
class Part:
    """The page's part of the graph.

    Attributes:
        node: the page's thing.
        own: quads about it; of an article, its graph.
        links: quads that lead to it from elsewhere.
        offices: quads about the offices that `own` and `links` name.
        names: quads that say class and name of what the others name.
        evidence: quads of the evidence graphs.
    """

    node: Node
    own: list[Quad] = field(default_factory=list)
    links: list[Quad] = field(default_factory=list)
    offices: list[Quad] = field(default_factory=list)
    names: list[Quad] = field(default_factory=list)
    evidence: list[Quad] = field(default_factory=list)

    @cached_property
    def quads(self) -> list[Quad]:
        """Every distinct quad of the part."""
        parts = (self.own, self.links, self.offices, self.names, self.evidence)
        return list(dict.fromkeys(quad for part in parts for quad in part))

    def triples(self) -> list[Triple]:
        """Every distinct triple of the part: what the files beside the page hold."""
        return list(dict.fromkeys(quad.triple for quad in self.quads))

    def page(self, language: str) -> PagePart:
        """What the page in a language embeds of the part; without nodes where schema.org has no word."""
        facts = (quad.triple for part in (self.own, self.links, self.offices, self.names) for quad in part)
        graph = PageGraph(dict.fromkeys(facts), language, leave_out=roots.unsettled(self.evidence))
        root = NamedNode(self.node.iri)
        if self.node.kind == "article":
            return graph.part(root)
        return graph.part(root, backwards=True, depth=_DEPTH, quoted=True)

    @cached_property
    def digest(self) -> str:
        """Hash of the part: pages whose part has not changed need not be made again."""
        lines = sorted(map(str, self.quads))
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def part_of(index: Questions, node: Node, base: str) -> Part:
    """The page's part of the graph, as the head of this module defines it."""
    return _Builder(index, node, base).part()


def statement_iri(triple: Triple, base: str) -> str:
    """The IRI of the statement node of a triple.

    Source: docs/provenance.md, `nutgraf.mapping.sql.statements.statement_id`.
    """
    line = f"{triple.subject} {triple.predicate} {triple.object} ."
    return f"{base}stmt/{hashlib.sha256(line.encode()).hexdigest()[:_STATEMENT_DIGITS]}"


class _Builder:
    def __init__(self, index: Questions, node: Node, base: str) -> None:
        self._index = index
        self._node = node
        self._base = base
        self._evidence_graphs = f"{base}graph/evidence/".encode()

    def part(self) -> Part:
        part = Part(self._node)
        if self._node.kind == "article":
            self._fill_article(part)
        else:
            self._fill_thing(part)
        return part

    def _facts(self, lines: Iterable[bytes]) -> list[Quad]:
        """Quads outside the evidence graphs."""
        return quads(line for line in lines if not self._is_evidence(line))

    def _is_evidence(self, line: bytes) -> bool:
        tokens = cut(line)
        return tokens is not None and tokens.graph.startswith(self._evidence_graphs)

    def _fill_thing(self, part: Part) -> None:
        iri = self._node.iri
        inner = self._index.parts(iri)
        part.own = self._facts([*self._index.about(iri), *inner])
        leading = list(self._index.to(iri))
        for fragment in {quad.subject.value for quad in part.own if isinstance(quad.subject, NamedNode)}:
            if fragment != iri:
                leading += self._index.to(fragment)
        part.links = self._facts(leading)
        offices = sorted(
            {found.iri for found in self._named([*part.own, *part.links]) if found.kind == "office"} - {iri}
        )
        part.offices = self._facts(line for office in offices for line in self._index.about(office))
        part.evidence = self._evidence([*part.own, *part.offices, *_shown(part.links)])
        stated = [*part.own, *part.links, *part.offices]
        part.names = self._names([*self._stating(stated, part.evidence), *stated], {iri, *offices})

    def _fill_article(self, part: Part) -> None:
        iri = self._node.iri
        part.own = quads(self._index.of_article(iri))
        part.links = self._facts(self._index.to(iri))
        shared = (f"{self._base}graph/register", f"{self._base}graph/links")
        named = list(self._named(part.own))
        part.names = [
            quad
            for found in named
            for quad in self._facts(self._index.about(found.iri))
            if graph_of(quad) in shared
        ]
        own = f"{self._base}graph/evidence/{iri.removeprefix(f'{self._base}id/')}"
        inner = [quad for quad in quads(self._index.parts(iri)) if graph_of(quad) == own]
        part.evidence = self._evidence(part.own, only=f" <{own}> .".encode()) + inner
        stated = [*part.own, *part.links]
        part.names += self._names([*self._stating(stated, part.evidence), *stated], {iri})

    def _stating(self, stated: Iterable[Quad], evidence: Iterable[Quad]) -> Iterator[Quad]:
        """Quads that name who states: the articles of the graphs, and the speakers."""
        prefix = f"{self._base}graph/article/"
        for graph in dict.fromkeys(map(graph_of, stated)):
            if graph.startswith(prefix):
                article = NamedNode(f"{self._base}id/{graph.removeprefix(prefix)}")
                yield Quad(article, NamedNode(RDF_TYPE), article)
        yield from (quad for quad in evidence if quad.predicate.value == f"{NUT}speaker")

    def _named(self, found: Iterable[Quad]) -> Iterator[Node]:
        """The things with a page that some quads name, each once."""
        seen: set[object] = set()
        for quad in found:
            for term in (quad.subject, quad.object):
                if isinstance(term, NamedNode) and term not in seen:
                    seen.add(term)
                    node = self._index.node(term.value.partition("#")[0])
                    if node is not None and node.iri not in seen:
                        seen.add(node.iri)
                        yield node

    def _names(self, found: Iterable[Quad], known: set[str]) -> list[Quad]:
        naming = []
        for node in self._named(found):
            if node.iri in known:
                continue
            about = self._facts(self._index.about(node.iri))
            has_name = any(quad.predicate.value in _NAMES for quad in about)
            # What has no name goes by its abstract.
            wanted = _NAMING if has_name and node.kind != "claim" else _NAMING | {_ABSTRACT}
            naming += [quad for quad in about if quad.predicate.value in wanted]
        return naming

    def _evidence(self, found: Iterable[Quad], only: bytes = b" .") -> list[Quad]:
        """What says these statements: statement nodes, annotations, spans, selectors, derivations.

        Args:
            found: the statements.
            only: how the lines end that count: those of one graph, or all.
        """
        said: dict[Quad, None] = {}
        wanted = dict.fromkeys(statement_iri(quad.triple, self._base) for quad in found)
        further: dict[str, None] = {}
        for statement in wanted:
            for quad in quads(_ending(self._index.about(statement), only)):
                said[quad] = None
                if quad.predicate.value == f"{NUT}derivation":
                    further[value_of(quad.object)] = None
            for quad in quads(_ending(self._index.to(statement), only)):
                further[value_of(quad.subject)] = None
        self._follow(further, wanted, said, only)
        return list(said)

    def _follow(
        self, further: dict[str, None], wanted: dict[str, None], said: dict[Quad, None], only: bytes
    ) -> None:
        """From annotations and derivations to their spans and selectors."""
        body, leads = f"{OA}hasBody", {f"{OA}hasTarget", f"{OA}hasSelector", f"{NUT}input"}
        queue = list(further)
        while queue:
            iri = queue.pop()
            for quad in quads(_ending(self._index.about(iri), only)):
                value = quad.object
                if quad.predicate.value == body and getattr(value, "value", None) not in wanted:
                    continue
                said[quad] = None
                if (
                    quad.predicate.value in leads
                    and isinstance(value, NamedNode)
                    and value.value not in further
                ):
                    further[value.value] = None
                    queue.append(value.value)


def _shown(links: Iterable[Quad]) -> Iterator[Quad]:
    """Those of the links whose sources a page shows."""
    by_property: dict[str, dict[Triple, list[Quad]]] = defaultdict(lambda: defaultdict(list))
    for quad in links:
        by_property[quad.predicate.value][quad.triple].append(quad)
    for predicate, triples in by_property.items():
        every = sorted(triples, key=str)
        for triple in every if predicate in _EMBEDDED else every[:SHOWN]:
            yield from triples[triple]


def _ending(lines: Iterable[bytes], only: bytes) -> Iterator[bytes]:
    return (line for line in lines if line.rstrip(b"\n").endswith(only))
