"""The news records with rdflib, as a developer without a mapping engine writes it: a loop and a graph.

Run in rdflib's own environment: python rdflib_news.py FOLDER FORMAT OUTPUT
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow.parquet as pq
from rdflib import RDF, XSD, Graph, Literal, Namespace, URIRef

SCHEMA = Namespace("https://schema.org/")
NEWS = "https://news.example.org/id/"


def iri(kind: str, key: str) -> URIRef:
    return URIRef(f"{NEWS}{kind}/{quote(key, safe='')}")


def rows(folder: Path, name: str, extension: str) -> Iterator[dict[str, Any]]:
    file = folder / f"{name}.{extension}"
    if extension == "parquet":
        for batch in pq.ParquetFile(file).iter_batches():
            yield from batch.to_pylist()
    else:
        with file.open(encoding="utf-8", newline="") as table:
            yield from csv.DictReader(table)


def nested(folder: Path, extension: str) -> Iterator[dict[str, Any]]:
    with (folder / f"articles.{extension}").open(encoding="utf-8") as file:
        if extension == "json":
            yield from json.load(file)
        else:
            yield from map(json.loads, file)


def add_article(graph: Graph, row: dict[str, Any], author: dict[str, Any], publisher: dict[str, Any]) -> None:
    article = iri("article", row["id"])
    person, org = iri("person", author["id"]), iri("org", publisher["id"])
    graph.add((article, RDF.type, SCHEMA.NewsArticle))
    graph.add((article, SCHEMA.url, URIRef(row["url"])))
    graph.add((article, SCHEMA.headline, Literal(row["headline"], lang="en")))
    graph.add((article, SCHEMA.abstract, Literal(row["abstract"])))
    graph.add((article, SCHEMA.datePublished, verbatim(row["published"], XSD.dateTime)))
    if row["modified"]:
        graph.add((article, SCHEMA.dateModified, verbatim(row["modified"], XSD.dateTime)))
    graph.add((article, SCHEMA.inLanguage, Literal(row["language"])))
    graph.add((article, SCHEMA.wordCount, verbatim(str(row["words"]), XSD.integer)))
    graph.add((article, SCHEMA.articleSection, Literal(row["section"])))
    graph.add((article, SCHEMA.author, person))
    graph.add((article, SCHEMA.publisher, org))
    graph.add((person, RDF.type, SCHEMA.Person))
    graph.add((person, SCHEMA.name, Literal(author["name"])))
    graph.add((person, SCHEMA.worksFor, org))
    add_org(graph, org, publisher)


def verbatim(text: str, datatype: URIRef) -> Literal:
    """Without rdflib's own rewriting of literals."""
    return Literal(text, datatype=datatype, normalize=False)


def add_person(graph: Graph, article: URIRef, row: dict[str, Any]) -> None:
    person = iri("person", row["id"])
    graph.add((article, SCHEMA.mentions, person))
    graph.add((person, RDF.type, SCHEMA.Person))
    graph.add((person, SCHEMA.name, Literal(row["name"])))
    graph.add((person, SCHEMA.jobTitle, Literal(row["job"])))


def add_org(graph: Graph, org: URIRef, row: dict[str, Any]) -> None:
    graph.add((org, RDF.type, SCHEMA.Organization))
    graph.add((org, SCHEMA.name, Literal(row["name"])))


def add_mentioned_org(graph: Graph, article: URIRef, row: dict[str, Any]) -> None:
    org = iri("org", row["id"])
    graph.add((article, SCHEMA.mentions, org))
    add_org(graph, org, row)


def add_event(graph: Graph, article: URIRef, row: dict[str, Any]) -> None:
    event = iri("event", row["id"])
    graph.add((article, SCHEMA.about, event))
    graph.add((event, RDF.type, SCHEMA.Event))
    graph.add((event, SCHEMA.name, Literal(row["name"])))
    graph.add((event, SCHEMA.startDate, verbatim(row["start"], XSD.date)))
    graph.add((event, SCHEMA.location, Literal(row["place"])))


PARTS = {"persons": add_person, "orgs": add_mentioned_org, "events": add_event}


def of_nested(graph: Graph, folder: Path, extension: str) -> None:
    for record in nested(folder, extension):
        add_article(graph, record, record["author"], record["publisher"])
        article = iri("article", record["id"])
        for keyword in record["keywords"]:
            graph.add((article, SCHEMA.keywords, Literal(keyword)))
        for name, add in PARTS.items():
            for part in record[name]:
                add(graph, article, part)


def of_tables(graph: Graph, folder: Path, extension: str) -> None:
    for row in rows(folder, "articles", extension):
        author = {"id": row["author_id"], "name": row["author_name"]}
        add_article(graph, row, author, {"id": row["publisher_id"], "name": row["publisher_name"]})
    for row in rows(folder, "keywords", extension):
        graph.add((iri("article", row["article"]), SCHEMA.keywords, Literal(row["keyword"])))
    for name, add in PARTS.items():
        for row in rows(folder, name, extension):
            add(graph, iri("article", row["article"]), row)


def main() -> None:
    folder, extension, output = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    graph = Graph()
    (of_nested if extension.startswith("json") else of_tables)(graph, folder, extension)
    graph.serialize(output, format="nt", encoding="utf-8")


main()
