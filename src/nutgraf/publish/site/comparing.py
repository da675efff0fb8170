"""The comparison of the articles, a thing at a time, by the rules of `nutgraf.evidence.compare`.

`nutgraf compare` reads the lineage of all sheets; a site has the dataset alone, and compares what its
evidence graphs say. Things that two articles name by keys of their own are compared apart here.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from nutgraf.evidence.compare.difference import facts
from nutgraf.evidence.compare.identity import Identity
from nutgraf.evidence.compare.model import Assertion, Fact
from nutgraf.evidence.compare.run import copies_of
from nutgraf.publish.site.index import Index, Node
from nutgraf.publish.site.kept import Kept
from nutgraf.publish.site.lines import graph_of, quads, value_of
from nutgraf.publish.site.part import part_of, statement_iri
from nutgraf.publish.site.reading import Questions, Reading
from nutgraf.terms.vocabulary import NUT, OA, RDF_LANG_STRING, RDF_TYPE, SCHEMA

_OF_VALUES: Final = frozenset(
    {
        RDF_TYPE,
        f"{NUT}represents",
        *(f"{SCHEMA}{name}" for name in ("containedInPlace", "memberOf", "parentOrganization")),
    }
)
"""What is asked of the values: which of two is part of the other."""
_SHARED: Final = (
    "n.h in (select node from stated_of group by node having count(*) > 1) and n.kind <> 'article'"
)


class Comparing:
    """Compares what articles state of things that they share.

    Args:
        index: the dataset.
        base: IRI that the workspace's nodes start with.
        kept: what former runs have found.
    """

    def __init__(self, index: Index, base: str, kept: Kept) -> None:
        self._index = index
        self._base = base
        self._kept = kept

    @cached_property
    def copies(self) -> dict[str, str]:
        """Article's key → that of the first article with the same text."""
        texts: dict[str, str] = {}
        for node in self._index.nodes(where="n.kind = 'article'"):
            key = node.iri.removeprefix(f"{self._base}id/")
            hashes = [
                value_of(quad.object)
                for quad in quads(self._index.about(node.iri))
                if quad.predicate.value == f"{NUT}textSha256"
            ]
            texts[key] = hashes[0] if hashes else key
        return copies_of(texts, ())

    @cached_property
    def subjects(self) -> list[str]:
        """IRIs of the things on which two sources agree or differ."""
        pairs = sorted(pair for pair in self.copies.items() if pair[0] != pair[1])
        copies = hashlib.sha256(repr(pairs).encode()).hexdigest()
        return [node.iri for node in self._index.nodes(where=_SHARED) if self._is_compared(node, copies)]

    def _is_compared(self, node: Node, copies: str) -> bool:
        name = f"compared {copies} {node.iri}"
        found = self._kept.find(name)
        if found is None:
            reading = Reading(self._index)
            found = "yes" if self.of(node, reading) else "no"
            self._kept.keep(name, found, reading.asked)
        return found == "yes"

    def of(self, node: Node, index: Questions | None = None) -> list[Fact]:
        """The facts of a thing that several sources state, or on which articles differ.

        Args:
            node: the thing.
            index: what to read it from, where that is to be known.
        """
        assertions = sorted(set(self._assertions(node, index or self._index)))
        found = facts(assertions, Identity.of(assertions), self.copies)
        return [fact for fact in found if fact.subject == node.iri and fact.verdict != "only here"]

    def _assertions(self, node: Node, index: Questions) -> Iterator[Assertion]:
        part = part_of(index, node, self._base)
        modalities = self._modalities(part.evidence)
        values = set()
        for quad in part.own:
            statement = statement_iri(quad.triple, self._base)
            yield from self._of(quad, modalities.get((statement, self._article(quad)), {"actual"}))
            if isinstance(quad.object, NamedNode):
                values.add(quad.object.value)
        for iri in sorted(values - {node.iri}):
            if index.node(iri) is not None:
                for quad in quads(index.about(iri)):
                    known = quad.predicate.value in _OF_VALUES
                    if known and not graph_of(quad).startswith(f"{self._base}graph/evidence/"):
                        yield from self._of(quad, {"actual"})

    def _of(self, quad: Quad, modalities: set[str]) -> Iterator[Assertion]:
        subject, predicate, value = quad.triple
        datatype = value.datatype.value if isinstance(value, Literal) else ""
        if isinstance(value, Literal) and value.language:
            datatype = RDF_LANG_STRING
        for modality in modalities:
            yield Assertion(
                value_of(subject),
                predicate.value,
                value_of(value),
                isinstance(value, NamedNode),
                datatype,
                self._article(quad),
                modality,
            )

    def _article(self, quad: Quad) -> str:
        """Key of the article whose graph a quad is in; empty for the register and the links."""
        graph, prefix = graph_of(quad), f"{self._base}graph/article/"
        return graph.removeprefix(prefix) if graph.startswith(prefix) else ""

    def _modalities(self, evidence: list[Quad]) -> dict[tuple[str, str], set[str]]:
        """(Statement node, article) → in which ways the article states it."""
        said: dict[str, set[str]] = defaultdict(set)
        bodies: dict[str, set[tuple[str, str]]] = defaultdict(set)
        prefix = f"{self._base}graph/evidence/"
        for quad in evidence:
            node, value = value_of(quad.subject), value_of(quad.object)
            if quad.predicate.value == f"{NUT}modality":
                said[node].add(value.rpartition("#")[2].lower())
            elif quad.predicate.value == f"{OA}hasBody":
                bodies[node].add((value, graph_of(quad).removeprefix(prefix)))
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for node, pairs in bodies.items():
            for pair in pairs:
                found[pair] |= said[node]
        return found
