"""Whole pages: the command, the article by its address, joining another block, templates."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jinja2
import pytest

import nutgraf
from nutgraf.publish.embed.jinja import jsonld
from nutgraf.publish.embed.pages import canonical_address, join, parsed, same_page_key
from nutgraf.terms.vocabulary import RDF_TYPE
from tests.publish.page_graphs import ROOT

PAGE = b"<!doctype html>\r\n<html><head><title>\xe9</title></head><body>a</body></html>"


def run(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "nutgraf", *arguments], cwd=cwd, capture_output=True, check=False
    )


@pytest.fixture
def newsroom(tmp_path: Path) -> Path:
    """A workspace of one article that has an address."""
    folder = tmp_path / "newsroom"
    assert run("init", str(folder)).returncode == 0
    graph = "https://news.example/graph/article/one"
    article = "https://news.example/id/one"
    settings = folder / "nutgraf.toml"
    lines = [
        'base = "https://news.example/"' if line.startswith("base") else line
        for line in settings.read_text(encoding="utf-8").splitlines()
    ]
    settings.write_text("\n".join(lines), encoding="utf-8")
    (folder / "output").mkdir(exist_ok=True)
    (folder / "output" / "dataset.nq").write_text(
        f"<{article}> <{RDF_TYPE}> <https://schema.org/NewsArticle> <{graph}> .\n"
        f'<{article}> <https://schema.org/headline> "Bridge"@en <{graph}> .\n'
        f'<{article}> <https://schema.org/inLanguage> "en" <{graph}> .\n'
        f"<{article}> <https://schema.org/url> <https://www.news.example/2024/bridge> <{graph}> .\n",
        encoding="utf-8",
    )
    return folder


def page_of(address: str) -> bytes:
    return f'<html><head><link rel="canonical" href="{address}"></head><body></body></html>'.encode()


def block(page: bytes) -> Any:
    return json.loads(
        page.partition(b"<script data-nutgraf")[2].partition(b">")[2].partition(b"</script>")[0]
    )


def test_one_page_to_standard_output(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_bytes(PAGE)
    done = run("embed", str(file), "--article", "001")
    assert done.returncode == 0, done.stderr
    assert done.stdout == nutgraf.embed(PAGE, nutgraf.page("001", ROOT))
    assert file.read_bytes() == PAGE


def test_pages_find_their_articles_and_a_second_run_touches_nothing(newsroom: Path) -> None:
    (newsroom / "a.html").write_bytes(page_of("http://www.news.example/2024/bridge/#top"))
    (newsroom / "b.html").write_bytes(page_of("https://www.news.example/2024/bridge"))
    done = run("embed", "--in-place", "a.html", "b.html", cwd=newsroom)
    assert done.returncode == 0, done.stderr
    written = [(newsroom / name).read_bytes() for name in ("a.html", "b.html")]
    assert {block(page)["headline"] for page in written} == {"Bridge"}
    times = [(newsroom / name).stat().st_mtime_ns for name in ("a.html", "b.html")]
    assert run("embed", "--in-place", "a.html", "b.html", cwd=newsroom).returncode == 0
    assert [(newsroom / name).stat().st_mtime_ns for name in ("a.html", "b.html")] == times
    assert run("embed", "--in-place", "--remove", "a.html", cwd=newsroom).returncode == 0
    assert (newsroom / "a.html").read_bytes() == page_of("http://www.news.example/2024/bridge/#top")


def test_one_bad_page_stops_no_other(newsroom: Path) -> None:
    (newsroom / "a.html").write_bytes(PAGE)
    (newsroom / "b.html").write_bytes(page_of("https://www.news.example/2024/other"))
    (newsroom / "c.html").write_bytes(page_of("https://www.news.example/2024/bridge"))
    done = run("embed", "a.html", "b.html", "c.html", "-o", "out", cwd=newsroom)
    assert done.returncode == 1
    assert done.stderr.count(b"EMB105") == 2
    assert [path.name for path in (newsroom / "out").iterdir()] == ["c.html"]


@pytest.mark.parametrize("profile", ["page", "graph", "full"])
def test_profiles(tmp_path: Path, profile: str) -> None:
    file = tmp_path / "a.html"
    file.write_bytes(PAGE)
    done = run("embed", str(file), "--article", "001", "--profile", profile)
    assert done.returncode == 0, done.stderr
    document = block(done.stdout)
    assert ("@graph" in document) == (profile != "page")
    assert ("nut" in document["@context"]) == (profile == "full")


def test_joining_from_the_command_line(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    theirs = (
        b'<script type="application/ld+json">{"@type":"Article","@id":"https://a.example/#article"}</script>'
    )
    file.write_bytes(b"<html><head>" + theirs + b"</head></html>")
    for profile in ("page", "graph", "full"):
        done = run("embed", str(file), "--article", "001", "--profile", profile, "--join")
        assert theirs in done.stdout
        assert b'"@id":"https://a.example/#article"' in done.stdout.partition(b"data-nutgraf")[2]
        assert b'"@id":"https://nutgraf.example/id/001"' not in done.stdout


def test_entity_and_link(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_bytes(PAGE)
    link = "https://data.example/{id}.jsonld"
    done = run("embed", str(file), "--entity", "mohamed-dkhissi", "--link-alternate", link)
    assert block(done.stdout)["@type"] == "ProfilePage"
    assert b'href="https://data.example/mohamed-dkhissi.jsonld"' in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["missing.html", "--article", "001"], 2),
        (["README.md", "--article", "001", "--in-place", "-o", "x"], 2),
        (["README.md", "docs/model.md", "--article", "001"], 2),
        (["README.md", "--article", "999"], 2),
        (["README.md", "--entity", "interpol", "--profile", "full"], 2),
        (["README.md", "--entity", "interpol-ga-93"], 2),
    ],
)
def test_exit_codes(arguments: list[str], code: int) -> None:
    assert run("embed", *arguments).returncode == code


@pytest.mark.parametrize(
    ("page", "address"),
    [
        (b'<link rel="Canonical nofollow" href=" https://a.example/x ">', "https://a.example/x"),
        (b'<meta property="og:url" content="https://a.example/y">', "https://a.example/y"),
        (b"<!-- <link rel=canonical href=https://a.example/z> -->", None),
    ],
)
def test_canonical_address(page: bytes, address: str | None) -> None:
    assert canonical_address(parsed(page)) == address


def test_same_page() -> None:
    assert same_page_key("https://a.example/x?p=1") != same_page_key("https://a.example/x?p=2")
    assert same_page_key("https://a.example:8443/x") != same_page_key("https://a.example/x")
    assert same_page_key("http://[broken") == "http://[broken"


OURS = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "@id": "https://data.example/1",
    "about": {"@id": "https://data.example/1"},
}


@pytest.mark.parametrize(
    ("theirs", "expected"),
    [
        ('{"@type":"NewsArticle","@id":"#article"}', "https://a.example/x#article"),
        (
            '{"@graph":[{"@type":"WebSite","@id":"#site"},{"@type":["Article"],"@id":"#article"}]}',
            "https://a.example/x#article",
        ),
        ('[{"@type":"https://schema.org/BlogPosting","@id":"https://a.example/y"}]', "https://a.example/y"),
        ('{"@type":"NewsArticle"}', "https://data.example/1"),
        ('[{"@type":"Article","@id":"#a"},{"@type":"Article","@id":"#b"}]', "https://data.example/1"),
        ("{oops", "https://data.example/1"),
    ],
)  # fmt: skip
def test_join(theirs: str, expected: str) -> None:
    page = parsed(f'<script type="application/ld+json">{theirs}</script>'.encode())
    joined = join(OURS, page, "https://a.example/x")
    assert joined["@id"] == joined["about"]["@id"] == expected
    graph = {"@graph": [{"@id": "https://data.example/0"}, {"@id": "https://data.example/1"}]}
    in_graph = join(graph, page, "https://a.example/x", root="https://data.example/1")
    assert in_graph["@graph"] == [{"@id": "https://data.example/0"}, {"@id": expected}]


def test_in_a_template() -> None:
    environment = jinja2.Environment(autoescape=True)
    environment.filters["jsonld"] = jsonld
    text = environment.from_string("<head>{{ page | jsonld }}</head>").render(page={"name": "</script>&é"})
    assert text.encode() == nutgraf.embed(b"<head></head>", {"name": "</script>&é"})
