"""Two builds give the same bytes, wherever and under whatever hash seed; a change touches what shows it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nutgraf.publish.site.site import Site
from nutgraf.publish.site.write import LIST, write
from tests.site.workspaces import HARBOUR, build, make

_WHOLE = {
    "browse", "compare.html", "dataset.html", "dataset.jsonld", "dataset.nt", "dataset.ttl", "dumps",
    "index.html", "map.html", "ns.html", "queries", "timeline.html", ".well-known",
}  # fmt: skip
"""What shows the dataset as a whole, and so may change with any of its statements."""


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize("seed", ["0", "4711"])
def test_another_folder_and_another_seed(tmp_path: Path, seed: str) -> None:
    make(tmp_path / "here")
    make(tmp_path / "some where" / "élse")
    with_here = tmp_path / "one"
    write(Site.open(make(tmp_path / "here")), with_here)
    run = [sys.executable, "-m", "nutgraf", "site", "-o", str(tmp_path / "two")]
    environment = os.environ | {"PYTHONHASHSEED": seed, "TZ": "Pacific/Kiritimati", "LC_ALL": "C"}
    subprocess.run(
        run, cwd=tmp_path / "some where" / "élse", env=environment, check=True, capture_output=True
    )
    assert files(with_here) == files(tmp_path / "two")


def test_a_change_touches_what_shows_it_and_nothing_else(tmp_path: Path) -> None:
    workspace = make(tmp_path / "workspace")
    out = tmp_path / "out"
    write(Site.open(workspace), out)
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*") if path.is_file()}
    build(tmp_path / "workspace", HARBOUR.replace("City Council", "Town Council"))
    touched: set[str] = set()
    write(Site.open(workspace), out, lambda path, what: touched.add(path) if what == "written" else None)
    really = {
        path.relative_to(out).as_posix()
        for path in out.rglob("*")
        if path.is_file() and path.stat().st_mtime_ns != before.get(path)
    }
    assert really - {LIST} == touched
    local = {path.removeprefix("fr/") for path in touched}
    things = {path.rpartition(".")[0] for path in local if path.startswith("id/")}
    # The council, the event that it organizes, the article that says so; no page of Ana, Porto or the claim.
    assert things == {"id/council", "id/opening", "id/one"}
    assert {path.split("/")[0] for path in local if not path.startswith("id/")} <= _WHOLE
