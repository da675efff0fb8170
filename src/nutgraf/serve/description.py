"""The service description: what the endpoint can do, in RDF.

Source: https://www.w3.org/TR/sparql11-service-description/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from nutgraf.serve.formats import GRAPHS, SOLUTIONS
from nutgraf.serve.generation import Generation
from nutgraf.serve.limits import Limits
from nutgraf.terms.vocabulary import DCTERMS, RDF_TYPE, RDFS, XSD

SD: Final = "http://www.w3.org/ns/sparql-service-description#"
VOID: Final = "http://rdfs.org/ns/void#"
PREFIXES: Final = {"sd": SD, "void": VOID, "dcterms": DCTERMS, "rdfs": RDFS, "xsd": XSD}


def describe(generation: Generation, limits: Limits, endpoint: str) -> list[Triple]:
    """The triples of the service description of an endpoint at that address."""
    return list(_triples(generation, limits, NamedNode(endpoint)))


def _triples(generation: Generation, limits: Limits, endpoint: NamedNode) -> Iterator[Triple]:
    service, dataset, default = BlankNode("service"), BlankNode("dataset"), BlankNode("default")
    yield _is_a(service, f"{SD}Service")
    yield Triple(service, NamedNode(f"{SD}endpoint"), endpoint)
    yield Triple(service, NamedNode(f"{SD}supportedLanguage"), NamedNode(f"{SD}SPARQL11Query"))
    yield Triple(service, NamedNode(f"{SD}feature"), NamedNode(f"{SD}UnionDefaultGraph"))
    for each in (*SOLUTIONS, *GRAPHS):
        yield Triple(service, NamedNode(f"{SD}resultFormat"), NamedNode(each.iri))
    yield Triple(service, NamedNode(f"{RDFS}comment"), Literal(_limits(limits), language="en"))
    yield Triple(service, NamedNode(f"{SD}defaultDataset"), dataset)
    yield _is_a(dataset, f"{SD}Dataset")
    yield Triple(dataset, NamedNode(f"{DCTERMS}title"), Literal(generation.workspace.title))
    yield Triple(dataset, NamedNode(f"{SD}defaultGraph"), default)
    yield _is_a(default, f"{SD}Graph")
    yield Triple(
        default, NamedNode(f"{RDFS}comment"), Literal("The union of the named graphs.", language="en")
    )
    yield Triple(
        dataset,
        NamedNode(f"{VOID}triples"),
        Literal(str(generation.triples), datatype=NamedNode(f"{XSD}integer")),
    )
    for number, iri in enumerate(generation.graphs):
        named = BlankNode(f"graph{number}")
        yield Triple(dataset, NamedNode(f"{SD}namedGraph"), named)
        yield _is_a(named, f"{SD}NamedGraph")
        yield Triple(named, NamedNode(f"{SD}name"), NamedNode(iri))


def _is_a(subject: BlankNode, iri: str) -> Triple:
    return Triple(subject, NamedNode(RDF_TYPE), NamedNode(iri))


def _limits(limits: Limits) -> str:
    return (
        f"Queries only: no update, no SERVICE. A query may take {limits.time_s:g} seconds and "
        f"{limits.memory_mb} MB of memory; its answer may have {limits.result_mb} MB, and is sent whole or "
        f"not at all. {limits.workers} queries run at a time."
    )
