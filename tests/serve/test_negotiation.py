"""Which document a client gets for an IRI, and how it is told."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from webob.acceptparse import create_accept_header

from nutgraf.serve import accept
from nutgraf.serve.formats import GRAPHS, HTML, SOLUTIONS, offers

THING = "/id/interpol-ga-92"
CASES: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parent / "accept_headers.toml").read_text(encoding="utf-8")
)["case"]
QUERIES = {
    "solutions": "SELECT ?s { ?s a schema:Event } LIMIT 1",
    "graph": "CONSTRUCT { ?s a schema:Event } WHERE { ?s a schema:Event }",
}
TYPES = {each.content_type: each.name for each in (*SOLUTIONS, *GRAPHS)}


def header(case: dict[str, Any]) -> dict[str, str]:
    return {"Accept": case["accept"]} if "accept" in case else {}


def led_to(response: httpx.Response) -> str:
    """Where a response sends the client: a path, and a fragment if there is one."""
    return str(response.url.join(response.headers["location"])).removeprefix(str(response.url.join("/"))[:-1])


def linked(response: httpx.Response) -> dict[str, str]:
    """Path → what the `Link` header says of it."""
    links = re.findall(r"<([^>]+)>; ([^,]+)", response.headers["link"])
    return {response.url.join(address).path: said for address, said in links}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["client"])
def test_a_client_gets_what_it_likes_best(case: dict[str, Any], client: httpx.Client) -> None:
    response = client.get(THING, headers=header(case))
    assert "Accept" in response.headers["vary"]
    if case["thing"] == 406:
        assert response.status_code == 406
        listed = response.text + response.headers["link"]
        assert all(each.media_types[0] in listed for each in (HTML, *GRAPHS))
    else:
        assert response.status_code == 303
        assert led_to(response) == f"{THING}.{case['thing']}"
    for form, query in QUERIES.items():
        answer = client.get("/sparql", params={"query": query}, headers=header(case))
        kind = answer.headers["content-type"]
        assert (TYPES[kind] if answer.status_code == 200 else answer.status_code) == case[form], form
        assert answer.headers["vary"] == "Accept"


@pytest.mark.parametrize("name", ["html", "ttl", "nt", "jsonld", "rdf"])
def test_a_document_says_what_it_is_and_what_else_there_is(name: str, client: httpx.Client) -> None:
    response = client.get(f"{THING}.{name}")
    assert response.status_code == 200
    assert response.headers["content-type"] == next(
        each.content_type for each in (HTML, *GRAPHS) if each.name == name
    )
    others = {"html", "ttl", "nt", "jsonld", "rdf"} - {name}
    for other in others:
        kind = 'rel="alternate"' if other == "html" else 'rel="alternate describedby"'
        assert linked(response)[f"{THING}.{other}"].startswith(kind)
    assert f"{THING}.{name}" not in linked(response)
    head = client.head(f"{THING}.{name}")
    assert head.content == b""
    same = ("content-type", "content-length", "etag", "link")
    assert [head.headers[each] for each in same] == [response.headers[each] for each in same]


@pytest.mark.parametrize("path", [THING, f"{THING}.html", f"/fr{THING}.html"])
@pytest.mark.parametrize("name", ["ttl", "text/turtle", "html"])
def test_a_format_can_be_asked_for_by_name(path: str, name: str, client: httpx.Client) -> None:
    response = client.get(path, params={"format": name}, headers={"Accept": "application/n-triples"})
    assert response.status_code == 303
    assert led_to(response) == f"{THING}.{'html' if name == 'html' else 'ttl'}"
    assert client.get(path, params={"format": "docx"}).status_code == 406


def test_a_known_document_is_not_sent_again(client: httpx.Client) -> None:
    first = client.get(f"{THING}.ttl")
    etag = first.headers["etag"]
    for known in (etag, f'"other", W/{etag}', "*"):
        again = client.get(f"{THING}.ttl", headers={"If-None-Match": known})
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["etag"] == etag
    assert client.get(f"{THING}.ttl", headers={"If-None-Match": '"other"'}).status_code == 200
    assert client.get(f"{THING}.nt").headers["etag"] != etag


def test_a_page_comes_in_the_reader_s_language(client: httpx.Client) -> None:
    for said, place in (
        ("fr", f"/fr{THING}.html"),
        ("fr-CA, en;q=0.5", f"/fr{THING}.html"),
        ("en-GB, fr;q=0.9", f"{THING}.html"),
        ("de, *;q=0.1", f"{THING}.html"),
        ("de", f"{THING}.html"),
        ("fr;q=nonsense, en", f"{THING}.html"),
        ("", f"{THING}.html"),
    ):
        response = client.get(THING, headers={"Accept-Language": said})
        assert led_to(response) == place, said
        assert "Accept-Language" in response.headers["vary"]
    assert client.get(f"/fr{THING}.html").headers["content-language"] == "fr"
    assert client.get(f"{THING}.html").headers["content-language"] == "en"
    # Data is the same in all languages.
    data = client.get(THING, headers={"Accept-Language": "fr", "Accept": "text/turtle"})
    assert led_to(data) == f"{THING}.ttl"


def test_a_fact_leads_to_the_documents_that_describe_it(client: httpx.Client) -> None:
    """The IRI of a statement has no document of its own."""
    query = "SELECT ?s { ?s rdf:subject <https://nutgraf.example/id/interpol-ga-92> } LIMIT 1"
    iri = client.get("/sparql", params={"query": query, "format": "csv"}).text.split()[1]
    path = iri.removeprefix("https://nutgraf.example")
    page = client.get(path, headers={"Accept": "text/html"})
    assert page.status_code == 303
    assert led_to(page).startswith(f"{THING}.html#")
    data = client.get(path, headers={"Accept": "text/turtle"})
    assert led_to(data) == f"{THING}.ttl"


def test_any_origin_may_read(client: httpx.Client) -> None:
    asked = {"Origin": "https://other.example", "Access-Control-Request-Method": "POST"}
    asked["Access-Control-Request-Headers"] = "content-type"
    for path in (THING, f"{THING}.ttl", "/sparql", "/graphs"):
        preflight = client.options(path, headers=asked)
        assert preflight.status_code == 204
        assert preflight.headers["access-control-allow-origin"] == "*"
        assert "POST" in preflight.headers["access-control-allow-methods"]
        assert "Content-Type" in preflight.headers["access-control-allow-headers"]
        response = client.get(path, headers={"Origin": "https://other.example"})
        assert response.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in response.headers
    assert "access-control-allow-methods" not in client.options("/sparql").headers


@pytest.mark.parametrize(
    "path", ["/id/nobody", "/nothing.ttl", "/id/", "/id/%00", "/id/..%2f..%2fnutgraf.toml"]
)
def test_what_is_not_there_is_not_found(path: str, client: httpx.Client) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "SRV211" in response.text


def test_pages_have_a_strict_policy(client: httpx.Client) -> None:
    page = client.get(f"{THING}.html").headers["content-security-policy"]
    assert "default-src 'none'" in page
    assert "unsafe" not in page
    data = client.get(f"{THING}.rdf").headers
    assert "sandbox" in data["content-security-policy"]
    assert data["x-content-type-options"] == "nosniff"


TYPE = st.sampled_from(["text", "application", "*", "image"])
SUBTYPE = st.sampled_from(["html", "turtle", "csv", "n-triples", "ld+json", "*", "png"])
QUALITY = st.sampled_from(["", ";q=1", ";q=0", ";q=0.5", ";q=0.25", "; q=0.001"])


@given(st.lists(st.tuples(TYPE, SUBTYPE, QUALITY), min_size=1, max_size=6, unique_by=lambda each: each[:2]))
def test_a_second_implementation_chooses_the_same(ranges: list[tuple[str, str, str]]) -> None:
    """WebOb's, on headers that are as RFC 9110 says."""
    valid = [each for each in ranges if each[0] != "*" or each[1] == "*"]
    text = ", ".join(f"{kind}/{subtype}{quality}" for kind, subtype, quality in valid)
    if not text:
        return
    names = ["text/html", "text/turtle", "application/n-triples", "text/csv", "application/ld+json"]
    theirs = create_accept_header(text).acceptable_offers(names)
    best = max((quality for _, quality in theirs), default=None)
    expected = next((name for name, quality in theirs if quality == best), None)
    assert accept.media_type(text, {name: name for name in names}) == expected


@given(st.text(max_size=200))
def test_any_header_has_an_answer(text: str) -> None:
    assert accept.media_type(text, offers(SOLUTIONS)) in {None, *SOLUTIONS}
    assert accept.language(text, ["en", "fr"]) in {"en", "fr"}


def test_addresses_are_relative(client: httpx.Client) -> None:
    """So that the server may stand behind a proxy that puts a prefix before its paths."""
    for path in (THING, "/sparql", "/sparql/", "/id/003/claim-warnings-prevented-attacks"):
        location = client.get(path, headers={"Accept": "text/html"}).headers["location"]
        assert not location.startswith(("/", "http"))
        assert httpx.get(
            f"{client.base_url.join(path)}", headers={"Accept": "text/html"}, follow_redirects=True
        ).is_success
    assert not re.search(r'(href|src|action)="/', client.get("/query").text)
