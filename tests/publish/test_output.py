"""The output folder changes as one, whatever interrupts it, and nothing outside it is touched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from nutgraf.problems import InputError
from nutgraf.publish import output

_Files = dict[str, str]


class _Interruption(BaseException):
    """Stands for a signal, or for the end of the process."""


def _files(**contents: str) -> _Files:
    files = {name.replace("__", "/") + ".ttl": content for name, content in contents.items()}
    outputs = {name: output.sha256(content.encode()) for name, content in files.items()}
    return files | {output.MANIFEST: json.dumps({"triples": 1, "outputs": outputs})}


OLD = _files(kept="same", changed="old", articles__gone="old", articles__stays="old")
NEW = _files(kept="same", changed="new", articles__stays="new", more__added="new")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "output"
    output.write(folder, OLD, _staging(folder))
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    return folder


def _staging(folder: Path) -> Path:
    return folder.parent / ".nutgraf" / "staging"


def _content(folder: Path) -> _Files:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file() and path.name != "notes.txt"
    }


def test_what_is_written(folder: Path) -> None:
    change = output.write(folder, NEW, _staging(folder))
    assert change.written == ("articles/stays.ttl", "changed.ttl", "manifest.json", "more/added.ttl")
    assert change.removed == ("articles/gone.ttl",)
    assert _content(folder) == NEW
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert not _staging(folder).exists()


def test_what_is_the_same_is_not_touched(folder: Path) -> None:
    before = {path: path.stat() for path in folder.rglob("*") if path.is_file()}
    assert output.write(folder, OLD, _staging(folder)) == output.Change()
    output.write(folder, NEW, _staging(folder))
    same = folder / "kept.ttl"
    assert (same.stat().st_mtime_ns, same.stat().st_ino) == (before[same].st_mtime_ns, before[same].st_ino)


def test_a_file_that_somebody_changed_is_written_again(folder: Path) -> None:
    (folder / "kept.ttl").write_text("edited", encoding="utf-8")
    assert not output.is_intact(folder, output.manifest(folder)["outputs"])
    assert output.write(folder, OLD, _staging(folder)).written == ("kept.ttl",)
    assert output.is_intact(folder, output.manifest(folder)["outputs"])


@contextmanager
def _interrupted(method: str, call: int, *, done: bool) -> Iterator[None]:
    """Raise at the `call`-th call of a method of Path, before or after it has done its work."""
    original = getattr(Path, method)
    calls = 0

    def interrupting(self: Path, *args: object, **named: object) -> object:
        nonlocal calls
        calls += 1
        if calls != call:
            return original(self, *args, **named)
        if done:
            original(self, *args, **named)
        raise _Interruption

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, method, interrupting)
        yield
    assert calls >= call, "there is no such call"


_POINTS = [
    *(("write_bytes", call, done) for call in range(1, 5) for done in (False, True)),
    *(("write_text", 1, done) for done in (False, True)),
    *(("replace", call, done) for call in range(1, 6) for done in (False, True)),
    *(("unlink", call, done) for call in range(1, 3) for done in (False, True)),
]


@pytest.mark.parametrize(("method", "call", "done"), _POINTS)
def test_an_interruption_leaves_the_old_or_is_finished(
    folder: Path, method: str, call: int, done: bool
) -> None:
    with pytest.raises(_Interruption), _interrupted(method, call, done=done):
        output.write(folder, NEW, _staging(folder))
    is_staged = method in {"replace", "unlink"} and (method, call, done) != ("replace", 1, False)
    if not is_staged:
        assert _content(folder) == OLD
    output.finish(folder, _staging(folder))
    assert _content(folder) == (NEW if is_staged else OLD)
    output.finish(folder, _staging(folder))
    output.write(folder, NEW, _staging(folder))
    assert _content(folder) == NEW
    assert not _staging(folder).exists()


@pytest.mark.parametrize(("method", "call", "done"), _POINTS)
def test_another_write_follows_an_interruption(folder: Path, method: str, call: int, done: bool) -> None:
    with pytest.raises(_Interruption), _interrupted(method, call, done=done):
        output.write(folder, NEW, _staging(folder))
    output.write(folder, OLD, _staging(folder))
    assert _content(folder) == OLD | {name: NEW[name] for name in _content(folder).keys() - OLD.keys()}
    assert _content(folder).keys() == OLD.keys()


def test_a_finish_that_is_interrupted_is_finished(folder: Path) -> None:
    with pytest.raises(_Interruption), _interrupted("replace", 2, done=False):
        output.write(folder, NEW, _staging(folder))
    with pytest.raises(_Interruption), _interrupted("replace", 2, done=True):
        output.finish(folder, _staging(folder))
    output.finish(folder, _staging(folder))
    assert _content(folder) == NEW


_TRICKS = (
    "../outside.txt",
    "/outside.txt",
    "articles/../../outside.txt",
    "",
    ".",
    "articles",
    "a\0b",
    "link.txt",
)


def _outside(folder: Path) -> Path:
    outside = folder.parent / "outside.txt"
    outside.write_text("mine", encoding="utf-8")
    (folder / "link.txt").symlink_to(outside)
    return outside


@pytest.mark.parametrize("trick", _TRICKS)
def test_a_manifest_removes_nothing_outside(folder: Path, trick: str) -> None:
    outside = _outside(folder)
    name = str(outside) if trick.startswith("/") else trick
    tricked = {"triples": 1, "outputs": {name: "x"}}
    (folder / output.MANIFEST).write_text(json.dumps(tricked), encoding="utf-8")
    assert not output.is_intact(folder, tricked["outputs"])  # type: ignore[arg-type]
    assert output.write(folder, NEW, _staging(folder)).removed == ()
    assert outside.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("trick", _TRICKS)
def test_a_staged_change_moves_nothing_outside(folder: Path, trick: str) -> None:
    outside, staging = _outside(folder), _staging(folder)
    name = str(outside) if trick.startswith("/") else trick
    staging.mkdir(parents=True)
    (staging.parent / "outside.txt").write_text("theirs", encoding="utf-8")
    change = {"written": [name], "removed": [name]}
    (staging / "ready.json").write_text(json.dumps(change), encoding="utf-8")
    before = _content(folder)
    output.finish(folder, staging)
    assert outside.read_text(encoding="utf-8") == "mine"
    assert (staging.parent / "outside.txt").read_text(encoding="utf-8") == "theirs"
    assert _content(folder) == before


@pytest.mark.parametrize(
    "ready", ["", "[]", "{}", '{"written": 1}', '{"written": [1], "removed": {}}', "\ud800", "[" * 9999]
)
def test_a_staged_change_that_makes_no_sense(folder: Path, ready: str) -> None:
    staging = _staging(folder)
    staging.mkdir(parents=True)
    (staging / "ready.json").write_text(ready, encoding="utf-8", errors="surrogatepass")
    output.finish(folder, staging)
    assert _content(folder) == OLD
    assert not staging.exists()


@pytest.mark.parametrize(
    "manifest", ["", "[]", "{}", '{"triples": 1, "outputs": [1]}', '{"outputs": {"a": 1}}', "{"]
)
def test_a_manifest_that_makes_no_sense(folder: Path, manifest: str) -> None:
    (folder / output.MANIFEST).write_text(manifest, encoding="utf-8")
    assert output.manifest(folder) == {}
    assert output.write(folder, OLD, _staging(folder)).written == (output.MANIFEST,)


@pytest.mark.parametrize("link", ["output/articles", ".nutgraf", ".nutgraf/staging"])
def test_a_link_that_leads_elsewhere_is_not_followed(tmp_path: Path, link: str) -> None:
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "staging").mkdir(parents=True)
    (elsewhere / "staging" / "mine.txt").write_text("mine", encoding="utf-8")
    path = tmp_path / "workspace" / link
    path.parent.mkdir(parents=True)
    path.symlink_to(elsewhere)
    folder = tmp_path / "workspace" / "output"
    with pytest.raises(InputError, match="OUT102 this leads out of the output folder"):
        output.write(folder, OLD, _staging(folder))
    output.finish(folder, _staging(folder))
    assert [path.name for path in elsewhere.rglob("*")] == ["staging", "mine.txt"]


def test_a_file_that_is_a_link_is_replaced(folder: Path) -> None:
    other = folder / "other.txt"
    other.write_text("mine", encoding="utf-8")
    (folder / "changed.ttl").unlink()
    (folder / "changed.ttl").symlink_to(other)
    output.write(folder, NEW, _staging(folder))
    assert other.read_text(encoding="utf-8") == "mine"
    assert (folder / "changed.ttl").read_text(encoding="utf-8") == "new"


def test_what_the_file_system_refuses(tmp_path: Path) -> None:
    (tmp_path / "output" / "kept.ttl").mkdir(parents=True)
    with pytest.raises(InputError, match=r"output/kept\.ttl:1:1: OUT101 cannot write: "):
        output.write(tmp_path / "output", OLD, _staging(tmp_path / "output"))
