"""The dataset in DCAT 3: a catalogue with one dataset, and how each of its files is to be had.

Source: https://www.w3.org/TR/vocab-dcat-3/
"""

from __future__ import annotations

from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from nutgraf.publish.description.about import About
from nutgraf.publish.description.census import Moment
from nutgraf.publish.description.dumps import Dump
from nutgraf.publish.description.statements import Statements, iri, node, nodes, texts
from nutgraf.terms.languages import CODES
from nutgraf.terms.vocabulary import XSD

_MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"
_LANGUAGES: Final = "http://id.loc.gov/vocabulary/iso639-1/"
"""Source: DCAT 3 §6.4.9, https://www.w3.org/TR/vocab-dcat-3/#Property:resource_language"""


def dcat(about: About) -> list[Triple]:
    """What DCAT says of the catalogue, the dataset and its distributions."""
    told = Statements(about.dataset)
    _catalog(told, about)
    _dataset(told, about)
    for dump in about.dumps:
        _distribution(told, about, dump)
    return told.triples


def _catalog(told: Statements, about: About) -> None:
    catalog = told.part("catalog")
    told.say(catalog, "a", node("dcat:Catalog"))
    told.say(catalog, "dcterms:title", about.title)
    told.say(catalog, "dcterms:description", *texts(about.description()))
    told.say(catalog, "dcat:dataset", NamedNode(about.dataset))
    told.say(catalog, "dcterms:publisher", *_publisher(told, about))
    told.say(catalog, "foaf:homepage", NamedNode(about.base))


def _publisher(told: Statements, about: About) -> list[NamedNode]:
    if about.publisher is None:
        return []
    agent = told.part("publisher")
    told.say(agent, "a", node("foaf:Agent"))
    told.say(agent, "foaf:name", about.publisher)
    return [NamedNode(agent)]


def _dataset(told: Statements, about: About) -> None:
    dataset = about.dataset
    told.say(dataset, "a", node("dcat:Dataset"))
    told.say(dataset, "dcterms:title", about.title)
    told.say(dataset, "dcterms:description", *texts(about.description()))
    told.say(dataset, "dcterms:identifier", dataset)
    told.say(dataset, "dcat:version", about.version)
    told.say(dataset, "dcat:landingPage", NamedNode(f"{about.base}dataset.html"))
    told.say(dataset, "dcterms:license", *nodes([about.license] if about.license else []))
    told.say(dataset, "dcterms:publisher", *_publisher(told, about))
    known = [tag for tag in about.languages() if tag in CODES]
    told.say(dataset, "dcterms:language", *nodes(f"{_LANGUAGES}{tag}" for tag in known))
    for tag, words in about.keywords().items():
        told.say(dataset, "dcat:keyword", *(Literal(word, language=tag) for word in words.split(", ")))
    if about.census.coverage is not None:
        period = told.part("period")
        start, end = about.census.coverage
        told.say(dataset, "dcterms:temporal", NamedNode(period))
        told.say(period, "a", node("dcterms:PeriodOfTime"))
        told.say(period, "dcat:startDate", _date(start))
        told.say(period, "dcat:endDate", _date(end))


def _distribution(told: Statements, about: About, dump: Dump) -> None:
    part = told.part(dump.kind.name)
    address = NamedNode(about.address(dump))
    told.say(about.dataset, "dcat:distribution", NamedNode(part))
    told.say(part, "a", node("dcat:Distribution"))
    told.say(part, "dcterms:title", *texts(dump.kind.title))
    told.say(part, "dcterms:license", *nodes([about.license] if about.license else []))
    told.say(part, "dcat:accessURL", address)
    told.say(part, "dcat:downloadURL", address)
    told.say(part, "dcat:mediaType", NamedNode(_MEDIA_TYPES + dump.kind.media_type))
    told.say(part, "dcterms:format", NamedNode(dump.kind.format_iri))
    told.say(part, "dcat:compressFormat", NamedNode(f"{_MEDIA_TYPES}application/gzip"))
    told.say(part, "dcat:byteSize", Literal(str(dump.size), datatype=NamedNode(f"{XSD}nonNegativeInteger")))
    checksum = told.part(f"{dump.kind.name}-checksum")
    told.say(part, "spdx:checksum", NamedNode(checksum))
    told.say(checksum, "a", node("spdx:Checksum"))
    told.say(checksum, "spdx:algorithm", node("spdx:checksumAlgorithm_sha256"))
    told.say(checksum, "spdx:checksumValue", Literal(dump.sha256, datatype=NamedNode(iri("xsd:hexBinary"))))


def _date(moment: Moment) -> Literal:
    return Literal(moment.lexical, datatype=NamedNode(moment.datatype))
