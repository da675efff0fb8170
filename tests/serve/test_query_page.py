"""The query page: a form and a table without JavaScript, an editor in Chromium."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin

import httpx
import pytest
from playwright.sync_api import Page, sync_playwright

from tests.queries.saved_queries import load
from tests.serve.servers import Running

QUERY = "SELECT ?e ?n { ?e a schema:Event ; schema:name ?n } ORDER BY ?e ?n"


class Read(HTMLParser):
    """What a page has of tables, links, form fields and scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.links: dict[str, str] = {}
        self.fields: dict[str, str] = {}
        self.scripts: list[str | None] = []
        self._path: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "input":
            self.fields[found["name"] or ""] = found["value"] or ""
        if tag == "script":
            self.scripts.append(found.get("src"))
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")
        if tag not in {"input", "meta", "link"}:
            self._path.append((tag, found))

    def handle_endtag(self, tag: str) -> None:
        while self._path and self._path.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        tags = [tag for tag, _ in self._path]
        if "a" in tags:
            self.links[data.strip()] = dict(self._path)["a"]["href"] or ""
        if "textarea" in tags:
            self.fields["query"] = self.fields.get("query", "") + data
        if {"td", "th"} & set(tags) and "small" not in tags:
            self.rows[-1][-1] += data


@pytest.mark.parametrize(
    ("path", "name"), [("/index.html", "Query"), ("/fr/index.html", "Interroger"), ("/compare.html", "Query")]
)
def test_every_page_of_the_site_leads_to_it(client: httpx.Client, path: str, name: str) -> None:
    link = Read(client.get(path).text).links[name]
    found = client.get(urljoin(path, link))
    assert found.status_code == 200
    assert "<h1>Query</h1>" in found.text


def test_the_form_gives_a_table_without_javascript(client: httpx.Client) -> None:
    response = client.get("/query", params={"query": QUERY})
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    page = Read(response.text)
    whole = client.get(page.links["CSV"])
    rows = list(csv.reader(io.StringIO(whole.text, newline="")))
    assert page.rows[0] == rows[0] == ["e", "n"]
    assert [row[1].strip() for row in page.rows[1:]] == [row[1] for row in rows[1:]]
    thing = next(link for text, link in page.links.items() if text.startswith("id:"))
    assert client.get(thing).status_code == 303
    assert client.get(page.links["JSON"]).json()["head"]["vars"] == ["e", "n"]
    graph = Read(client.get("/query", params={"query": "CONSTRUCT WHERE { ?s a schema:Place }"}).text)
    assert client.get(graph.links["Turtle"]).headers["content-type"].startswith("text/turtle")


def test_every_saved_query_runs_from_its_form(client: httpx.Client) -> None:
    names = []
    for each in load():
        form = Read(client.get("/query", params={"saved": each.id}).text)
        assert form.fields["query"].strip() == each.text.strip()
        assert client.get(f"/query/saved/{each.id}.rq").text == each.text
        names.append(each.id)
        if each.id.startswith(("S", "T")):
            answer = Read(client.get("/query", params=form.fields).text)
            assert len(answer.rows) > 1, each.id
    assert len(names) > 40
    assert client.get("/query", params={"saved": "../nutgraf"}).status_code == 404
    assert client.get("/query/saved/..%2Fnutgraf.rq").status_code == 404


def test_mistakes_and_hostile_texts_are_shown_as_text(client: httpx.Client) -> None:
    nasty = "</textarea><script>alert(1)</script><img src=x onerror=alert(1)>"
    response = client.get("/query", params={"query": nasty})
    assert response.status_code == 400
    page = Read(response.text)
    assert page.scripts == ["query/assets/yasgui/yasgui.min.js", "query/assets/query.js"]
    assert page.fields["query"].strip() == nasty
    assert "QRY101" in response.text
    cell = client.get("/query", params={"query": "SELECT ('<img src=x onerror=alert(1)>' AS ?x) {}"})
    assert Read(cell.text).rows[1] == ["<img src=x onerror=alert(1)>"]
    link = client.get("/query", params={"query": "SELECT (IRI('javascript:alert(1)') AS ?x) {}"})
    assert "javascript:alert(1)" not in Read(link.text).links.values()


def test_what_the_page_loads_is_here_and_bounded(client: httpx.Client) -> None:
    response = client.get("/query")
    policy = response.headers["content-security-policy"]
    assert "connect-src 'self'" in policy
    assert "script-src 'self';" in policy
    for path in Read(response.text).scripts:
        assert path is not None
        assert urljoin("http://here/query", path).startswith("http://here/")
        script = client.get(path)
        assert script.status_code == 200
        assert "sourceMappingURL" not in script.text
    assert client.get("/query/assets/..%2f..%2fserver.py").status_code == 404


@pytest.fixture(scope="module")
def browser(server: Running) -> Iterator[Page]:
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("Debian's chromium is not installed")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = chromium.new_page(base_url=server.url)
        yield page
        chromium.close()


def test_in_chromium_the_editor_runs_a_query_and_shows_a_table(browser: Page, server: Running) -> None:
    asked: list[str] = []
    said: list[str] = []
    browser.on("request", lambda request: asked.append(request.url))
    browser.on("console", lambda message: said.append(message.text))
    browser.on("pageerror", lambda error: said.append(str(error)))
    browser.goto("/query")
    browser.wait_for_selector("#editor .yasqe")
    assert not browser.locator("#plain").is_visible()
    browser.select_option("#saved", "S01")
    browser.click("#choose button")
    browser.locator(".CodeMirror-line", has_text="?city").first.wait_for()
    assert browser.locator(".yasqe_queryButton.query_error").count() == 0
    browser.locator(".yasqe_queryButton:visible").click()
    table = browser.locator(".yasr table:visible")
    table.wait_for()
    cells = [text.strip() for text in table.locator("tbody td").all_inner_texts()]
    assert cells == ["1", "id:000", '"92"^^xsd:integer', '"Glasgow"@en']
    with browser.expect_download() as download:
        browser.click("#downloads [data-format=csv]")
    content = download.value.path().read_text(encoding="utf-8")
    assert content.splitlines()[1].endswith(",Glasgow")
    assert said == []
    assert all(url.startswith(server.url) for url in asked)
