"""The verifier accepts every fact of the five sheets, and none that was corrupted."""

from __future__ import annotations

from pathlib import Path

import pytest

from nutgraf.evidence.verify.check import verify, verify_sheet
from nutgraf.factsheet import counts, evidence, references, times
from nutgraf.problems import Problem
from tests.evidence.corruption import COUNTS, Corrupted, Corrupter
from tests.evidence.workspace import ROOT, facts, texts

SEED = 20241107
TOTAL = 100
# Other draws of the same kinds, so that what passes is not one lucky hundred.
MORE_SEEDS = (1,)


def _problems(corrupted: Corrupted, folder: Path) -> list[Problem]:
    sheet, index = corrupted.sheet, facts().index
    return [
        *references.check(sheet, index),
        *times.check(sheet),
        *evidence.check(sheet, folder),
        *verify_sheet(sheet, index, texts(folder)[sheet.id]).problems,
    ]


def test_every_fact_of_the_five_sheets_passes(articles: Path) -> None:
    found = verify(facts().sheets, facts().index, articles)
    assert found.problems == []
    assert found.ways["refused"] == 0
    assert sum(found.ways.values()) == sum(counts.facts(sheet) for sheet in facts().sheets)
    assert found.ways["derived"] * 10 < sum(found.ways.values())
    assert found.ways["derived"] > 0


def test_the_documentation_tells_the_same_numbers(articles: Path) -> None:
    found = verify(facts().sheets, facts().index, articles)
    assert f"\n{found}\n" in (ROOT / "docs" / "provenance.md").read_text(encoding="utf-8")


def test_there_are_a_hundred() -> None:
    assert sum(COUNTS.values()) == TOTAL


@pytest.mark.parametrize("kind", COUNTS)
def test_what_was_corrupted_is_refused_with_the_right_reason_at_its_place(articles: Path, kind: str) -> None:
    for seed in (SEED, *MORE_SEEDS):
        for corrupted in Corrupter(facts(), texts(articles), seed).make({kind: COUNTS[kind]}):
            found = _problems(corrupted, articles)
            reasons = [problem for problem in found if problem.code in corrupted.codes]
            assert reasons, f"{corrupted.what}: expected {sorted(corrupted.codes)}, found {found}"
            there = corrupted.sheet.span(*corrupted.steps)
            record = corrupted.sheet.span(*corrupted.steps[:2])
            lines = {problem.span.line for problem in reasons if problem.span}
            assert any(record.line <= line <= there.line + 8 for line in lines), corrupted.what


@pytest.mark.parametrize("kind", ["cut number", "wrong number", "wrong session"])
def test_no_wrong_number_at_all_passes(articles: Path, kind: str) -> None:
    """Every candidate: 96 for 196 and 196 for 96, 92nd for 93rd, a number cut out of another."""
    for corrupted in Corrupter(facts(), texts(articles), SEED).every(kind):
        assert corrupted.codes & {problem.code for problem in _problems(corrupted, articles)}, corrupted.what
