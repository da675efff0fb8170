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

from nutgraf import conversion
from nutgraf.mapping import load
from nutgraf.publish.formats import Vocabulary
from tests.mapping.mapping_runner import canonical, quad, run_mapping
from tests.mapping.reference_evaluator import evaluate
from tests.mapping.workloads import BASE, Workload, workloads


def written(mapping: Path) -> list[bytes]:
    """The lines of N-Quads that `nutgraf map` writes."""
    with conversion.convert([mapping], base=BASE, start=mapping.parent) as done:
        content = b"".join(done.content("nq", Vocabulary({}, {})))
    return content.splitlines(keepends=True)


def dataset(quads: Iterable[pyoxigraph.Quad]) -> pyoxigraph.Dataset:
    return canonical(pyoxigraph.Dataset(quads))


def compare(folder: Path, workload: Workload) -> int:
    """Make a workload by every way and give the number of its statements."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    mapping = workload.write(folder)
    expected = dataset(evaluate(load([mapping]), workload.files, BASE))
    rows = [quad(row) for row in run_mapping(mapping, directory=folder, base=BASE).statements]
    assert len(rows) == len(set(rows)) == len(expected)
    assert dataset(rows) == expected
    lines = written(mapping)
    assert len(lines) == len(set(lines)) == len(expected)
    assert dataset(pyoxigraph.parse(b"".join(lines), format=pyoxigraph.RdfFormat.N_QUADS)) == expected
    return len(expected)


def test_every_way_makes_the_same_set(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    sizes: list[int] = []

    @settings(
        max_examples=request.config.getoption("--workloads"),
        deadline=None,
        phases=[Phase.generate],  # shrinking takes minutes
        suppress_health_check=list(HealthCheck),
    )
    @given(workload=workloads())
    def check(workload: Workload) -> None:
        sizes.append(compare(tmp_path / "workload", workload))

    check()
    assert sum(size > 0 for size in sizes) > len(sizes) / 2
