"""Makes a packed file, or one in another encoding, a plain one in UTF-8 that the engine can read.

A few bytes can unpack to a disk full of zeros, so how much is written is bounded, and what is read of an
archive too.
"""

from __future__ import annotations

import codecs
import contextlib
import gzip
import io
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final, cast

import pyarrow as pa

from nutgraf.mapping.access import Compression
from nutgraf.problems import InputError, Problem, Span

MAX_RATIO: Final = 250
"""How many times its packed size a file may have; text rarely has more than 20."""

FREE: Final = 32 * 1024 * 1024
"""Up to so many bytes no ratio counts."""

MAX_BYTES: Final = 64 * 1024 * 1024 * 1024
"""More is refused whatever the ratio."""

_MAX_DICTIONARY: Final = 256 * 1024 * 1024
_CHUNK: Final = 1024 * 1024
_ERRORS: Final = (
    OSError,
    EOFError,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
    tarfile.TarError,
    RuntimeError,  # zipfile: encrypted
    NotImplementedError,  # zipfile: a compression of its own
    pa.ArrowException,
)


class _TooLargeError(Exception):
    pass


def unpack(path: Path, compression: Compression, encoding: str, plain: Path, name: str) -> None:
    """Write what a file holds to another, in UTF-8.

    Args:
        path: the file.
        compression: of an archive, the first file in it is read.
        encoding: of the text.
        plain: what is written.
        name: how messages call the file.

    Raises:
        InputError: MAP117 it is not packed so, too much comes out, or it is not in that encoding.
    """
    try:
        with contextlib.ExitStack() as stack, plain.open("wb") as out:
            stream = _open(path, compression, stack)
            if encoding == "utf-8":
                while chunk := stream.read(_CHUNK):
                    out.write(chunk)
            else:
                _transcode(stream, encoding, out, name)
    except _TooLargeError:
        message = f'unpacking the source "{name}" gives too much'
        why = f"more than {MAX_RATIO} times its packed size"
        raise InputError(
            Problem("MAP117", message, Span(name), why=why, fix="unpack it yourself if it is meant")
        ) from None
    except _ERRORS as error:
        message = f'cannot unpack the source "{name}"'
        why = f"it is not a sound {compression.value} file ({type(error).__name__})"
        raise InputError(Problem("MAP117", message, Span(name), why=why)) from error


def _open(path: Path, compression: Compression, stack: contextlib.ExitStack) -> IO[bytes]:
    limit = min(MAX_BYTES, max(FREE, MAX_RATIO * path.stat().st_size))
    if compression is Compression.ZIP:
        archive = stack.enter_context(zipfile.ZipFile(path))
        members = [member for member in archive.infolist() if not member.is_dir()]
        if not members:
            raise zipfile.BadZipFile
        return _bounded(stack.enter_context(archive.open(members[0])), limit)
    raw = stack.enter_context(path.open("rb"))
    if compression is Compression.NONE:
        return raw
    if compression is Compression.ZSTD:
        return _bounded(cast("IO[bytes]", pa.input_stream(raw, compression="zstd")), limit)
    if compression is Compression.GZIP:
        return _bounded(cast("IO[bytes]", gzip.GzipFile(fileobj=raw)), limit)
    inner = gzip.GzipFile(fileobj=raw) if compression is Compression.TAR_GZIP else io.BufferedReader(_Xz(raw))
    packed = _bounded(cast("IO[bytes]", inner), limit)
    tar = stack.enter_context(tarfile.open(fileobj=packed, mode="r|"))  # noqa: SIM115 - on the stack
    for entry in tar:
        content = tar.extractfile(entry) if entry.isreg() else None
        if content:
            return content
    raise tarfile.ReadError


def _bounded(stream: IO[bytes], limit: int) -> IO[bytes]:
    return cast("IO[bytes]", _Bounded(stream, limit))


class _Bounded(io.RawIOBase):
    """A stream that gives up after so many bytes."""

    def __init__(self, stream: IO[bytes], limit: int) -> None:
        super().__init__()
        self._stream = stream
        self._left = limit

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        chunk = self._stream.read(size)
        self._left -= len(chunk)
        if self._left < 0:
            raise _TooLargeError
        return chunk


class _Xz(io.RawIOBase):
    """An .xz stream whose dictionary is bounded: the header of a file may ask for gigabytes."""

    def __init__(self, stream: IO[bytes]) -> None:
        super().__init__()
        self._stream = stream
        self._decoder = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_MAX_DICTIONARY)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._decoder.eof:
            data = self._stream.read(_CHUNK) if self._decoder.needs_input else b""
            if self._decoder.needs_input and not data:
                raise EOFError
            piece = self._decoder.decompress(data, max_length=len(buffer))
            if piece:
                buffer[: len(piece)] = piece
                return len(piece)
        return 0


def _transcode(stream: IO[bytes], encoding: str, out: IO[bytes], name: str) -> None:
    line = 1
    try:
        for text in _decoded(stream, encoding):
            line += text.count("\n")
            out.write(text.encode())
    except UnicodeError as error:
        message = f'the source "{name}" is not {encoding.upper()}'
        why = "some bytes stand for no character"
        raise InputError(
            Problem("MAP117", message, Span(name, line), why=why, fix="name its encoding in the mapping")
        ) from error


def _decoded(stream: IO[bytes], encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    while chunk := stream.read(_CHUNK):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)
