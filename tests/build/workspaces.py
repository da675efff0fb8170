"""Workspaces for tests: copies of this repository's own."""

from __future__ import annotations

import shutil
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PARTS = ("seeds", "mappings", "ontology", "queries")


def copy(target: Path, *, reverse: bool = False, texts: Path | None = None) -> Path:
    """Copy the repository's workspace without its output, files in one order or the other."""
    target.mkdir(parents=True, exist_ok=True)
    files = sorted(path for part in PARTS for path in (ROOT / part).rglob("*") if path.is_file())
    for path in reversed(files) if reverse else files:
        copied = target / path.relative_to(ROOT)
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copied)
    settings = (ROOT / "nutgraf.toml").read_text(encoding="utf-8")
    where = texts.as_posix() if texts else "no-texts-here"
    (target / "nutgraf.toml").write_text(settings.replace("../shared/articles", where), encoding="utf-8")
    return target


def files(folder: Path) -> dict[str, bytes]:
    """Path below a folder → content, of every file in it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
