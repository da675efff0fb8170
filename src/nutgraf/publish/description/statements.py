"""Collect triples, written with the CURIEs of the vocabularies that describe datasets."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from nutgraf.terms.vocabulary import PREFIXES as OWN
from nutgraf.terms.vocabulary import XSD, expand, shorten

PREFIXES: Final[dict[str, str]] = OWN | {
    "dcat": "http://www.w3.org/ns/dcat#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "formats": "http://www.w3.org/ns/formats/",
    "spdx": "http://spdx.org/rdf/terms#",
    "void": "http://rdfs.org/ns/void#",
}
"""Prefix label → namespace, for what describes a dataset."""

Value = str | int | Literal | NamedNode


class Statements:
    """Triples about a dataset and its parts, which are fragments of its IRI."""

    def __init__(self, dataset: str) -> None:
        self.dataset = dataset
        self.triples: list[Triple] = []

    def part(self, name: str) -> str:
        """The IRI of a part."""
        return f"{self.dataset}#{name}"

    def about(self, iri: str, *, prefix: str) -> str:
        """The IRI of the part that is about another IRI, stable whatever else there is."""
        short = shorten(iri, PREFIXES)
        known = short != iri and short.partition(":")[2].isalnum()
        name = short.replace(":", "-") if known else hashlib.sha256(iri.encode()).hexdigest()[:16]
        return self.part(f"{prefix}-{name}")

    def say(self, subject: str, predicate: str, *values: Value | None) -> None:
        """Add `subject predicate value` for each value that is there.

        Args:
            subject: IRI.
            predicate: CURIE; `a` for the type.
            values: an IRI as `NamedNode`, a literal as it is, text as a plain literal, an int as
                xsd:integer; nothing is said for None.
        """
        property_ = NamedNode(iri("rdf:type" if predicate == "a" else predicate))
        for value in values:
            if value is not None:
                self.triples.append(Triple(NamedNode(subject), property_, _term(value)))


def iri(curie: str) -> str:
    """The IRI of a CURIE.

    Raises:
        ValueError: nobody knows the prefix.
    """
    found = expand(curie, PREFIXES)
    if found is None:
        raise ValueError(f"no prefix is known for {curie}")
    return found


def node(curie: str) -> NamedNode:
    """The node of a CURIE."""
    return NamedNode(iri(curie))


def nodes(iris: Iterable[str]) -> list[NamedNode]:
    """The nodes of IRIs."""
    return [NamedNode(each) for each in iris]


def texts(by_language: dict[str, str]) -> list[Literal]:
    """A literal for each language."""
    return [Literal(text, language=tag) for tag, text in by_language.items()]


def _term(value: Value) -> Literal | NamedNode:
    if isinstance(value, Literal | NamedNode):
        return value
    if isinstance(value, int):
        return Literal(str(value), datatype=NamedNode(f"{XSD}integer"))
    return Literal(value)
