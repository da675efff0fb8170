"""pyoxigraph's terms as rdflib's. Import it late: rdflib is slow to import."""

from __future__ import annotations

from typing import TYPE_CHECKING

import rdflib
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from nutgraf.terms.vocabulary import XSD_STRING

if TYPE_CHECKING:
    from collections.abc import Iterable


def to_rdflib(quads: Iterable[Quad]) -> rdflib.Dataset:
    """A new `rdflib.Dataset` of the quads.

    Raises:
        ValueError: a triple term or a base direction, which rdflib's model does not have.
    """
    dataset = rdflib.Dataset()
    for quad in quads:
        graph = dataset.graph(_graph_name(quad.graph_name))
        graph.add((_term(quad.subject), _term(quad.predicate), _term(quad.object)))
    return dataset


def _graph_name(name: NamedNode | BlankNode | DefaultGraph) -> rdflib.term.IdentifiedNode:
    if isinstance(name, DefaultGraph):
        return rdflib.graph.DATASET_DEFAULT_GRAPH_ID
    return rdflib.URIRef(name.value) if isinstance(name, NamedNode) else rdflib.BNode(name.value)


def _term(term: NamedNode | BlankNode | Literal | Triple) -> rdflib.term.Identifier:
    match term:
        case NamedNode():
            return rdflib.URIRef(term.value)
        case BlankNode():
            return rdflib.BNode(term.value)
        case Literal(direction=None):
            return _literal(term)
        case _:
            raise ValueError(f"rdflib has no term for {term}")


def _literal(literal: Literal) -> rdflib.Literal:
    """Without normalize=False rdflib rewrites `01` to `1` and `…Z` to `…+00:00`."""
    if literal.language is not None:
        return rdflib.Literal(literal.value, lang=literal.language)
    datatype = literal.datatype.value
    if datatype == XSD_STRING:
        return rdflib.Literal(literal.value)
    return rdflib.Literal(literal.value, datatype=rdflib.URIRef(datatype), normalize=False)
