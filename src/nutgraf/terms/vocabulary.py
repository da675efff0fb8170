"""Namespaces and the prefixes that outputs use."""

from __future__ import annotations

from typing import Final

SCHEMA: Final = "https://schema.org/"
NUT: Final = "https://nutgraf.example/ns#"
RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS: Final = "http://www.w3.org/2000/01/rdf-schema#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
OA: Final = "http://www.w3.org/ns/oa#"
PROV: Final = "http://www.w3.org/ns/prov#"
DCTERMS: Final = "http://purl.org/dc/terms/"
WD: Final = "http://www.wikidata.org/entity/"

RDF_TYPE: Final = RDF + "type"
RDF_LANG_STRING: Final = RDF + "langString"
XSD_STRING: Final = XSD + "string"

PREFIXES: Final[dict[str, str]] = {
    "dcterms": DCTERMS,
    "nut": NUT,
    "oa": OA,
    "prov": PROV,
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": SCHEMA,
    "wd": WD,
    "xsd": XSD,
}
"""Prefix label → namespace, for reading CURIEs and for every writer."""


def expand(curie: str, prefixes: dict[str, str] = PREFIXES) -> str | None:
    """The IRI of a CURIE, or None when its prefix is unknown.

    >>> expand("schema:name")
    'https://schema.org/name'
    """
    label, colon, local = curie.partition(":")
    if not colon or label not in prefixes:
        return None
    return prefixes[label] + local


def shorten(iri: str, prefixes: dict[str, str] = PREFIXES) -> str:
    """The CURIE of an IRI under the longest namespace that fits; the IRI itself when none does.

    >>> shorten("https://schema.org/name")
    'schema:name'
    """
    fitting = [label for label, namespace in prefixes.items() if iri.startswith(namespace)]
    if not fitting:
        return iri
    label = max(fitting, key=lambda label: len(prefixes[label]))
    return f"{label}:{iri[len(prefixes[label]) :]}"
