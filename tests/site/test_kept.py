"""What former runs have found out is what would be found out now, whatever has changed in between."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Quad

from nutgraf.publish.site import setting
from nutgraf.publish.site.part import part_of
from nutgraf.publish.site.sections import things
from nutgraf.publish.site.site import Site
from nutgraf.publish.site.write import write
from nutgraf.workspace import Workspace
from tests.site.test_write import EVIDENCE
from tests.site.workspaces import HARBOUR, build, make, quads

_MORE: Final = """
<graph/register> { id:ana schema:worksFor id:council . id:mayor a schema:Role ; schema:roleName "Mayor"@en . }
<graph/article/one> {
  id:council schema:member id:mayor . id:mayor schema:member id:ana .
  <id/council#members> a schema:Observation ; schema:value 9 ; schema:observationAbout id:council .
  id:opening schema:startDate "2024-05-03"^^xsd:date .
}
<graph/article/two> { id:council schema:member id:mayor . id:nameless schema:abstract "No name"@en . }
<graph/article/three> {
  id:three a schema:NewsArticle ; schema:name "Third"@en ; nut:textSha256 "aa" ; schema:mentions id:nameless .
}
<graph/evidence/one> {
  id:mention a nut:Mention ; nut:represents id:ana . <id/one#span-1-9> nut:wording "x" .
  id:told nut:says "without facts" .
}
<graph/evidence/two> { id:mention nut:represents id:porto . id:told nut:says "in another article" . }
"""
ALL: Final = sorted(quads(HARBOUR + EVIDENCE + _MORE), key=str)
_FEW: Final = st.sets(st.sampled_from(ALL), max_size=3)
"""What is missing: two states have most in common, so that a change that is not noticed shows."""


def _asked(workspace: Workspace) -> tuple[dict[str, str | None], list[str]]:
    """The keys of the pages of all things, and what is compared."""
    site = Site.open(workspace)
    try:
        pages = [f"{node.stem}.html" for node in site.setting.index.nodes()]
        return {page: site.key(page) for page in pages}, site.setting.comparing.subjects
    finally:
        site.close()


def _agree(folder: Path, *missing: Quad) -> None:
    """Whether a workspace with a past and a new one have the same keys."""
    state = [quad for quad in ALL if quad not in missing]
    found = _asked(make(folder / "kept", state))
    assert found == _asked(make(folder / "fresh", state)), missing
    shutil.rmtree(folder / "fresh")


@pytest.mark.parametrize("part", range(4))
def test_every_line_that_goes_or_comes_is_noticed(tmp_path: Path, part: int) -> None:
    _agree(tmp_path)
    for quad in ALL[part::4]:
        _agree(tmp_path, quad)
        _agree(tmp_path)


@settings(max_examples=30, deadline=None)
@given(st.lists(_FEW, min_size=2, max_size=4))
def test_keys_are_those_of_a_fresh_workspace(states: list[set[Quad]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        for missing in states:
            _agree(Path(name), *missing)


@settings(max_examples=15, deadline=None)
@given(_FEW, _FEW)
def test_a_site_after_a_change_is_one_made_from_nothing(first: set[Quad], then: set[Quad]) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        workspace = make(folder / "w", [quad for quad in ALL if quad not in first])
        _write(workspace, folder / "out")
        build(folder / "w", [quad for quad in ALL if quad not in then])
        _write(workspace, folder / "out")
        shutil.rmtree(folder / "w" / ".nutgraf" / "site")
        _write(workspace, folder / "fresh")
        assert _tree(folder / "out") == _tree(folder / "fresh")


def _write(workspace: Workspace, folder: Path) -> None:
    site = Site.open(workspace)
    write(site, folder)
    site.close()


def _tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The things whose parts are read."""
    found: list[str] = []

    def counting(index: object, node: object, base: str) -> object:
        found.append(getattr(node, "stem", ""))
        return part_of(index, node, base)  # type: ignore[arg-type]

    monkeypatch.setattr(things, "part_of", counting)
    return found


def test_only_the_parts_that_a_change_touches_are_read(tmp_path: Path, read: list[str]) -> None:
    workspace = make(tmp_path, ALL)
    every, _ = _asked(workspace)
    assert len(set(read)) > 8
    read.clear()
    assert _asked(workspace)[0] == every
    assert read == []
    renamed = [quad for quad in ALL if '"City Council"' not in str(quad)]
    build(tmp_path, [*renamed, *quads('<graph/register> { id:council schema:name "Town Council"@en . }')])
    changed, _ = _asked(workspace)
    assert set(read) == {"id/council", "id/opening", "id/one", "id/two", "id/ana", "id/mayor"}
    assert changed["id/porto.html"] == every["id/porto.html"]
    assert changed["id/council.html"] != every["id/council.html"]


def _break_database(folder: Path) -> None:
    (folder / "kept.db").write_bytes(b"no database at all " * 100)


def _edit_in_place(folder: Path) -> None:
    (dataset,) = folder.glob("*.nq")
    dataset.write_bytes(dataset.read_bytes().replace(b'"Ana Lima"', b'"Ana Sosa"'))


def _lose_dataset(folder: Path) -> None:
    (dataset,) = folder.glob("*.nq")
    dataset.unlink()


def _other_code(folder: Path) -> None:
    with sqlite3.connect(folder / "kept.db") as database:
        database.execute("update meta set value = value || 'x'")
    database.close()


def _lock(folder: Path) -> None:
    (folder / "kept.db").unlink()
    (folder / "kept.db").mkdir()


@pytest.mark.parametrize("spoil", [_break_database, _edit_in_place, _lose_dataset, _other_code, _lock])
def test_what_cannot_be_relied_on_is_not(tmp_path: Path, spoil: object, read: list[str]) -> None:
    workspace = make(tmp_path, ALL)
    _asked(workspace)
    every = set(read)
    assert callable(spoil)
    spoil(tmp_path / ".nutgraf" / "site")
    build(tmp_path, [quad for quad in ALL if '"Ana Lima"' not in str(quad)])
    read.clear()
    found = _asked(workspace)
    assert set(read) >= every - {"id/ana"}
    shutil.rmtree(tmp_path / ".nutgraf" / "site")
    assert found == _asked(workspace)


def test_another_run_that_goes_on_to_another_state_is_not_told_of_this_one(tmp_path: Path) -> None:
    workspace = make(tmp_path, ALL)
    slow = Site.open(workspace)
    for node in slow.setting.index.nodes():
        slow.key(f"{node.stem}.html")
    build(tmp_path, [quad for quad in ALL if '"Ana Lima"' not in str(quad)])
    _asked(workspace)
    slow.close()
    found = _asked(workspace)
    shutil.rmtree(tmp_path / ".nutgraf" / "site")
    assert found == _asked(workspace)


def test_force_relies_on_nothing(tmp_path: Path, read: list[str]) -> None:
    workspace = make(tmp_path / "w", ALL)
    _write(workspace, tmp_path / "out")
    read.clear()
    site = Site.open(workspace)
    write(site, tmp_path / "out", force=True)
    site.close()
    assert {"id/ana", "id/one", "id/opening"} <= set(read)


def test_other_code_of_ours_makes_other_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = make(tmp_path, ALL)
    before, _ = _asked(workspace)
    monkeypatch.setattr(setting, "program", lambda: "another release")
    after, _ = _asked(workspace)
    assert before.keys() == after.keys()
    assert not set(before.values()) & set(after.values())
