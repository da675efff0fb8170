"""Names, texts and keys that contain HTML, script, bidi controls and path tricks do nothing in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, expect

from nutgraf.publish.site.site import Site
from nutgraf.publish.site.write import write
from tests.site.test_hostile import EVIL, KEYS, _quads
from tests.site.workspaces import make
from tests.site_judges.browser import chromium, watched
from tests.site_judges.static_server import free_port, serving
from tests.site_judges.test_html import nu
from tests.site_judges.test_links import crawl

_STRANGE: Final = """[...document.querySelectorAll(
  'img, iframe, object, embed, [onload], [onerror], [onmouseover], [style], base,'
  + 'script:not([src]):not([type="application/ld+json"])')].map((it) => it.outerHTML)"""
_TOUCH: Final = "document.querySelectorAll('*').forEach((it) => it.dispatchEvent(new Event('mouseover')))"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("hostile")
    query = f"# question: {EVIL[0]}\nSELECT ?name {{ ?x schema:name ?name }}\n"
    settings = f"publisher = '{EVIL[3]}'\nlicense = \"https://a.example/'onload=alert(1)\"\n"
    files = {"queries/evil.rq": query, "nutgraf.toml": settings}
    write(Site.open(make(root / "workspace", _quads(), files)), root / "site")
    return root / "site"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def test_nothing_of_it_runs_or_is_fetched(folder: Path, browser: Browser) -> None:
    port = free_port()
    base = f"http://127.0.0.1:{port}/"
    pages = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.html"))
    assert len(pages) > 2 * len(KEYS)
    with serving(folder, port), watched(browser, base) as seen:
        seen.page.on("dialog", lambda dialog: seen.wrong.append(f"dialog: {dialog.message}"))
        for path in pages:
            seen.page.goto(base + path, wait_until="load")
            # Everything that a name could have smuggled in would be an element that no template makes.
            assert seen.page.evaluate(_STRANGE) == [], path
            # Nothing of it turns what stands beside it round, or leaves its line.
            shown = seen.page.inner_text("body")
            assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown), path
            assert seen.page.locator("main").count() == seen.page.locator("footer").count() == 1, path
            hrefs = seen.page.evaluate("[...document.querySelectorAll('[href]')].map((it) => it.href)")
            assert all(re.match(r"https?://", str(href)) for href in hrefs if isinstance(href, str)), path
            seen.page.evaluate(_TOUCH)
            assert seen.wrong + seen.violations() == [], path


def test_filters_show_hostile_names_as_text(folder: Path, browser: Browser) -> None:
    port = free_port()
    base = f"http://127.0.0.1:{port}/"
    with serving(folder, port), watched(browser, base) as seen:
        seen.page.goto(f"{base}browse/index.html")
        seen.page.locator("input[name=q]").fill("<script")
        expect(seen.page.locator(".results tbody tr")).not_to_have_count(0)
        assert all("<script" in name for name in seen.page.locator(".results tbody th").all_inner_texts())
        assert seen.wrong + seen.violations() == []


def test_every_page_is_valid(folder: Path) -> None:
    # That a name begins with a composing character is a warning: it does.
    messages = [each for each in nu(sorted(folder.rglob("*.html"))) if each["type"] == "error"]
    assert [f"{each['url']}:{each.get('lastLine')}: {each['message']}" for each in messages][:10] == []


def test_ids_are_there_once(folder: Path) -> None:
    assert crawl(folder).twice == {}
