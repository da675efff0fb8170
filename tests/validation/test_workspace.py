"""Validating a workspace: the places are those of the fact sheets."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import nutgraf

SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix schema: <https://schema.org/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix : <https://example.org/shapes#> .
:Place sh:targetClass schema:Place ; sh:property :Place-address .
:Place-address sh:path schema:address ; sh:minCount 1 .
:Names sh:targetSubjectsOf schema:startDate ; sh:property :Names-name .
:Names-name sh:path schema:name ; sh:maxLength 3 .
:Body sh:targetClass oa:Annotation ; sh:property :Body-motivation .
:Body-motivation sh:path oa:motivatedBy ; sh:minCount 1 .
:Selector sh:targetObjectsOf oa:hasSelector ; sh:class :Nothing .
"""


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nutgraf", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("validate") / "newsroom"
    assert run("init", str(folder), cwd=folder.parent).returncode == 0
    (folder / "strict.ttl").write_text(SHAPES, encoding="utf-8")
    return folder


def test_the_starter_conforms(newsroom: Path) -> None:
    done = run("validate", cwd=newsroom)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_result_has_a_line_of_a_sheet(newsroom: Path) -> None:
    done = run("validate", "--shapes", "strict.ttl", "--format", "json", cwd=newsroom)
    assert done.returncode == 1, done.stderr
    results = json.loads(done.stdout)["results"]
    assert {result["rule"].rpartition("#")[2].split("-")[0].split(">")[0] for result in results} == {
        "Place",
        "Names",
        "Body",
        "Selector",
    }
    for result in results:
        place = result["places"][0]
        lines = (newsroom / place["file"]).read_text(encoding="utf-8").splitlines()
        assert place["file"].startswith("seeds/"), result
        assert 1 <= place["line"] <= len(lines)
        assert result["shape"]["place"]["file"] == "strict.ttl"


def test_a_missing_address_leads_to_its_place(newsroom: Path) -> None:
    done = run("validate", "--shapes", "strict.ttl", "--format", "json", cwd=newsroom)
    results = [r for r in json.loads(done.stdout)["results"] if "Place-address" in r["rule"]]
    assert results
    for result in results:
        key = result["focus"].strip("<>").rpartition("/")[2].rpartition("#")[2]
        place = result["places"][0]
        lines = (newsroom / place["file"]).read_text(encoding="utf-8").splitlines()
        assert any(key in line for line in lines[place["line"] - 2 : place["line"] + 1]), (key, place)


def test_the_api(newsroom: Path) -> None:
    assert run("build", cwd=newsroom).returncode == 0
    found = nutgraf.validate(newsroom / "output" / "dataset.nq", [newsroom / "strict.ttl"])
    assert not found.report.conforms
    assert all(f.spans and f.spans[0].file.endswith("dataset.nq") for f in found.findings)
