"""Readers that are not ours find in each page what was meant, and no error.

The official schema.org context and vocabulary come from packages that ship them; .ci/run says which.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import extruct
import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

import nutgraf
from nutgraf.dataset.canonical import canonical_triples
from nutgraf.publish.page.read import normalized_page, read_page
from nutgraf.terms.vocabulary import RDF_TYPE, SCHEMA
from tests.publish import page_graphs as graphs
from tests.publish.html_judges import dumped
from tests.publish.page_graphs import ROOT, Page

JUDGES: Final = ROOT / ".judges"
CONTEXT: Final = JUDGES / "schemaorg" / "data" / "releases" / "12.0" / "schemaorgcontext.jsonld"
VOCABULARY: Final = JUDGES / "hermes" / "model" / "types" / "schemas" / "schemaorg-current-https.jsonld"
HTML: Final = (
    b"<!doctype html><html><head><meta charset=utf-8><title>a</title></head><body><h1>a</h1></body></html>"
)


def pages() -> list[Page]:
    return [*graphs.article_pages(), *graphs.entity_pages()]


def html_of(page: Page) -> bytes:
    return nutgraf.embed(HTML, page.document)


def simple_html(page: Page) -> str:
    return nutgraf.embed(HTML, in_simple_terms(page.document)).decode()


def found(triples: Any, page: Page) -> set[Triple]:
    """What a reader found, in the form of our graphs, without the ProfilePage around a person."""
    back = normalized_page(triples, page.part.language)
    wrappers = {triple.subject for triple in back if triple.predicate.value == f"{SCHEMA}mainEntity"}
    return set(canonical_triples(triple for triple in back if triple.subject not in wrappers))


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    if shutil.which("node") is None or not (ROOT / "node_modules" / "jsonld").is_dir():
        pytest.skip("the npm packages are not here; run npm ci")
    if not CONTEXT.is_file() or not VOCABULARY.is_file():
        pytest.skip("schema.org's own files are not here; .ci/run says which packages hold them")
    wrong = {"@context": "https://schema.org", "@type": "NewsArticle", "headlin": "a"}
    control = Page("control", graphs.article_pages()[0].part, wrong)
    asked = [*pages(), control]
    question = {
        "context": json.loads(CONTEXT.read_text(encoding="utf-8")),
        "vocabulary": json.loads(VOCABULARY.read_text(encoding="utf-8")),
        "pages": [{"name": it.name, "document": it.document, "html": simple_html(it)} for it in asked],
    }
    done = subprocess.run(
        ["node", str(Path(__file__).with_name("page_consumers.mjs"))],
        cwd=ROOT, input=json.dumps(question), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return dict(zip((page.name for page in asked), json.loads(done.stdout), strict=True))


def test_jsonld_js_with_the_official_context(answers: dict[str, Any]) -> None:
    """It types dates as schema:Date, and its namespace is http; the ranges put that right."""
    for page in pages():
        quads = [it for it in parse(answers[page.name]["nquads"], RdfFormat.N_QUADS) if isinstance(it, Quad)]
        assert any("http://schema.org/" in str(quad) for quad in quads)
        assert found((quad.triple for quad in quads), page) == page.expected(), page.name


def test_the_validator_of_adobe_finds_no_error(answers: dict[str, Any]) -> None:
    for page in pages():
        issues = [it for it in answers[page.name]["issues"] if it["severity"] == "ERROR"]
        assert issues == [], page.name
        unsupported = [it for it in answers[page.name]["issues"] if "not supported" in it["issueMessage"]]
        assert [it for it in unsupported if not is_of_a_role(it)] == [], page.name
        assert answers[page.name]["extracted"], page.name


def test_the_validator_of_adobe_can_find_one(answers: dict[str, Any]) -> None:
    assert [it["issueMessage"] for it in answers["control"]["issues"] if "headlin" in it["issueMessage"]]


def is_of_a_role(issue: dict[str, Any]) -> bool:
    """It does not know that a role has the property that it stands for: https://schema.org/Role."""
    return issue["path"][-1]["type"] == "OrganizationRole" and "member" in issue["issueMessage"]


def test_extruct() -> None:
    for page in pages():
        (document,) = extruct.extract(html_of(page).decode(), syntaxes=["json-ld"])["json-ld"]
        assert document == page.document
        assert found(read_page(document, language=page.part.language), page) == page.expected()


PLACES: Final = frozenset({"areaServed", "containedInPlace", "location", "spatialCoverage"})


def in_simple_terms(value: Any, key: str = "") -> Any:
    """A document for readers that know no node with two types and no text with a language.

    Such a text stands where a name is not to be had in the page's language. Morocco
    is a country and a body: below a property of places it is the one, else the other.
    """
    if isinstance(value, list):
        return [in_simple_terms(item, key) for item in value]
    if isinstance(value, dict) and "@value" in value:
        return value["@value"]
    if isinstance(value, dict):
        return {
            inner: item[0 if key in PLACES else -1]
            if inner == "@type" and isinstance(item, list)
            else in_simple_terms(item, inner)
            for inner, item in value.items()
        }
    return value


def test_schema_dts(tmp_path: Path) -> None:
    """Every page is a value of the types that schema-dts makes of the vocabulary."""
    tsc = ROOT / "node_modules" / ".bin" / "tsc"
    if not tsc.exists():
        pytest.skip("TypeScript is not here; run npm ci")
    chosen = pages()
    lines = ['import type { WithContext, Thing, NewsArticle } from "schema-dts";']
    for number, page in enumerate(chosen):
        text = json.dumps(in_simple_terms(page.document), ensure_ascii=True)
        lines.append(f"export const page{number}: WithContext<Thing> = {text};")
    lines += ["// @ts-expect-error an event is no author", _WRONG_AUTHOR]
    lines += ["// @ts-expect-error a typing error", _WRONG_KEY]
    (tmp_path / "pages.ts").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    done = subprocess.run(
        [str(tsc), "--noEmit", "--strict", "--skipLibCheck", "--moduleResolution", "node10", "pages.ts"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[:4000]


_WRONG_AUTHOR: Final = (
    'export const a: NewsArticle = { "@type": "NewsArticle", author: { "@type": "Event", name: "a" } };'
)
_WRONG_KEY: Final = 'export const b: NewsArticle = { "@type": "NewsArticle", headlin: "a" };'


READER: Final = b"""<script>
addEventListener("load", () => {
  const blocks = [...document.querySelectorAll('script[type="application/ld+json"][data-nutgraf]')];
  const answer = { parents: blocks.map((b) => b.parentNode.nodeName),
    values: blocks.map((b) => JSON.parse(b.textContent)), h1: document.querySelector("h1")?.textContent };
  document.documentElement.innerHTML = `<body>${btoa(encodeURIComponent(JSON.stringify(answer)))}</body>`;
});
</script>"""


def browser_reads(page: bytes, folder: Path) -> Any:
    import base64  # noqa: PLC0415
    from urllib.parse import unquote  # noqa: PLC0415

    text = dumped(page.replace(b"</body>", READER + b"</body>"), folder)
    answer = text.partition("<body>")[2].partition("</body>")[0]
    return json.loads(unquote(base64.b64decode(answer).decode()))


EVIL: Final = "</script><!--<script>]]>\"'&lt;\u2028\u2029\U0001f389</title>\\u003c"


def test_chromium_reads_every_page(tmp_path: Path) -> None:
    """All pages in one document, a block each: 700 starts of a browser would take an hour."""
    documents = [page.document for page in pages()]
    combined = nutgraf.embed(HTML, {"@context": "https://schema.org", "@graph": documents})
    answer = browser_reads(combined, tmp_path)
    assert answer == {
        "parents": ["HEAD"],
        "values": [{"@context": "https://schema.org", "@graph": documents}],
        "h1": "a",
    }


def test_chromium_keeps_an_evil_headline_whole(tmp_path: Path) -> None:
    document = {"@context": "https://schema.org", "@type": "NewsArticle", "headline": EVIL}
    answer = browser_reads(nutgraf.embed(HTML, document), tmp_path)
    assert answer == {"parents": ["HEAD"], "values": [document], "h1": "a"}


def test_chromium_loses_the_page_without_the_escapes(tmp_path: Path) -> None:
    """The test above can fail: this is what it would see."""
    raw = json.dumps({"headline": EVIL}).encode()
    page = HTML.replace(
        b"</head>", b'<script type="application/ld+json" data-nutgraf>' + raw + b"</script></head>"
    )
    text = dumped(page.replace(b"</body>", READER + b"</body>"), tmp_path)
    assert text.rstrip().endswith("<body></body></html>")


def test_the_types_are_those_of_the_article() -> None:
    for page in graphs.article_pages():
        root = NamedNode(f"{graphs.BASE}id/{page.name}")
        assert Triple(root, NamedNode(RDF_TYPE), NamedNode(f"{SCHEMA}NewsArticle")) in page.expected()
