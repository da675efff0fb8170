"""The saved queries of a workspace, as the query page offers them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nutgraf.dataset import saved
from nutgraf.problems import InputError

_QUESTION: Final = re.compile(r"^#\s*question:\s*(.+?)\s*$", re.MULTILINE)
_MOST: Final = 500
_LARGEST: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """A file of the workspace's `queries`.

    Attributes:
        name: of the file, without extension.
        question: what it asks, in words; empty where the file does not say.
        text: all of the file.
        parameters: name → its default term as in Turtle.
    """

    name: str
    question: str
    text: str
    parameters: dict[str, str]


def load(folder: Path) -> list[SavedQuery]:
    """The saved queries of a folder, sorted by name; files that cannot be read are left out."""
    paths = (path for path in sorted(folder.glob("*.rq")) if not path.name.startswith("."))
    return [query for path in list(paths)[:_MOST] if (query := _read(path, folder))]


def _read(path: Path, folder: Path) -> SavedQuery | None:
    try:
        if not path.resolve().is_relative_to(folder.resolve()) or path.stat().st_size > _LARGEST:
            return None
        text = path.read_text(encoding="utf-8-sig")
        parameters = saved.parameters(text, path.name)
    except (OSError, UnicodeDecodeError, InputError):
        return None
    question = _QUESTION.search(text)
    return SavedQuery(
        path.stem,
        question[1] if question else "",
        text,
        {name: str(term) for name, term in parameters.items()},
    )
