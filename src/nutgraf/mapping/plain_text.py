"""What no text file may have: bytes that are not UTF-8, NUL characters, and lines without end."""

from __future__ import annotations

import codecs
import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from nutgraf.problems import InputError, Problem, Span

_CHUNK: Final = 1024 * 1024
_LINE_WINDOW: Final = 64 * 1024
_ESCAPED_NUL: Final = b"\\u0000"
_BACKSLASH: Final = ord("\\")


def refuse_nul(path: Path, name: str) -> None:
    """Refuse a text file with a NUL character: no RDF literal can hold one.

    Raises:
        InputError: MAP117, with the place.
    """
    at = next(_places(path, b"\0"), None)
    if at is not None:
        why = "it is damaged, or not in the encoding that the mapping says"
        raise InputError(
            Problem("MAP117", "a NUL character stands in the text", _place(path, at, name), why=why)
        )


def refuse_escaped_nul(path: Path, name: str) -> None:
    """Refuse a JSON file with the escape of a NUL character.

    Raises:
        InputError: MAP117, with the place.
    """
    for at in _places(path, _ESCAPED_NUL):
        if not _is_escaped(path, at):
            span = _place(path, at, name)
            raise InputError(Problem("MAP117", "a NUL character stands in the text", span, fix="remove it"))


def _places(path: Path, wanted: bytes) -> Iterator[int]:
    """Where some bytes stand in a file. It is read part by part: a mapped file counts as memory."""
    done, rest = 0, b""
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(_CHUNK):
            part = rest + chunk
            at = part.find(wanted)
            while at >= 0:
                yield done - len(rest) + at
                at = part.find(wanted, at + 1)
            done += len(chunk)
            rest = part[len(part) - len(wanted) + 1 :] if len(wanted) > 1 else b""


def _is_escaped(path: Path, at: int) -> bool:
    """Whether the backslash at `at` is the second of a pair."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        start = at
        while start and content[start - 1] == _BACKSLASH:
            start -= 1
    return (at - start) % 2 == 1


def _place(path: Path, at: int, name: str) -> Span:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return _span(content, at, name)


def refuse_long_lines(path: Path, longest: int, name: str) -> None:
    """Refuse a text file with a line of more than `longest` bytes: the engine may skip it silently.

    Raises:
        InputError: MAP117, with the place.
    """
    size = path.stat().st_size
    start = 0
    with path.open("rb", buffering=0) as file:
        while size - start > longest:
            end = start + longest
            while end > start:
                window = min(_LINE_WINDOW, end - start)
                file.seek(end - window)
                part = file.read(window)
                at = part.rfind(b"\n")
                at = at if at >= 0 else part.rfind(b"\r")
                if at >= 0:
                    break
                end -= window
            else:
                why = f"a line has at most {longest} bytes"
                raise InputError(
                    Problem("MAP117", "the line is too long", _place(path, start, name), why=why)
                )
            start = end - window + at + 1


def find_mistake(path: Path, name: str) -> Problem | None:
    """Where the bytes of a file are not UTF-8; None when all are."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    done = 0
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            waiting = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return _not_utf8(path, done - waiting + error.start, name)
            if not chunk:
                return None
            done += len(chunk)


def _not_utf8(path: Path, at: int, name: str) -> Problem:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        span = _span(content, at, name)
        byte = content[at]
    return Problem(
        "MAP117",
        f"the byte 0x{byte:02X} is not UTF-8",
        span,
        fix="save the file as UTF-8, or name its encoding in the mapping",
    )


def _span(content: mmap.mmap, at: int, name: str) -> Span:
    """The place of a byte: columns in characters."""
    start = content.rfind(b"\n", 0, at) + 1
    lines = 1
    position = content.find(b"\n", 0, at)
    while position >= 0:
        lines += 1
        position = content.find(b"\n", position + 1, at)
    return Span(name, lines, len(content[start:at].decode("utf-8", errors="replace")) + 1)
