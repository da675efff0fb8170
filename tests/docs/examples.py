"""The queries of the documentation, each with the answer that stands below it.

`python tests/docs/examples.py` writes the true answers into the pages.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nutgraf import pipeline, workspace
from nutgraf.dataset.results import serialize_results
from nutgraf.dataset.sparql import Solutions, query
from nutgraf.dataset.store import Dataset
from nutgraf.publish.ntriples import nquads

ROOT: Final = Path(__file__).parents[2]
PAGES: Final = (
    *sorted((ROOT / "docs").rglob("*.md")),
    *(path for path in (ROOT / "README.md", ROOT / "CHANGELOG.md") if path.is_file()),
)

_PAIR: Final = re.compile(
    r"^```sparql\n(?P<query>.*?)^```\n\n```text\n(?P<answer>.*?)^```$", re.DOTALL | re.MULTILINE
)


@dataclass(frozen=True)
class Example:
    """A fenced query and the fenced answer that follows it."""

    page: Path
    line: int
    query: str
    answer: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT).as_posix()}:{self.line}"


def examples() -> list[Example]:
    """All pairs of all pages."""
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for match in _PAIR.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            found.append(Example(page, line, match["query"], match["answer"]))
    return found


def dataset() -> Dataset:
    """The dataset of this workspace as a build makes it, before it is validated and written."""
    state = pipeline.State(workspace.load(ROOT))
    for name, step in pipeline.STEPS:
        if name == "validate":
            break
        step(state)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dataset.nq"
        path.write_text(nquads(state.quads), encoding="utf-8")
        return Dataset.load(path)


def answer(data: Dataset, text: str) -> str:
    """What `nutgraf query … --format csv` prints."""
    results = query(data, text)
    assert isinstance(results, Solutions | bool), "the examples ask for tables"
    written = serialize_results(results, "csv").replace("\r\n", "\n")
    return written.rstrip("\n") + "\n"


def _rewrite() -> None:
    data = dataset()

    def answered(match: re.Match[str]) -> str:
        return f"```sparql\n{match['query']}```\n\n```text\n{answer(data, match['query'])}```"

    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        new = _PAIR.sub(answered, text)
        if new != text:
            page.write_text(new, encoding="utf-8")


if __name__ == "__main__":
    _rewrite()
