"""A second opinion on random shapes and data: pyshacl-turbo, which CI installs and nothing else needs."""

from __future__ import annotations

from collections import Counter

import pytest

from nutgraf.shapes import pyshacl_engine
from nutgraf.shapes.report import Report
from tests.shapes import fuzz

pyshacl_turbo = pytest.importorskip("pyshacl_turbo", reason="CI installs pyshacl-turbo")

FIRST = 40_000
COMPARED = 60


def _by_turbo(pair: fuzz.Pair) -> Counter[tuple[str, ...]]:
    data = pyshacl_engine._to_rdflib(fuzz.triples(pair.data), "data_")
    shapes = pyshacl_engine._to_rdflib(fuzz.triples(pair.shapes), "shape_")
    _, graph, _ = pyshacl_turbo.validate(data, shacl_graph=shapes)
    results = graph.objects(None, pyshacl_engine._SH.result)
    return fuzz.without_messages(Report.of(pyshacl_engine._result(graph, node, "en") for node in results))


def _labels_apart(rows: Counter[tuple[str, ...]]) -> Counter[tuple[str, ...]]:
    """The rows with all blank nodes alike: the other engine gives them labels of its own."""
    found: Counter[tuple[str, ...]] = Counter()
    for row, count in rows.items():
        found[tuple("_:" if part.startswith("_:") else part for part in row)] += count
    return found


@pytest.mark.parametrize("first", range(FIRST, FIRST + COMPARED, 20))
def test_engines_agree(first: int) -> None:
    differ = {}
    for seed in range(first, first + 20):
        pair = fuzz.pair(seed)
        ours = _labels_apart(
            fuzz.without_messages(fuzz.by_sql(fuzz.triples(pair.data), fuzz.triples(pair.shapes)))
        )
        theirs = _labels_apart(_by_turbo(pair))
        if ours != theirs:
            differ[seed] = (ours - theirs, theirs - ours)
    assert differ == {}
