"""What the tests of pages share: the cases, the pages of the five articles and of their things."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from nutgraf.problems import InputError
from nutgraf.publish.page import roots
from nutgraf.publish.page.model import PagePart
from nutgraf.publish.page.part import PageGraph

ROOT: Final = Path(__file__).parents[2]
CASES: Final = Path(__file__).with_name("page_cases")
BASE: Final = "https://nutgraf.example/"
ARTICLES: Final = ("000", "001", "002", "003", "004")
CASE_ROOT: Final = NamedNode("https://news.example/id/page")


@dataclass(frozen=True)
class Page:
    """A page that the tests show to its readers."""

    name: str
    part: PagePart
    document: dict[str, Any]

    def expected(self) -> set[Triple]:
        """The profile's part of the graph."""
        return set(self.part.triples())


@cache
def dataset() -> list[Quad]:
    return [quad for quad in parse(path=str(ROOT / "output" / "dataset.nq")) if isinstance(quad, Quad)]


@cache
def pages() -> roots.Pages:
    return roots.Pages(dataset(), BASE)


@cache
def article_pages() -> list[Page]:
    parts = [(article, pages().article(article)) for article in ARTICLES]
    return [Page(article, part, roots.document(part)) for article, part in parts]


@cache
def entity_pages() -> list[Page]:
    """The page of everything that has one, in the languages that the articles have."""
    things = sorted(
        {quad.subject.value for quad in dataset() if isinstance(quad.subject, NamedNode)}
        - {f"{BASE}id/{article}" for article in ARTICLES}
    )
    found = []
    for thing in (thing for thing in things if thing.startswith(f"{BASE}id/")):
        for language in ("en", "fr"):
            try:
                part = pages().entity(thing, language=language)
            except InputError:
                continue
            found.append(Page(f"{thing.removeprefix(BASE)}-{language}", part, roots.document(part)))
    return found


@cache
def case_pages() -> list[Page]:
    found = []
    for folder in sorted(CASES.iterdir()):
        text = (folder / "input.ttl").read_text(encoding="utf-8")
        triples = [quad.triple for quad in parse(text, RdfFormat.TURTLE) if isinstance(quad, Quad)]
        language = "fr" if folder.name == "languages" else "en"
        backwards = folder.name in {"role-between", "event-tree"}
        part = PageGraph(triples, language).part(CASE_ROOT, backwards=backwards)
        found.append(Page(folder.name, part, roots.document(part)))
    return found
