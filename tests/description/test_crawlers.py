"""Sitemaps are valid by their schema and lose no page; robots.txt is read as it is meant."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.robotparser import RobotFileParser

import pytest
from lxml import etree

from nutgraf.publish.crawlers import LENGTH, URLS, robots, sitemap

BASE = "https://news.example/facts/"


@pytest.fixture(scope="module")
def schema() -> Any:
    return etree.XMLSchema(etree.parse(Path(__file__).with_name("sitemap.xsd")))


def addresses(files: dict[str, str], schema: Any) -> list[str]:
    """All addresses that a crawler finds from `sitemap.xml`."""
    found: list[str] = []
    for loc in _locations(files["sitemap.xml"], schema):
        name = loc.removeprefix(BASE)
        found += _locations(files[name], schema) if name in files else [loc]
    return found


def _locations(text: str, schema: Any) -> list[str]:
    tree = etree.fromstring(text.encode())
    schema.assertValid(tree)
    return [str(loc.text) for loc in tree.iter("{*}loc")]


def test_one_file(schema: Any) -> None:
    pages = [f"{BASE}id/{name}.html" for name in ("a", "b&c", "d'e")]
    files = sitemap(pages, BASE)
    assert list(files) == ["sitemap.xml"]
    assert addresses(files, schema) == pages


def test_what_is_not_ascii_is_escaped(schema: Any) -> None:
    assert addresses(sitemap([f"{BASE}id/Zoë 7%20.html"], BASE), schema) == [f"{BASE}id/Zo%C3%AB%207%20.html"]


def test_more_than_fit_make_an_index(schema: Any) -> None:
    pages = [f"{BASE}id/{number}.html" for number in range(URLS + 1)]
    files = sitemap(pages, BASE)
    assert list(files) == ["sitemap.xml", "sitemap-1.xml", "sitemap-2.xml"]
    assert addresses(files, schema) == pages


def test_what_is_too_long_is_left_out(schema: Any) -> None:
    pages = [f"{BASE}{'a' * LENGTH}", f"{BASE}id/a.html"]
    assert addresses(sitemap(pages, BASE), schema) == pages[1:]


def test_robots() -> None:
    parser = RobotFileParser()
    parser.parse(robots(BASE).splitlines())
    assert parser.can_fetch("anybody", f"{BASE}id/a.html")
    assert parser.site_maps() == [f"{BASE}sitemap.xml"]
