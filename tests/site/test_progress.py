"""How far a site is: on a terminal, and nowhere else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from nutgraf.cli.site_progress import line
from tests.site.workspaces import make

_COMMAND = [sys.executable, "-m", "nutgraf", "site", "-o", "out"]


def test_without_a_terminal_there_is_a_line_at_the_end(tmp_path: Path) -> None:
    make(tmp_path)
    done = subprocess.run(_COMMAND, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert re.fullmatch(r"\d+ files in out/: \d+ written, 0 removed, 0 as they were\n", done.stdout)
    assert re.fullmatch(r"done in \d+\.\d s\n", done.stderr)


@pytest.mark.skipif(os.name != "posix", reason="there are no pseudo-terminals")
def test_on_a_terminal_it_says_how_far_it_is(tmp_path: Path) -> None:
    make(tmp_path)
    ours, theirs = os.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120"}
    with subprocess.Popen(
        _COMMAND, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL, stderr=theirs
    ) as process:
        os.close(theirs)
        said = b""
        while piece := _read(ours):
            said += piece
    os.close(ours)
    assert process.returncode == 0
    assert re.search(rb"\d+ of \d+ files, \d+ written, [\d,]+/s", said)
    assert re.search(rb"\d:\d\d:\d\d", said)
    assert b"done in" in said


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # nobody has the other side any more
        return b""


def test_what_is_known_at_the_very_beginning_has_no_rate() -> None:
    assert line(0, None, 0, 0.0) == "0 files, 0 written"
