"""Text as the bytes of a file: encoded, and packed. The same text gives the same bytes."""

from __future__ import annotations

import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable
from typing import Final

import pyarrow as pa

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip archive can hold."""


def pack(text: str, *, encoding: str = "utf-8", packing: str = "none", name: str = "") -> bytes:
    """The bytes of a file.

    Args:
        text: what it holds.
        encoding: as Python spells it.
        packing: "none", "gzip", "zstd", "zip", "targz" or "tarxz".
        name: what an archive calls the file in it.

    Raises:
        KeyError: `packing` is none of these.
        UnicodeEncodeError: the encoding has not all of its characters.

    >>> pack("a", encoding="utf-16-le")
    b'a\\x00'
    """
    return _PACKERS[packing](text.encode(encoding), name)


def _zstd(content: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as stream:
        stream.write(content)
    packed: bytes = sink.getvalue().to_pybytes()
    return packed


def _zip(content: bytes, name: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        member = zipfile.ZipInfo(name, _EPOCH)
        member.compress_type = zipfile.ZIP_DEFLATED
        member.external_attr = 0o644 << 16
        archive.writestr(member, content)
    return packed.getvalue()


def _tar(content: bytes, name: str) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


_PACKERS: Final[dict[str, Callable[[bytes, str], bytes]]] = {
    "none": lambda content, _: content,
    "gzip": lambda content, _: gzip.compress(content, mtime=0),
    "zstd": lambda content, _: _zstd(content),
    "zip": _zip,
    "targz": lambda content, name: gzip.compress(_tar(content, name), mtime=0),
    "tarxz": lambda content, name: lzma.compress(_tar(content, name)),
}
