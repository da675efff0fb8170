"""What the pages of small collections show."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from nutgraf.problems import InputError
from nutgraf.publish.site import catalogue
from nutgraf.publish.site.coordinates import Coordinate
from nutgraf.publish.site.links import Link
from nutgraf.publish.site.sections import browse, compare, timeline
from nutgraf.publish.site.site import Site
from nutgraf.publish.site.views.atlas import atlas
from nutgraf.publish.site.views.values import date, duration, period
from nutgraf.terms.vocabulary import SCHEMA
from tests.site.workspaces import BASE, HARBOUR, make, rendered

_COLUMNS = "item\tlatitude\tlongitude\tsource\n"
EN, FR = (catalogue.load(None, "")[tag] for tag in ("en", "fr"))


@pytest.mark.parametrize(
    ("text", "english", "french"),
    [
        ("2024-11-07", "7 November 2024", "7 novembre 2024"),
        ("2024-11", "November 2024", "novembre 2024"),
        ("1923", "1923", "1923"),
        ("--11-24", "24 November", "24 novembre"),
        ("--11", "November", "novembre"),
        ("-0044-03-15", "15 March -0044", "15 mars -0044"),
        ("2024-99-01", "2024", "2024"),
        ("someday", "someday", "someday"),
    ],
)
def test_a_date_is_said_to_the_precision_that_it_has(text: str, english: str, french: str) -> None:
    assert date(text, EN) == english
    assert date(text, FR) == french


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2024-11-04", "2024-11-07", ("4", "7 November 2024")),
        ("2024-10-30", "2024-11-07", ("30 October", "7 November 2024")),
        ("2023-12-30", "2024-01-02", ("30 December 2023", "2 January 2024")),
        ("--11-24", "--11-27", ("24", "27 November")),
        ("2024", "2025", ("2024", "2025")),
    ],
)
def test_a_period_says_what_is_shared_once(start: str, end: str, said: tuple[str, str]) -> None:
    assert period(start, end, EN) == said


def test_durations_and_counts_take_the_language_s_forms() -> None:
    assert duration("P4D", EN) == "4 days"
    assert duration("P1Y2M", FR) == "1 an 2 mois"
    assert duration("PT3H", EN) == "PT3H"
    assert (EN.count("count.rows", 0), EN.count("count.rows", 1)) == ("0 rows", "1 row")
    assert (FR.count("count.rows", 0), FR.count("count.rows", 2)) == ("0 ligne", "2 lignes")
    assert EN.number(1234567) == "1,234,567"


def test_long_lists_have_pages_that_hold_each_entry_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browse, "SIZE", 3)
    site = Site.open(make(tmp_path))
    files = rendered(site)
    pages = sorted(path for path in files if re.fullmatch(r"browse/index(_p\d+)?\.html", path))
    every = site.setting.index.count()
    assert len(pages) == -(-every // 3)
    named = [
        href
        for path in pages
        for href in re.findall(r'<th scope="row"><a href="\.\./(id/[^"]*)"', files[path].decode())
    ]
    assert sorted(named) == sorted(f"{node.stem}.html" for node in site.setting.index.nodes())
    assert b'rel="next"' in files["browse/index.html"]
    assert b'rel="prev"' in files["browse/index_p2.html"]


def test_what_the_script_filters_is_what_the_lists_show(tmp_path: Path) -> None:
    files = rendered(Site.open(make(tmp_path)))
    entries = json.loads(files["browse/entries.json"])
    assert ["porto", "Porto Novo", "", "place", ["one", "two"], [], 1] in entries
    assert ["opening", "Opening of the bridge", "", "event", ["one", "two"], ["porto"], 0] in entries
    french = json.loads(files["fr/browse/entries.json"])
    assert ["one", "The bridge opens", "en", "article", ["one"], [], 0] in french
    for facet, value, at in (("article", "two", 4), ("place", "porto", 5)):
        listed = set(
            re.findall(
                r'<th scope="row"><a href="[^"]*id/([^"]*)\.html"',
                files[f"browse/{facet}/{value}.html"].decode(),
            )
        )
        assert listed == {row[0] for row in entries if value in row[at]}


def test_too_large_a_collection_has_the_plain_lists_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browse, "MOST_FILTERED", 2)
    files = rendered(Site.open(make(tmp_path)))
    assert json.loads(files["browse/entries.json"]) == []
    assert b"data-entries" not in files["browse/index.html"]
    assert b'href="../browse/type/person.html"' in files["browse/index.html"]


def test_the_timeline_has_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline, "SIZE", 1)
    more = HARBOUR + '<graph/article/one> { id:fair a schema:Event ; schema:startDate "2020"^^xsd:gYear . }'
    files = rendered(Site.open(make(tmp_path, more)))
    assert b"2020" in files["timeline.html"]
    assert b"Opening of the bridge" in files["timeline_p2.html"]


def test_an_event_keeps_the_day_that_each_article_gives(tmp_path: Path) -> None:
    files = rendered(Site.open(make(tmp_path)))
    page = files["id/opening.html"].decode()
    assert "2 May 2024" in page
    assert ">2 May<" in page
    comparison = files["compare.html"].decode()
    assert "another precision" in comparison
    assert "differing" in comparison


def test_many_articles_are_named_in_one_column(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "COLUMNS", 1)
    files = rendered(Site.open(make(tmp_path)))
    assert b">Stated by</th>" in files["compare.html"]


def test_copies_of_one_text_are_one_source(tmp_path: Path) -> None:
    files = rendered(Site.open(make(tmp_path, HARBOUR.replace('"bb"', '"aa"'))))
    assert b"two is a copy of one" in files["compare.html"]
    assert b"agreed" not in files["compare.html"]


def test_an_event_without_a_day_embeds_a_page_and_not_an_event(tmp_path: Path) -> None:
    site = Site.open(make(tmp_path, 'graph:register { id:x a schema:Event ; schema:name "X"@en . }'))
    page = site.render("id/x.html")
    assert page is not None
    block = json.loads(re.search(rb'ld\+json">(.*?)</script>', page)[1])  # type: ignore[index]
    assert block == {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "@id": f"{BASE}id/x.html",
        "name": "X",
        "url": f"{BASE}id/x.html",
        "inLanguage": "en",
        "about": {"@id": f"{BASE}id/x"},
    }
    assert site.embedded("id/x.html") is None


def test_what_an_article_only_alleges_is_in_no_embedded_block(tmp_path: Path) -> None:
    alleged = """
    <graph/article/one> { id:ana a schema:Person ; schema:name "Ana"@en ; schema:jobTitle "thief"@en . }
    <graph/evidence/one> {
      <stmt/x> a rdf:Statement ; rdf:subject id:ana ; rdf:predicate schema:jobTitle ; rdf:object "thief"@en .
      <id/one#says-1-5> a oa:Annotation ; oa:hasBody <stmt/x> ; oa:hasTarget <id/one#span-1-5> ;
        nut:modality nut:Alleged .
      <id/one#span-1-5> a oa:SpecificResource ; oa:hasSource id:one ; oa:hasSelector <id/one#selector-1-5> .
      <id/one#selector-1-5> a oa:TextPositionSelector ; oa:start 1 ; oa:end 5 .
    }
    """
    from nutgraf.publish.site.part import statement_iri  # noqa: PLC0415
    from tests.site.workspaces import quads  # noqa: PLC0415

    triple = next(quad.triple for quad in quads(alleged) if quad.predicate.value == f"{SCHEMA}jobTitle")
    digest = statement_iri(triple, BASE).removeprefix(f"{BASE}stmt/")
    site = Site.open(make(tmp_path, HARBOUR + alleged.replace("stmt/x", f"stmt/{digest}")))
    page = site.render("id/ana.html").decode()  # type: ignore[union-attr]
    assert "as alleged" in page
    assert "characters 1–5" in page
    block = re.search(r'ld\+json">(.*?)</script>', page)[1]  # type: ignore[index]
    assert "thief" not in block
    assert "Ana" in block
    found = list(parse(site.render("id/ana.nt") or b"", RdfFormat.N_TRIPLES))
    assert any(each.predicate == NamedNode("http://www.w3.org/ns/oa#start") for each in found)


def test_an_address_that_gave_way_says_so(tmp_path: Path) -> None:
    more = HARBOUR + "<graph/register> { id:old <http://purl.org/dc/terms/isReplacedBy> id:ana . }"
    page = rendered(Site.open(make(tmp_path, more)))["id/old.html"].decode()
    assert "This address has given way to" in page
    assert 'href="../id/ana.html"' in page


def test_a_workspace_with_next_to_nothing_has_a_site(tmp_path: Path) -> None:
    files = rendered(Site.open(make(tmp_path, "graph:register { id:x a schema:Person . }")))
    assert b"<h1><bdi>x</bdi></h1>" in files["id/x.html"]
    assert b"No fact is stated by two articles." in files["compare.html"]
    assert b"No place of this collection has coordinates." in files["map.html"]


def test_nothing_built_is_told(tmp_path: Path) -> None:
    workspace = make(tmp_path)
    (tmp_path / "output" / "dataset.nq").unlink()
    with pytest.raises(InputError, match="WSP108"):
        Site.open(workspace)


def test_readers_of_one_state_are_not_disturbed_by_the_next(tmp_path: Path) -> None:
    workspace = make(tmp_path)
    before = Site.open(workspace)
    told = before.render("id/ana.ttl")
    path = tmp_path / "output" / "dataset.nq"
    beside = path.with_suffix(".new")
    beside.write_text(path.read_text("utf-8").replace("Ana Lima", "A. L."), "utf-8")
    beside.replace(path)
    after = Site.open(workspace)
    before.setting.index.node.cache_clear()
    assert before.part(f"{BASE}id/ana") is not None
    assert before.render("fr/id/council.html") is not None
    assert before.render("id/ana.ttl") == told
    assert after.render("id/ana.ttl") != told


def test_places_have_the_coordinates_of_the_graph_or_of_their_item(tmp_path: Path) -> None:
    rows = "item\tlatitude\tlongitude\tsource\nwd:Q3799\t6.4965\t2.6036\tsurvey\n"
    more = (
        HARBOUR
        + "<graph/register> { id:isle a schema:Place ; schema:latitude -12.5 ; schema:longitude 170.25 . }"
    )
    files = rendered(Site.open(make(tmp_path, more, {"seeds/coordinates.tsv": rows})))
    page = files["map.html"].decode()
    assert "6.50° N" in page
    assert "survey" in page
    assert "12.50° S" in page
    assert "170.25° E" in page
    assert page.count("<circle") == 2
    assert "6.50° N" in files["fr/map.html"].decode()


@pytest.mark.parametrize(
    "rows",
    [
        "item\tlat\n",
        f"{_COLUMNS}wd:Q1\t91\t0\tx\n",
        f"{_COLUMNS}wd:Q1\t1\n",
        f"{_COLUMNS}wd:Q1\tnan\t0\tx\n",
        f"{_COLUMNS}Q1\t1\t1\tx\n",
        f"{_COLUMNS}wd:Q1\t1\t1\tx\nwd:Q1\t1\t1\tx\n",
        "",
    ],
)
def test_broken_coordinates_are_told(tmp_path: Path, rows: str) -> None:
    with pytest.raises(InputError, match="SIT105"):
        Site.open(make(tmp_path, files={"seeds/coordinates.tsv": rows})).render("map.html")


def test_no_two_names_of_the_map_cover_each_other() -> None:
    places = [(Link(f"Place {n}", "x"), Coordinate(40 + n % 7 * 0.9, n % 5 * 2.1)) for n in range(35)]
    drawn = atlas(places)
    assert drawn == atlas(places)
    size = float(drawn.size)
    boxes = []
    for mark in drawn.marks:
        if mark.label:
            length = len(mark.label) * size * 0.56
            x, y = map(float, mark.at)
            left = x - {"start": 0, "middle": length / 2, "end": length}[mark.anchor]
            boxes.append((left, y - size * 0.85, left + length, y + size * 0.25))
    assert len(boxes) >= 5
    gap = 0.02
    for number, one in enumerate(boxes):
        for other in boxes[number + 1 :]:
            apart = (
                one[2] <= other[0] + gap
                or other[2] <= one[0] + gap
                or one[3] <= other[1] + gap
                or other[3] <= one[1] + gap
            )
            assert apart


def test_several_threads_are_told_what_one_is(tmp_path: Path) -> None:
    workspace = make(tmp_path)
    expected = rendered(Site.open(workspace))
    site = Site.open(workspace)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(site.render, list(expected) * 3))
    assert found == list(expected.values()) * 3


def test_a_thing_that_many_articles_name_shows_some_and_its_data_all(tmp_path: Path) -> None:
    articles = "\n".join(
        f"<graph/article/a{n}> {{ id:a{n} a schema:NewsArticle ; schema:mentions id:ana . }}"
        for n in range(130)
    )
    files = rendered(Site.open(make(tmp_path, HARBOUR + articles)))
    page = files["id/ana.html"].decode()
    assert "and 81 more, in the data" in page
    assert page.count('href="../id/a1') < 130
    mentions = NamedNode(f"{SCHEMA}mentions")
    told = [each for each in parse(files["id/ana.nt"], RdfFormat.N_TRIPLES) if each.predicate == mentions]
    assert len(told) == 131


def test_only_a_served_site_leads_to_the_page_for_queries(tmp_path: Path) -> None:
    workspace = make(tmp_path)
    still = rendered(Site.open(workspace))
    served = rendered(Site.open(workspace, query_page="query"))
    link = re.compile(rb' *<li><a href="((?:\.\./)*)query">(?:Query|Interroger)</a></li>\n')
    pages = [path for path in served if path.endswith(".html")]
    assert all(link.search(served[path])[1] == b"../" * path.count("/") for path in pages)  # type: ignore[index]
    assert {path: link.sub(b"", content) for path, content in served.items()} == still
