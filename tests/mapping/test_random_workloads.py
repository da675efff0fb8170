"""Random workloads say the same by every way: streamed, by way of the table of all statements, and slowly.

`--workloads 1000` tries as many.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from nutgraf.mapping import load
from tests.mapping.both_plans import Made, make, naive, streamed
from tests.mapping.mapping_runner import canonical
from tests.mapping.reference_evaluator import evaluate
from tests.mapping.workloads import BASE, Workload, workloads


def dataset(quads: Iterable[pyoxigraph.Quad]) -> pyoxigraph.Dataset:
    return canonical(pyoxigraph.Dataset(quads))


def compare(folder: Path, workload: Workload) -> tuple[Made, Made | None]:
    """Make a workload by every way and give what came of it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    mapping = workload.write(folder)
    expected = evaluate(load([mapping]), workload.files, BASE)
    table, stream = (make(plan, mapping, base=BASE) for plan in (naive, streamed))
    assert table is not None
    assert len(table.quads) == len(set(table.quads)) == len(expected)
    assert dataset(table.quads) == dataset(expected)
    if stream is not None:
        assert len(stream.quads) == len(set(stream.quads))
        assert set(stream.quads) == set(table.quads)
        assert stream.counts == table.counts
        assert stream.warnings == table.warnings
    return table, stream


def test_every_way_makes_the_same_set(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    found: list[tuple[Made, Made | None]] = []

    @settings(
        max_examples=request.config.getoption("--workloads"),
        deadline=None,
        phases=[Phase.generate],  # shrinking takes minutes
        suppress_health_check=list(HealthCheck),
    )
    @given(workload=workloads())
    def check(workload: Workload) -> None:
        found.append(compare(tmp_path / "workload", workload))

    check()
    assert sum(bool(table.quads) for table, _ in found) > len(found) / 2
    assert sum(stream is not None for _, stream in found) > len(found) / 2
