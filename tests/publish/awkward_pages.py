"""The awkward pages: a folder each, with `page.html`, then `expected.html` or `error.txt`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

CASES: Final = Path(__file__).with_name("embed_cases")
DOCUMENT: Final[dict[str, Any]] = json.loads((CASES / "document.json").read_text(encoding="utf-8"))
PAGES: Final = sorted(folder.name for folder in CASES.iterdir() if (folder / "expected.html").exists())
REFUSED: Final = sorted(folder.name for folder in CASES.iterdir() if (folder / "error.txt").exists())


def page(name: str, file: str = "page.html") -> bytes:
    """The bytes of a case's file."""
    return (CASES / name / file).read_bytes()
