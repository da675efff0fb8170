"""The W3C's tests of the Graph Store Protocol: what they write is built, what they read must come out.

Nothing can be written over HTTP. So each state that a test's writes make is written as a build does, the
running server takes it up, and the test's read is sent.
"""

from __future__ import annotations

import email
import email.policy
import re
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import httpx
import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse
from rdflib import Graph
from rdflib.compare import isomorphic

from tests.serve.http_suites import Exchange, ProtocolTest, read
from tests.serve.servers import Running, running, workspace_of, write_output

BASE = "http://www.example/"
MARK = NamedNode(f"{BASE}graph/mark")
NEW = f"{BASE}graph/new"
State = dict[str, set[Triple]]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return workspace_of(tmp_path_factory.mktemp("graphs"), [marked(0)], BASE)


@pytest.fixture(scope="module")
def server(workspace: Path) -> Iterator[Running]:
    with running(workspace) as found:
        yield found


def marked(number: int) -> Quad:
    """What tells a state that has been taken up."""
    return Quad(MARK, NamedNode(f"{BASE}number"), NamedNode(f"{BASE}{number}"), MARK)


@pytest.mark.parametrize(
    ("way", "tests", "reads"), [("indirect", 9, 12), ("direct", 4, 6)], ids=["indirect", "direct"]
)
def test_reading_is_as_the_suite_expects(
    way: str, tests: int, reads: int, conformance: Path, workspace: Path, server: Running
) -> None:
    suite = read(conformance / "graph-store-protocol" / f"manifest-{way}.ttl")
    assert len(suite) == tests
    number = 0 if way == "indirect" else 100
    found = 0
    for test in suite:
        for state, exchange in states(test):
            found += 1
            number += 1
            take_up(server, workspace, state, number)
            check(server, exchange, test.name, number)
    assert found == reads


def test_writing_is_refused(conformance: Path, server: Running) -> None:
    suite = read(conformance / "graph-store-protocol" / "manifest-indirect.ttl")
    writes = [each for test in suite for each in test.exchanges if each.method not in {"GET", "HEAD"}]
    assert len(writes) == 13
    for each in writes:
        response = httpx.request(each.method, ours(server, each), headers=each.headers, content=each.body)
        assert response.status_code == 405
        assert response.headers["allow"] == "GET, HEAD, OPTIONS"


def states(test: ProtocolTest) -> Iterator[tuple[State, Exchange]]:
    """The reads of a test, each with what its writes before it have left."""
    state: State = {}
    for exchange in test.exchanges:
        name = graph_name(exchange.path)
        if exchange.method in {"GET", "HEAD"}:
            yield dict(state), exchange
        elif exchange.method == "DELETE":
            state.pop(name, None)
        else:
            before = state.get(name, set()) if exchange.method == "POST" else set()
            state[name] = before | set(triples(exchange, name))


def graph_name(path: str) -> str:
    """The IRI of the graph that a path of the suite names; ours are below /graph/, its below /gsp/."""
    indirect = re.search(r"[?&]graph=([^&]*)", path)
    if indirect:
        return NEW if indirect[1] == "$LOCATION$" else unquote(indirect[1])
    if path.endswith("?default"):
        return f"{BASE}graph/default"
    return NEW if path == "/gsp" else f"{BASE}graph/{path.removeprefix('/gsp/')}"


def triples(exchange: Exchange, name: str) -> Iterator[Triple]:
    content_type = exchange.headers["content-type"]
    message = email.message_from_bytes(
        f"Content-Type: {content_type}\r\n\r\n".encode() + exchange.body, policy=email.policy.HTTP
    )
    for part in message.walk():
        if not part.is_multipart():
            text = part.get_payload(decode=True)
            assert isinstance(text, bytes)
            yield from (
                quad.triple for quad in parse(text, RdfFormat.TURTLE, base_iri=name, rename_blank_nodes=True)
            )


def take_up(server: Running, workspace: Path, state: State, number: int) -> None:
    """Write a state as a build does, and wait until the server serves it."""
    quads = [
        Quad(triple.subject, triple.predicate, triple.object, NamedNode(name))
        for name, found in state.items()
        for triple in found
    ]
    write_output(workspace, [*quads, marked(number)])
    until = time.monotonic() + 30
    while f"{BASE}{number}>" not in httpx.get(f"{server.url}/graphs?graph={MARK.value}&format=nt").text:
        assert time.monotonic() < until, "the new state is not taken up"
        time.sleep(0.1)


def ours(server: Running, exchange: Exchange) -> str:
    """Where our server answers what the suite asks."""
    path = exchange.path.replace("$LOCATION$", NEW)
    if re.fullmatch(r"/gsp(\?.*)?", path):
        return f"{server.url}/graphs{path.removeprefix('/gsp')}"
    return f"{server.url}/graph/{path.removeprefix('/gsp/')}"


def check(server: Running, exchange: Exchange, name: str, number: int) -> None:
    response = httpx.request(exchange.method, ours(server, exchange), headers=exchange.headers)
    assert exchange.expects(response.status_code), (name, response.status_code, response.text)
    if exchange.content_type:
        assert response.headers["content-type"] == exchange.content_type, name
    if exchange.response_body:
        expected = Graph().parse(data=exchange.response_body, format="turtle")
        found = Graph().parse(data=response.text, format="turtle")
        if exchange.path.endswith("?default"):
            # Ours is the union of all graphs; the mark is in it.
            mark = Graph().parse(data=f"{marked(number).triple} .", format="nt")
            assert all(triple in found for triple in mark)
            found -= mark
        assert isomorphic(found, expected), name
