"""The site of this repository: every file, and what it says of the graph."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from nutgraf import pipeline, workspace
from nutgraf.dataset.schema_values import normalized
from nutgraf.evidence.compare.run import compare
from nutgraf.publish.page.read import read_page
from nutgraf.publish.site.lines import value_of
from nutgraf.publish.site.part import statement_iri
from nutgraf.publish.site.site import Site
from nutgraf.terms.vocabulary import NUT, OA, RDF
from tests.site.workspaces import ROOT, parsed, rendered

_RUN = 12
"""Words in a row that only a sentence has: an office can have a name of nine."""
_BLOCK = re.compile(rb'<script data-nutgraf type="application/ld\+json">(.*?)</script>', re.DOTALL)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site of a copy of this workspace, as it is committed."""
    folder = tmp_path_factory.mktemp("reference")
    for name in ("nutgraf.toml", "seeds", "ontology", "queries", "output", "mappings"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)
    found = Site.open(workspace.load(folder))
    yield found
    found.close()


@pytest.fixture(scope="module")
def files(site: Site) -> dict[str, bytes]:
    return rendered(site)


@pytest.fixture(scope="module")
def dataset(site: Site) -> list[Quad]:
    path = site.setting.workspace.output / "dataset.nq"
    return [quad for quad in parse(path.read_bytes(), RdfFormat.N_QUADS) if isinstance(quad, Quad)]


def test_paths_are_sorted_and_distinct_whatever_the_case(files: dict[str, bytes]) -> None:
    paths = list(files)
    assert paths == sorted(set(paths))
    assert len({path.casefold() for path in paths}) == len(paths)


def test_each_kind_of_thing_has_a_page_in_both_languages_with_its_data(
    site: Site, files: dict[str, bytes]
) -> None:
    kinds = {node.kind for node in site.setting.index.nodes()}
    assert kinds >= {"article", "event", "person", "body", "place", "office", "claim", "action", "topic"}
    for node in site.setting.index.nodes():
        for extension in ("html", "ttl", "nt", "jsonld"):
            assert f"{node.stem}.{extension}" in files
        assert f"fr/{node.stem}.html" in files


@pytest.mark.parametrize(
    "path",
    [
        "",
        "id",
        "id/nobody.html",
        "id/../nutgraf.toml",
        "fr/id/morocco.ttl",
        "de/index.html",
        "browse/type/nothing.html",
        "browse/index_p1.html",
        "timeline_p9.html",
        "queries/none.html",
        "assets/../site.py",
        "assets/.hidden",
        "id/morocco.html/",
        "/id/morocco.html",
        "id/morocco",
        "compare_p1.html",
    ],
)
def test_what_is_no_file_of_the_site_is_none(site: Site, path: str) -> None:
    assert site.render(path) is None


def test_all_parts_together_are_the_dataset(site: Site, dataset: list[Quad]) -> None:
    said = set()
    for node in site.setting.index.nodes():
        part = site.part(node.iri)
        assert part is not None
        said.update(part.triples())
    assert said == {quad.triple for quad in dataset}


def test_the_data_files_say_the_page_s_part_and_the_same(site: Site, files: dict[str, bytes]) -> None:
    for node in site.setting.index.nodes(where="n.kind <> 'claim' and n.kind <> 'topic'"):
        part = site.part(node.iri)
        assert part is not None
        expected = set(part.triples())
        formats = {"ttl": RdfFormat.TURTLE, "nt": RdfFormat.N_TRIPLES, "jsonld": RdfFormat.JSON_LD}
        for extension, rdf_format in formats.items():
            found = parse(files[f"{node.stem}.{extension}"], rdf_format)
            assert {_triple(each) for each in found} == expected, node.stem


def _triple(each: Quad | Triple) -> Triple:
    return each.triple if isinstance(each, Quad) else each


def test_what_a_page_embeds_is_chosen_from_its_part_alone(site: Site, files: dict[str, bytes]) -> None:
    embedded = 0
    for path, content in files.items():
        if not path.endswith(".html") or not path.removeprefix("fr/").startswith("id/"):
            continue
        blocks = _BLOCK.findall(content)
        assert len(blocks) == 1, path
        language = "fr" if path.startswith("fr/") else "en"
        said = set(read_page(json.loads(blocks[0]), language=language))
        chosen = site.embedded(path)
        if chosen is None:
            assert all(
                triple.object == NamedNode("https://schema.org/WebPage") or _is_page(triple, path)
                for triple in said
            )
            continue
        embedded += 1
        expected = set(normalized(chosen.triples(), language))
        assert {
            triple for triple in said if not _is_page(triple, path) and not _is_wrapper(triple)
        } == expected, path
        part = site.part(chosen.root.value if isinstance(chosen.root, NamedNode) else "")
        assert part is not None
        assert expected <= set(normalized(part.triples(), language))
    assert embedded > 600


def _is_page(triple: Triple, path: str) -> bool:
    return getattr(triple.subject, "value", "").endswith(path)


def _is_wrapper(triple: Triple) -> bool:
    return triple.predicate.value == "https://schema.org/mainEntity"


def test_path_of_leads_to_a_page_that_has_the_place(
    site: Site, files: dict[str, bytes], dataset: list[Quad]
) -> None:
    base = site.setting.base
    for quad in dataset:
        subject, value = value_of(quad.subject), value_of(quad.object)
        if quad.predicate.value == f"{RDF}subject" and subject.endswith("0"):
            page, _, anchor = (site.path_of(subject) or "").partition("#")
            assert page == site.path_of(value.partition("#")[0])
            assert page in files
            assert anchor == f"s-{subject.rpartition('/')[2]}"
        elif quad.predicate.value == f"{OA}hasSource" and subject.endswith("0"):
            assert (site.path_of(subject) or "").partition("#")[0] == site.path_of(value)
        elif quad.predicate.value == f"{NUT}surface":
            article = base + "id/" + subject.removeprefix(f"{base}id/").partition("/")[0]
            assert (site.path_of(subject) or "").partition("#")[0] == site.path_of(article)
    assert site.path_of(f"{base}graph/article/000") == "id/000.html"
    assert site.path_of(f"{base}id/nobody") is None
    assert site.path_of("https://elsewhere.example/x") is None
    assert site.path_of(f"{base}stmt/nothing") is None


def test_a_thing_s_statements_stand_on_its_page_under_their_hash(site: Site, files: dict[str, bytes]) -> None:
    part = site.part(f"{site.setting.base}id/interpol-ga-92")
    assert part is not None
    page = files[f"{part.node.stem}.html"].decode()
    location = next(quad for quad in part.own if quad.predicate.value == "https://schema.org/location")
    digest = statement_iri(location.triple, site.setting.base).rpartition("/")[2]
    row = page[page.index(f'id="s-{digest}"') :].partition("</tr>")[0]
    assert "Glasgow" in row
    assert "000.html" in row
    assert "001.html" in row
    assert re.search(r"characters [0-9]+–[0-9]+", row)


def test_a_computed_date_an_alleged_thing_and_a_speaker_are_told(files: dict[str, bytes]) -> None:
    assert b"computed by the rule weekday-in-range" in files["id/interpol-vp-africa-election.html"]
    assert b"as alleged" in files["id/004/earlier-hosting.html"]
    claim = files["id/003/claim-warnings-prevented-attacks.html"]
    assert b"in the words of" in claim
    assert "Diplomats in Marrakech" in claim.decode()


def test_a_day_without_a_year_has_none(files: dict[str, bytes]) -> None:
    timeline = files["timeline.html"].decode()
    assert "XXXX-11-24/XXXX-11-27" in timeline
    assert '<time datetime="11-27">27 November</time>' in timeline
    assert "2025" not in timeline
    assert "27 novembre" in files["fr/timeline.html"].decode()


def test_how_sure_a_link_is_is_told(files: dict[str, bytes]) -> None:
    page = files["id/glasgow.html"].decode()
    assert "http://www.wikidata.org/entity/Q4093" in page
    assert "Confidence 1.0 of 1" in page
    assert "Looked for, and no item found." in files["id/mohamed-dkhissi.html"].decode()


def test_names_stand_in_the_reader_s_language(files: dict[str, bytes]) -> None:
    assert "<h1><bdi>Morocco</bdi></h1>" in files["id/morocco.html"].decode()
    page = files["fr/id/morocco.html"].decode()
    assert "<h1><bdi>Maroc</bdi></h1>" in page
    assert '<html lang="fr">' in page
    assert '<link rel="alternate" hreflang="en" href="https://nutgraf.example/id/morocco.html">' in page
    assert 'lang="en">Mohamed' not in page


def test_the_comparison_is_that_of_the_command(site: Site) -> None:
    trace, _ = pipeline.trace(site.setting.workspace)
    told = {
        (fact.subject, fact.predicate, fact.value, fact.articles, fact.verdict)
        for fact in compare(trace).facts
        if fact.verdict != "only here"
    }
    comparing = site.setting.comparing
    found = {
        (fact.subject, fact.predicate, fact.value, fact.articles, fact.verdict)
        for iri in comparing.subjects
        if (node := site.setting.index.node(iri))
        for fact in comparing.of(node)
    }
    assert found == told
    assert len(found) > 20


def test_pages_ask_no_other_host_and_have_no_code_of_their_own(files: dict[str, bytes]) -> None:
    for path, content in files.items():
        if not path.endswith(".html"):
            continue
        tree = parsed(content)
        for element in tree.iter():
            if not isinstance(element.tag, str):
                continue
            assert not {name for name in element.attrib if name.startswith("on") or name == "style"}, path
            assert "src" not in element.attrib or not re.match(r"[a-z]+:|//", element.attrib["src"]), path
        styles = [
            link.attrib["href"] for link in tree.iter("link") if link.attrib["rel"] in {"stylesheet", "icon"}
        ]
        assert len(styles) == 2
        assert not any(re.match(r"[a-z]+:|//", href) for href in styles)
        scripts = list(tree.iter("script"))
        assert all(
            script.attrib.get("type") == "application/ld+json" or "src" in script.attrib for script in scripts
        )
        assert b"default-src 'none'" in content


def test_headings_go_down_one_step_at_a_time_and_ids_are_distinct(files: dict[str, bytes]) -> None:
    for path, content in files.items():
        if not path.endswith(".html"):
            continue
        levels = [int(level) for level in re.findall(rb"<h([1-6])[ >]", content)]
        assert levels[0] == 1, path
        assert levels.count(1) == 1, path
        assert all(after <= before + 1 for before, after in pairwise(levels)), path
        ids = re.findall(rb'\sid="([^"]*)"', content)
        assert len(ids) == len(set(ids)), path


def test_no_sentence_of_the_articles_stands_in_a_page(files: dict[str, bytes], articles: Path) -> None:
    word = re.compile(r"[\w’'-]+")
    runs: set[tuple[str, ...]] = set()
    for article in articles.glob("*.txt"):
        words = word.findall(article.read_text("utf-8").casefold())
        runs.update(tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1))
    for path, content in files.items():
        if path.endswith(".html") and not path.startswith("queries/"):
            text = re.sub(r"<[^>]+>", " \n ", content.decode())
            for line in text.split("\n"):
                words = word.findall(line.casefold())
                assert not runs.intersection(
                    tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)
                ), path
