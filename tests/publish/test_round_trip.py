"""What we write is read back as the same dataset, by readers that are not ours."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Quad, RdfFormat, Triple

from nutgraf.dataset.canonical import canonical_nquads
from nutgraf.publish.jsonld import jsonld, jsonld_dataset
from nutgraf.publish.ntriples import nquads, ntriples
from nutgraf.publish.turtle import trig, turtle
from nutgraf.terms.vocabulary import PREFIXES
from tests.publish import rdf_readers as readers
from tests.publish import rdf_strategies as strategies

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[2]
CONTEXT: dict[str, Any] = json.loads((ROOT / "ontology" / "context.jsonld").read_text(encoding="utf-8"))


def without_doubles(quads: list[Quad]) -> list[Quad]:
    """PyLD and jsonld.js rewrite each xsd:double, even a string, which the algorithm does not ask for."""
    return [quad for quad in quads if "XMLSchema#double>" not in str(quad)]


def as_quads(triples: list[Triple]) -> list[Quad]:
    return [Quad(*triple) for triple in triples]


@given(strategies.graphs)
def test_turtle(triples: list[Triple]) -> None:
    text, expected = turtle(triples, PREFIXES), canonical_nquads(as_quads(triples))
    assert readers.oxigraph(text, RdfFormat.TURTLE) == expected
    assert readers.rdflib_reader(text, "turtle") == expected


@given(strategies.datasets)
def test_trig(quads: list[Quad]) -> None:
    text, expected = trig(quads, PREFIXES), canonical_nquads(quads)
    assert readers.oxigraph(text, RdfFormat.TRIG) == expected
    assert readers.rdflib_reader(text, "trig") == expected


@given(strategies.datasets)
def test_nquads(quads: list[Quad]) -> None:
    text = nquads(quads)
    assert readers.oxigraph(text, RdfFormat.N_QUADS) == text
    assert readers.rdflib_reader(text, "nquads") == text


@given(strategies.graphs)
def test_ntriples(triples: list[Triple]) -> None:
    assert ntriples(triples) == nquads(as_quads(triples))


@given(strategies.graphs)
def test_jsonld(triples: list[Triple]) -> None:
    assert jsonld(triples, CONTEXT) == jsonld_dataset(as_quads(triples), CONTEXT)


@given(strategies.datasets)
def test_jsonld_dataset(quads: list[Quad]) -> None:
    text, expected = jsonld_dataset(quads, CONTEXT), canonical_nquads(quads)
    assert readers.oxigraph(text, RdfFormat.JSON_LD) == expected
    assert readers.rdflib_reader(text, "json-ld") == expected


@given(strategies.datasets.map(without_doubles))
def test_jsonld_dataset_in_pyld(quads: list[Quad]) -> None:
    assert readers.pyld_reader(jsonld_dataset(quads, CONTEXT)) == canonical_nquads(quads)


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
@pytest.mark.skipif(not (ROOT / "node_modules").is_dir(), reason="run `npm ci` for jsonld.js")
@settings(max_examples=5, deadline=None)
@given(st.lists(strategies.datasets.map(without_doubles), min_size=20, max_size=20))
def test_jsonld_dataset_in_jsonld_js(datasets: list[list[Quad]]) -> None:
    documents = [json.loads(jsonld_dataset(quads, CONTEXT)) for quads in datasets]
    script = Path(__file__).with_name("jsonld_js.mjs")
    answer = subprocess.run(
        ["node", str(script)], input=json.dumps(documents), capture_output=True, check=True, encoding="utf-8"
    )
    understood = [readers.oxigraph(text, RdfFormat.N_QUADS) for text in json.loads(answer.stdout)]
    assert understood == [canonical_nquads(quads) for quads in datasets]


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(nquads, id="nquads"),
        pytest.param(lambda quads: trig(quads, PREFIXES), id="trig"),
        pytest.param(lambda quads: turtle([quad.triple for quad in quads], PREFIXES), id="turtle"),
        pytest.param(lambda quads: jsonld_dataset(quads, CONTEXT), id="jsonld"),
    ],
)
@given(quads=strategies.datasets)
def test_order_and_repetition_change_no_byte(write: Callable[[list[Quad]], str], quads: list[Quad]) -> None:
    shuffled = quads + quads[::2]
    random.Random(7).shuffle(shuffled)  # noqa: S311
    assert write(shuffled) == write(quads)
