"""Nanopublications: valid for the `nanopub` package, and with all that the evidence says."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib
from nanopub.nanopub import Nanopub
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from nutgraf.dataset.store import Dataset
from nutgraf.publish.nanopub import Nanopublication, nanopublications
from nutgraf.publish.turtle import trig
from nutgraf.terms.vocabulary import PREFIXES

ROOT = Path(__file__).parent.parent.parent
BASE = "https://nutgraf.example/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


@pytest.fixture(scope="module")
def quads() -> list[Quad]:
    return list(Dataset.load(ROOT / "output" / "dataset.nq").quads())


@pytest.fixture(scope="module")
def found(quads: list[Quad]) -> list[Nanopublication]:
    return nanopublications(quads, BASE)


def _graph(nanopublication: Nanopublication, name: str) -> set[Quad]:
    graph = NamedNode(f"{nanopublication.iri}#{name}")
    return {quad for quad in nanopublication.quads if quad.graph_name == graph}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_nanopub_package_accepts_each(found: list[Nanopublication], tmp_path: Path) -> None:
    for each in found:
        path = tmp_path / f"{each.name}.trig"
        path.write_text(trig(each.quads, PREFIXES), encoding="utf-8")
        assert Nanopub(rdf=path).is_valid
    assert len(list(tmp_path.iterdir())) == len(found), "two have the same file"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_nanopub_package_would_refuse_one_without_provenance(
    found: list[Nanopublication], tmp_path: Path
) -> None:
    broken = [quad for quad in found[0].quads if quad not in _graph(found[0], "provenance")]
    path = tmp_path / "broken.trig"
    path.write_text(trig(broken, PREFIXES), encoding="utf-8")
    with pytest.raises(Exception, match="provenance graph is empty"):
        assert Nanopub(rdf=path).is_valid


def test_rdflib_and_pyoxigraph_read_the_same(found: list[Nanopublication]) -> None:
    text = trig((quad for each in found for quad in each.quads), PREFIXES)
    dataset = rdflib.Dataset()
    dataset.parse(data=text, format="trig")
    again = set(parse(text, RdfFormat.TRIG))
    assert again == {quad for each in found for quad in each.quads}
    assert sum(1 for _ in dataset.quads()) == len(again)


def test_together_they_assert_what_the_articles_state(
    quads: list[Quad], found: list[Nanopublication]
) -> None:
    asserted = {(each.article, quad.triple) for each in found for quad in _graph(each, "assertion")}
    annotated = {quad.object for quad in quads if quad.predicate.value.endswith("oa#hasBody")}
    nodes = {quad.subject for quad in quads if quad.predicate.value == f"{RDF}subject"} & annotated
    parts = {
        (quad.subject, quad.graph_name, quad.predicate.value.removeprefix(RDF)): quad.object
        for quad in quads
        if quad.subject in nodes
    }
    stated = {
        (str(graph.value).rpartition("/")[2], parts[node, graph, "subject"], value)
        for (node, graph, name), value in parts.items()
        if name == "object" and isinstance(graph, NamedNode)
    }
    assert {(article, triple.subject, triple.object) for article, triple in asserted} == stated


def test_the_provenance_has_the_words_of_each_statement(found: list[Nanopublication]) -> None:
    for each in found:
        provenance = _graph(each, "provenance")
        bodies = {quad.object for quad in provenance if quad.predicate.value.endswith("oa#hasBody")}
        statements = {quad.subject for quad in provenance if quad.predicate.value == f"{RDF}subject"}
        assert statements
        assert statements <= bodies
        assert len(statements) == len(_graph(each, "assertion"))
        targets = {quad.object for quad in provenance if quad.predicate.value.endswith("oa#hasTarget")}
        hashed = {quad.subject for quad in provenance if quad.predicate.value.endswith("ns#sha256")}
        assert targets <= hashed
