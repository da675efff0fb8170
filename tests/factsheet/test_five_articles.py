"""The fact sheets of the five articles: they check clean, and every quoted word is in its place."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from nutgraf import workspace
from nutgraf.factsheet import check, counts, evidence, text
from nutgraf.factsheet.check import Facts
from nutgraf.problems import Problem
from tests.factsheet.sheets import ROOT

WORKSPACE = workspace.load(ROOT)


@pytest.fixture(scope="module")
def checked(articles: Path) -> tuple[Facts, list[Problem]]:
    return check.load(WORKSPACE.sheet_files(), WORKSPACE.schema, texts=articles, display=WORKSPACE.display)


def test_they_check_clean(checked: tuple[Facts, list[Problem]]) -> None:
    facts, problems = checked
    assert problems == []
    assert [sheet.id for sheet in facts.sheets] == ["000", "001", "002", "003", "004"]


def test_each_states_forty_facts_and_more(checked: tuple[Facts, list[Problem]]) -> None:
    for sheet in checked[0].sheets:
        assert counts.facts(sheet) >= 40


def test_every_span_verifies(checked: tuple[Facts, list[Problem]], articles: Path) -> None:
    """Without the code that checks: hash what stands at the offsets."""
    for sheet in checked[0].sheets:
        content = text.read(articles / sheet.document.data["article"]["text"]["file"])
        found = [span for _, span in evidence.spans(sheet.document.data)]
        assert len(found) == counts.spans(sheet) > 100
        for span in found:
            assert text.sha256(content[span["start"] : span["end"]]) == span["sha256"]


def test_every_quoted_word_stands_in_the_text(checked: tuple[Facts, list[Problem]], articles: Path) -> None:
    for sheet in checked[0].sheets:
        content = text.fold(text.read(articles / sheet.document.data["article"]["text"]["file"]))
        quoted = [
            str(sheet.document.at(*steps))
            for steps in sheet.document.places.values
            if steps[-1:] in (("said",), ("surface",))
        ]
        assert quoted
        assert [words for words in quoted if text.fold(words) not in content or len(words.split()) > 5] == []


def test_every_passage_without_facts_says_why(checked: tuple[Facts, list[Problem]]) -> None:
    reasons = Counter(
        omission["reason"] for sheet in checked[0].sheets for _, omission in sheet.records("omissions")
    )
    assert reasons["heading"] > 0
