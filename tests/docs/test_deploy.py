"""The container file and the systemd unit hold together."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.docs.examples import ROOT

_DEPLOY: Final = ROOT / "docs" / "deploy"
CONTAINER: Final = (_DEPLOY / "Containerfile").read_text(encoding="utf-8")
UNIT: Final = (_DEPLOY / "nutgraf.service").read_text(encoding="utf-8")


def test_what_is_copied_into_the_container_is_here() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", CONTAINER, re.MULTILINE)
    names = [name for line in copied for name in line.split()]
    assert "src" in names
    assert [name for name in names if not (ROOT / name).exists()] == []


def test_the_container_is_pinned_and_not_roots() -> None:
    bases = re.findall(r"^FROM (\S+)", CONTAINER, re.MULTILINE)
    assert len(bases) == 2
    assert all(re.fullmatch(r"\S+:\d+\.\d+\.\d+-\S+", base) for base in bases)
    assert re.findall(r"^USER (\S+)$", CONTAINER, re.MULTILINE) == ["10001"]
    assert "HEALTHCHECK" in CONTAINER


def test_the_health_check_is_a_program(tmp_path: Path) -> None:
    (check,) = re.findall(r'^ +CMD \["python", "-c", "(.+)"\]$', CONTAINER, re.MULTILINE)
    compiled = subprocess.run(
        [sys.executable, "-c", f"compile({check!r}, 'check', 'exec')"], capture_output=True, check=False
    )
    assert compiled.returncode == 0, compiled.stderr


def test_systemd_reads_the_unit(tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not here")
    unit = tmp_path / "nutgraf.service"
    # It asks whether the program is there, which it is only where nutgraf is installed for all users.
    unit.write_text(UNIT.replace("/opt/nutgraf/bin/nutgraf", sys.executable), encoding="utf-8")
    found = subprocess.run([program, "verify", str(unit)], capture_output=True, text=True, check=False)
    assert (found.returncode, found.stderr) == (0, "")
