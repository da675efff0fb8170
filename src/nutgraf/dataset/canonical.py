"""Canonical form: names for blank nodes that depend on the graph alone, and the hash of a dataset."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from pyoxigraph import CanonicalizationAlgorithm, Quad, RdfFormat, Triple, serialize
from pyoxigraph import Dataset as OxDataset

from nutgraf.terms import poison

if TYPE_CHECKING:
    from collections.abc import Iterable


def canonical_quads(quads: Iterable[Quad]) -> list[Quad]:
    """The distinct quads, in no order, with blank nodes named `c14n0`, `c14n1`, … .

    Quads without blank nodes are handed through.

    Raises:
        InputError: RDF105, so many blank nodes look alike that it would take too long.

    >>> from pyoxigraph import BlankNode, NamedNode
    >>> iri = NamedNode("https://example.org/p")
    >>> [str(quad.subject) for quad in canonical_quads([Quad(BlankNode("mine"), iri, iri)])]
    ['_:c14n0']

    Source: RDFC-1.0 §4.4, https://www.w3.org/TR/rdf-canon/#canon-algorithm
    """
    distinct = list(dict.fromkeys(quads))
    if not any("_:" in str(quad) for quad in distinct):
        return distinct
    poison.check(distinct)
    dataset = OxDataset(distinct)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return list(dataset)


def canonical_triples(triples: Iterable[Triple]) -> list[Triple]:
    """The distinct triples, in no order, with blank nodes named as `canonical_quads` names them."""
    return [quad.triple for quad in canonical_quads(Quad(*triple) for triple in triples)]


def canonical_nquads(quads: Iterable[Quad]) -> str:
    """Canonical N-Quads: canonical names, canonical escapes, lines sorted by code point.

    Source: RDFC-1.0 §5, https://www.w3.org/TR/rdf-canon/#canonical-quads
    """
    return sorted_lines(serialize(canonical_quads(quads), format=RdfFormat.N_QUADS) or b"")


def canonical_hash(quads: Iterable[Quad]) -> str:
    """SHA-256 of the canonical N-Quads, 64 hexadecimal digits: equal for isomorphic datasets only."""
    return hashlib.sha256(canonical_nquads(quads).encode()).hexdigest()


def sorted_lines(data: bytes) -> str:
    """The lines of N-Triples or N-Quads in code point order, each ending in a line feed."""
    lines = sorted(data.decode().split("\n")[:-1])
    return "".join(f"{line}\n" for line in lines)
