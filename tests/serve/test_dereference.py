"""Three clients follow an event's IRI to triples, on the very host of the IRI."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Triple, parse
from rdflib import Dataset, Graph, URIRef

from nutgraf.dataset.canonical import canonical_hash
from tests.serve.servers import ROOT, Running, copy_of_ours, started

EVENT = "id/interpol-ga-92"
NAME = URIRef("https://schema.org/name")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server at the base of its workspace's IRIs: this repository's, built for a free port of this host."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    workspace = copy_of_ours(tmp_path_factory.mktemp("home"))
    base = f"http://127.0.0.1:{port}/"
    for path in (workspace / "nutgraf.toml", workspace / "seeds" / "links.sssom.tsv"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("https://nutgraf.example/", base), encoding="utf-8")
    nutgraf = (sys.executable, "-m", "nutgraf")
    subprocess.run([*nutgraf, "build", "-w", str(workspace)], check=True, capture_output=True)
    with started(*nutgraf, "serve", "-w", str(workspace), "--port", str(port)) as found:
        yield found


@pytest.fixture(scope="module")
def triples(home: Running) -> set[Triple]:
    """What curl is led to."""
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is not here")
    command = [curl, "-sSfL", "-H", "Accept: application/n-triples", f"{home.url}/{EVENT}"]
    done = subprocess.run(command, check=True, capture_output=True)
    return {quad.triple for quad in parse(done.stdout, RdfFormat.N_TRIPLES)}


def test_curl_is_led_to_the_event(triples: set[Triple], home: Running) -> None:
    about = [triple for triple in triples if triple.subject.value == f"{home.url}/{EVENT}"]  # type: ignore[union-attr]
    assert len(about) > 5


@pytest.mark.parametrize("name", [None, "turtle", "xml", "json-ld", "nt"])
def test_rdflib_is_led_to_the_same(name: str | None, triples: set[Triple], home: Running) -> None:
    graph = Graph().parse(f"{home.url}/{EVENT}", format=name)
    assert (URIRef(f"{home.url}/{EVENT}"), NAME, None) in graph
    found = [quad.triple for quad in parse(graph.serialize(format="nt"), RdfFormat.N_TRIPLES)]
    assert hash_of(found) == hash_of(triples)


def test_comunica_is_led_to_the_same(triples: set[Triple], home: Running) -> None:
    node = shutil.which("node")
    if node is None or not (ROOT / "node_modules" / "@comunica").is_dir():
        pytest.skip("Comunica is not here; npm ci")
    script = Path(__file__).parent / "dereference.mjs"
    urls = [f"{home.url}/{EVENT}", f"{home.url}/{EVENT}.ttl"]
    done = subprocess.run([node, str(script), *urls], check=True, capture_output=True, text=True)
    for answer in json.loads(done.stdout):
        found = [quad.triple for quad in parse(answer, RdfFormat.N_TRIPLES)]
        assert hash_of(found) == hash_of(triples)


def test_names_lead_on(home: Running) -> None:
    """From the event to its place, and to the place's name: each IRI is asked for itself."""
    graph = Graph().parse(f"{home.url}/{EVENT}")
    place = graph.value(URIRef(f"{home.url}/{EVENT}"), URIRef("https://schema.org/location"))
    assert place is not None
    assert str(place).startswith(home.url)
    assert "Glasgow" in map(str, Graph().parse(str(place)).objects(place, NAME))


def test_a_graph_s_iri_leads_to_the_graph(home: Running) -> None:
    graph = Dataset().parse(f"{home.url}/graph/register", format="turtle")
    assert len(graph) > 100


def hash_of(triples: object) -> str:
    return canonical_hash(quad for quad in parse("".join(f"{t} .\n" for t in triples), RdfFormat.N_TRIPLES))  # type: ignore[attr-defined]
