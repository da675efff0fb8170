"""The engine for small graphs and the screen before a large one change no report."""

from __future__ import annotations

import pytest
from pyoxigraph import Triple

from nutgraf.problems import InputError
from nutgraf.shapes import reader
from nutgraf.shapes.report import Report
from nutgraf.shapes.small import engine as small
from tests.shapes import fuzz

FIRST = 30_000
PER_TEST = 20


def _sql(data: list[Triple], shapes: list[Triple], *, screened: bool) -> Report | str:
    try:
        return fuzz.by_sql(data, shapes, screened=screened)
    except InputError as error:
        return str(error)


@pytest.mark.parametrize("first", range(FIRST, FIRST + 160, PER_TEST))
def test_engines_say_the_same(first: int) -> None:
    ran = 0
    for seed in range(first, first + PER_TEST):
        pair = fuzz.pair(seed)
        data, shapes = fuzz.triples(pair.data), fuzz.triples(pair.shapes)
        expected = _sql(data, shapes, screened=False)
        assert _sql(data, shapes, screened=True) == expected, seed
        if isinstance(expected, Report) and small.can_run(graph := reader.read(shapes)):
            found = small.validate(data, graph)
            assert found == expected, seed
            assert found.details == expected.details, seed
            assert found.unmatched == expected.unmatched, seed
            ran += 1
    assert ran > PER_TEST / 2
