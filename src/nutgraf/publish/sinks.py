"""Where much text goes, part by part: a file that appears when it is whole, plain or packed, or nowhere.

Until it is whole a file has no name, where the system allows that: a run that is killed leaves nothing.
"""

from __future__ import annotations

import contextlib
import gzip
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final, Protocol

import pyarrow as pa

from nutgraf.problems import InputError, Problem, Span

_PART: Final = 4 * 1024 * 1024
"""So many bytes are packed at a time; each is a member or frame of its own, as gzip and zstd allow."""


class Sink(Protocol):
    """Takes bytes, and can forget the last ones."""

    def write(self, data: memoryview) -> None:
        """Take a part."""

    def mark(self) -> int:
        """The place where the next part goes."""

    def rewind(self, mark: int) -> None:
        """Forget everything from a place on."""


class NullSink:
    """Forgets everything."""

    def write(self, data: memoryview) -> None:
        """Forget a part."""

    def mark(self) -> int:
        """There is one place."""
        return 0

    def rewind(self, mark: int) -> None:
        """Nothing is left to forget."""


class FileSink:
    """Writes to a file as it is."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._size = 0

    def write(self, data: memoryview) -> None:
        """Write a part."""
        while data:
            written = os.write(self._descriptor, data)
            self._size += written
            data = data[written:]

    def mark(self) -> int:
        """The size of the file."""
        return self._size

    def rewind(self, mark: int) -> None:
        """Cut the file."""
        os.ftruncate(self._descriptor, mark)
        os.lseek(self._descriptor, mark, os.SEEK_SET)
        self._size = mark


class PackedSink:
    """Writes to a file in members or frames that are packed one by one."""

    def __init__(self, file: FileSink, pack: Callable[[bytes], bytes]) -> None:
        self._file = file
        self._pack = pack
        self._waiting = bytearray()

    def write(self, data: memoryview) -> None:
        """Write a part, when enough has come together."""
        self._waiting += data
        if len(self._waiting) >= _PART:
            self._flush()

    def mark(self) -> int:
        """The size of the file, with all that was taken."""
        self._flush()
        return self._file.mark()

    def rewind(self, mark: int) -> None:
        """Cut the file."""
        self._waiting.clear()
        self._file.rewind(mark)

    def _flush(self) -> None:
        if self._waiting:
            self._file.write(memoryview(self._pack(bytes(self._waiting))))
            self._waiting.clear()


def _gzip(content: bytes) -> bytes:
    return gzip.compress(content, compresslevel=4, mtime=0)


def _zstd(content: bytes) -> bytes:
    packed: bytes = pa.Codec("zstd", compression_level=1).compress(content, asbytes=True)
    return packed


PACKED: Final[dict[str, Callable[[bytes], bytes]]] = {".gz": _gzip, ".zst": _zstd}
"""How the name of a file ends → how its parts are packed."""


def packed(path: Path, content: Iterable[bytes]) -> Iterator[bytes]:
    """The parts of a file, packed when its name says so."""
    pack = PACKED.get(path.suffix.lower())
    yield from content if pack is None else (pack(part) for part in content)


@contextlib.contextmanager
def open_sink(path: Path | None, staging: Path) -> Iterator[Sink]:
    """Where the text for a file goes; the file is there, whole, when the block ends without an error.

    Args:
        path: the file, packed when its name says so; None for standard output.
        staging: a folder for what has to wait until it is whole.

    Raises:
        InputError: OUT101, the file cannot be written.
    """
    with _refused(path):
        if path is not None and _is_null(path):
            yield NullSink()
        elif path is None or is_special(path):
            with tempfile.TemporaryFile(dir=staging) as file:
                yield from _into(file.fileno(), path)
                file.seek(0)
                with contextlib.ExitStack() as stack:
                    out = sys.stdout.buffer if path is None else stack.enter_context(path.open("wb"))
                    shutil.copyfileobj(file, out, 1024 * 1024)
                    out.flush()
        else:
            yield from _whole(path)


def _into(descriptor: int, path: Path | None) -> Iterator[Sink]:
    file = FileSink(descriptor)
    pack = PACKED.get(path.suffix.lower()) if path else None
    if pack is None:
        yield file
        return
    packed = PackedSink(file, pack)
    yield packed
    if packed.mark() == 0:
        file.write(memoryview(pack(b"")))


def _whole(path: Path) -> Iterator[Sink]:
    """A file that gets its name when all is written."""
    if path.is_dir():
        raise IsADirectoryError(21, "it is a folder")
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    descriptor = _nameless(path.parent)
    try:
        if descriptor is None:
            named = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
            try:
                yield from _into(named, path)
            finally:
                os.close(named)
        else:
            try:
                yield from _into(descriptor, path)
                part.unlink(missing_ok=True)
                # Only with a folder's descriptor does Python ask the system to follow the link.
                os.link(f"/proc/self/fd/{descriptor}", part, src_dir_fd=descriptor, follow_symlinks=True)
            finally:
                os.close(descriptor)
        part.replace(path)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _nameless(folder: Path) -> int | None:
    """A file without a name, which is gone when it is closed; None where there is no such thing."""
    flag = getattr(os, "O_TMPFILE", None)
    if flag is None or not Path("/proc/self/fd").is_dir():
        return None
    try:
        return os.open(folder, flag | os.O_WRONLY, 0o666)
    except OSError:
        return None


def _is_null(path: Path) -> bool:
    with contextlib.suppress(OSError):
        return path.samefile(os.devnull)
    return False


def is_special(path: Path) -> bool:
    """Whether a path is a pipe or a device, which cannot be moved into place."""
    with contextlib.suppress(OSError):
        mode = path.stat().st_mode
        return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)
    return False


@contextlib.contextmanager
def _refused(path: Path | None) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        message = f"cannot write the file: {error.strerror or error}"
        span = Span(path.as_posix()) if path else None
        raise InputError(Problem("OUT101", message, span)) from error
