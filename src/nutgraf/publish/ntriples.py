"""N-Triples and N-Quads in one order: a line a statement, sorted by code point.

Source: https://www.w3.org/TR/n-triples/, https://www.w3.org/TR/n-quads/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyoxigraph import Quad, RdfFormat, Triple, serialize

from nutgraf.dataset.canonical import canonical_nquads, canonical_triples, sorted_lines

if TYPE_CHECKING:
    from collections.abc import Iterable


def ntriples(triples: Iterable[Triple]) -> str:
    """Canonical N-Triples: distinct, sorted, blank nodes named by RDFC-1.0.

    >>> from pyoxigraph import Literal, NamedNode
    >>> iri = NamedNode("https://example.org/a")
    >>> print(ntriples([Triple(iri, iri, Literal("b")), Triple(iri, iri, Literal("a"))]), end="")
    <https://example.org/a> <https://example.org/a> "a" .
    <https://example.org/a> <https://example.org/a> "b" .
    """
    return sorted_lines(serialize(canonical_triples(triples), format=RdfFormat.N_TRIPLES) or b"")


def nquads(quads: Iterable[Quad]) -> str:
    """Canonical N-Quads: distinct, sorted, blank nodes named by RDFC-1.0.

    Source: RDFC-1.0 §5, https://www.w3.org/TR/rdf-canon/#canonical-quads
    """
    return canonical_nquads(quads)
