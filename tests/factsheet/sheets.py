"""Small fact sheets and texts for tests."""

from __future__ import annotations

import copy
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from nutgraf.factsheet import check, text
from nutgraf.factsheet.check import Facts
from nutgraf.factsheet.sheet import Sheet
from nutgraf.problems import Problem
from nutgraf.records import document

ROOT: Final = Path(__file__).parents[2]
SCHEMA: Final = ROOT / "ontology" / "factsheet.schema.json"

TEXT: Final = (
    "Harbour bridge reopens\n\nMayor Ana Lima opened the harbour bridge in Porto Novo on Thursday. "
    "She called it “a gift”. Some 1,200 people came.\n"
)


def selector(words: str, content: str = TEXT) -> dict[str, Any]:
    """The selector of the first place of words in a text."""
    found = next(text.find(content, words))
    return {"start": found.start, "end": found.end, "sha256": found.sha256}


def sheet(content: str = TEXT, **blocks: Any) -> dict[str, Any]:
    """A sheet about `content`, with whatever blocks are given."""
    declared = {"file": "harbour.txt", "sha256": text.sha256(content), "length": len(content)}
    article = {"id": "harbour", "language": "en", "name": "The bridge", "text": declared}
    return copy.deepcopy({"article": article} | blocks)


def parsed(data: Any, name: str = "harbour.json") -> Sheet:
    """A sheet that has been read, without having been checked."""
    return Sheet(document.parse(json.dumps(data).encode(), name))


def load(
    folder: Path, files: dict[str, Any], *, texts: Path | None = None, order: Sequence[str] | None = None
) -> tuple[Facts, list[Problem]]:
    """Write documents to a folder as JSON and check them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_text(json.dumps(data, indent=1, ensure_ascii=False), encoding="utf-8")
    paths = [folder / name for name in order or files]
    return check.load(paths, SCHEMA, texts=texts, display=lambda path: path.name)
