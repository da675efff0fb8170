"""What is streamed is what the plan by way of the table of all statements makes, in every case of ours.

The public suites run by both plans too: see suites.py.
"""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest

from tests.mapping.both_plans import make_both
from tests.mapping.test_mapping_cases import MAPPINGS


@pytest.mark.parametrize("mapping", MAPPINGS, ids=lambda path: f"{path.parent.name}-{path.suffix[1:]}")
def test_case(mapping: Path, tmp_path: Path) -> None:
    case = mapping.parent
    tables = {path.stem: pa.Table.from_pylist(json.loads(path.read_text())) for path in case.glob("*.json")}
    files = case / "files"
    table, _ = make_both(mapping, tables, directory=files if files.exists() else tmp_path)
    assert bool(table.problems) == (case / "error.txt").exists()
