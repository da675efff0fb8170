"""What one article's files hold: its graph, and what the register and the links say of what it names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyoxigraph import NamedNode, Quad, Triple


def article_triples(quads: Sequence[Quad], base: str, article: str) -> list[Triple]:
    """The triples of an article's own files.

    Args:
        quads: the whole dataset.
        base: IRI that the workspace's nodes start with.
        article: the article's id.

    Returns:
        Distinct triples: those of its graph, and those of the register and the links whose subject its
        graph names. Evidence is not among them.
    """
    own = NamedNode(f"{base}graph/article/{article}")
    shared = {NamedNode(f"{base}graph/register"), NamedNode(f"{base}graph/links")}
    triples = dict.fromkeys(quad.triple for quad in quads if quad.graph_name == own)
    named = _nodes(triples)
    triples |= dict.fromkeys(
        quad.triple for quad in quads if quad.graph_name in shared and quad.subject in named
    )
    return list(triples)


def _nodes(triples: Iterable[Triple]) -> set[object]:
    return {term for triple in triples for term in (triple.subject, triple.object)}
