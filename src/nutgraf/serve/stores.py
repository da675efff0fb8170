"""The built dataset as pyoxigraph's store on disk, one folder a build.

A folder holds copies of what a build wrote and the store made of the N-Quads among it, and is named after
the manifest's hash: who finds it there can use it at once, and several servers can share it. It is made
under another name and moved into place, so that one that is there is whole. Whoever uses it holds a lock on
it, and folders that nobody uses are removed. pyoxigraph opens the store for reading only, as many times as
there are processes.

A store keeps numbers, dates and booleans as values: `"01"^^xsd:integer` comes out of it as
`"1"^^xsd:integer`. What is served as a document is therefore read from the N-Quads.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Final

from nutgraf.problems import InputError, Problem, Span
from nutgraf.publish import output
from nutgraf.workspace import Workspace

QUADS: Final = "dataset.nq"
_STORE: Final = "store"
_MAKE: Final = (
    "import sys, pyoxigraph; s = pyoxigraph.Store(sys.argv[2]);"
    " s.bulk_load(path=sys.argv[1], format=pyoxigraph.RdfFormat.N_QUADS); s.optimize(); s.flush()"
)
"""Run by a process of its own: only when it has ended is the store surely closed, and its memory free."""
_NAME: Final = re.compile(r"[0-9a-f]{32}-[0-9.a-z]+?(?P<part>\.part-\w+)?")
_ABANDONED_S: Final = 3600
_ATTEMPTS: Final = 12
_PAUSE_S: Final = 0.25


@dataclass
class StoreFolder:
    """A folder with a build's output, held until `release`.

    Attributes:
        path: the folder, which holds copies of all files of the output.
        digest: SHA-256 of the build's manifest.
    """

    path: Path
    digest: str
    _lock: int = field(repr=False)

    @property
    def quads(self) -> Path:
        """The N-Quads, lexical forms verbatim."""
        return self.path / QUADS

    @property
    def store(self) -> Path:
        """The store, to be opened with `Store.read_only`."""
        return self.path / _STORE

    def release(self) -> None:
        """Let go of the folder; it stays for the next server, until `remove_unused` finds it idle."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


@contextlib.contextmanager
def folder_for_stores(workspace: Workspace) -> Iterator[Path]:
    """Where stores are kept: below the workspace, or, where that cannot be written, in a temporary folder."""
    folder = workspace.root / ".nutgraf" / "serve"
    if _is_writable(folder):
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="nutgraf-serve-", ignore_cleanup_errors=True) as temporary:
        yield Path(temporary)


def _is_writable(folder: Path) -> bool:
    """Whether we can make files in a folder that is where it seems to be."""
    try:
        if folder.is_symlink() or folder.parent.is_symlink():
            return False
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def built_digest(workspace: Workspace) -> str | None:
    """SHA-256 of the manifest of the last build; None when there is none, or it tells of no dataset."""
    try:
        content = (workspace.output / output.MANIFEST).read_bytes()
    except OSError:
        return None
    return output.sha256(content) if QUADS in output.manifest(workspace.output).get("outputs", {}) else None


def open_store(workspace: Workspace, folder: Path) -> StoreFolder:
    """The store of what the last build wrote, made when it is not there yet.

    A build that moves its files into place at this moment is waited for.

    Args:
        workspace: whose output it is.
        folder: where stores are kept.

    Raises:
        InputError: WSP108 nothing has been built; SRV103 the output is not what the manifest tells of; OUT101
            the file system refuses.
    """
    digest = None
    for remaining in reversed(range(_ATTEMPTS)):
        digest = built_digest(workspace)
        found = digest and _of_digest(workspace.output, digest, folder)
        if found:
            remove_unused(folder)
            return found
        if digest is None or not remaining:
            break
        time.sleep(_PAUSE_S)
    raise InputError(_missing(workspace) if digest is None else _differs(workspace))


def _of_digest(built: Path, digest: str, folder: Path) -> StoreFolder | None:
    """The store of the output whose manifest has that hash; None when the files are not all its own."""
    path = folder / f"{digest[:32]}-{version('pyoxigraph')}"
    while True:
        held = _hold(path, digest)
        if held:
            return held
        try:
            if not _make(built, digest, path):
                return None
        except OSError as error:
            place = Span(str(error.filename or folder))
            raise InputError(Problem("OUT101", f"cannot write: {error.strerror or error}", place)) from error


def _hold(path: Path, digest: str) -> StoreFolder | None:
    """Take a share of the lock on a folder, unless it is not there or is being removed."""
    try:
        lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        if os.stat(path).st_ino == os.fstat(lock).st_ino:  # noqa: PTH116  # beside fstat
            return StoreFolder(path, digest, lock)
    except OSError:
        pass
    os.close(lock)
    return None


def _make(built: Path, digest: str, path: Path) -> bool:
    """Make a folder beside its place, from copies: a file that a build replaces stays what it was."""
    beside = Path(tempfile.mkdtemp(dir=path.parent, prefix=f"{path.name}.part-"))
    try:
        if not _copy(built, beside, digest):
            return False
        made = subprocess.run(  # noqa: S603  # our own interpreter and arguments
            [sys.executable, "-I", "-c", _MAKE, str(beside / QUADS), str(beside / _STORE)],
            check=False,
            capture_output=True,
            text=True,
        )
        if made.returncode:
            reason = made.stderr.strip().rpartition("\n")[2] or f"exit code {made.returncode}"
            place = Span((built / QUADS).as_posix())
            raise InputError(Problem("SRV103", f"the dataset cannot be loaded: {reason}", place))
        with contextlib.suppress(OSError):  # somebody else was faster
            beside.replace(path)
        return True
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _copy(built: Path, beside: Path, digest: str) -> bool:
    """Copy an output; whether the copies are what its manifest, of that hash, tells of."""
    try:
        shutil.copyfile(built / output.MANIFEST, beside / output.MANIFEST)
        outputs = output.manifest(beside).get("outputs", {})
        for name in outputs:
            if not (built / name).resolve().is_relative_to(built.resolve()):
                return False
            (beside / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(built / name, beside / name)
    except FileNotFoundError:
        return False
    hashes = {output.MANIFEST: digest, **outputs}
    return all(_digest(beside / name) == wanted for name, wanted in hashes.items())


def _digest(path: Path) -> str:
    """SHA-256 of a file, which may be large."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remove_unused(folder: Path) -> None:
    """Remove the stores of a folder that nobody holds, and what is left of those that were never finished."""
    for path in sorted(folder.iterdir()):
        name = _NAME.fullmatch(path.name)
        if name and name["part"]:
            _remove_old(path)
        elif name:
            _remove_unused(path)


def _remove_old(path: Path) -> None:
    with contextlib.suppress(OSError):
        if time.time() - path.stat().st_mtime > _ABANDONED_S:
            shutil.rmtree(path, ignore_errors=True)


def _remove_unused(path: Path) -> None:
    try:
        lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(path, ignore_errors=True)
    except OSError:
        pass  # it is in use
    finally:
        os.close(lock)


def _missing(workspace: Workspace) -> Problem:
    return Problem(
        "WSP108",
        "nothing has been built yet",
        Span(workspace.display(workspace.output / output.MANIFEST)),
        fix="run `nutgraf build`",
    )


def _differs(workspace: Workspace) -> Problem:
    return Problem(
        "SRV103",
        "the output is not what its manifest tells of",
        Span(workspace.display(workspace.output / output.MANIFEST)),
        why="a build was interrupted, or a file was changed by hand",
        fix="run `nutgraf build --force`",
    )
