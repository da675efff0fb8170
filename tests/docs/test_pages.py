"""The pages are true: links lead somewhere, commands and terms exist, and no article is quoted."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Final

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from nutgraf import workspace
from nutgraf.cli.main import group
from nutgraf.factsheet import text
from nutgraf.terms.vocabulary import NUT
from tests.docs.examples import PAGES, ROOT

_FENCE: Final = re.compile(r"^(`{3,}).*?^\1\s*$", re.DOTALL | re.MULTILINE)
_CODE: Final = re.compile(r"`[^`\n]*`")
_LINK: Final = re.compile(r"\]\(([^()\s]+)\)")
_HEADING: Final = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
_WORD: Final = re.compile(r"\w+")
_QUOTED: Final = re.compile(r"“([^”\n]+)”|\"([^\"\n]+)\"")
_RUN: Final = 10
_QUOTE: Final = 5

pages = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())


def _text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def _prose(page: Path) -> str:
    return _CODE.sub("", _FENCE.sub("", _text(page)))


def _anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    found: set[str] = set()
    for heading in _HEADING.findall(_FENCE.sub("", _text(page))):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
        slug = re.sub(r"[^\w\- ]", "", words).replace(" ", "-")
        number = 0
        anchor = slug
        while anchor in found:
            number += 1
            anchor = f"{slug}-{number}"
        found.add(anchor)
    return found


def _is_broken(page: Path, link: str) -> bool:
    target, _, anchor = link.partition("#")
    path = (page.parent / target).resolve() if target else page
    if not path.exists() or not path.is_relative_to(ROOT):
        return True
    return bool(anchor) and (path.suffix != ".md" or anchor not in _anchors(path))


@pages
def test_links_lead_somewhere(page: Path) -> None:
    links = [link for link in _LINK.findall(_FENCE.sub("", _text(page))) if not re.match(r"[a-z]+:", link)]
    assert [link for link in links if _is_broken(page, link)] == []


@pages
def test_no_path_of_a_machine(page: Path) -> None:
    assert re.findall(r"(?<![\w./~}])/(?:work|home|tmp|root|Users)/\S*", _text(page)) == []


@pytest.mark.parametrize("command", sorted(group.list_commands(group.make_context("nutgraf", ["build"]))))
def test_command_is_documented(command: str) -> None:
    assert any(re.search(rf"\bnutgraf {command}\b", _text(page)) for page in PAGES)


def _vocabulary() -> set[str]:
    path = workspace.load(ROOT).vocabulary
    subjects = {quad.subject for quad in parse(path.read_bytes(), RdfFormat.TURTLE)}
    return {node.value.removeprefix(NUT) for node in subjects if isinstance(node, NamedNode)}


@pytest.mark.parametrize(
    "page", [*PAGES, ROOT / "docs" / "model.svg"], ids=lambda page: page.relative_to(ROOT).as_posix()
)
def test_our_terms_exist(page: Path) -> None:
    named = set(re.findall(r"\bnut:([A-Za-z]\w*)", _text(page)))
    assert named - _vocabulary() == set()


def test_model_lists_each_property_that_is_published() -> None:
    mapping = _text(ROOT / "mappings" / "factsheet.yml")
    made = set(re.findall(r"^ +- \[((?:schema|nut|oa|prov|dcterms):\w+)", mapping, re.MULTILINE))
    for sheet in workspace.load(ROOT).sheet_files():
        made |= set(re.findall(r"\bpredicate: (\w+:\w+)", _text(sheet)))
    model = _text(ROOT / "docs" / "model.md") + _text(ROOT / "docs" / "provenance.md")
    listed = set(re.findall(r"(?:schema|nut|oa|prov|dcterms):\w+", model))
    assert made - listed == set()


def _words(content: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(unicodedata.normalize("NFC", content))]


def _runs(words: list[str], length: int) -> set[tuple[str, ...]]:
    return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}


@pytest.fixture(scope="module")
def articles() -> list[list[str]]:
    folder = workspace.load(ROOT).texts
    if folder is None:
        pytest.skip("the articles' texts are not here")
    return [_words(text.read(path)) for path in sorted(folder.glob("*.txt"))]


@pages
def test_no_sentence_of_an_article(page: Path, articles: list[list[str]]) -> None:
    own = _runs(_words(_text(page)), _RUN)
    assert [run for words in articles for run in own & _runs(words, _RUN)] == []


@pages
def test_quotations_of_articles_are_short(page: Path, articles: list[list[str]]) -> None:
    quoted = [_words(first or second) for first, second in _QUOTED.findall(_prose(page))]
    long = {tuple(words) for words in quoted if len(words) > _QUOTE}
    assert [words for words in long if any(words in _runs(article, len(words)) for article in articles)] == []
