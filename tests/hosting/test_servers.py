"""Real servers with our settings: a thing answers by what the client accepts, a file as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

import pytest

from tests.hosting.servers import NAMES, ask, running
from tests.hosting.table import ACCEPT, BASES, MOVED, TYPES


class Server(NamedTuple):
    name: str
    port: int
    path: str


@pytest.fixture(scope="module", params=[(name, base) for name in NAMES for base in BASES], ids="-".join)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    name, base = request.param
    with running(name, tmp_path_factory.mktemp(name), base) as port:
        yield Server(name, port, urlsplit(base).path)


def location(server: Server, target: str, accept: str) -> tuple[int, str]:
    """Status, and the path that it leads to."""
    headers = {"Accept": accept} if accept else {}
    status, found, _ = ask(server.port, target, **headers)
    here = f"http://127.0.0.1:{server.port}{target}"
    to = urlsplit(urljoin(here, found.get("location", "")))
    if "location" in found:
        assert to.hostname in ("127.0.0.1", "localhost")
    assert "accept" in found.get("vary", "").lower(), found
    return status, to.path if "location" in found else ""


def test_a_thing_leads_to_the_document_that_is_asked_for(server: Server) -> None:
    thing = f"{server.path}id/interpol"
    answers = {accept: location(server, thing, accept) for accept in ACCEPT}
    assert answers == {
        accept: (406, "") if extension == "406" else (303, thing + extension)
        for accept, extension in ACCEPT.items()
    }


@pytest.mark.parametrize("thing", ["id/000", "dataset"])
def test_a_thing_may_have_the_name_of_a_folder(server: Server, thing: str) -> None:
    assert location(server, server.path + thing, "text/turtle") == (303, f"{server.path}{thing}.ttl")


@pytest.mark.parametrize("thing", MOVED)
def test_a_thing_may_have_files_of_another_name(server: Server, thing: str) -> None:
    target = server.path + quote(thing, safe="/%$+~")
    assert location(server, target, "text/turtle") == (303, f"{server.path}{MOVED[thing]}.ttl")


@pytest.mark.parametrize("described", ["id/000/m-he", "graph/article/000", "graph/evidence/000"])
def test_what_has_no_page_is_described_with_its_article(server: Server, described: str) -> None:
    article = f"{server.path}id/000"
    assert location(server, server.path + described, "text/turtle") == (303, f"{article}.ttl")
    assert location(server, f"{server.path}id/000/claim", "text/html") == (303, f"{article}/claim.html")
    assert location(server, server.path + described, "image/png") == (406, "")


def test_a_query_does_not_go_along(server: Server) -> None:
    assert location(server, f"{server.path}id/interpol?x=1", "text/turtle") == (
        303,
        f"{server.path}id/interpol.ttl",
    )


def test_files_have_their_types(server: Server) -> None:
    for path, media_type in TYPES.items():
        status, headers, _ = ask(server.port, server.path + path, Accept="image/png")
        assert status == 200, path
        assert headers["content-type"].replace("UTF-8", "utf-8") == media_type, path
        assert headers["access-control-allow-origin"] == "*"
        assert headers["x-content-type-options"] == "nosniff"
        assert "script-src 'self'" in headers["content-security-policy"]


def test_void_is_at_the_root_of_the_host(server: Server) -> None:
    if server.name == "apache" and server.path != "/":
        pytest.skip("an .htaccess rules its own folder only; docs/hosting.md says what to add")
    status, headers, _ = ask(server.port, "/.well-known/void")
    assert (status, headers["content-type"].lower()) == (200, "text/turtle; charset=utf-8")


@pytest.mark.parametrize(
    "path", ["id/nobody", "id/nobody/m-he", "id/interpol.xyz", "id/", "graph/article/nobody", "nothing/here"]
)
def test_what_is_not_there_is_not_found(server: Server, path: str) -> None:
    status, headers, body = ask(server.port, server.path + path, Accept="text/turtle")
    assert status == 404
    assert "location" not in headers
    assert b"nothing here" in body


@pytest.mark.parametrize(
    "target",
    [
        "//id/interpol",
        "/id/interpol%0d%0aX-Hacked:%20yes",
        "/id/..%2f..%2fetc/passwd",
        "/id/../../../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/id/interpol%00",
        "//evil.example/%2e%2e/id/interpol",
    ],
)
def test_tricks_lead_nowhere_else(server: Server, target: str) -> None:
    path = server.path.rstrip("/")
    for each in {target, path + target}:
        status, headers, body = ask(server.port, each, Accept="text/turtle")
        assert "x-hacked" not in headers
        assert b"root:" not in body
        assert status >= 300, each
        assert urlsplit(headers.get("location", "")).hostname in (None, "127.0.0.1", "localhost"), headers


def test_no_accept_header_makes_a_server_think(server: Server) -> None:
    awkward = "text/turtle" + ";  x=  " * 400 + "!"
    status, *_ = ask(server.port, f"{server.path}id/interpol", Accept=awkward)
    assert status in (303, 406, 400, 431)
    assert re.fullmatch(r"[\x20-\x7e]+", awkward)
