"""Independent readers: each gives the canonical N-Quads of what it understood."""

from __future__ import annotations

import contextlib
import json
import logging
from typing import TYPE_CHECKING, Any, NoReturn

import rdflib
from pyld import jsonld as pyld
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse

from nutgraf.dataset.canonical import canonical_nquads
from nutgraf.terms.vocabulary import RDF, XSD_STRING

if TYPE_CHECKING:
    from collections.abc import Iterator

logging.getLogger("rdflib.term").setLevel(logging.ERROR)  # it warns of each literal outside its value space

DEFAULT = rdflib.graph.DATASET_DEFAULT_GRAPH_ID


def oxigraph(text: str, rdf_format: RdfFormat) -> str:
    return canonical_nquads(_quads(text, rdf_format))


def _quads(text: str, rdf_format: RdfFormat) -> Iterator[Quad]:
    for statement in parse(text, rdf_format):
        assert isinstance(statement, Quad)
        yield statement


@contextlib.contextmanager
def verbatim_literals() -> Iterator[None]:
    """Let rdflib keep lexical forms, which it rewrites by default."""
    before = rdflib.NORMALIZE_LITERALS
    rdflib.NORMALIZE_LITERALS = False
    try:
        yield
    finally:
        rdflib.NORMALIZE_LITERALS = before


def rdflib_reader(text: str, rdf_format: str) -> str:
    dataset = rdflib.Dataset()
    with verbatim_literals():
        dataset.parse(data=text, format=rdf_format)
    return rdflib_nquads(dataset)


def rdflib_nquads(dataset: rdflib.Dataset) -> str:
    return canonical_nquads(
        Quad(_ox(s), _ox(p), _ox(o), DefaultGraph() if graph in (None, DEFAULT) else _ox(graph))
        for s, p, o, graph in dataset.quads((None, None, None, None))
    )


def _ox(term: Any) -> Any:
    match term:
        case rdflib.URIRef():
            return NamedNode(str(term))
        case rdflib.BNode():
            return BlankNode(str(term))
        case rdflib.Literal(language=None):
            return Literal(str(term), datatype=NamedNode(str(term.datatype or XSD_STRING)))
        case rdflib.Literal():
            return Literal(str(term), language=term.language)
        case rdflib.Graph():
            return _ox(term.identifier)
        case _:
            raise TypeError(term)


def _refuse(url: str, options: object) -> NoReturn:
    raise AssertionError(f"a test must not fetch {url}")


def pyld_reader(text: str) -> str:
    """PyLD's objects turned into terms by hand: its N-Quads writer leaves some characters unescaped."""
    dataset = pyld.to_rdf(json.loads(text), {"documentLoader": _refuse})
    return canonical_nquads(
        Quad(
            _pyld_term(triple["subject"]),
            _pyld_term(triple["predicate"]),
            _pyld_term(triple["object"]),
            DefaultGraph() if name == "@default" else _pyld_name(name),
        )
        for name, triples in dataset.items()
        for triple in triples
    )


def _pyld_name(name: str) -> NamedNode | BlankNode:
    return BlankNode(name[2:]) if name.startswith("_:") else NamedNode(name)


def _pyld_term(term: dict[str, Any]) -> Any:
    if term["type"] != "literal":
        return _pyld_name(term["value"])
    if term["datatype"] == RDF + "langString":
        return Literal(term["value"], language=term["language"])
    return Literal(term["value"], datatype=NamedNode(term["datatype"]))
