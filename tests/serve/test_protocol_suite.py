"""The W3C's tests of the SPARQL 1.1 Protocol, over a socket."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from tests.serve.http_suites import Exchange, ProtocolTest, read
from tests.serve.servers import Running, running, workspace_of

DATA = "http://kasei.us/2009/09/sparql/data/"
TABULAR = {
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
}
RDF_TYPES = {"text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"}


@pytest.fixture(scope="module")
def tests(conformance: Path) -> dict[str, ProtocolTest]:
    return {test.name: test for test in read(conformance / "sparql-protocol" / "manifest.ttl")}


@pytest.fixture(scope="module")
def endpoint(conformance: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server over the suite's data."""
    quads = [
        Quad(quad.subject, quad.predicate, quad.object, NamedNode(f"{DATA}data{number}.rdf"))
        for number in (1, 2, 3)
        for quad in parse(
            path=conformance / "sparql-protocol" / f"data{number}.nt", format=RdfFormat.N_TRIPLES
        )
        if isinstance(quad, Quad)
    ]
    with running(workspace_of(tmp_path_factory.mktemp("suite"), quads)) as found:
        yield found


def send(server: Running, exchange: Exchange) -> httpx.Response:
    with httpx.Client(base_url=server.url, timeout=30) as client:
        request = client.build_request(
            exchange.method, exchange.path, headers=exchange.headers, content=exchange.body or None
        )
        return client.send(request)


def is_update(exchange: Exchange) -> bool:
    """Whether a request asks for a change, well or badly."""
    kind = exchange.headers.get("content-type", "")
    fields = urlsplit(exchange.path).query
    if "x-www-form-urlencoded" in kind:
        fields += f"&{exchange.body.decode()}"
    return kind.startswith("application/sparql-update") or "update" in parse_qs(fields)


def test_every_query_test_passes(tests: dict[str, ProtocolTest], endpoint: Running) -> None:
    names = [name for name in tests if name.startswith(("query_", "bad_query", "bad_multiple_queries"))]
    assert len(names) == 20
    failures = []
    for name in names:
        for exchange in tests[name].exchanges:
            response = send(endpoint, exchange)
            if problem := difference(exchange, response):
                failures.append(f"{name}: {problem}")
    assert not failures


def difference(exchange: Exchange, response: httpx.Response) -> str | None:
    """What is not as expected."""
    kind = response.headers.get("content-type", "").partition(";")[0]
    if not exchange.expects(response.status_code):
        return f"{response.status_code} is none of {exchange.statuses}: {response.text}"
    if exchange.kind == "boolean" and kind not in TABULAR - {"text/csv", "text/tab-separated-values"}:
        return f"no boolean: {kind}"
    if exchange.kind == "tabular" and kind not in TABULAR:
        return f"no table: {kind}"
    if exchange.kind == "RDF" and kind not in RDF_TYPES:
        return f"no RDF: {kind}"
    if exchange.boolean is not None and response.json()["boolean"] is not exchange.boolean:
        return f"the answer is {response.text}"
    return None


def test_updates_are_refused(tests: dict[str, ProtocolTest], endpoint: Running) -> None:
    """Well-formed updates and badly formed ones: 403, or 415 where no media type says what it is."""
    exchanges = [
        (test.name, test.exchanges[0])
        for test in tests.values()
        if test.name.startswith(("update_", "bad_update"))
    ]
    exchanges.append(("bad_multiple_updates", tests["bad_multiple_updates"].exchanges[0]))
    assert len(exchanges) == 14
    for name, exchange in exchanges:
        response = send(endpoint, exchange)
        assert response.status_code == (403 if is_update(exchange) else 415), name
        assert "SRV202" in response.text or "SRV206" in response.text, name


def test_all_tests_are_run(tests: dict[str, ProtocolTest]) -> None:
    assert len(tests) == 34
    assert all(re.match("(bad_)?(multiple_)?(query|queries|update)", name) for name in tests)
