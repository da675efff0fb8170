"""The news records with maplib, as its users write it: polars frames and OTTR templates, no mapping language.

Run in maplib's own environment: python maplib_news.py FOLDER FORMAT OUTPUT
"""

from __future__ import annotations

import string
import sys
from pathlib import Path

import polars as pl
from maplib import Model, RDFType, SolutionMappings

NEWS = "https://news.example.org/id/"
LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
KEPT = string.ascii_letters + string.digits + "-._~"
ENCODED = {chr(code): f"%{code:02X}" for code in range(128) if chr(code) not in KEPT}

TEMPLATES = """
@prefix news: <https://news.example.org/id/> .
@prefix ottr: <http://ns.ottr.xyz/0.4/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
news:Article [ ottr:IRI ?article, ottr:IRI ?url, rdf:langString ?headline, xsd:string ?abstract,
    xsd:dateTime ?published, ? xsd:dateTime ?modified, xsd:string ?language, xsd:integer ?words,
    xsd:string ?section, ottr:IRI ?author, ottr:IRI ?publisher ] :: {
  ottr:Triple(?article, rdf:type, schema:NewsArticle), ottr:Triple(?article, schema:url, ?url),
  ottr:Triple(?article, schema:headline, ?headline), ottr:Triple(?article, schema:abstract, ?abstract),
  ottr:Triple(?article, schema:datePublished, ?published),
  ottr:Triple(?article, schema:dateModified, ?modified),
  ottr:Triple(?article, schema:inLanguage, ?language), ottr:Triple(?article, schema:wordCount, ?words),
  ottr:Triple(?article, schema:articleSection, ?section), ottr:Triple(?article, schema:author, ?author),
  ottr:Triple(?article, schema:publisher, ?publisher) } .
news:Keyword [ ottr:IRI ?article, xsd:string ?keyword ] :: {
  ottr:Triple(?article, schema:keywords, ?keyword) } .
news:Mention [ ottr:IRI ?article, ottr:IRI ?id ] :: { ottr:Triple(?article, schema:mentions, ?id) } .
news:Author [ ottr:IRI ?author, xsd:string ?author_name, ottr:IRI ?publisher ] :: {
  ottr:Triple(?author, rdf:type, schema:Person), ottr:Triple(?author, schema:name, ?author_name),
  ottr:Triple(?author, schema:worksFor, ?publisher) } .
news:Person [ ottr:IRI ?id, xsd:string ?name, xsd:string ?job ] :: {
  ottr:Triple(?id, rdf:type, schema:Person), ottr:Triple(?id, schema:name, ?name),
  ottr:Triple(?id, schema:jobTitle, ?job) } .
news:Org [ ottr:IRI ?id, xsd:string ?name ] :: {
  ottr:Triple(?id, rdf:type, schema:Organization), ottr:Triple(?id, schema:name, ?name) } .
news:Event [ ottr:IRI ?article, ottr:IRI ?id, xsd:string ?name, xsd:date ?start, xsd:string ?place ] :: {
  ottr:Triple(?article, schema:about, ?id), ottr:Triple(?id, rdf:type, schema:Event),
  ottr:Triple(?id, schema:name, ?name), ottr:Triple(?id, schema:startDate, ?start),
  ottr:Triple(?id, schema:location, ?place) } .
"""


def iri(column: str, kind: str) -> pl.Expr:
    key = pl.col(column).str.replace_many(list(ENCODED), list(ENCODED.values()))
    return (pl.lit(f"{NEWS}{kind}/") + key).alias(column)


def read(folder: Path, name: str, extension: str) -> pl.DataFrame:
    file = folder / f"{name}.{extension}"
    return pl.read_parquet(file) if extension == "parquet" else pl.read_csv(file)


def articles(frame: pl.DataFrame) -> SolutionMappings:
    headline = pl.struct(pl.col("headline").alias(f"<{LANG_STRING}>"), pl.lit("en").alias("l"))
    times = (pl.col("published", "modified").str.to_datetime("%Y-%m-%dT%H:%M:%SZ"),)
    made = frame.select(
        iri("id", "article").alias("article"),
        "url",
        headline.alias("headline"),
        "abstract",
        *times,
        "language",
        "words",
        "section",
        iri("author_id", "person").alias("author"),
        iri("publisher_id", "org").alias("publisher"),
    )
    xsd = "http://www.w3.org/2001/XMLSchema#"
    types = dict.fromkeys(made.columns, RDFType.IRI)
    types |= dict.fromkeys(["abstract", "language", "section"], RDFType.Literal(f"{xsd}string"))
    types |= dict.fromkeys(["published", "modified"], RDFType.Literal(f"{xsd}dateTime"))
    types |= {"words": RDFType.Literal(f"{xsd}integer"), "headline": RDFType.Literal(LANG_STRING)}
    return SolutionMappings(made, types)


def main() -> None:
    folder, extension, output = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    model = Model()
    model.add_template(TEMPLATES)
    table = read(folder, "articles", extension)
    model.map(f"{NEWS}Article", articles(table))
    author = table.select(
        iri("author_id", "person").alias("author"), "author_name", iri("publisher_id", "org")
    )
    model.map(f"{NEWS}Author", author.rename({"publisher_id": "publisher"}).unique())
    org = table.select(iri("publisher_id", "org").alias("id"), pl.col("publisher_name").alias("name"))
    model.map(f"{NEWS}Org", org.unique())
    keywords = read(folder, "keywords", extension)
    model.map(f"{NEWS}Keyword", keywords.select(iri("article", "article"), "keyword"))
    for name, kind, template in (("persons", "person", "Person"), ("orgs", "org", "Org")):
        table = read(folder, name, extension).with_columns(iri("article", "article"), iri("id", kind))
        model.map(f"{NEWS}Mention", table.select("article", "id"))
        model.map(f"{NEWS}{template}", table.drop("article").unique())
    events = read(folder, "events", extension).with_columns(pl.col("start").cast(pl.String).str.to_date())
    model.map(f"{NEWS}Event", events.with_columns(iri("article", "article"), iri("id", "event")))
    model.write(output, format="ntriples")


main()
