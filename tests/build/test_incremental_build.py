"""Builds one after another validate only what changed, and report what a full validation reports."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from nutgraf import pipeline, workspace
from nutgraf.problems import ContentError
from tests.build.workspaces import files


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "newsroom"
    subprocess.run([sys.executable, "-m", "nutgraf", "init", folder], check=True, capture_output=True)
    return folder


def changed(root: Path, old: str, new: str) -> None:
    for sheet in (root / "seeds").glob("*.yaml"):
        text = sheet.read_text(encoding="utf-8")
        sheet.write_text(text.replace(old, new), encoding="utf-8")


def problems(root: Path, *, force: bool = False) -> tuple[list[str], int | None]:
    """What a build finds, and how many focus nodes it validated again."""
    try:
        result = pipeline.build(workspace.load(root), force=force)
    except ContentError as error:
        return [str(problem) for problem in error.problems], None
    return [str(problem) for problem in result.warnings], result.revalidated


def test_one_build_after_another(root: Path) -> None:
    assert problems(root) == ([], None)
    changed(root, "The bridge matters deeply", "The bridge matters much")
    found, again = problems(root)
    assert found == []
    assert again is not None
    assert 0 < again < 80
    output = files(root / "output")
    assert problems(root, force=True) == ([], None)
    assert files(root / "output") == output

    mapping = root / "mappings" / "factsheet.yml"
    mapping.write_text(mapping.read_text(encoding="utf-8").replace("schema:roleName", "schema:alternateName"))
    ordinary = problems(root)[0]
    assert len(ordinary) > 0
    rejected = (root / ".nutgraf" / "rejected" / "report.ttl").read_bytes()
    assert ordinary == problems(root, force=True)[0]
    assert (root / ".nutgraf" / "rejected" / "report.ttl").read_bytes() == rejected
    assert files(root / "output") == output
