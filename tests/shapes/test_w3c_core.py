"""The W3C's Core test cases by whole reports, with each engine of ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.shapes import w3c

COUNT = 98
AREAS = ("complex", "misc", "node", "path", "property", "targets", "validation-reports")


@pytest.mark.parametrize("area", AREAS)
def test_core(conformance: Path, area: str) -> None:
    wrong = {}
    for case in w3c.cases(conformance / "shacl" / "core" / area):
        for found in (w3c.sql_report(case), w3c.sql_report(case, screened=True), w3c.auto_report(case)):
            if found != case.expected:
                wrong[case.name] = {"found": found, "expected": case.expected}
    assert not wrong


def test_all_cases_are_there(conformance: Path) -> None:
    core = conformance / "shacl" / "core"
    assert sum(1 for area in AREAS for _ in w3c.cases(core / area)) == COUNT
