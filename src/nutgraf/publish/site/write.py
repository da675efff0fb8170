"""Write a site into a folder: only what changed, staged first, so that nothing is ever half written.

The folder's own list of its files, `.nutgraf-site`, is sorted as the site's files are: both are read side by
side, a file at a time. Each line has a file's path, its size, its hash, and the hash of what decides it
(`Site.key`): a file whose line is still right is neither made nor touched. What differs is written beside
the folder; when all is there, the change is decided, and its files are moved. Whoever comes next finishes
a change that was decided and interrupted.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from nutgraf.problems import InputError, Problem, Span
from nutgraf.publish.site.site import Site

LIST: Final = ".nutgraf-site"
_HEAD: Final = "nutgraf site 1\n"
_READY: Final = ".ready"
_PATH: Final = re.compile(r"(?!.*(?:^|/)\.\.?(?:/|$))[A-Za-z0-9_.\-]+(?:/[A-Za-z0-9_.\-]+)*")
_MAKING: Final = "."
_Told = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class Change:
    """What a write did, in numbers: the names are told to `on_page`.

    Attributes:
        total: files that the site has.
        made: files that were made again, to see whether they changed.
        written: files that are new or differ.
        removed: files that were there and that the site no longer has.
    """

    total: int = 0
    made: int = 0
    written: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class _Entry:
    path: str
    size: int
    digest: str
    key: str

    def line(self) -> str:
        return f"{self.path}\t{self.size}\t{self.digest}\t{self.key}\n"


def write(
    site: Site, folder: Path, on_page: _Told = lambda _path, _what: None, *, force: bool = False
) -> Change:
    """Make a folder hold the site.

    Args:
        site: what to write.
        folder: a new or empty folder, or one that holds a site already.
        on_page: told of every file what happened: "unchanged", "same" (made again, the same bytes),
            "written" or "removed".
        force: make every file, whatever the list says.

    Raises:
        InputError: SIT101, the folder holds other things; OUT101 the file system refuses; OUT102 it leads
            elsewhere.
    """
    folder = folder.absolute()
    try:
        return _Writer(site, folder, on_page, force=force).write()
    except OSError as error:
        place = Span(str(error.filename2 or error.filename or folder))
        raise InputError(Problem("OUT101", f"cannot write: {error.strerror or error}", place)) from error


class _Writer:
    def __init__(self, site: Site, folder: Path, on_page: _Told, *, force: bool) -> None:
        self._site = site
        self._folder = folder
        self._on_page = on_page
        self._force = force
        self._staging = folder.with_name(f".{folder.name}.staging")
        self._folders: set[Path] = set()
        self._made = self._written = self._removed = self._total = 0

    def write(self) -> Change:
        self._check()
        if self._force:
            self._site.forget()
        finish(self._folder)
        shutil.rmtree(self._staging, ignore_errors=True)
        self._staging.mkdir(parents=True)
        try:
            self._stage()
            (self._staging / f"{_READY}.part").replace(self._staging / _READY)
        except BaseException:
            shutil.rmtree(self._staging, ignore_errors=True)
            raise
        finish(self._folder)
        return Change(self._total, self._made, self._written, self._removed)

    def _check(self) -> None:
        for path in (self._folder, self._staging):
            if path.is_symlink():
                _elsewhere(path)
        if self._folder.is_dir() and any(self._folder.iterdir()):
            if not (self._folder / LIST).is_file() and not (self._staging / _READY).is_file():
                raise InputError(
                    Problem(
                        "SIT101",
                        "the folder holds something that is no site of nutgraf",
                        Span(self._folder.as_posix()),
                        why="files of the site would stand among others, and could replace them",
                        fix="name a new folder, or empty this one",
                    )
                )
        elif self._folder.exists() and not self._folder.is_dir():
            _elsewhere(self._folder)

    def _stage(self) -> None:
        """Write what differs beside the folder, with the new list and what to move and remove."""
        before = _entries(self._folder / LIST)
        old = next(before, None)
        with (
            (self._staging / f"{LIST}.new").open("w", encoding="utf-8", newline="\n") as listed,
            (self._staging / f"{_READY}.part").open("w", encoding="utf-8", newline="\n") as todo,
        ):
            listed.write(_HEAD)
            for path in self._site.paths():
                while old is not None and old.path < path:
                    self._remove(old, todo)
                    old = next(before, None)
                known = old if old is not None and old.path == path else None
                listed.write(self._file(path, known, todo).line())
                if known is not None:
                    old = next(before, None)
            while old is not None:
                self._remove(old, todo)
                old = next(before, None)

    def _remove(self, old: _Entry, todo: IO[str]) -> None:
        todo.write(f"-{old.path}\n")
        self._removed += 1
        self._on_page(old.path, "removed")

    def _file(self, path: str, known: _Entry | None, todo: IO[str]) -> _Entry:
        self._total += 1
        key = self._site.key(path) or _MAKING
        there = known is not None and self._size(path) == known.size
        if known is not None and there and key == known.key != _MAKING and not self._force:
            self._on_page(path, "unchanged")
            return known
        content = self._site.render(path)
        if content is None:
            raise AssertionError(f"the site names {path} and has no such file")
        self._made += 1
        entry = _Entry(path, len(content), hashlib.sha256(content).hexdigest(), key)
        if there and known is not None and known.digest == entry.digest and self._is(path, entry):
            self._on_page(path, "same")
            return entry
        target = self._staging / "files" / path
        if target.parent not in self._folders:
            target.parent.mkdir(parents=True, exist_ok=True)
            self._folders.add(target.parent)
        target.write_bytes(content)
        todo.write(f"+{path}\n")
        self._written += 1
        self._on_page(path, "written")
        return entry

    def _size(self, path: str) -> int | None:
        try:
            return (self._folder / path).lstat().st_size
        except OSError:
            return None

    def _is(self, path: str, entry: _Entry) -> bool:
        """Whether the file on disk has these very bytes; asked only of what was made again."""
        with (self._folder / path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == entry.digest


def finish(folder: Path) -> None:
    """Carry out a change that was staged whole; does nothing where there is none."""
    staging = folder.with_name(f".{folder.name}.staging")
    ready = staging / _READY
    if staging.is_symlink() or not ready.is_file():
        return
    root = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    checked: set[Path] = set()
    with ready.open(encoding="utf-8") as todo:
        for line in todo:
            verb, path = line[:1], line[1:].rstrip("\n")
            if not _PATH.fullmatch(path):
                continue
            target = folder / path
            if target.parent not in checked:
                if not target.parent.resolve().is_relative_to(root):
                    _elsewhere(target.parent)
                target.parent.mkdir(parents=True, exist_ok=True)
                checked.add(target.parent)
            if verb == "+":
                source = staging / "files" / path
                if source.is_file():  # else it was moved before the interruption
                    source.replace(target)
            else:
                target.unlink(missing_ok=True)
                _prune(target.parent, folder)
                checked.discard(target.parent)
    if (staging / f"{LIST}.new").is_file():
        (staging / f"{LIST}.new").replace(folder / LIST)
    ready.unlink()
    shutil.rmtree(staging, ignore_errors=True)


def _prune(path: Path, folder: Path) -> None:
    """Remove folders that have become empty."""
    while path != folder and path.is_relative_to(folder):
        try:
            path.rmdir()
        except OSError:
            return
        path = path.parent


def _entries(listed: Path) -> Iterator[_Entry]:
    """The lines of a folder's list, as far as they are sorted and name files below it."""
    if not listed.is_file():
        return
    last = ""
    with listed.open(encoding="utf-8", errors="replace") as file:
        if file.readline() != _HEAD:
            return
        for line in file:
            path, *rest = line.rstrip("\n").split("\t")
            if len(rest) != 3 or not rest[0].isdecimal() or path <= last or not _PATH.fullmatch(path):  # noqa: PLR2004
                continue
            last = path
            yield _Entry(path, int(rest[0]), rest[1], rest[2])


def _elsewhere(path: Path) -> None:
    message, fix = "this leads out of the site's folder", "remove the link, or name another folder"
    raise InputError(Problem("OUT102", message, Span(path.as_posix()), fix=fix))
