"""The dataset's description is true: its counts are those of SPARQL, its files those that are there."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Final

import pyshacl
import pytest
import rdflib
from pyoxigraph import RdfFormat, Triple, parse
from rdflib.compare import isomorphic

from nutgraf import workspace
from nutgraf.dataset.store import Dataset
from nutgraf.publish.description.census import take
from nutgraf.publish.description.files import WELL_KNOWN, Description
from nutgraf.publish.description.schema_org import schema_org
from nutgraf.publish.json_text import json_text
from nutgraf.terms.vocabulary import SCHEMA
from nutgraf.workspace import Workspace

ROOT: Final = Path(__file__).parents[2]
LICENSE: Final = "https://creativecommons.org/licenses/by/4.0/"
VOID: Final = "http://rdfs.org/ns/void#"


@pytest.fixture(scope="module")
def here() -> Workspace:
    return replace(workspace.load(ROOT), license=LICENSE, publisher="The <Harbour> Times")


@pytest.fixture(scope="module")
def description(here: Workspace) -> Description:
    return Description(here)


@pytest.fixture(scope="module")
def dataset(here: Workspace) -> Dataset:
    return Dataset.load(here.output / "dataset.nq")


def content(description: Description, path: str) -> bytes:
    pieces = description.pieces(path)
    assert pieces is not None
    return b"".join(pieces)


def graph(description: Description, path: str) -> rdflib.Graph:
    read = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", WELL_KNOWN: "turtle"}
    return rdflib.Graph().parse(
        data=content(description, path).decode(), format=read[path.removeprefix("dataset.")]
    )


def test_the_shapes_hold(description: Description) -> None:
    shapes = rdflib.Graph().parse(Path(__file__).with_name("shapes.ttl"))
    conforms, _, text = pyshacl.validate(graph(description, "dataset.ttl"), shacl_graph=shapes)
    assert conforms, text


def test_the_shapes_can_fail(here: Workspace) -> None:
    nobody = Description(replace(here, license=None, publisher=None))
    shapes = rdflib.Graph().parse(Path(__file__).with_name("shapes.ttl"))
    conforms, _, text = pyshacl.validate(graph(nobody, "dataset.ttl"), shacl_graph=shapes)
    assert not conforms
    missing = {line.partition("sh:path ")[2] for line in text.splitlines() if "Result Path:" in line}
    assert missing


@pytest.mark.parametrize("path", ["dataset.nt", "dataset.jsonld", WELL_KNOWN])
def test_every_format_says_the_same(description: Description, path: str) -> None:
    assert isomorphic(graph(description, "dataset.ttl"), graph(description, path))


COUNTS: Final = {
    "triples": "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } }",
    "distinctSubjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
    "classes": "SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c }",
    "properties": "SELECT (COUNT(DISTINCT ?p) AS ?n) { ?s ?p ?o }",
    "entities": """SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o
        FILTER(STRSTARTS(STR(?s), "https://nutgraf.example/id/") && !CONTAINS(STR(?s), "#")) }""",
}


@pytest.mark.parametrize("name", COUNTS)
def test_totals_are_those_of_sparql(description: Description, dataset: Dataset, name: str) -> None:
    said = graph(description, "dataset.ttl").value(
        rdflib.URIRef(description.about.dataset), rdflib.URIRef(f"{VOID}{name}")
    )
    assert int(str(said)) == _number(dataset, COUNTS[name])


def test_objects_are_counted_as_they_are_written(description: Description, dataset: Dataset) -> None:
    """A store keeps numbers as values, so SPARQL takes "1" for one thing, whichever integer it is."""
    assert description.about.census.objects == len({str(quad.object) for quad in dataset.quads()})


def _number(dataset: Dataset, query: str) -> int:
    (row,) = dataset.store.query(query, use_default_graph_as_union=True)  # type: ignore[misc]
    return int(row["n"].value)


PARTITIONS: Final = {
    ("class", "entities"): "SELECT ?x (COUNT(DISTINCT ?s) AS ?n) { ?s a ?x } GROUP BY ?x",
    ("property", "triples"): """SELECT ?x (COUNT(*) AS ?n) {
        SELECT DISTINCT ?s ?x ?o { ?s ?x ?o } } GROUP BY ?x""",
}


@pytest.mark.parametrize(("by", "counted"), PARTITIONS)
def test_partitions_are_those_of_sparql(
    description: Description, dataset: Dataset, by: str, counted: str
) -> None:
    said = {
        (str(row.x), int(row.n))  # type: ignore[union-attr]
        for row in graph(description, "dataset.ttl").query(
            f"SELECT ?x ?n {{ ?d <{VOID}{by}Partition> ?p . ?p <{VOID}{by}> ?x ; <{VOID}{counted}> ?n }}"
        )
    }
    rows = dataset.store.query(PARTITIONS[by, counted], use_default_graph_as_union=True)
    assert said == {(row["x"].value, int(row["n"].value)) for row in rows}  # type: ignore[union-attr]


def test_linksets_are_those_of_sparql(description: Description, dataset: Dataset) -> None:
    query = f"""SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT ?s ?o {{
      ?s <{SCHEMA}sameAs> ?o FILTER(STRSTARTS(STR(?o), "http://www.wikidata.org/entity/")) }} }}"""
    links = [
        links
        for links in description.about.census.linksets
        if links.predicate == f"{SCHEMA}sameAs" and links.target == "http://www.wikidata.org/entity/"
    ]
    assert [each.triples for each in links] == [_number(dataset, query)]
    said = graph(description, "dataset.ttl")
    (linkset,) = said.subjects(rdflib.URIRef(f"{VOID}linkPredicate"), rdflib.URIRef(f"{SCHEMA}sameAs"))
    assert str(said.value(linkset, rdflib.URIRef(f"{VOID}triples"))) == str(links[0].triples)


def test_examples_are_things_of_the_dataset(description: Description, dataset: Dataset) -> None:
    subjects = {str(quad.subject) for quad in dataset.quads()}
    examples = [f"<{thing}>" for _, thing in description.about.census.examples]
    assert examples
    assert set(examples) <= subjects


def test_graphs_are_counted_by_kind(description: Description, dataset: Dataset) -> None:
    base = description.about.base
    for kind in description.about.census.graphs:
        quads = [
            quad for quad in dataset.quads() if str(quad.graph_name).startswith(f"<{base}graph/{kind.name}")
        ]
        assert kind.triples == len({quad.triple for quad in quads})
        assert kind.graphs == len({quad.graph_name for quad in quads})


def test_downloads_are_what_is_said_of_them(description: Description) -> None:
    for dump in description.about.dumps:
        packed = content(description, f"dumps/{dump.kind.name}")
        assert (dump.size, dump.sha256) == (len(packed), hashlib.sha256(packed).hexdigest())


def test_dumps_hold_the_dataset(description: Description, dataset: Dataset) -> None:
    quads = set(dataset.quads())
    triples = {quad.triple for quad in quads}
    evidence = f"{description.about.base}graph/evidence/"
    facts = {quad.triple for quad in quads if not str(quad.graph_name).startswith(f"<{evidence}")}
    held = {path: unpacked(description, path) for path in description.paths() if path.startswith("dumps/")}
    assert set(parse(held["dumps/dataset.nq.gz"], RdfFormat.N_QUADS)) == quads
    assert set(parse(held["dumps/dataset.trig.gz"], RdfFormat.TRIG)) == quads
    assert {each.triple for each in parse(held["dumps/dataset.ttl.gz"], RdfFormat.TURTLE)} == triples
    assert {each.triple for each in parse(held["dumps/facts.nt.gz"], RdfFormat.N_TRIPLES)} == facts
    assert len(held) == 4


def unpacked(description: Description, path: str) -> bytes:
    packed = content(description, path)
    assert packed[:10] == b"\x1f\x8b\x08\0\0\0\0\0\x02\xff", "no time and no name"
    return gzip.decompress(packed)


def test_the_page_carries_the_schema_org_part(description: Description, tmp_path: Path) -> None:
    file = tmp_path / "page.jsonld"
    file.write_text(json_text(description.document("en"), "\n"), encoding="utf-8")
    read = {quad.triple for quad in Dataset.load(file).quads()}
    english = {
        triple for triple in schema_org(description.about) if getattr(triple.object, "language", None) != "fr"
    }
    assert _plain(read) == _plain(english)


def _plain(triples: set[Triple]) -> set[tuple[str, str, str]]:
    """Statements by their text: a page leaves the language of its words to the page."""
    return {(str(s), str(p), getattr(o, "value", str(o))) for s, p, o in triples}


AWKWARD: Final = (
    '<{0}id/a> <{1}name> "x <https://b.example/c> y" <{0}graph/article/1> .\n'
    '<{0}id/a> <{1}name> "t\\tq\\"<z>"@en-GB <{0}graph/article/1> .\n'
    '<{0}id/a> <{1}name> "t\\tq\\"<z>"@en-GB <{0}graph/register> .\n'
    "<{0}id/a> <{1}sameAs> <https://b.example/c> .\n"
    '<{0}id/a> <{1}startDate> "2024"^^<http://www.w3.org/2001/XMLSchema#gYear> .\n'
).format("https://a.example/", SCHEMA)


def test_terms_with_spaces_and_no_graph(tmp_path: Path) -> None:
    file = tmp_path / "dataset.nq"
    file.write_text("".join(sorted(AWKWARD.splitlines(keepends=True))), encoding="utf-8")
    census = take(file, "https://a.example/")
    assert (census.triples, census.subjects, census.objects) == (4, 1, 4)
    assert [(kind.name, kind.triples, kind.graphs) for kind in census.graphs] == [
        ("article", 2, 1),
        ("register", 1, 1),
    ]
    assert [(links.target, links.triples) for links in census.linksets] == [("https://b.example/", 1)]
    assert [(count.of, count.number) for count in census.languages] == [("en-gb", 1)]
    assert census.coverage is not None
    assert [moment.lexical for moment in census.coverage] == ["2024", "2024"]


def test_an_empty_dataset(tmp_path: Path) -> None:
    file = tmp_path / "dataset.nq"
    file.write_bytes(b"")
    census = take(file, "https://a.example/")
    assert (census.triples, census.classes, census.coverage, census.examples) == (0, (), None, ())


def test_nothing_depends_on_the_clock(here: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> float:
        raise AssertionError("the clock was read")

    first = {path: content(Description(here), path) for path in Description(here).paths()}
    monkeypatch.setattr("time.time", fail)
    assert {path: content(Description(here), path) for path in Description(here).paths()} == first
