"""PROV of the build, and the evidence graphs through every format that keeps graphs."""

from __future__ import annotations

import hashlib
import json
from urllib.parse import unquote

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from nutgraf import pipeline, workspace
from nutgraf.dataset.canonical import canonical_nquads
from nutgraf.dataset.store import Dataset
from nutgraf.publish.jsonld import jsonld_dataset
from nutgraf.publish.ntriples import nquads
from nutgraf.publish.provenance import provenance
from nutgraf.publish.turtle import trig
from nutgraf.terms.vocabulary import NUT, PREFIXES, PROV
from tests.evidence.workspace import ROOT, nutgraf
from tests.publish import rdf_readers as readers

BASE = "https://nutgraf.example/"


@pytest.fixture(scope="module")
def triples() -> list[Triple]:
    return provenance(pipeline.trace(workspace.load(ROOT))[0])


@pytest.fixture(scope="module")
def quads() -> list[Quad]:
    return list(Dataset.load(ROOT / "output" / "dataset.nq").quads())


def test_each_statement_leads_to_a_record_and_a_rule(triples: list[Triple], quads: list[Quad]) -> None:
    stated = {triple.subject for triple in triples if triple.predicate.value == f"{PROV}wasInfluencedBy"}
    nodes = {quad.subject for quad in quads if quad.predicate.value.endswith("rdf-syntax-ns#subject")}
    assert nodes <= stated
    files = {triple.subject for triple in triples if triple.predicate.value == f"{NUT}sha256"}
    lines = {triple.subject: triple.object for triple in triples if triple.object in files}
    for triple in triples:
        if triple.subject in nodes and triple.predicate.value in {
            f"{PROV}wasDerivedFrom",
            f"{PROV}wasInfluencedBy",
        }:
            assert triple.object in lines


def test_inputs_have_the_hashes_of_their_files(triples: list[Triple]) -> None:
    hashes = {
        triple.subject.value.removeprefix(f"{BASE}file/"): triple.object.value
        for triple in triples
        if triple.predicate.value == f"{NUT}sha256"
        and isinstance(triple.subject, NamedNode)
        and isinstance(triple.object, Literal)
    }
    assert {"seeds/000.yaml", "mappings/factsheet.yml", "seeds/links.sssom.tsv"} <= hashes.keys()
    for name, digest in hashes.items():
        assert hashlib.sha256((ROOT / unquote(name)).read_bytes()).hexdigest() == digest


def test_no_time_is_in_it(triples: list[Triple]) -> None:
    assert not [triple for triple in triples if "Time" in triple.predicate.value]


def test_the_command_writes_one_articles_own(tmp_path: object) -> None:
    done = nutgraf("export", "--to", "prov", "--article", "001")
    graph = rdflib.Graph().parse(data=done.stdout, format="turtle")
    derived = {str(iri) for iri in graph.objects(None, rdflib.PROV.wasDerivedFrom)}
    assert any("seeds/001.yaml#L" in iri for iri in derived)
    assert not any("seeds/000.yaml#L" in iri for iri in derived)
    assert nutgraf("export", "--to", "prov", "--article", "999").returncode == 2


@pytest.mark.parametrize("to", ["nq", "trig", "jsonld"])
def test_the_evidence_survives_each_format_that_keeps_graphs(quads: list[Quad], to: str) -> None:
    evidence = [quad for quad in quads if "/graph/evidence/" in str(quad.graph_name)]
    assert evidence
    context = json.loads((ROOT / "ontology" / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    expected = canonical_nquads(evidence)
    if to == "jsonld":
        text = jsonld_dataset(evidence, context)
        assert readers.pyld_reader(text) == expected
        return
    text = nquads(evidence) if to == "nq" else trig(evidence, PREFIXES)
    form = RdfFormat.N_QUADS if to == "nq" else RdfFormat.TRIG
    assert canonical_nquads(parse(text, form)) == expected
