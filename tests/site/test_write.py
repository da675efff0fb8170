"""Writing: only what changed, all or nothing, and nothing outside the folder."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nutgraf.problems import InputError
from nutgraf.publish.site import write as writing
from nutgraf.publish.site.part import statement_iri
from nutgraf.publish.site.site import Site
from nutgraf.publish.site.write import LIST, Change, finish, write
from nutgraf.workspace import Workspace
from tests.site.workspaces import BASE, HARBOUR, build, make, quads, rendered

_STATEMENT = quads("id:opening schema:organizer id:council .")[0].triple
EVIDENCE = f"""
<graph/evidence/one> {{
  <{statement_iri(_STATEMENT, BASE)}> a rdf:Statement ; rdf:subject id:opening ;
    rdf:predicate schema:organizer ; rdf:object id:council .
  <id/one#says-1-9> a oa:Annotation ; oa:hasBody <{statement_iri(_STATEMENT, BASE)}> ;
    oa:hasTarget <id/one#span-1-9> ; nut:modality nut:Denied ; nut:speaker id:ana .
  <id/one#span-1-9> a oa:SpecificResource ; oa:hasSource id:one ; oa:hasSelector <id/one#selector-1-9> .
  <id/one#selector-1-9> a oa:TextPositionSelector ; oa:start 1 ; oa:end 9 .
}}
"""


class _InterruptedError(Exception):
    pass


def _tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def _write(workspace: Workspace, out: Path, *, force: bool = False) -> tuple[Change, dict[str, str]]:
    told: dict[str, str] = {}
    site = Site.open(workspace)
    change = write(site, out, told.__setitem__, force=force)
    site.close()
    return change, told


def test_a_folder_holds_what_the_site_renders_and_its_list(tmp_path: Path) -> None:
    workspace = make(tmp_path / "w")
    change, _ = _write(workspace, tmp_path / "out")
    tree = _tree(tmp_path / "out")
    assert tree.pop(LIST).startswith(b"nutgraf site 1\n")
    assert tree == rendered(Site.open(workspace))
    assert (change.total, change.written, change.removed) == (len(tree), len(tree), 0)
    assert not list(tmp_path.glob(".*"))


def test_a_second_write_touches_nothing(tmp_path: Path) -> None:
    workspace = make(tmp_path / "w")
    _write(workspace, tmp_path / "out")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*") if path.name != LIST}
    change, told = _write(workspace, tmp_path / "out")
    assert (change.written, change.removed) == (0, 0)
    assert {path: path.stat().st_mtime_ns for path in before} == before
    things = {path for path in told if "id/" in path}
    assert things
    assert {told[path] for path in things} == {"unchanged"}
    assert change.made == sum(what == "same" for what in told.values())


def test_a_change_makes_only_the_pages_that_show_it(tmp_path: Path) -> None:
    workspace = make(tmp_path / "w")
    _write(workspace, tmp_path / "out")
    build(tmp_path / "w", HARBOUR.replace('"City Council"', '"Town Council"'))
    change, told = _write(workspace, tmp_path / "out")
    written = {path for path, what in told.items() if what == "written"}
    made = {path for path, what in told.items() if what in {"written", "same"}}
    things = {path.removeprefix("fr/").partition(".")[0] for path in made if "id/" in path}
    assert things == {"id/council", "id/opening", "id/one"}
    assert "id/ana.html" not in made
    assert "id/council.html" in written
    assert change.written == len(written)
    assert "timeline.html" not in written
    assert b"Town Council" in (tmp_path / "out" / "id" / "council.html").read_bytes()
    fresh, _ = _write(workspace, tmp_path / "fresh")
    assert fresh.total == change.total
    assert _tree(tmp_path / "out") == _tree(tmp_path / "fresh")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"Ana Lima"', '"Ana L."'),
        ('"Le pont ouvre"', '"Le pont est ouvert"'),
        ('"The bridge opens"', '"A bridge opens"'),
        ('"Porto-Novo"@fr', '"Porto Novo"@fr'),
        ("schema:City", "schema:Country"),
        ("wd:Q3799", "wd:Q1"),
        ('"bb"', '"aa"'),
        ("nut:Denied", "nut:Alleged"),
        ("oa:end 9", "oa:end 12"),
        ('"2024-05-02"', '"2024-05-03"'),
    ],
)
def test_what_is_kept_is_what_would_be_made_afresh(tmp_path: Path, before: str, after: str) -> None:
    dataset = HARBOUR + EVIDENCE
    assert before in dataset
    workspace = make(tmp_path / "w", dataset)
    _write(workspace, tmp_path / "out")
    build(tmp_path / "w", dataset.replace(before, after))
    change, _ = _write(workspace, tmp_path / "out")
    assert 0 < change.written < change.total
    _write(workspace, tmp_path / "fresh")
    assert _tree(tmp_path / "out") == _tree(tmp_path / "fresh")


def test_what_is_gone_is_removed_with_its_folder_and_nothing_else(tmp_path: Path) -> None:
    workspace = make(tmp_path / "w")
    _write(workspace, tmp_path / "out")
    (tmp_path / "out" / "CNAME").write_text("news.example")
    without = "\n".join(
        line for line in HARBOUR.split("\n") if "claim-gift" not in line and "schema:appearance" not in line
    )
    build(tmp_path / "w", without)
    change, told = _write(workspace, tmp_path / "out")
    assert told["id/one/claim-gift.html"] == "removed"
    assert not (tmp_path / "out" / "id" / "one").exists()
    assert (tmp_path / "out" / "CNAME").read_text() == "news.example"
    assert change.removed == sum(what == "removed" for what in told.values())


def test_a_file_that_was_altered_or_lost_is_written_again(tmp_path: Path) -> None:
    workspace = make(tmp_path / "w")
    _write(workspace, tmp_path / "out")
    (tmp_path / "out" / "id" / "ana.html").write_text("short")
    (tmp_path / "out" / "id" / "ana.ttl").unlink()
    _, told = _write(workspace, tmp_path / "out")
    assert (told["id/ana.html"], told["id/ana.ttl"], told["id/ana.nt"]) == ("written", "written", "unchanged")


def test_force_makes_everything_and_writes_what_differs(tmp_path: Path) -> None:
    workspace = make(tmp_path / "w")
    _write(workspace, tmp_path / "out")
    page = tmp_path / "out" / "id" / "ana.html"
    page.write_bytes(page.read_bytes().replace(b"Ana", b"Eva"))
    assert _write(workspace, tmp_path / "out")[1]["id/ana.html"] == "unchanged"
    change, told = _write(workspace, tmp_path / "out", force=True)
    assert change.made == change.total
    assert [path for path, what in told.items() if what == "written"] == ["id/ana.html"]


def test_a_write_that_is_interrupted_before_all_is_staged_leaves_the_old_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = make(tmp_path / "w")
    _write(workspace, tmp_path / "out")
    before = _tree(tmp_path / "out")
    build(tmp_path / "w", HARBOUR.replace("Ana Lima", "Ana Reyes"))
    site = Site.open(workspace)
    told = iter(range(40))

    def stop(_path: str, _what: str) -> None:
        if next(told, None) is None:
            raise _InterruptedError

    with pytest.raises(_InterruptedError):
        write(site, tmp_path / "out", stop)
    assert _tree(tmp_path / "out") == before
    assert not list(tmp_path.glob(".out*"))


def test_a_write_that_is_interrupted_while_files_move_is_finished_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = make(tmp_path / "w")
    _write(workspace, tmp_path / "out")
    build(tmp_path / "w", HARBOUR.replace("Ana Lima", "Ana Reyes").replace("id:council", "id:board"))
    site = Site.open(workspace)
    replace = Path.replace
    moves = iter(range(6))

    def stop(self: Path, target: Path) -> Path:
        if "files" in self.parts and next(moves, None) is None:
            raise _InterruptedError
        return replace(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", stop)
        with pytest.raises(_InterruptedError):
            write(site, tmp_path / "out")
    finish(tmp_path / "out")
    expected = rendered(site)
    tree = _tree(tmp_path / "out")
    del tree[LIST]
    assert tree == expected
    assert not list(tmp_path.glob(".out*"))


def test_a_folder_of_others_is_refused(tmp_path: Path) -> None:
    workspace = make(tmp_path / "w")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "index.html").write_text("mine")
    with pytest.raises(InputError, match="SIT101"):
        _write(workspace, tmp_path / "out")
    assert _tree(tmp_path / "out") == {"index.html": b"mine"}
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="OUT102"):
        _write(workspace, tmp_path / "file")


def test_links_that_lead_elsewhere_are_refused(tmp_path: Path) -> None:
    workspace = make(tmp_path / "w")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="OUT102"):
        _write(workspace, tmp_path / "out")
    _write(workspace, tmp_path / "real")
    build(tmp_path / "w", HARBOUR.replace("Ana Lima", "Ana Reyes"))
    shelf = tmp_path / "real" / "id"
    shelf.rename(tmp_path / "moved")
    shelf.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="OUT102"):
        _write(workspace, tmp_path / "real")
    assert not list((tmp_path / "elsewhere").iterdir())


def test_a_list_that_names_other_files_removes_none(tmp_path: Path) -> None:
    workspace = make(tmp_path / "w")
    _write(workspace, tmp_path / "out")
    victim = tmp_path / "victim.txt"
    victim.write_text("x")
    listed = tmp_path / "out" / LIST
    evil = "".join(
        f"{path}\t1\taa\tbb\n" for path in ("../victim.txt", f"{victim}", "id/../../victim.txt", "a\\b")
    )
    listed.write_text("nutgraf site 1\n" + evil + listed.read_text("utf-8").partition("\n")[2], "utf-8")
    _write(workspace, tmp_path / "out")
    assert victim.read_text() == "x"


def test_a_staged_change_that_names_other_files_moves_none(tmp_path: Path) -> None:
    (tmp_path / "victim.txt").write_text("x")
    staging = tmp_path / ".out.staging"
    (staging / "files").mkdir(parents=True)
    (staging / ".ready").write_text("-../victim.txt\n+../planted.txt\n+a/../../b\n")
    finish(tmp_path / "out")
    assert (tmp_path / "victim.txt").exists()
    assert not (tmp_path / "planted.txt").exists()


def test_what_the_file_system_refuses_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = make(tmp_path / "w")

    def refuse(self: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(InputError, match=r"OUT101.*No space left"):
        _write(workspace, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("seed", ["1", "77"])
def test_the_bytes_do_not_depend_on_the_run(tmp_path: Path, seed: str) -> None:
    workspace = make(
        tmp_path / "w",
        files={"queries/who.rq": "# question: Who?\nSELECT ?n { ?p a schema:Person ; schema:name ?n }\n"},
    )
    _write(workspace, tmp_path / "out")
    command = [
        sys.executable,
        "-m",
        "nutgraf",
        "site",
        "-o",
        str(tmp_path / "other"),
        "-w",
        str(workspace.root),
    ]
    environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "written" in done.stdout
    assert _tree(tmp_path / "other") == _tree(tmp_path / "out")


def test_what_is_listed_is_what_is_there(tmp_path: Path) -> None:
    _write(make(tmp_path / "w"), tmp_path / "out")
    entries = list(_entries(tmp_path / "out"))
    tree = _tree(tmp_path / "out")
    assert [path for path, _ in entries] == sorted(set(tree) - {LIST})
    assert all(len(tree[path]) == size for path, size in entries)


def _entries(folder: Path) -> Iterator[tuple[str, int]]:
    for entry in writing._entries(folder / LIST):
        yield entry.path, entry.size
