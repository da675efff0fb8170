"""Names, texts and keys that contain HTML, script, bidi controls and path tricks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from nutgraf.publish.site.links import web
from nutgraf.publish.site.site import Site
from nutgraf.publish.site.text import shown, title
from nutgraf.publish.site.write import write
from nutgraf.terms.vocabulary import RDF_TYPE, SCHEMA
from tests.site.workspaces import BASE, make, parsed, quads, rendered

EVIL: Final = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<!--<script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "\u202eevil\u2066 \u2069\u200f\x07\x1b[31m\u0085",
    "&lt;b&gt; &amp;",
    "]]> <svg/onload=alert(1)>",
    "x" * 5000,
    "\u0301\u0301",
    " \t\n ",
]
KEYS: Final = [
    "..",
    "../../outside",
    "%2e%2e/%2e%2e/x",
    "a//b",
    "Rabat",
    "rabat",
    "RABAT",
    "con",
    "aux.html",
    "index.html",
    "x" * 400,
    "naïve",
    "a'b",
    "$(touch)",
    "-rf",
    ".nutgraf-site",
    "a&b=c;d",
    "a\u202eb",
]


def _quads() -> Iterator[Quad]:
    graph = NamedNode(f"{BASE}graph/article/one")
    article = NamedNode(f"{BASE}id/one")
    yield Quad(article, NamedNode(RDF_TYPE), NamedNode(f"{SCHEMA}NewsArticle"), graph)
    yield Quad(article, NamedNode(f"{SCHEMA}name"), Literal(EVIL[1], language="en"), graph)
    yield Quad(article, NamedNode(f"{SCHEMA}url"), NamedNode("javascript:alert(document.domain)"), graph)
    yield Quad(article, NamedNode(f"{SCHEMA}url"), NamedNode("https://good.example/a?b=1&c='"), graph)
    classes = ["Person", "Event", "City", "Organization", "Claim", "OrganizationRole", "DefinedTerm"]
    for number, key in enumerate(KEYS):
        thing = NamedNode(f"{BASE}id/{key}")
        name = EVIL[number % len(EVIL)]
        yield Quad(thing, NamedNode(RDF_TYPE), NamedNode(SCHEMA + classes[number % len(classes)]), graph)
        for predicate in ("name", "abstract", "description", "unitText"):
            yield Quad(thing, NamedNode(SCHEMA + predicate), Literal(name, language="en"), graph)
        yield Quad(thing, NamedNode(f"{SCHEMA}about"), article, graph)
        yield Quad(article, NamedNode(f"{SCHEMA}mentions"), thing, graph)
        yield Quad(thing, NamedNode(f"{BASE}terms/%3Cscript%3E"), Literal(name), graph)
        yield Quad(thing, NamedNode(f"{SCHEMA}startDate"), Literal("2024-99-99<b>"), graph)
        yield Quad(
            thing,
            NamedNode(f"{SCHEMA}sameAs"),
            NamedNode("data:text/html,%3Cscript%3E"),
            graph,
        )


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("hostile")
    evil = {'queries/"><script>.rq': f"# question: {EVIL[0]}\nSELECT ?name {{ ?x schema:name ?name }}\n"}
    site = Site.open(make(folder / "workspace", _quads(), evil))
    found = rendered(site)
    write(site, folder / "out")
    assert {
        path.relative_to(folder / "out").as_posix() for path in (folder / "out").rglob("*") if path.is_file()
    } == {
        *found,
        ".nutgraf-site",
    }
    assert {path.name for path in folder.iterdir()} == {"workspace", "out"}
    return found


def test_every_key_has_its_page(files: dict[str, bytes]) -> None:
    pages = [path for path in files if path.startswith("id/") and path.endswith(".html")]
    assert len(pages) == len(KEYS) + 1
    assert all(re.fullmatch(r"[a-z0-9_/.-]+", path) and ".." not in path for path in files)
    assert len({path.casefold() for path in files}) == len(files)


def test_no_text_becomes_markup(files: dict[str, bytes]) -> None:
    for path, content in files.items():
        if not path.endswith(".html"):
            continue
        tree = parsed(content)
        for element in tree.iter():
            if isinstance(element.tag, str):
                assert not [name for name in element.attrib if name.startswith("on") or name == "style"], path
        scripts = [each for each in tree.iter("script") if "src" not in each.attrib]
        assert [each.attrib["type"] for each in scripts] in ([], ["application/ld+json"])
        for script in scripts:
            json.loads(script.text)
        assert not list(tree.iter("img")), path
        assert b"alert(1)</script>" not in content
        assert b"<svg/onload" not in content


def test_addresses_of_data_are_links_only_over_http(files: dict[str, bytes]) -> None:
    for path, content in files.items():
        if path.endswith(".html"):
            for href in re.findall(rb'(?:href|src|action)="([^"]*)"', content):
                assert not re.match(rb"(?i)\s*(javascript|data|vbscript|file):", href), path
    assert b"javascript:alert(document.domain)" in files["id/one.html"]
    assert b'href="https://good.example/a?b=1' not in files["id/one.html"]


def test_no_control_character_reaches_a_page(files: dict[str, bytes]) -> None:
    forbidden = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
    for path, content in files.items():
        if path.endswith(".html"):
            text = re.sub(r"<script[^>]*>.*?</script>", "", content.decode(), flags=re.DOTALL)
            assert not forbidden.search(text), path


def test_templates_in_data_are_text(files: dict[str, bytes]) -> None:
    assert any(b"{{ 7 * 7 }}" in content for path, content in files.items() if path.endswith(".html"))


@pytest.mark.parametrize(
    "iri",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "data:text/html,x",
        "http://",
        "https://a b.example/",
        "//x.example/",
        "http://x.example/\u202e",
        "mailto:a@b.example",
        "urn:x:y",
    ],
)
def test_what_is_no_web_address_is_text(iri: str) -> None:
    assert web(iri).url is None


def test_titles_have_no_marks_of_direction_and_an_end() -> None:
    assert title("a\u200fb\u202ec") == "abc"
    assert shown("a\u200fb") == "a\u200fb"
    assert len(title("x" * 5000)) == 300


def test_a_dataset_that_is_no_dataset_is_told_with_its_line(tmp_path: Path) -> None:
    workspace = make(tmp_path)
    path = tmp_path / "output" / "dataset.nq"
    path.write_text(path.read_text("utf-8") + "this is no quad\n", "utf-8")
    with pytest.raises(Exception, match="SIT102") as raised:
        Site.open(workspace)
    assert raised.value.problems[0].span.line == len(path.read_text("utf-8").splitlines())  # type: ignore[attr-defined]
    assert not list((tmp_path / ".nutgraf" / "site").glob("*"))


def test_lines_of_a_subject_that_do_not_stand_together_are_told(tmp_path: Path) -> None:
    workspace = make(tmp_path)
    path = tmp_path / "output" / "dataset.nq"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join([*lines[5:], *lines[:5]]) + lines[7], "utf-8")
    with pytest.raises(Exception, match="SIT102"):
        Site.open(workspace)


def test_blank_nodes_and_the_default_graph_do_no_harm(tmp_path: Path) -> None:
    trig = '_:x a schema:Person . id:a a schema:Person ; schema:knows _:x ; schema:name "A" .'
    files = rendered(Site.open(make(tmp_path, quads(trig))))
    assert b"<h1><bdi>A</bdi></h1>" in files["id/a.html"]
