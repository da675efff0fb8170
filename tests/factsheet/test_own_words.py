"""The articles stay with their owners: no ten words in a row of any of them stand in this repository."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from nutgraf.factsheet import text
from tests.factsheet.sheets import ROOT

_WORD = re.compile(r"\w+")
_RUN = 10


def _runs(content: str) -> Iterator[tuple[str, ...]]:
    words = [word.casefold() for word in _WORD.findall(text.fold(content))]
    return (tuple(words[start : start + _RUN]) for start in range(len(words) - _RUN + 1))


def _tracked() -> dict[str, str]:
    """The text files that git tracks, without those that are binary."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    found = {}
    for name in listed.stdout.decode().split("\0"):
        raw = (ROOT / name).read_bytes() if name and (ROOT / name).is_file() else b"\0"
        if b"\0" not in raw:
            found[name] = raw.decode("utf-8", errors="replace")
    return found


def test_ten_words_in_a_row_are_found(tmp_path: Path) -> None:
    assert set(_runs("One two, three – four’s five\n\n# six seven eight nine")) & set(
        _runs("zero ONE two three four's five six seven eight nine")
    )


def test_no_file_quotes_an_article(articles: Path) -> None:
    files = _tracked()
    assert len(files) > 50
    quoted = {run for path in sorted(articles.glob("*.txt")) for run in _runs(text.read(path))}
    assert len(quoted) > 3000
    assert [name for name, content in files.items() if not quoted.isdisjoint(_runs(content))] == []
