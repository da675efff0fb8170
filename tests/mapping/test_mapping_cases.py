"""Each folder of cases/ is a case: a mapping in one or both syntaxes, its input, and what comes of it.

`*.json` are tables, `files/` is a directory of sources. The outcome is `output.nq` or `error.txt`.
Where a case has both syntaxes they make the same statements with the same identifiers.
"""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest

from nutgraf.problems import InputError
from tests.mapping.mapping_runner import Result, read_nquads, run_mapping

CASES = sorted((Path(__file__).parent / "cases").iterdir())
MAPPINGS = [path for case in CASES for path in (case / "mapping.yml", case / "mapping.ttl") if path.exists()]


def run_case(mapping: Path) -> Result:
    case = mapping.parent
    tables = {path.stem: pa.Table.from_pylist(json.loads(path.read_text())) for path in case.glob("*.json")}
    files = case / "files"
    return run_mapping(mapping, tables, directory=files if files.exists() else None)


def explained(error: InputError) -> str:
    """The problems as text: what, why, fix."""
    lines = []
    for problem in error.problems:
        lines.append(str(problem))
        lines += [f"  {name}  {text}" for name, text in (("why", problem.why), ("fix", problem.fix)) if text]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("mapping", MAPPINGS, ids=lambda path: f"{path.parent.name}-{path.suffix[1:]}")
def test_case(mapping: Path) -> None:
    error = mapping.parent / "error.txt"
    if error.exists():
        with pytest.raises(InputError) as caught:
            run_case(mapping)
        assert explained(caught.value) == error.read_text()
    else:
        assert run_case(mapping).dataset == read_nquads(mapping.parent / "output.nq")


@pytest.mark.parametrize(
    "case", [case for case in CASES if len(list(case.glob("mapping.*"))) > 1], ids=lambda case: case.name
)
def test_both_syntaxes_make_the_same_statements(case: Path) -> None:
    yarrrml, rml = run_case(case / "mapping.yml"), run_case(case / "mapping.ttl")
    assert yarrrml.statements == rml.statements
    assert {row[0] for row in yarrrml.lineage} == {row[0] for row in rml.lineage}
