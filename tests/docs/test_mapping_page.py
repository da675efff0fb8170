"""The commands of docs/mapping.md print what stands below them; lines with ! are on the error stream."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import nutgraf

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "mapping.md").read_text(encoding="utf-8")
FILES = re.findall(r"^<!-- file: (\S+) -->\n```\w+\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
SESSIONS = re.findall(r"^```console\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in FILES:
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


def steps(session: str) -> list[tuple[str, str]]:
    """Each command with what is printed."""
    parts = re.split(r"^\$ ", session, flags=re.MULTILINE)[1:]
    return [(command, shown) for command, _, shown in (part.partition("\n") for part in parts)]


@pytest.mark.parametrize("session", SESSIONS, ids=lambda text: text.partition("\n")[0])
def test_session(folder: Path, session: str) -> None:
    scripts = folder / "bin"
    scripts.mkdir()
    (scripts / "nutgraf").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m nutgraf "$@"\n')
    (scripts / "nutgraf").chmod(0o755)
    environment = os.environ | {"PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}
    for command, shown in steps(session):
        done = subprocess.run(
            command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        errors = "".join(f"! {line}\n" for line in done.stderr.splitlines())
        expected_errors = "".join(line for line in shown.splitlines(keepends=True) if line.startswith("! "))
        assert done.stdout == "".join(
            line for line in shown.splitlines(keepends=True) if not line.startswith("! ")
        )
        assert done.returncode == (2 if expected_errors else 0)
        if expected_errors:
            assert errors == expected_errors


def test_python(folder: Path) -> None:
    assert len(nutgraf.map(folder / "people.yml")) == 5


def test_codes_are_those_of_the_sources() -> None:
    source = "".join(path.read_text() for path in (ROOT / "src" / "nutgraf").rglob("*.py"))
    listed = set(re.findall(r"^\| (MAP14\d) \|", TEXT, re.MULTILINE))
    assert listed == set(re.findall(r'"(MAP14\d)"', source))
