"""No link leads nowhere, be it to a page, a file or a place on a page; nothing is asked of another host."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from lxml import html

from tests.site_judges.conftest import Judged

LOADED = {"img": "src", "script": "src", "source": "srcset", "iframe": "src", "use": "href", "image": "href"}
"""Element → attribute whose address a browser fetches by itself."""


@dataclass
class Found:
    """What the pages of a site say of other files."""

    links: dict[str, set[str]] = field(default_factory=dict)
    loaded: dict[str, set[str]] = field(default_factory=dict)
    anchors: dict[str, set[str]] = field(default_factory=dict)
    twice: dict[str, set[str]] = field(default_factory=dict)


@cache
def crawl(folder: Path) -> Found:
    found = Found()
    for file in sorted(folder.rglob("*.html")):
        tree = html.parse(str(file), html.HTMLParser(encoding="utf-8")).getroot()
        path = file.relative_to(folder).as_posix()
        ids = Counter(str(each) for each in tree.xpath("//@id"))
        found.anchors[path] = set(ids)
        if repeated := {each for each, number in ids.items() if number > 1}:
            found.twice[path] = repeated
        found.links[path] = set(
            tree.xpath(
                "//a/@href | //area/@href | //form/@action | //*[local-name()='a']/@*[local-name()='href']"
            )
        )
        fetched = tree.xpath("//link[@rel='stylesheet' or @rel='icon' or @rel='preload']/@href")
        found.loaded[path] = {str(each) for each in fetched} | {
            str(element.get(name))
            for element in tree.iter(*LOADED)
            if (name := LOADED[element.tag]) and element.get(name)
        }
        # Alternates in data formats are links that programs follow.
        found.links[path] |= set(tree.xpath("//link[@rel='alternate' and @type]/@href"))
    return found


@pytest.fixture(scope="module")
def found(judged: Judged) -> Found:
    return crawl(judged.folder)


def test_no_link_is_dead(judged: Judged, found: Found) -> None:
    dead = [
        f"{path}: {link}"
        for path, links in found.links.items()
        for link in sorted(links)
        if _is_dead(judged, found, path, link)
    ]
    assert dead[:20] == [], f"{len(dead)} dead links"


def _is_dead(judged: Judged, found: Found, path: str, link: str) -> bool:
    address = urlsplit(urljoin(judged.base + path, link))
    if f"{address.scheme}://{address.netloc}/" != judged.base:
        # Somebody else's: only a person can follow it.
        return address.scheme not in ("http", "https")
    target = unquote(address.path).removeprefix("/")
    target = f"{target}index.html" if target.endswith("/") or not target else target
    if not (judged.folder / target).is_file():
        return True
    return bool(address.fragment) and unquote(address.fragment) not in found.anchors.get(target, set())


def test_ids_are_there_once(found: Found) -> None:
    assert found.twice == {}


def test_nothing_is_loaded_from_another_host(judged: Judged, found: Found) -> None:
    elsewhere = {
        link
        for path, links in found.loaded.items()
        for link in links
        if not urljoin(judged.base + path, link).startswith((judged.base, "data:"))
    }
    assert elsewhere == set()


def test_what_is_loaded_is_there(judged: Judged, found: Found) -> None:
    missing = {
        link
        for path, links in found.loaded.items()
        for link in links
        if _is_dead(judged, found, path, link.partition("#")[0]) and not link.startswith("data:")
    }
    assert missing == set()


def test_every_page_is_reached_from_the_front_page(judged: Judged, found: Found) -> None:
    for start in ("index.html", "fr/index.html"):
        reached, waiting = {start}, [start]
        while waiting:
            path = waiting.pop()
            for link in found.links[path]:
                address = urljoin(judged.base + path, link)
                if not address.startswith(judged.base):
                    continue
                target = unquote(urlsplit(address).path).removeprefix("/")
                target = f"{target}index.html" if target.endswith("/") or not target else target
                if target in found.links and target not in reached:
                    reached.add(target)
                    waiting.append(target)
        assert set(judged.pages()) - reached - {"404.html", "fr/404.html"} == set()


def test_the_sitemap_has_every_page(judged: Judged) -> None:
    tree = html.fromstring(judged.read("sitemap.xml"))
    listed = {str(each.text) for each in tree.iter("loc")}
    pages = {judged.base + path for path in judged.pages() if not path.endswith("404.html")}
    assert {unquote(each) for each in listed} == pages
