"""The public suites of RML-IO: a case passes or is refused by name, and is never made wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mapping import rml_io

PAGE = Path(__file__).parents[2] / "docs" / "conformance-io.md"

SUITE_MISTAKES = {
    "RMLTTC0002q": "lexical",
    "RMLTTC0004a": "untyped",
    "RMLTTC0004c": "untyped",
    "RMLTTC0004f": "untyped",
    "RMLTTC0004g": "untyped",
    "RMLTTC0005b": "untyped",
    "RMLTTC0006b": "untyped",
    "RMLTTC0006c": "untyped",
    "RMLTTC0006d": "untyped",
    "RMLTTC0006e": "untyped",
}


@pytest.fixture(scope="module")
def results(conformance: Path) -> dict[str, dict[str, str]]:
    return rml_io.results(conformance)


def test_every_case(results: dict[str, dict[str, str]]) -> None:
    found = {case: kind for outcomes in results.values() for case, kind in outcomes.items()}
    expected = dict.fromkeys(found, "passed")
    expected |= SUITE_MISTAKES
    expected |= dict.fromkeys(rml_io.REFUSED, "refused")
    for case in rml_io.PENDING:
        assert found.pop(case) in {"passed", "refused"}
        del expected[case]
    assert found == expected


def test_the_page_is_true(results: dict[str, dict[str, str]], rewrite: bool) -> None:
    text = rml_io.page(results)
    if rewrite:
        PAGE.write_text(text, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == text, "write it with pytest tests/mapping --rewrite"
