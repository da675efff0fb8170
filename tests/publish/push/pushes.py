"""Pushes for tests: a few small graphs, and no real waiting."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse, serialize

from nutgraf.publish.push import manifest, run, stores
from nutgraf.publish.push.client import Client
from nutgraf.publish.push.credentials import Credentials
from nutgraf.publish.push.run import Options, PushResult
from tests.publish.push.oxigraph_server import Oxigraph

BASE = "https://news.example/"
MANIFEST = manifest.name_of(BASE)
A, B, C = (f"{BASE}graph/article/{name}" for name in "abc")
REGISTER = f"{BASE}graph/register"
GRAPHS = {
    A: '<https://news.example/id/a> <https://schema.org/name> "Bridge"@en , "Pont"@fr .',
    B: '<https://news.example/id/b> <https://schema.org/name> "Harbour" .',
    C: "<https://news.example/id/c> <https://schema.org/about> [ a <https://schema.org/Event> ] .",
    REGISTER: '<https://news.example/id/x> <https://schema.org/name> "Xenia" .',
}


def write(folder: Path, graphs: Mapping[str, str]) -> Path:
    """A file of quads with these graphs."""
    trig = "".join(f"GRAPH <{name}> {{ {turtle} }}\n" for name, turtle in graphs.items())
    path = folder / "dataset.trig"
    path.write_text(trig, encoding="utf-8")
    return path


def push(
    file: Path,
    url: str,
    *,
    protocol: stores.Protocol = "graph-store",
    credentials: Credentials | None = None,
    options: Options | None = None,
    client: Client | None = None,
) -> PushResult:
    endpoints = stores.endpoints(url, store="oxigraph", protocol=protocol)
    client = client or Client(credentials or Credentials(), attempts=3, timeout_s=10, sleep=lambda _: None)
    with client:
        return run.push(file, BASE, endpoints, client, options or Options())


def workspace(folder: Path) -> Path:
    """A workspace whose build made these graphs."""
    (folder / "nutgraf.toml").write_text(f'base = "{BASE}"\n', encoding="utf-8")
    (folder / "output").mkdir(exist_ok=True)
    quads = parse(write(folder, GRAPHS).read_bytes(), RdfFormat.TRIG)
    with (folder / "output" / "dataset.nq").open("wb") as file:
        serialize(quads, file, format=RdfFormat.N_QUADS)
    return folder


def datasets(graphs: Mapping[str, str]) -> dict[str, Dataset]:
    """Graph name → its triples, each as a dataset of its own."""
    return {
        name: Dataset(quad for quad in parse(turtle, RdfFormat.TURTLE) if isinstance(quad, Quad))
        for name, turtle in graphs.items()
    }


def assert_holds(store: Oxigraph, expected: Mapping[str, Dataset]) -> None:
    """The store has these graphs, up to the names of blank nodes, its manifest, and nothing else."""
    found = store.graphs()
    assert MANIFEST in found
    assert found.keys() - {MANIFEST} == expected.keys()
    for name, dataset in expected.items():
        for each in (dataset, found[name]):
            each.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        assert found[name] == dataset, name
