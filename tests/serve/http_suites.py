"""The W3C's tests of HTTP protocols, read from their manifests as data.

Source: https://www.w3.org/2009/sparql/docs/tests/README.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rdflib import RDF, Graph, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")


@dataclass(frozen=True)
class Exchange:
    """A request and what is expected of its response.

    Attributes:
        method: of the request.
        path: of the request, with its query string.
        headers: of the request.
        body: of the request.
        statuses: what the response's may be, such as "2xx" or "201".
        boolean: the answer to an ASK query, where it matters.
        kind: "boolean", "tabular" or "RDF", where it matters.
        content_type: of the response, where it matters.
        response_body: text of an RDF document that the response is isomorphic to, where it matters.
    """

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    statuses: tuple[str, ...]
    boolean: bool | None
    kind: str | None
    content_type: str | None
    response_body: str | None

    def expects(self, status: int) -> bool:
        return any(re.fullmatch(each.replace("x", r"\d"), str(status)) for each in self.statuses)


@dataclass(frozen=True)
class ProtocolTest:
    """A test: its exchanges, in order."""

    name: str
    exchanges: tuple[Exchange, ...]


_STATUSES = {"OK": "200", "Created": "201", "NoContent": "204", "NotFound": "404"}


def read(manifest: Path) -> list[ProtocolTest]:
    """The tests of a manifest, in its order."""
    graph = Graph().parse(manifest, format="turtle")
    suite = graph.value(predicate=RDF.type, object=MF.Manifest)
    entries = graph.value(suite, MF.entries)
    assert entries is not None
    found = []
    for test in Collection(graph, entries):
        action = graph.value(test, MF.action)
        requests = graph.value(action, HT.requests)
        assert requests is not None
        exchanges = tuple(_exchange(graph, request) for request in Collection(graph, requests))
        found.append(ProtocolTest(str(test).rpartition("#")[2], exchanges))
    return found


def _exchange(graph: Graph, request: Node) -> Exchange:
    response = graph.value(request, HT.resp)
    assert response is not None
    boolean = graph.value(response, MF.expectedBoolean)
    kind = graph.value(response, MF.expectedFormat)
    body = graph.value(request, HT.body)
    encoding = str(graph.value(body, CNT.characterEncoding)) if body else "utf-8"
    response_body = graph.value(graph.value(response, HT.body), CNT.chars)
    return Exchange(
        str(graph.value(request, HT.methodName)),
        str(graph.value(request, HT.absolutePath)),
        dict(_headers(graph, request)),
        str(graph.value(body, CNT.chars)).encode(encoding) if body else b"",
        tuple(sorted(_status(each) for each in graph.objects(response, MF.expectedStatus))),
        bool(boolean.toPython()) if boolean is not None else None,  # type: ignore[attr-defined]
        str(kind) if kind is not None else None,
        dict(_headers(graph, response)).get("content-type"),
        str(response_body) if response_body is not None else None,
    )


def _headers(graph: Graph, message: Node) -> Iterator[tuple[str, str]]:
    headers = graph.value(message, HT.headers)
    for header in Collection(graph, headers) if headers else []:
        yield str(graph.value(header, HT.fieldName)), str(graph.value(header, HT.fieldValue))


def _status(term: Node) -> str:
    assert isinstance(term, URIRef)
    name = term.rpartition("#")[2]
    return _STATUSES[name] if name in _STATUSES else name.removeprefix("StatusCode")
