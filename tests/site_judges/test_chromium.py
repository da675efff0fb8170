"""A real browser visits every kind of page: wide and narrow, light and dark, with and without JavaScript.

`SCREENSHOTS=DIR` keeps pictures of what it sees; `.ci/run` does so.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser

from tests.site_judges.browser import DESKTOP, PHONE, Watched, chromium, watched
from tests.site_judges.conftest import ROOT, Judged
from tests.site_judges.kinds import one_of_each

_AXE: Final = ROOT / "node_modules" / "axe-core" / "axe.min.js"
_SIZES: Final = {"desktop": DESKTOP, "phone": PHONE}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def keep(seen: Watched, path: str, name: str) -> None:
    """Keep a picture of the whole page, where somebody wants one."""
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        stem = path.removesuffix(".html").replace("/", "-")
        seen.page.screenshot(path=str(Path(folder) / f"{stem}.{name}.png"), full_page=True)


def wide_parts(seen: Watched) -> list[str]:
    """What sticks out of the window on the right, and is not in a part that scrolls by itself."""
    found: list[str] = seen.page.evaluate(
        """() => document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1 ? [] :
        [...document.querySelectorAll("body *:not(.scroll *)")].filter((it) =>
          it.getBoundingClientRect().right >
          document.documentElement.clientWidth + 1).slice(0, 5).map((it) => it.outerHTML.slice(0, 120))"""
    )
    return found


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("size", _SIZES)
def test_every_kind_of_page(judged: Judged, browser: Browser, size: str, *, script: bool) -> None:
    wrong: dict[str, list[str]] = {}
    with watched(browser, judged.base, script=script, size=_SIZES[size]) as seen:
        # The languages have the same templates: each window gets one of them.
        for path in one_of_each(judged, "en" if size == "desktop" else "fr"):
            seen.wrong.clear()
            seen.page.goto(judged.base + path, wait_until="load")
            text = seen.page.inner_text("main")
            assert len(text) > 40, path
            assert seen.page.inner_text("h1").strip(), path
            found = list(seen.wrong)
            if script:
                found += seen.violations() + wide_parts(seen)
                keep(seen, path, size)
            if found:
                wrong[path] = found
    assert wrong == {}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_serious(judged: Judged, browser: Browser, *, dark: bool) -> None:
    if not _AXE.is_file():
        pytest.skip("the npm packages are not here; run npm ci")
    axe = _AXE.read_text(encoding="utf-8")
    wrong: dict[str, list[Any]] = {}
    with watched(browser, judged.base, dark=dark, size=PHONE if dark else DESKTOP) as seen:
        for path in one_of_each(judged, "fr" if dark else "en"):
            seen.page.goto(judged.base + path, wait_until="load")
            seen.page.evaluate(axe)
            result = seen.page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
            found = [
                {
                    "rule": each["id"],
                    "help": each["help"],
                    "nodes": [it["html"][:200] for it in each["nodes"][:3]],
                }
                for each in result["violations"]
                if each["impact"] in ("serious", "critical")
            ]
            if found:
                wrong[path] = found
            if dark:
                keep(seen, path, "dark")
    assert wrong == {}, json.dumps(wrong, indent=1)[:6000]


def test_axe_can_find_something(browser: Browser, judged: Judged) -> None:
    if not _AXE.is_file():
        pytest.skip("the npm packages are not here; run npm ci")
    with watched(browser, judged.base) as seen:
        seen.page.set_content(
            '<p>a <font color="#bbbbbb">faint</font></p><img src="data:,"><button></button>'
        )
        seen.page.evaluate(_AXE.read_text(encoding="utf-8"))
        result = seen.page.evaluate("() => axe.run(document)")
    assert {"color-contrast", "image-alt", "button-name"} <= {each["id"] for each in result["violations"]}
