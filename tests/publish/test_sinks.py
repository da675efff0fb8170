"""Where much text goes: whole files, packed ones, devices and pipes."""

from __future__ import annotations

import gzip
import os
import stat
import threading
from pathlib import Path

import pyarrow as pa
import pytest

from nutgraf.problems import InputError
from nutgraf.publish import sinks
from nutgraf.publish.sinks import NullSink, open_sink


def read(path: Path) -> bytes:
    """What a file holds, unpacked."""
    if path.suffix == ".gz":
        return gzip.decompress(path.read_bytes())
    if path.suffix == ".zst":
        with pa.input_stream(path, compression="zstd") as stream:
            content: bytes = stream.read()
            return content
    return path.read_bytes()


@pytest.mark.parametrize("name", ["o.nt", "o.nt.gz", "o.nt.zst"])
@pytest.mark.parametrize("nameless", [True, False])
def test_a_file_is_there_when_it_is_whole(
    tmp_path: Path, name: str, nameless: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not nameless:
        monkeypatch.setattr(sinks, "_nameless", lambda _: None)
    path = tmp_path / "new" / name
    with open_sink(path, tmp_path) as sink:
        sink.write(memoryview(b"one\n" * 3_000_000))
        mark = sink.mark()
        sink.write(memoryview(b"taken back\n"))
        sink.rewind(mark)
        sink.write(memoryview(b"two\n"))
        assert not path.exists()
    assert read(path) == b"one\n" * 3_000_000 + b"two\n"
    assert [each.name for each in path.parent.iterdir()] == [name]
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~umask()


def umask() -> int:
    before = os.umask(0)
    os.umask(before)
    return before


@pytest.mark.parametrize("name", ["o.nt", "o.nt.gz", "o.nt.zst"])
def test_nothing_to_write_is_a_file_too(tmp_path: Path, name: str) -> None:
    with open_sink(tmp_path / name, tmp_path):
        pass
    assert read(tmp_path / name) == b""


def fail_while_writing(path: Path, staging: Path) -> None:
    with open_sink(path, staging) as sink:
        sink.write(memoryview(b"half"))
        raise ZeroDivisionError


@pytest.mark.parametrize("nameless", [True, False])
def test_a_failure_leaves_what_was_there(
    tmp_path: Path, nameless: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not nameless:
        monkeypatch.setattr(sinks, "_nameless", lambda _: None)
    path = tmp_path / "o.nt"
    path.write_bytes(b"before")
    with pytest.raises(ZeroDivisionError):
        fail_while_writing(path, tmp_path)
    assert path.read_bytes() == b"before"
    assert [each.name for each in tmp_path.iterdir()] == ["o.nt"]


def test_the_null_device_stays_one(tmp_path: Path) -> None:
    with open_sink(Path(os.devnull), tmp_path) as sink:
        assert isinstance(sink, NullSink)
        sink.write(memoryview(b"text"))
        sink.rewind(sink.mark())
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


def test_a_pipe_stays_a_pipe(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    found: list[bytes] = []
    reader = threading.Thread(target=lambda: found.append(path.read_bytes()))
    reader.start()
    with open_sink(path, tmp_path) as sink:
        sink.write(memoryview(b"text"))
    reader.join(timeout=30)
    assert found == [b"text"]
    assert stat.S_ISFIFO(path.stat().st_mode)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="OUT101"), open_sink(tmp_path, tmp_path):
        pass
