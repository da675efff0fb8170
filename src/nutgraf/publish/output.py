"""Write the files of an output folder as one change: staged beside, then moved into place.

A build that is interrupted before all files are staged leaves the folder as it was. One that is
interrupted while they are moved is finished by the next command (`finish`), so nobody sees half of it
twice. What a manifest or a staged change names outside its folder is left alone: both are files that
anybody may have written.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from nutgraf.problems import InputError, Problem, Span

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
    """The manifest of a folder: at least `outputs` and `triples`; empty when there is none to be read."""
    found = _json(folder / MANIFEST)
    outputs = found.get("outputs")
    if not isinstance(outputs, dict) or not all(isinstance(digest, str) for digest in outputs.values()):
        return {}
    return found if isinstance(found.get("triples"), int) else {}


def _json(path: Path) -> dict[str, Any]:
    """A JSON object; empty when there is none that can be read."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def is_intact(folder: Path, hashes: Mapping[str, str]) -> bool:
    """Whether the folder holds the files of those hashes."""
    return all(_hash(folder, name) == digest for name, digest in hashes.items())


def _hash(folder: Path, name: str) -> str | None:
    """The hash of a file below the folder; None when there is none."""
    if not _is_inside(folder, name):
        return None
    try:
        return sha256((folder / name).read_bytes())
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

    Raises:
        InputError: OUT102 a folder leads elsewhere, OUT101 the file system refuses.
    """
    _check_folders(folder, files, staging)
    with _told(folder):
        return _write(folder, files, staging)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Tell what the file system refuses."""
    try:
        yield
    except OSError as error:
        place = Span(str(error.filename2 or error.filename or folder))
        raise InputError(Problem("OUT101", f"cannot write: {error.strerror or error}", place)) from error


def _check_folders(folder: Path, names: Iterable[str], staging: Path) -> None:
    """A link in the workspace must not make us write, or delete, somewhere else."""
    elsewhere = [path for path in (staging, staging.parent) if path.is_symlink()]
    elsewhere += [folder / name for name in names if not _is_inside(folder, name)]
    if elsewhere:
        message, fix = "this leads out of the output folder", "remove the link"
        raise InputError(*(Problem("OUT102", message, Span(path.as_posix()), fix=fix) for path in elsewhere))


def _write(folder: Path, files: Mapping[str, str], staging: Path) -> Change:
    _finish(folder, staging)
    shutil.rmtree(staging, ignore_errors=True)
    contents = {name: content.encode() for name, content in sorted(files.items())}
    written = tuple(name for name, content in contents.items() if _hash(folder, name) != sha256(content))
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
        _finish(folder, staging)
    return Change(written, removed)


def finish(folder: Path, staging: Path) -> None:
    """Carry out a write that was staged whole; does nothing when there is none.

    Raises:
        InputError: OUT101, the file system refuses.
    """
    with _told(folder):
        _finish(folder, staging)


def _finish(folder: Path, staging: Path) -> None:
    ready = staging / _READY
    if staging.is_symlink() or staging.parent.is_symlink() or not ready.is_file():
        return
    change = _json(ready)
    for name in _names(change.get("written")):
        source, target = staging / name, folder / name
        # Where it is no longer staged, it was moved before the interruption.
        if _is_inside(staging, name) and _is_inside(folder, name) and source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            source.replace(target)
    for name in _names(change.get("removed")):
        if _is_inside(folder, name) and (folder / name).is_file():
            (folder / name).unlink()
    ready.unlink()  # first: what is left without it is only rubbish
    shutil.rmtree(staging, ignore_errors=True)


def _names(value: Any) -> list[str]:
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []


def _is_inside(folder: Path, name: str) -> bool:
    """Whether a name stands for something below the folder, through whatever links there are."""
    if "\0" in name:
        return False
    path, folder = (folder / name).resolve(), folder.resolve()
    return path.is_relative_to(folder) and path != folder
