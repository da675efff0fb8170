"""What extruct reads out of every page is that page's part of the graph, and nothing else.

extruct finds the JSON-LD; the values take the form of our graphs by schema.org's ranges. The other side
starts from the Turtle file beside the page.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

import extruct
import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from nutgraf.dataset.canonical import canonical_triples
from nutgraf.dataset.schema_values import normalized
from nutgraf.publish.page import roots
from nutgraf.publish.page.part import PageGraph
from nutgraf.publish.page.read import normalized_page, read_page
from nutgraf.terms.vocabulary import RDF_TYPE, SCHEMA
from tests.site_judges.conftest import Judged
from tests.site_judges.kinds import one_of_each

_WRAPPERS: Final = ("ProfilePage", "WebPage")
_EVENT_NEEDS: Final = {"name", "startDate", "location"}
_DEPTH: Final = 3
_ROLE: Final = "http://www.w3.org/1999/xhtml/vocab#role"
"""What RDFa makes of the attribute `role`, which is there for screen readers."""


def things(judged: Judged, language: str) -> list[str]:
    """The paths of the pages of things in a language, without extension and language."""
    folder = "" if language == "en" else f"{language}/"
    return [
        path.removeprefix(folder).removesuffix(".html")
        for path in judged.pages()
        if path.startswith(f"{folder}id/")
    ]


def embedded(page: bytes) -> dict[str, Any]:
    """The one JSON-LD document of a page."""
    (document,) = extruct.extract(page.decode(), syntaxes=["json-ld"])["json-ld"]
    assert isinstance(document, dict)
    return document


def said(document: dict[str, Any], language: str, page: str) -> tuple[set[Triple], set[Triple]]:
    """What a page says of the graph, and what it says of itself."""
    triples = set(canonical_triples(read_page(document, language=language)))
    own = {triple for triple in triples if triple.subject == NamedNode(page)}
    return triples - own, own


@cache
def beside(file: Path) -> list[Triple]:
    return [quad.triple for quad in parse(file.read_bytes(), RdfFormat.TURTLE)]


def expected(triples: list[Triple], root: NamedNode, language: str) -> set[Triple]:
    """What a page about `root` carries of what the file beside it says; nothing where it cannot be a root."""
    doubted = roots.unsettled(Quad(*triple) for triple in triples)
    graph = PageGraph(triples, language, leave_out=doubted)
    kinds = {
        triple.object for triple in triples if triple.subject == root and triple.predicate.value == RDF_TYPE
    }
    if NamedNode(f"{SCHEMA}NewsArticle") in kinds:
        part = graph.part(root)
    else:
        part = graph.part(root, backwards=True, depth=_DEPTH, quoted=True)
    if not part.nodes:
        return set()
    keys = {statement.key for statement in part.nodes[root]}
    if NamedNode(f"{SCHEMA}Event") in kinds and not keys >= _EVENT_NEEDS:
        return set()
    return set(canonical_triples(part.triples()))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_carries_its_part_of_the_graph(judged: Judged, language: str) -> None:
    folder = "" if language == "en" else f"{language}/"
    kinds: set[str] = set()
    # The French pages are made of the same parts: every fourth of them, and the largest of each kind.
    everything = things(judged, language)
    largest = {path.removeprefix(folder).removesuffix(".html") for path in one_of_each(judged, language)}
    chosen = everything if language == "en" else sorted({*everything[::4], *largest & set(everything)})
    for stem in chosen:
        page = f"{folder}{stem}.html"
        triples = beside(judged.folder / f"{stem}.ttl")
        root = NamedNode(judged.base + stem)
        found, own = said(embedded(judged.read(page)), language, judged.base + page)
        assert found == expected(triples, root, language), page
        assert {triple.predicate.value.removeprefix(SCHEMA) for triple in own} <= {
            RDF_TYPE, "name", "url", "inLanguage", "about", "mainEntity"
        }, page  # fmt: skip
        # Without any code that chooses: nothing is there that the file beside does not say.
        assert found <= set(normalized_page(normalized(triples, language))), page
        kinds |= {str(triple.object) for triple in found | own if triple.predicate.value == RDF_TYPE}
    assert {
        f"<{SCHEMA}{kind}>" for kind in (*_WRAPPERS, "NewsArticle", "Organization", "Person", "Event")
    } <= kinds


def test_pages_have_no_other_structured_data(judged: Judged) -> None:
    for path in one_of_each(judged):
        found = extruct.extract(judged.read(path).decode(), syntaxes=["microdata", "opengraph", "rdfa"])
        described = [node for node in found["rdfa"] if node.keys() - {"@id", _ROLE}]
        assert (found["microdata"], found["opengraph"], described) == ([], [], []), path


@pytest.mark.parametrize("extension", ["jsonld", "nt"])
def test_every_format_says_the_same(judged: Judged, extension: str) -> None:
    formats = {"jsonld": RdfFormat.JSON_LD, "nt": RdfFormat.N_TRIPLES}
    for stem in things(judged, "en"):
        other = parse(judged.read(f"{stem}.{extension}"), formats[extension])
        assert {quad.triple for quad in other} == set(beside(judged.folder / f"{stem}.ttl")), stem


def test_the_data_of_all_pages_are_the_dataset(judged: Judged) -> None:
    """Every statement about something with a page is in the file of some page, and nothing else is."""
    everything = {quad.triple for quad in parse(path=str(judged.workspace.output / "dataset.nq"))}
    shown = {triple for stem in things(judged, "en") for triple in beside(judged.folder / f"{stem}.ttl")}
    assert shown <= everything
    left = {triple for triple in everything - shown if "/graph/" not in str(triple.subject)}
    assert left == set()
