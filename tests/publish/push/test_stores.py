"""Which endpoints an address stands for."""

from __future__ import annotations

import pytest

from nutgraf.problems import InputError
from nutgraf.publish.push.stores import LAYOUTS, Endpoints, Protocol, endpoints

G = "https://data.example.org/graphs"


@pytest.mark.parametrize(
    ("store", "found"),
    [
        ("fuseki", Endpoints(f"{G}/data", f"{G}/update", f"{G}/query")),
        ("graphdb", Endpoints(f"{G}/rdf-graphs/service", f"{G}/statements", G)),
        ("rdf4j", Endpoints(f"{G}/rdf-graphs/service", f"{G}/statements", G)),
        ("oxigraph", Endpoints(f"{G}/store", f"{G}/update", f"{G}/query")),
        ("qlever", Endpoints(G, G, G)),
        ("virtuoso", Endpoints(f"{G}/sparql-graph-crud-auth", f"{G}/sparql-auth", f"{G}/sparql-auth", True)),
        ("blazegraph", Endpoints(None, f"{G}/sparql", f"{G}/sparql")),
    ],
)
def test_products(store: str, found: Endpoints) -> None:
    assert endpoints(f"{G}/" if store != "qlever" else G, store=store) == found
    assert set(LAYOUTS) == {"fuseki", "graphdb", "rdf4j", "oxigraph", "qlever", "virtuoso", "blazegraph"}


def test_without_a_product() -> None:
    assert endpoints(G) == Endpoints(G)
    assert endpoints(G, update="http://u/", query="http://q/") == Endpoints(G, "http://u/", "http://q/")
    assert endpoints("http://u/", query="http://q/", protocol="update") == Endpoints(
        None, "http://u/", "http://q/"
    )
    assert endpoints(G, store="oxigraph", protocol="graph-store") == Endpoints(f"{G}/store")


@pytest.mark.parametrize("protocol", ["auto", "update"])
def test_update_needs_a_query_endpoint(protocol: Protocol) -> None:
    with pytest.raises(InputError, match="PSH110"):
        endpoints(G, protocol="update")
    with pytest.raises(InputError, match='PSH110 no store is called "fusek"'):
        endpoints(G, store="fusek", protocol=protocol)


@pytest.mark.parametrize(
    "url",
    [
        "https://ana:s3cret@example.org/", "https://s3cret@example.org/", "http://ana:s3cret@[::1/",
        "s3cret", "ftp://example.org/s3cret", "https:///x?s3cret", "https://example.org:s3cret/",
        "https://example.org/#s3cret", "https://example.org/\ns3cret", "https://example.org/ s3cret",
        "file:///s3cret", "",
    ],
)  # fmt: skip
def test_no_address(url: str) -> None:
    for given in ({"url": url}, {"url": G, "update": url, "query": url} if url else {"url": url}):
        with pytest.raises(InputError) as caught:
            endpoints(**given)
        (problem,) = caught.value.problems
        assert problem.code == "PSH101"
        if "@" in url or "?" in url or "#" in url:
            assert "s3cret" not in repr(problem)
