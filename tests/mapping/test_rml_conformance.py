"""The public RML suites: every case passes, or is refused where an error is expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from nutgraf.problems import InputError, Span
from tests.mapping.mapping_runner import run_mapping
from tests.mapping.suites import PAGE, SUITES, Result, Suite, page, results


@pytest.fixture(scope="module")
def found(conformance: Path) -> dict[Suite, list[Result]]:
    return {suite: results(conformance, suite) for suite in SUITES}


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.folder)
def test_suite(found: dict[Suite, list[Result]], suite: Suite) -> None:
    assert found[suite]
    assert [item.case.folder.name for item in found[suite] if not item.as_expected] == []


def test_page_is_what_the_suites_give(found: dict[Suite, list[Result]], rewrite: bool) -> None:
    text = page(found)
    if rewrite:
        PAGE.write_text(text, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == text, "write it with --rewrite"


def places(document: Path) -> list[Span | None]:
    """Where the problems of a mapping are; none when it can be run."""
    try:
        run_mapping(document)
    except InputError as error:
        return [problem.span for problem in error.problems]
    return []


def test_yarrrml_is_read_or_refused(conformance: Path) -> None:
    """Every document of the YARRRML suite is refused with a place: this one has none of its sources."""
    documents = sorted((conformance / "yarrrml").rglob("*.y*ml"))
    assert documents
    assert all(all(places(document)) for document in documents)
