"""Whatever a request says, it is answered or refused: the server does not fail."""

from __future__ import annotations

from urllib.parse import quote

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.serve.servers import Running

PIECE = st.one_of(
    st.sampled_from(
        ["id", "fr", "graph", "interpol", "interpol-ga-92.ttl", "sparql", "query", "saved", "S01.rq"]
    ),
    st.text(max_size=12).map(lambda text: quote(text, safe="")),
    st.sampled_from(
        ["..", ".", "", "%00", "%ff", "%2e%2e", "a" * 300, "%F0%9F%98%80", "x.rdf", "x.nt", ".html"]
    ),
)
NAME = st.sampled_from(
    ["query", "update", "format", "default", "graph", "saved", "default-graph-uri", "$x", "$1"]
)
VALUE = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "ASK {}",
            "SELECT * { ?s ?p ?o } LIMIT 2",
            "SELECT ('\x00\ud7ff' AS ?x) {}",
            "DESCRIBE <https://nutgraf.example/id/interpol>",
            "CONSTRUCT { ?s ?p 1e400 } WHERE { ?s ?p ?o } LIMIT 1",
            "ttl",
            "html",
            "https://nutgraf.example/graph/register",
            "http://[",
            "a b",
        ]
    ),
)
HEADER = st.tuples(
    st.sampled_from(
        ["Accept", "Accept-Language", "Host", "Content-Type", "If-None-Match", "Origin", "Range"]
    ),
    st.one_of(
        st.sampled_from(["text/html", "text/turtle", "*", "a b", "x<y>", "[::1", "application/sparql-query"]),
        st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=20),
    ),
)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["GET", "GET", "HEAD", "POST", "OPTIONS", "PUT"]),
    st.lists(PIECE, max_size=4),
    st.lists(st.tuples(NAME, VALUE), max_size=3),
    st.lists(HEADER, max_size=3, unique_by=lambda header: header[0]),
    st.binary(max_size=40),
)
def test_no_request_makes_the_server_fail(
    server: Running,
    method: str,
    pieces: list[str],
    fields: list[tuple[str, str]],
    headers: list[tuple[str, str]],
    body: bytes,
) -> None:
    text = "&".join(f"{name}={quote(value.encode('utf-8', 'surrogatepass'))}" for name, value in fields)
    url = httpx.URL(server.url, raw_path=f"/{'/'.join(pieces)}?{text}".encode())
    response = httpx.request(
        method, url, headers=headers, content=body if method in {"POST", "PUT"} else None
    )
    assert response.status_code < 500, response.text
    assert "Traceback" not in response.text
