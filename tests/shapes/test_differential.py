"""The SQL engine and pySHACL agree on random shapes and data. `tests/shapes/fuzz.py` runs many more."""

from __future__ import annotations

import pytest

from tests.shapes import fuzz

FIRST = 20_000
PER_TEST = 25


@pytest.mark.parametrize("first", range(FIRST, FIRST + 200, PER_TEST))
def test_engines_agree(first: int) -> None:
    found = {seed: fuzz.differences(fuzz.pair(seed)) for seed in range(first, first + PER_TEST)}
    assert {seed: text for seed, text in found.items() if text} == {}


def test_pairs_are_worth_comparing() -> None:
    """Most pairs have results, and the random shapes use every component that two engines can compare."""
    reports = []
    for seed in range(FIRST, FIRST + 40):
        made = fuzz.pair(seed)
        reports.append(fuzz.by_sql(fuzz.triples(made.data), fuzz.triples(made.shapes)))
    assert sum(not report.conforms for report in reports) > 25
    assert len({result.component for report in reports for result in report.results}) > 15
