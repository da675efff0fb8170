"""People use the lists, the timeline, the map and the network, by mouse, by keyboard and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from nutgraf.dataset.store import Dataset
from tests.site_judges.browser import PHONE, chromium, watched
from tests.site_judges.conftest import Judged

_PEOPLE: Final = "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x a <https://schema.org/Person> }"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def asked(page: Page) -> dict[str, list[str]]:
    """The filters that the address has."""
    return parse_qs(urlsplit(page.url).query)


def names(page: Page) -> list[str]:
    """What the list shows."""
    return page.locator(".results tbody th").all_inner_texts()


def test_filters_are_in_the_address(judged: Judged, browser: Browser) -> None:
    dataset = Dataset.load(judged.workspace.output / "dataset.nq")
    (row,) = dataset.store.query(_PEOPLE, use_default_graph_as_union=True)  # type: ignore[misc]
    with watched(browser, judged.base) as seen:
        page = seen.page
        page.goto(f"{judged.base}browse/index.html")
        rows = page.locator(".results tbody tr")
        everything = rows.count()
        page.locator("select[name=type]").select_option("person")
        expect(rows).to_have_count(int(row["n"].value))
        assert asked(page) == {"type": ["person"]}
        everybody = names(page)
        page.locator("input[name=q]").fill("mohamed")
        expect(rows).to_have_count(2)
        assert asked(page) == {"type": ["person"], "q": ["mohamed"]}
        address = page.url

        # Whoever is sent the address sees the same.
        page.goto(f"{judged.base}index.html")
        page.goto(address)
        expect(rows).to_have_count(2)
        assert page.locator("select[name=type]").input_value() == "person"
        page.locator("button[type=reset]").click()
        expect(page).to_have_url(f"{judged.base}browse/index.html")
        page.goto(f"{judged.base}browse/index.html?type=person&linked=yes")
        expect(rows).not_to_have_count(everything)
        linked = names(page)
        page.goto(f"{judged.base}browse/index.html?type=person&linked=no")
        expect(rows).not_to_have_count(everything)
        assert sorted(linked + names(page)) == sorted(everybody)
        assert seen.wrong + seen.violations() == []


def test_filters_without_scripts_are_links(judged: Judged, browser: Browser) -> None:
    with watched(browser, judged.base, script=False) as seen:
        page = seen.page
        page.goto(f"{judged.base}browse/index.html")
        page.locator("[data-facet=type] [data-value=person] a").click()
        assert urlsplit(page.url).path.startswith("/browse/type/person")
        assert page.locator("main tbody tr").count() == 6
        assert seen.wrong == []


def test_filters_of_the_address_are_not_trusted(judged: Judged, browser: Browser) -> None:
    evil = "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E"
    with watched(browser, judged.base) as seen:
        seen.page.on("dialog", lambda dialog: seen.wrong.append(f"dialog: {dialog.message}"))
        seen.page.goto(f"{judged.base}browse/index.html?q={evil}&type={evil}&page=-1&place=__proto__")
        expect(seen.page.locator(".results tbody tr")).to_have_count(0)
        assert seen.page.locator("img").count() == 0
        assert seen.wrong + seen.violations() == []


def test_the_keyboard_is_enough(judged: Judged, browser: Browser) -> None:
    with watched(browser, judged.base) as seen:
        page = seen.page
        page.goto(f"{judged.base}id/interpol.html")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        assert page.locator(".skip").is_visible()
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        # Whatever has the focus is to be seen having it.
        page.goto(f"{judged.base}index.html")
        for _ in range(12):
            page.keyboard.press("Tab")
            style = page.evaluate(
                "(() => { const it = getComputedStyle(document.activeElement);"
                " return [it.outlineStyle, it.outlineWidth, it.boxShadow] })()"
            )
            assert style[0] not in ("none", "") or style[2] != "none", page.evaluate(
                "document.activeElement.outerHTML"
            )


def test_the_timeline_leads_to_the_events(judged: Judged, browser: Browser) -> None:
    with watched(browser, judged.base) as seen:
        page = seen.page
        page.goto(f"{judged.base}timeline.html")
        moment = page.locator(".moment", has_text="93rd session of the INTERPOL")
        assert "XXXX-11-24/XXXX-11-27" in moment.inner_text()
        assert "2024" not in moment.locator(".day").inner_text()
        years = page.locator(".year > h2").all_inner_texts()
        assert years[:2] == ["2003", "2024"]
        moment.locator(".what a").first.click()
        expect(page.locator("h1")).to_contain_text("93rd session")
        assert seen.wrong == []


def test_the_network_leads_to_neighbours(judged: Judged, browser: Browser) -> None:
    with watched(browser, judged.base) as seen:
        page = seen.page
        page.goto(f"{judged.base}id/interpol-ga-93.html")
        links = page.locator(".network svg a")
        assert links.count() > 3
        target = links.first.get_attribute("href")
        assert target is not None
        links.first.focus()
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address: "interpol-ga-93" not in address)
        assert page.url.endswith(target.lstrip("./"))
        assert page.locator('a[href$="interpol-ga-93.html"]').count() > 0
        assert seen.wrong + seen.violations() == []


def test_the_map_leads_to_places(judged: Judged, browser: Browser) -> None:
    with watched(browser, judged.base, size=PHONE) as seen:
        page = seen.page
        page.goto(f"{judged.base}map.html")
        places = page.locator("main a[href*='id/']")
        assert places.count() > 5
        name = (places.first.locator("title").text_content() or "").strip()
        places.first.click()
        expect(page.locator("h1")).to_contain_text(name)
        assert seen.wrong + seen.violations() == []


def test_the_languages_lead_to_one_another(judged: Judged, browser: Browser) -> None:
    with watched(browser, judged.base) as seen:
        page = seen.page
        for path in ("index.html", "id/000/action-candidacy.html", "ns.html", "dataset.html"):
            page.goto(judged.base + path)
            page.locator(".languages a[lang=fr]").click()
            expect(page).to_have_url(f"{judged.base}fr/{path}")
            expect(page.locator("html")).to_have_attribute("lang", "fr")
            page.locator(".languages a[lang=en]").click()
            expect(page).to_have_url(judged.base + path)
        assert seen.wrong == []


def test_a_term_of_the_vocabulary_has_its_place(judged: Judged, browser: Browser) -> None:
    with watched(browser, judged.base) as seen:
        page = seen.page
        page.goto(f"{judged.base}ns#Mention")
        expect(page.locator("#Mention h3")).to_be_in_viewport()
        assert "nut:Mention" in page.locator("#Mention h3").inner_text()
        assert seen.wrong == []
