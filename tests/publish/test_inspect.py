"""What a page carries: the same triples from every syntax, broken blocks with their places."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from nutgraf.problems import InputError
from nutgraf.publish.embed.splice import embed
from nutgraf.publish.inspect.extract import blocks
from nutgraf.publish.inspect.outline import outline
from nutgraf.terms.vocabulary import RDF_TYPE, SCHEMA, XSD
from tests.publish.page_graphs import ROOT, article_pages

SAME_IN_EACH_SYNTAX = {
    "JSON-LD": b"""<html lang=en><script type="application/ld+json">
        {"@context": "http://schema.org", "@type": "Event", "@id": "#fair", "name": "Fair",
         "startDate": "2024-11-07", "url": "https://news.example/fair"}</script>""",
    "microdata": b"""<html lang=en><div itemscope itemtype="http://schema.org/Event"
        itemid="https://news.example/page#fair"><b itemprop=name>Fair</b>
        <time itemprop=startDate datetime=2024-11-07></time>
        <a itemprop=url href="https://news.example/fair">a</a></div>""",
    "RDFa": b"""<html lang=en><div vocab="http://schema.org/" typeof=Event resource="#fair">
        <b property=name>Fair</b>
        <i property=startDate content=2024-11-07>7</i>
        <a property=url href="https://news.example/fair">a</a></div>""",
}  # fmt: skip
FAIR = NamedNode("https://news.example/page#fair")
EXPECTED = {
    Triple(FAIR, NamedNode(RDF_TYPE), NamedNode(SCHEMA + "Event")),
    Triple(FAIR, NamedNode(SCHEMA + "name"), Literal("Fair", language="en")),
    Triple(FAIR, NamedNode(SCHEMA + "startDate"), Literal("2024-11-07", datatype=NamedNode(XSD + "date"))),
    Triple(FAIR, NamedNode(SCHEMA + "url"), NamedNode("https://news.example/fair")),
}


@pytest.mark.parametrize("syntax", SAME_IN_EACH_SYNTAX)
def test_each_syntax_gives_the_same_triples(syntax: str) -> None:
    (found,) = blocks(SAME_IN_EACH_SYNTAX[syntax], base="https://news.example/page")
    assert (found.syntax, found.ours) == (syntax, False)
    assert set(found.triples) == EXPECTED


def test_our_block_is_known_as_ours() -> None:
    page = article_pages()[0]
    html = b'<html><head><script type="application/ld+json">{"a": 1}</script></head></html>'
    theirs, ours = blocks(embed(html, page.document))
    assert (theirs.ours, ours.ours) == (False, True)
    assert set(ours.triples) == page.expected()


def test_a_broken_block_has_a_place_in_the_page() -> None:
    html = b'<html>\n<script type="application/ld+json">\n{"@type": "Event",\n "name": oops}</script>'
    (found,) = blocks(html, file="a.html")
    assert str(found.problems[0]) == "a.html:4:10: RDF101 not JSON: Expecting value"
    (remote,) = blocks(b'<script type="application/ld+json">{"@context":"https://example.org/"}</script>')
    assert remote.problems[0].code == "RDF104"


def test_nothing_there() -> None:
    assert blocks(b"") == []


def test_an_unknown_encoding() -> None:
    with pytest.raises(InputError, match="INS102"):
        blocks(b"", encoding="no such encoding")


def test_the_outline_ends_in_cycles() -> None:
    a, b, knows = (NamedNode(f"https://example.org/{name}") for name in ("a", "b", "knows"))
    text = outline([Triple(a, knows, b), Triple(b, knows, a), Triple(a, knows, a)])
    assert text.count("<https://example.org/b>") == 1


PROFILE_WITHOUT_A_PERSON = b'{"@context":"https://schema.org","@type":"ProfilePage"}'


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nutgraf", "inspect", *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_command(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    file.write_bytes(SAME_IN_EACH_SYNTAX["JSON-LD"])
    done = run(str(file), "--url", "https://news.example/page")
    assert done.returncode == 0
    assert 'Event <https://news.example/page#fair>\n  name "Fair"@en\n' in done.stdout
    assert "warning: search engines show no event without a location\n  at <https://" in done.stderr
    turtle = run(str(file), "--to", "ttl", "--no-shapes")
    assert 'schema:startDate "2024-11-07"^^xsd:date' in turtle.stdout
    assert turtle.stderr == ""


def test_a_shape_of_ones_own_can_fail(tmp_path: Path) -> None:
    file, shapes = tmp_path / "a.html", tmp_path / "shapes.ttl"
    file.write_bytes(b'<script type="application/ld+json">%s</script>' % PROFILE_WITHOUT_A_PERSON)
    told = run(str(file)).stderr
    assert "warning: a profile page needs the person" in told
    assert "at the ProfilePage\n" in told
    shapes.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix s: <https://schema.org/> .\n"
        "<urn:S> sh:targetClass s:ProfilePage ; sh:property [ sh:path s:mainEntity ; sh:minCount 1 ] ."
    )
    done = run(str(file), "--shapes", str(shapes))
    assert done.returncode == 1
    assert done.stderr.startswith("error: must be given at least once")


def test_what_is_said_of_several_nodes_stands_once(tmp_path: Path) -> None:
    file = tmp_path / "a.html"
    events = ",".join(
        f'{{"@type": "Event", "name": "E{n}", "@id": "https://x.example/{n}"}}' for n in range(5)
    )
    graph = f'{{"@context": "https://schema.org", "@graph": [{events}]}}'
    file.write_text(f'<script type="application/ld+json">{graph}</script>')
    done = run(str(file))
    assert done.stderr.count("search engines show no event without a location") == 1
    assert "at <https://x.example/0>, <https://x.example/1>, <https://x.example/2> and 2 more" in done.stderr


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (b'<script type="application/ld+json">{</script>', 1),
        (b'<script type="application/ld+json">%s</script>' % PROFILE_WITHOUT_A_PERSON, 0),
        (b"", 0),
    ],
)
def test_exit_codes(tmp_path: Path, page: bytes, code: int) -> None:
    file = tmp_path / "a.html"
    file.write_bytes(page)
    assert run(str(file)).returncode == code
    assert run(str(tmp_path / "missing.html")).returncode == 2
