"""The shapes and the vocabulary themselves."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import pyshacl
import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from nutgraf.problems import InputError, Span
from nutgraf.shapes.load import load
from nutgraf.shapes.paths import SH, SHAPE
from nutgraf.terms.vocabulary import NUT, OA, PROV, RDF, RDF_TYPE, RDFS, SCHEMA

ROOT = Path(__file__).parents[2]
SHAPES = sorted((ROOT / "ontology" / "shapes").glob("*.ttl"))
GRAPH = load(SHAPES)
VOCABULARY = [
    quad.triple
    for quad in parse((ROOT / "ontology" / "vocabulary.ttl").read_bytes(), format=RdfFormat.TURTLE)
]
DEFINED = {
    t.subject.value for t in VOCABULARY if isinstance(t.subject, NamedNode) and t.predicate.value == RDF_TYPE
}

SCHEMA_PROPERTIES = set(
    """about abstract actionStatus additionalType agent alternateName appearance areaServed attendee author
    containedInPlace contributor dateModified datePublished description duration endDate foundingDate headline
    honorificPrefix inLanguage jobTitle location measuredProperty member memberOf mentions name object
    observationAbout organizer parentOrganization participant performer publisher result roleName sameAs
    startDate superEvent unitText url value""".split()
)
OTHER_PROPERTIES = {
    *(OA + name for name in ("end", "hasBody", "hasSelector", "hasSource", "hasTarget", "start")),
    *(RDF + name for name in ("object", "predicate", "subject")),
}


def _objects(graph: list[Triple], predicate: str) -> set[str]:
    return {
        t.object.value for t in graph if t.predicate.value == predicate and isinstance(t.object, NamedNode)
    }


def _texts(graph: list[Triple], subject: str, predicate: str) -> list[Literal]:
    return [
        t.object
        for t in graph
        if (t.subject, t.predicate.value) == (NamedNode(subject), predicate) and isinstance(t.object, Literal)
    ]


def test_shapes_are_valid_shacl() -> None:
    graph = rdflib.Graph()
    for path in SHAPES:
        graph.parse(path, format="turtle")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        conforms, _, text = pyshacl.validate(rdflib.Graph(), shacl_graph=graph, meta_shacl=True)
    assert conforms, text


def test_every_shape_has_a_stable_name() -> None:
    kinds = {NamedNode(SH + "NodeShape"), NamedNode(SH + "PropertyShape")}
    shapes = [t.subject for t in GRAPH if t.predicate.value == RDF_TYPE and t.object in kinds]
    assert shapes
    assert all(isinstance(shape, NamedNode) and shape.value.startswith(SHAPE) for shape in shapes)
    pathed = [t.subject for t in GRAPH if t.predicate.value == SH + "path"]
    assert all(isinstance(shape, NamedNode) for shape in pathed)
    assert len(shapes) == len(set(shapes)), "declared twice"


@pytest.mark.parametrize("predicate", ["message", "name"])
def test_every_property_shape_is_explained(predicate: str) -> None:
    shapes = {t.subject for t in GRAPH if t.predicate.value == SH + "path"}
    for shape in sorted(shape.value for shape in shapes if isinstance(shape, NamedNode)):
        texts = _texts(GRAPH, shape, SH + predicate)
        assert [text.language for text in texts] == ["en"], shape
        assert not texts[0].value.endswith("."), shape


def test_every_property_is_known() -> None:
    used = _objects(GRAPH, SH + "path") | _objects(GRAPH, SH + "inversePath")
    known = DEFINED | OTHER_PROPERTIES | {SCHEMA + name for name in SCHEMA_PROPERTIES}
    assert used - known == set()


def test_every_own_term_of_the_shapes_is_defined() -> None:
    terms = {term.value for t in GRAPH for term in t if isinstance(term, NamedNode)}
    assert {term for term in terms if term.startswith(NUT)} - DEFINED == set()


def test_every_own_term_of_the_mapping_is_defined() -> None:
    mapping = (ROOT / "mappings" / "factsheet.yml").read_text(encoding="utf-8")
    assert {NUT + name for name in re.findall(r"nut:([A-Za-z]\w*)", mapping)} - DEFINED == set()


def test_every_own_term_of_the_sheets_is_defined() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "seeds").glob("*.yaml")))
    names = re.findall(r"\bnut:([A-Za-z]\w*)", text) + re.findall(r"\bproperty: (\w+)", text)
    assert {NUT + name for name in names} - DEFINED == set()


def test_every_own_term_is_described_in_two_languages() -> None:
    for term in sorted(term for term in DEFINED if term.startswith(NUT)):
        for predicate in ("label", "comment"):
            languages = sorted(str(text.language) for text in _texts(VOCABULARY, term, RDFS + predicate))
            assert languages == ["en", "fr"], f"{term} {predicate}"


def test_build_metadata_is_a_closed_list() -> None:
    listed = {t.subject for t in VOCABULARY if t.predicate.value == NUT + "statementClass"}
    expected = {
        PROV + "wasDerivedFrom",
        RDF_TYPE,
        *(SCHEMA + name for name in ("description", "headline", "inLanguage", "name", "url")),
        *(NUT + name for name in ("characters", "textSha256", "translated")),
    }
    assert listed == {NamedNode(iri) for iri in expected}
    assert _objects(VOCABULARY, NUT + "statementClass") == {NUT + "BuildMetadata"}


def test_broken_file_has_a_place(tmp_path: Path) -> None:
    good, broken = tmp_path / "good.ttl", tmp_path / "broken.ttl"
    good.write_text("<a:s> <a:p> <a:o> .\n", encoding="utf-8")
    broken.write_text("<a:s> <a:p>\n    <exa mple> .\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load([good, broken, tmp_path / "missing.ttl"])
    codes = [(problem.code, problem.span) for problem in caught.value.problems]
    assert [code for code, _ in codes] == ["SHP101", "SHP101"]
    span = codes[0][1]
    assert isinstance(span, Span)
    assert (span.file, span.line) == (broken.as_posix(), 2)
    assert span.column >= 5


def test_schema_org_is_normalised_and_blank_nodes_stay_apart(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.ttl").write_text(f"_:x <http://schema.org/name> '{name}' .\n", encoding="utf-8")
    triples = load(sorted(tmp_path.glob("*.ttl")))
    assert {t.predicate.value for t in triples} == {SCHEMA + "name"}
    assert len({t.subject for t in triples}) == 2
