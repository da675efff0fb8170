"""Every case of ours and of the public suites comes out the same by both plans, line by line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyarrow as pa
import pytest

from nutgraf import mapping
from nutgraf.dataset import lines
from nutgraf.engine.duckdb import connect
from nutgraf.mapping import Folders
from nutgraf.mapping.stream.run import OtherPlanError, stream
from nutgraf.problems import InputError, Problem
from tests.mapping.mapping_runner import BASE
from tests.mapping.suites import SUITES

CASES = sorted((Path(__file__).parent / "cases").iterdir())
MAPPINGS = [path for case in CASES for path in (case / "mapping.yml", case / "mapping.ttl") if path.exists()]


class Kept:
    """A sink that keeps what it is given."""

    def __init__(self) -> None:
        self.text = bytearray()

    def write(self, data: memoryview) -> None:
        self.text += data

    def mark(self) -> int:
        """The place where the next part goes."""
        return len(self.text)

    def rewind(self, mark: int) -> None:
        """Forget everything from a place on."""
        del self.text[mark:]


def made_by_both(
    path: Path, tables: Mapping[str, pa.Table], directory: Path, base: str, staging: Path, *, graphs: bool
) -> bool:
    """Whether a mapping was streamed; what both plans make must be the same then."""
    model = mapping.load([path], display=lambda path: path.name)
    folders = Folders((directory,), staging, working=directory)
    connection = connect(directories=folders.readable, threads=2)
    kept, told, expected_told = Kept(), list[Problem](), list[Problem]()
    try:
        streamed = stream(
            model,
            kept,
            tables=tables,
            base=base,
            no_base=False,
            graphs=graphs,
            connection=connection,
            folders=folders,
            on_warning=told.append,
        )
    except OtherPlanError:
        return False
    assert not connection.execute(
        "select function_name from duckdb_functions() where not internal"
    ).fetchall()
    made = mapping.run(
        model,
        tables=tables,
        base=base,
        connection=connection,
        lineage=False,
        folders=folders,
        on_warning=expected_told.append,
    )
    expected = b"".join(lines.lines(connection, graphs=graphs)).splitlines()
    assert sorted(bytes(kept.text).splitlines()) == expected
    assert streamed.statements == len(expected)
    assert [(each.records, each.statements) for each in streamed.rules] == [
        (each.records, each.statements) for each in made
    ]
    assert told == expected_told
    assert not connection.execute("select table_name from duckdb_tables() where temporary").fetchall()
    connection.close()
    return True


@pytest.mark.parametrize("graphs", [True, False], ids=["nq", "nt"])
@pytest.mark.parametrize("path", MAPPINGS, ids=lambda path: f"{path.parent.name}-{path.suffix[1:]}")
def test_case(path: Path, graphs: bool, tmp_path: Path) -> None:
    tables = {
        file.stem: pa.Table.from_pylist(json.loads(file.read_text())) for file in path.parent.glob("*.json")
    }
    files = path.parent / "files"
    directory = files if files.exists() else path.parent
    refused = (path.parent / "error.txt").exists()
    try:
        streamed = made_by_both(path, tables, directory, BASE, tmp_path, graphs=graphs)
    except InputError:
        assert refused
    else:
        assert not (refused and streamed)


def suite_mappings(conformance: Path) -> Iterator[tuple[Path, str]]:
    for suite in SUITES:
        for path in sorted((conformance / suite.folder).glob("*/mapping.ttl")):
            yield path, suite.base


def test_suites(conformance: Path, tmp_path: Path) -> None:
    streamed = []
    for number, (path, base) in enumerate(suite_mappings(conformance)):
        staging = tmp_path / str(number)
        staging.mkdir()
        try:
            streamed.append(made_by_both(path, {}, path.parent, base, staging, graphs=True))
        except InputError:
            continue
    assert sum(streamed) > len(streamed) / 2 > 50
