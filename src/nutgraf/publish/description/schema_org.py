"""The dataset in schema.org, as data set search reads it.

Source: https://schema.org/Dataset,
https://developers.google.com/search/docs/appearance/structured-data/dataset
"""

from __future__ import annotations

from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from nutgraf.publish.description.about import About
from nutgraf.publish.description.dumps import Dump
from nutgraf.publish.description.statements import Statements, node, nodes, texts
from nutgraf.publish.page import roots
from nutgraf.publish.page.part import PageGraph
from nutgraf.terms.vocabulary import XSD


def schema_org(about: About) -> list[Triple]:
    """What schema.org says of the dataset and its downloads."""
    told = Statements(about.dataset)
    dataset = about.dataset
    told.say(dataset, "a", node("schema:Dataset"))
    told.say(dataset, "schema:name", about.title)
    told.say(dataset, "schema:description", *texts(about.description()))
    told.say(dataset, "schema:url", NamedNode(f"{dataset}.html"))
    told.say(dataset, "schema:keywords", *texts(about.keywords()))
    told.say(dataset, "schema:inLanguage", *about.languages())
    told.say(dataset, "schema:version", about.version)
    told.say(dataset, "schema:license", *nodes([about.license] if about.license else []))
    told.say(dataset, "schema:isAccessibleForFree", Literal("true", datatype=NamedNode(f"{XSD}boolean")))
    told.say(dataset, "schema:includedInDataCatalog", NamedNode(told.part("catalog")))
    if about.census.coverage is not None:
        # ISO 8601, as the property asks.
        told.say(
            dataset, "schema:temporalCoverage", "/".join(moment.lexical for moment in about.census.coverage)
        )
    if about.publisher is not None:
        publisher = told.part("publisher")
        told.say(dataset, "schema:creator", NamedNode(publisher))
        told.say(dataset, "schema:publisher", NamedNode(publisher))
        told.say(publisher, "a", node("schema:Organization"))
        told.say(publisher, "schema:name", about.publisher)
    told.say(told.part("catalog"), "a", node("schema:DataCatalog"))
    told.say(told.part("catalog"), "schema:name", about.title)
    told.say(told.part("catalog"), "schema:url", NamedNode(about.base))
    for dump in about.dumps:
        _download(told, about, dump)
    return told.triples


def document(about: About, language: str) -> dict[str, Any]:
    """The JSON-LD for the dataset's page: one nested object in the page's language."""
    graph = PageGraph(schema_org(about), language)
    return roots.document(graph.part(NamedNode(about.dataset)))


def _download(told: Statements, about: About, dump: Dump) -> None:
    part = told.part(dump.kind.name)
    told.say(about.dataset, "schema:distribution", NamedNode(part))
    told.say(part, "a", node("schema:DataDownload"))
    told.say(part, "schema:name", *texts(dump.kind.title))
    told.say(part, "schema:contentUrl", NamedNode(about.address(dump)))
    told.say(part, "schema:encodingFormat", dump.kind.media_type, "application/gzip")
    told.say(part, "schema:contentSize", f"{dump.size} B")
    told.say(part, "schema:sha256", dump.sha256)
