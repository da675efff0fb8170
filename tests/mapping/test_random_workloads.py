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
from hypothesis import strategies as st

from nutgraf.mapping import load
from tests.mapping.both_plans import Made, in_no_graph, make_both
from tests.mapping.mapping_runner import canonical
from tests.mapping.reference_evaluator import evaluate
from tests.mapping.workloads import BASE, Workload, odd_workloads, workloads


def dataset(quads: Iterable[pyoxigraph.Quad]) -> pyoxigraph.Dataset:
    return canonical(pyoxigraph.Dataset(quads))


def written(folder: Path, workload: Workload) -> Path:
    """The mapping of a workload in a folder of its own."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return workload.write(folder)


@pytest.fixture
def tried(request: pytest.FixtureRequest) -> settings:
    """How many workloads are tried, and how."""
    return settings(
        max_examples=request.config.getoption("--workloads"),
        deadline=None,
        phases=[Phase.generate],  # shrinking takes minutes
        suppress_health_check=list(HealthCheck),
    )


def test_every_way_makes_the_same_set(tmp_path: Path, tried: settings) -> None:
    found: list[tuple[Made, Made | None]] = []

    @tried
    @given(workload=workloads(), graphs=st.sampled_from([True, True, False]))
    def check(workload: Workload, graphs: bool) -> None:
        mapping = written(tmp_path / "workload", workload)
        table, stream = make_both(mapping, base=BASE, graphs=graphs)
        expected = evaluate(load([mapping]), workload.files, BASE)
        if not graphs:
            expected = set(map(in_no_graph, expected))
        assert len(table.quads) == len(expected)
        assert dataset(table.quads) == dataset(expected)
        found.append((table, stream))

    check()
    assert sum(bool(table.quads) for table, _ in found) > len(found) / 2
    assert sum(stream is not None for _, stream in found) > len(found) / 2


def test_odd_values_are_refused_or_made_alike(tmp_path: Path, tried: settings) -> None:
    refused: list[bool] = []

    @tried
    @given(workload=odd_workloads())
    def check(workload: Workload) -> None:
        table, _ = make_both(written(tmp_path / "workload", workload), base=BASE)
        refused.append(bool(table.problems))

    check()
    assert any(refused)
    assert not all(refused)
