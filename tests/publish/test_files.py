"""Files are written whole, all of them or none, and packed to the same bytes each time."""

from __future__ import annotations

import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from nutgraf.problems import InputError
from nutgraf.publish.files import write_all
from nutgraf.publish.packed import pack

TEXT = "Zoë 東\n"


def _tar(packed: bytes) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        member = archive.extractfile("a.nt")
        assert member
        return member.read()


def _zip(packed: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return archive.read("a.nt")


UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "none": bytes,
    "gzip": gzip.decompress,
    "zstd": lambda packed: pa.CompressedInputStream(pa.BufferReader(packed), "zstd").read(),
    "zip": _zip,
    "targz": lambda packed: _tar(gzip.decompress(packed)),
    "tarxz": lambda packed: _tar(lzma.decompress(packed)),
}


@pytest.mark.parametrize("packing", UNPACK)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_pack(packing: str, encoding: str) -> None:
    packed = pack(TEXT, encoding=encoding, packing=packing, name="a.nt")
    assert UNPACK[packing](packed).decode(encoding) == TEXT
    assert packed == pack(TEXT, encoding=encoding, packing=packing, name="a.nt")


def test_an_encoding_without_the_character() -> None:
    with pytest.raises(UnicodeEncodeError):
        pack(TEXT, encoding="cp1252")


def test_all(tmp_path: Path) -> None:
    write_all({tmp_path / "a": [b"1", b"2"], tmp_path / "deep" / "b": [b"3"]})
    assert (tmp_path / "a").read_bytes() == b"12"
    assert (tmp_path / "deep" / "b").read_bytes() == b"3"
    assert len(list(tmp_path.rglob("*"))) == 3


def _breaks() -> Iterator[bytes]:
    yield b"half"
    raise RuntimeError


@pytest.mark.parametrize("failure", ["folder", "content", "before"])
def test_or_none(tmp_path: Path, failure: str) -> None:
    (tmp_path / "a").write_text("before")
    (tmp_path / "folder").mkdir()
    other = tmp_path / ("folder" if failure == "folder" else "b")
    content = _breaks() if failure == "content" else [b"new"]

    def before() -> None:
        if failure == "before":
            raise RuntimeError

    with pytest.raises(InputError if failure == "folder" else RuntimeError):
        write_all({tmp_path / "a": [b"new"], other: content}, before_moving=before)
    assert (tmp_path / "a").read_text() == "before"
    assert {path.name for path in tmp_path.iterdir()} == {"a", "folder"}
