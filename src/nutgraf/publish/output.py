"""Write the files of an output folder as one change: staged beside, then moved into place.

A build that is interrupted before all files are staged leaves the folder as it was. One that is
interrupted while they are moved is finished by the next command (`finish`), so nobody sees half of it
twice.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

MANIFEST: Final = "manifest.json"
_READY: Final = "ready.json"


@dataclass(frozen=True)
class Change:
    """What a write did.

    Attributes:
        written: paths below the folder that are new or differ.
        removed: paths that an earlier write left and that this one no longer has.
    """

    written: tuple[str, ...] = field(default=())
    removed: tuple[str, ...] = field(default=())


def sha256(content: bytes) -> str:
    """Hexadecimal SHA-256."""
    return hashlib.sha256(content).hexdigest()


def manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a folder; empty when there is none that can be read."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def is_intact(folder: Path, hashes: Mapping[str, str]) -> bool:
    """Whether the folder holds the files of those hashes."""
    return all(_hash(folder / name) == digest for name, digest in hashes.items())


def _hash(path: Path) -> str | None:
    try:
        return sha256(path.read_bytes())
    except OSError:
        return None


def write(folder: Path, files: Mapping[str, str], staging: Path) -> Change:
    """Make the files of a folder those given, and remove what the last manifest had besides.

    Args:
        folder: the output folder; other files in it are left alone.
        files: path below the folder → content; `manifest.json` with an object `outputs` among them.
        staging: a folder of our own on the same file system.

    Returns:
        What differs from before; a file whose bytes are the same is not touched.
    """
    finish(folder, staging)
    shutil.rmtree(staging, ignore_errors=True)
    contents = {name: content.encode() for name, content in sorted(files.items())}
    written = tuple(name for name, content in contents.items() if _hash(folder / name) != sha256(content))
    removed = tuple(
        name
        for name in sorted(manifest(folder).get("outputs", {}))
        if name not in files and _is_inside(folder, name) and (folder / name).is_file()
    )
    for name in written:
        path = staging / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contents[name])
    if written or removed:
        staging.mkdir(parents=True, exist_ok=True)
        ready = staging / f"{_READY}.part"
        ready.write_text(json.dumps({"written": written, "removed": removed}), encoding="utf-8")
        ready.replace(staging / _READY)
        finish(folder, staging)
    return Change(written, removed)


def finish(folder: Path, staging: Path) -> None:
    """Carry out a write that was staged whole; does nothing when there is none."""
    ready = staging / _READY
    if not ready.is_file():
        return
    change = json.loads(ready.read_text(encoding="utf-8"))
    for name in change["written"]:
        source = staging / name
        if source.is_file():  # else it was moved before the interruption
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            source.replace(folder / name)
    for name in change["removed"]:
        if _is_inside(folder, name):
            (folder / name).unlink(missing_ok=True)
    shutil.rmtree(staging, ignore_errors=True)


def _is_inside(folder: Path, name: str) -> bool:
    return (folder / name).resolve().is_relative_to(folder.resolve())
