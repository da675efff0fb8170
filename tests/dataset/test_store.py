"""Loading files, and the views of what was loaded."""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from nutgraf.dataset.store import Dataset
from nutgraf.problems import InputError
from nutgraf.terms.vocabulary import XSD

if TYPE_CHECKING:
    from pathlib import Path

A, P, G = (NamedNode(f"https://example.org/{name}") for name in "apg")
SAME = {
    "a.nt": '<https://example.org/a> <https://example.org/p> "1" .',
    "a.nq": '<https://example.org/a> <https://example.org/p> "1" .',
    "a.ttl": '@prefix e: <https://example.org/> . e:a e:p "1" .',
    "a.trig": '@prefix e: <https://example.org/> . { e:a e:p "1" }',
    "a.jsonld": '{"@id": "https://example.org/a", "https://example.org/p": "1"}',
    "a.rdf": (
        '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="https://example.org/">'
        '<r:Description r:about="https://example.org/a"><e:p>1</e:p></r:Description></r:RDF>'
    ),
}


@pytest.mark.parametrize("name", SAME)
@pytest.mark.parametrize("packed", [False, True])
def test_formats(tmp_path: Path, name: str, packed: bool) -> None:
    file = tmp_path / (f"{name}.gz" if packed else name)
    data = SAME[name].encode()
    file.write_bytes(gzip.compress(data) if packed else data)
    assert list(Dataset.load(file).quads()) == [Quad(A, P, Literal("1"))]


def test_several_files_keep_their_blank_nodes_apart(tmp_path: Path) -> None:
    files = [tmp_path / "a.nt", tmp_path / "b.nt"]
    for file in files:
        file.write_text("_:x <https://example.org/p> _:x .", encoding="utf-8")
    assert len(Dataset.load(files)) == 2


def test_schema_org_is_https_in_every_position(tmp_path: Path) -> None:
    file = tmp_path / "a.nq"
    file.write_text(
        "<http://schema.org/a> <http://schema.org/b> <http://schema.org/c> <http://schema.org/d> .\n"
        '<http://schema.org/a> <http://schema.org/b> "http://schema.org/"^^<http://schema.org/Date> .\n'
        '<http://schema.org/a> <http://schema.org/b> "http://schema.org/"@en .\n'
        "<http://schema.org/a> <http://schema.org/b>"
        " <<( <http://schema.org/a> <http://schema.org/b> <http://schema.org/c> )>> .\n",
        encoding="utf-8",
    )
    text = "\n".join(str(quad) for quad in Dataset.load(file).quads())
    assert "<http://schema.org/" not in text
    assert text.count('"http://schema.org/"') == 2
    as_is = Dataset.load(file, normalize_schema_org=False)
    assert "<https:" not in "\n".join(str(quad) for quad in as_is.quads())


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.ttl", b"<https://e.org/a> <https://e.org/b> \n  x <c> .", r"a\.ttl:2:3: RDF101 .*valid.*"),
        ("a.nq", b"<https://e.org/a>\n<b", r"a\.nq:2:1: RDF101 .*"),
        ("a.ttl", b"<a> <b> <c> .", r"a\.ttl:1:1: RDF101 .*"),
        ("a.ttl", b'<https://e.org/a> <https://e.org/b> "\xff" .', r"a\.ttl:1:\d+: RDF101 .*"),
        ("a.rdf", b"<a>", r"a\.rdf:\d+:\d+: RDF101 .*"),
        ("a.csv", b"", r'a\.csv:1:1: RDF102 unknown extension "\.csv"'),
        ("a.ttl.gz", b"not packed", r"a\.ttl\.gz:1:1: RDF103 .*"),
        ("a.nt.gz", gzip.compress(b"# a long comment\n" * 99, mtime=0)[:-12], r"a\.nt\.gz:1:1: RDF103 .*"),
        ("a.jsonld", b'{"@context": "https://e.org/c", "name": "a"}', r"a\.jsonld:1:1: RDF104 .*"),
        ("a.jsonld", b'{"@context": {"@import": "https://schema.org"}}', r"a\.jsonld:1:1: RDF\d+ .*"),
    ],
)
def test_problems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, data: bytes, expected: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError) as caught:
        Dataset.load(name)
    assert re.fullmatch(expected, str(caught.value)), str(caught.value)


def test_the_problems_of_all_files_are_gathered(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        Dataset.load([tmp_path / "a.ttl", tmp_path / "b.txt"])
    assert [problem.code for problem in caught.value.problems] == ["RDF103", "RDF102"]
    assert "No such file" in str(caught.value)


def test_views() -> None:
    dataset = Dataset.of([Quad(A, P, A), Quad(A, P, A, G), Quad(A, P, P, G)])
    assert set(dataset.merged()) == {Triple(A, P, A), Triple(A, P, P)}
    assert dataset.graph(None) == [Triple(A, P, A)]
    assert len(dataset.graph(G.value)) == 2
    assert len(dataset.store) == len(dataset) == 3


def test_rdflib_view_keeps_lexical_forms() -> None:
    literals = [
        Literal("01", datatype=NamedNode(XSD + "integer")),
        Literal("2024-11-24T00:00:00Z", datatype=NamedNode(XSD + "dateTime")),
        Literal("a"),
        Literal("a", language="en"),
    ]
    dataset = Dataset.of([*(Quad(A, P, value, G) for value in literals), Quad(BlankNode("b"), P, A)])
    triples = list(dataset.to_rdflib().quads((None, None, None, None)))
    # In N-Triples both libraries spell the same term alike.
    assert {value.n3() for _, _, value, graph in triples if str(graph) == G.value} == {
        str(value) for value in literals
    }
    assert len(triples) == 5


def test_rdflib_has_no_triple_terms() -> None:
    with pytest.raises(ValueError, match="rdflib has no term"):
        Dataset.of([Quad(A, P, Triple(A, P, A))]).to_rdflib()


def test_hash_is_of_the_graph_and_not_of_its_labels() -> None:
    one, other = (
        Dataset.of([Quad(BlankNode(x), P, BlankNode(y)), Quad(BlankNode(y), P, A)]) for x, y in ("ab", "ba")
    )
    assert one.canonical_hash() == other.canonical_hash()
    assert one.canonical_hash() != Dataset.of([]).canonical_hash()


def test_what_others_wrote_with_the_official_context_takes_our_form(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.jsonld"
    theirs.write_text(
        '{"@context": "http://schema.org", "@id": "urn:fair", "@type": "Event", "startDate": "2024-11-07", '
        '"sameAs": "http://www.wikidata.org/entity/Q1", "eventStatus": "EventScheduled"}',
        encoding="utf-8",
    )
    ours = tmp_path / "ours.ttl"
    ours.write_text(
        "@prefix schema: <https://schema.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"
        '<urn:fair> a schema:Event ; schema:startDate "2024-11-07"^^xsd:date ; '
        "schema:sameAs <http://www.wikidata.org/entity/Q1> ; schema:eventStatus schema:EventScheduled .",
        encoding="utf-8",
    )
    assert Dataset.load(theirs).canonical_hash() == Dataset.load(ours).canonical_hash()
    assert len(Dataset.load([theirs, ours])) == 4
