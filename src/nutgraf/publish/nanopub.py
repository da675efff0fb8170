"""Nanopublications: what one article says of one thing, with its provenance and publication info.

Each has four graphs: a head, the assertion, its provenance (which words say it, in which modality, by whose
word, computed by which rule), and the publication info. They are neither signed nor published: who
publishes them signs them with their own key, by a tool such as `np sign`.

Source: Nanopublication Guidelines, https://nanopub.net/guidelines/working_draft/.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from nutgraf.terms.vocabulary import DCTERMS, NUT, OA, PROV, RDF, RDF_TYPE

NP: Final = "http://www.nanopub.org/nschema#"

_Term = NamedNode | Literal


@dataclass(frozen=True)
class Nanopublication:
    """One nanopublication.

    Attributes:
        iri: `{base}np/{article}/{key of the thing}`.
        article: key of the article.
        name: a file's name for it, without extension.
        quads: of its four graphs.
    """

    iri: str
    article: str
    name: str
    quads: tuple[Quad, ...]


def nanopublications(quads: Sequence[Quad], base: str, article: str | None = None) -> list[Nanopublication]:
    """The nanopublications of a built dataset, sorted by IRI.

    Args:
        quads: the whole dataset.
        base: IRI that the workspace's nodes start with.
        article: only this article's.

    Returns:
        One for each article and thing that it says something of. What has no words as its evidence (the
        register's names, the links, what is said of the article as a document) is in none.
    """
    prefix = f"{base}graph/evidence/"
    by_article: dict[str, list[Quad]] = defaultdict(list)
    for quad in quads:
        name = quad.graph_name
        if isinstance(name, NamedNode) and name.value.startswith(prefix):
            by_article[name.value.removeprefix(prefix)].append(quad)
    wanted = sorted(by_article) if article is None else [article]
    return [found for each in wanted for found in _Article(by_article[each], base, each).all()]


class _Article:
    """The evidence graph of one article, indexed."""

    def __init__(self, quads: Iterable[Quad], base: str, article: str) -> None:
        self._base = base
        self._article = article
        self._about: dict[str, list[tuple[str, _Term]]] = defaultdict(list)
        self._annotations: dict[str, list[str]] = defaultdict(list)
        self._statements: dict[str, list[str]] = defaultdict(list)
        for quad in quads:
            assert isinstance(quad.subject, NamedNode)
            assert isinstance(quad.object, NamedNode | Literal)
            subject, predicate, value = quad.subject.value, quad.predicate.value, quad.object
            self._about[subject].append((predicate, value))
            if predicate == f"{OA}hasBody":
                self._annotations[value.value].append(subject)
            if predicate == f"{RDF}subject":
                self._statements[value.value].append(subject)

    def all(self) -> Iterator[Nanopublication]:
        for thing in sorted(self._statements):
            statements = [node for node in sorted(self._statements[thing]) if self._annotations[node]]
            if statements:
                yield self._nanopublication(thing, statements)

    def _nanopublication(self, thing: str, statements: list[str]) -> Nanopublication:
        key = thing.removeprefix(f"{self._base}id/").removeprefix(f"{self._article}/").replace("#", "--")
        iri = f"{self._base}np/{self._article}/{key}"
        graphs = {name: NamedNode(f"{iri}#{name}") for name in ("head", "assertion", "provenance", "pubinfo")}
        content = {
            "head": self._head(iri, graphs),
            "assertion": (self._triple(node) for node in statements),
            "provenance": self._provenance(graphs["assertion"].value, statements),
            "pubinfo": self._publication(iri),
        }
        quads = {
            Quad(triple.subject, triple.predicate, triple.object, graphs[name])
            for name, triples in content.items()
            for triple in triples
        }
        name = f"{self._article}-{key.replace('/', '-')}"
        return Nanopublication(iri, self._article, name, tuple(sorted(quads, key=str)))

    def _head(self, iri: str, graphs: dict[str, NamedNode]) -> Iterator[Triple]:
        yield _triple(iri, RDF_TYPE, NamedNode(f"{NP}Nanopublication"))
        yield _triple(iri, f"{NP}hasAssertion", graphs["assertion"])
        yield _triple(iri, f"{NP}hasProvenance", graphs["provenance"])
        yield _triple(iri, f"{NP}hasPublicationInfo", graphs["pubinfo"])

    def _triple(self, statement: str) -> Triple:
        """The triple that a statement node stands for."""
        parts = dict(self._about[statement])
        return _triple(parts[f"{RDF}subject"].value, parts[f"{RDF}predicate"].value, parts[f"{RDF}object"])

    def _provenance(self, assertion: str, statements: list[str]) -> Iterator[Triple]:
        yield _triple(assertion, f"{PROV}wasDerivedFrom", self._node(f"id/{self._article}"))
        annotations = {each for node in statements for each in self._annotations[node]}
        spans = {value.value for each in annotations for value in self._values(each, f"{OA}hasTarget")}
        for span in spans:
            yield _triple(assertion, f"{PROV}wasDerivedFrom", NamedNode(span))
        told = [
            *statements,
            *self._below(statements, f"{NUT}derivation"),
            *self._below(annotations, f"{NUT}via"),
        ]
        for node in told:
            yield from self._described(node)
        for node in annotations:
            yield from (
                triple
                for triple in self._described(node)
                if triple.predicate.value != f"{OA}hasBody" or triple.object.value in statements  # type: ignore[union-attr]
            )
        places = {*spans, *self._below(told, f"{OA}hasTarget"), *self._below(told, f"{NUT}input")}
        for node in (*places, *self._below(places, f"{OA}hasSelector")):
            yield from self._described(node)

    def _publication(self, iri: str) -> Iterator[Triple]:
        """What it was made from. It has no time: a build knows of none but those that its input states."""
        yield _triple(iri, f"{PROV}wasDerivedFrom", self._node(f"graph/article/{self._article}"))
        yield _triple(iri, f"{PROV}wasDerivedFrom", self._node(f"graph/evidence/{self._article}"))
        yield _triple(iri, f"{PROV}wasGeneratedBy", self._node("build"))
        yield _triple(iri, f"{DCTERMS}source", self._node(f"id/{self._article}"))

    def _node(self, path: str) -> NamedNode:
        return NamedNode(self._base + path)

    def _values(self, node: str, predicate: str) -> Iterator[_Term]:
        yield from (value for name, value in self._about[node] if name == predicate)

    def _below(self, nodes: Iterable[str], predicate: str) -> list[str]:
        return sorted({value.value for node in nodes for value in self._values(node, predicate)})

    def _described(self, node: str) -> Iterator[Triple]:
        for predicate, value in self._about[node]:
            yield _triple(node, predicate, value)


def _triple(subject: str, predicate: str, value: _Term) -> Triple:
    return Triple(NamedNode(subject), NamedNode(predicate), value)
