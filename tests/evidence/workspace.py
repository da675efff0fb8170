"""The five sheets with their texts, as the tests of the evidence read them."""

from __future__ import annotations

import functools
import subprocess
import sys
from pathlib import Path

from nutgraf import workspace
from nutgraf.factsheet import check, evidence
from nutgraf.factsheet.check import Facts

ROOT = Path(__file__).parent.parent.parent


@functools.cache
def facts() -> Facts:
    """The sheets of the repository, which have no problem."""
    found = workspace.load(ROOT)
    loaded, problems = check.load(found.sheet_files(), found.schema, display=found.display)
    assert not problems
    return loaded


@functools.cache
def texts(folder: Path) -> dict[str, str]:
    """Article → its normalised text."""
    found = {sheet.id: evidence.read_text(sheet, folder) for sheet in facts().sheets}
    return {article: text for article, text in found.items() if text is not None}


def nutgraf(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the command."""
    return subprocess.run(
        [sys.executable, "-m", "nutgraf", *arguments], cwd=cwd, capture_output=True, text=True, check=False
    )
