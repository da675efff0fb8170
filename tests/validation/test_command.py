"""`nutgraf validate` as a person runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
PLANTED = Path(__file__).parent / "planted"
SHAPES = str(PLANTED / "shapes.ttl")
GOOD = '<urn:a> a <https://schema.org/Place> ; <https://schema.org/name> "A" .\n'
BAD = "<urn:a> a <https://schema.org/Place> .\n"


def nutgraf(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nutgraf", "validate", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.ttl").write_text(GOOD, encoding="utf-8")
    (tmp_path / "bad.ttl").write_text(BAD, encoding="utf-8")
    (tmp_path / "broken.ttl").write_text("<urn:a> <urn:b>\n  oops .\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["good.ttl"], 0),
        (["bad.ttl"], 1),
        (["good.ttl", "bad.ttl"], 0),  # together they have the name
        (["broken.ttl"], 2),
        (["good.ttl", "--fail-on-unmatched"], 1),
        (["missing.ttl"], 2),
        (["bad.ttl", "--engine", "pyshacl"], 1),
        (["bad.ttl", "--engine", "sql", "--format", "ttl"], 1),
    ],
)
def test_exit_codes(folder: Path, arguments: list[str], code: int) -> None:
    done = nutgraf(*arguments, "--shapes", SHAPES, cwd=folder)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr


def test_a_broken_file_has_a_place(folder: Path) -> None:
    done = nutgraf("broken.ttl", "--shapes", SHAPES, cwd=folder)
    assert done.stderr.startswith("broken.ttl:2:")


def test_a_baseline_accepts_what_is_known(folder: Path) -> None:
    known = nutgraf("bad.ttl", "--shapes", SHAPES, "--format", "json", "-o", "known.json", cwd=folder)
    assert known.returncode == 1
    assert len(json.loads((folder / "known.json").read_text(encoding="utf-8"))["results"]) == 1
    (folder / "bad.ttl").write_text("# moved down\n\n" + BAD, encoding="utf-8")
    again = nutgraf("bad.ttl", "--shapes", SHAPES, "--baseline", "known.json", cwd=folder)
    assert again.returncode == 0
    assert "1 accepted before" in again.stdout
    (folder / "bad.ttl").write_text(BAD + "<urn:b> a <https://schema.org/Place> .\n", encoding="utf-8")
    more = nutgraf("bad.ttl", "--shapes", SHAPES, "--baseline", "known.json", cwd=folder)
    assert more.returncode == 1
    assert "<urn:b>" in more.stdout


def test_a_baseline_that_is_none(folder: Path) -> None:
    done = nutgraf("bad.ttl", "--shapes", SHAPES, "--baseline", "good.ttl", cwd=folder)
    assert done.returncode == 2
    assert "SHP106" in done.stderr


def test_engines_say_the_same(folder: Path) -> None:
    files = [str(PLANTED / name) for name in ("turtle.ttl", "lines.nt")]
    places = []
    for engine in ("sql", "pyshacl"):
        done = nutgraf(*files, "--shapes", SHAPES, "--engine", engine, "--format", "json", cwd=folder)
        results = json.loads(done.stdout)["results"]
        places.append(sorted((r["fingerprint"], r["places"][0]["line"]) for r in results))
    assert places[0] == places[1]


@pytest.mark.parametrize(
    ("shapes", "code"),
    [
        (":S sh:targetNode :n ; sh:minCount 1 .", "SHP102"),
        (":S sh:targetNode :n ; sh:node :T . :T sh:node :S .", "SHP103"),
        (":S sh:targetNode :n ; sh:js :x .", "SHP105"),
        (":S sh:targetNode :n ; sh:pattern '(' .", "SHP102"),
        (
            ":S sh:targetNode :n ; sh:sparql [ sh:select 'SELECT $this { SERVICE <x:y> { ?s ?p ?o } }' ] .",
            "SHP102",
        ),
        (":S sh:targetNode :n ; sh:sparql [ sh:select 'SELECT $this { oops' ] .", "SHP107"),
    ],
)
def test_shapes_that_cannot_be_run(folder: Path, shapes: str, code: str) -> None:
    text = f"@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <urn:x:> .\n{shapes}\n"
    (folder / "shapes.ttl").write_text(text, encoding="utf-8")
    engine = "sql" if code == "SHP105" else "auto"
    done = nutgraf("good.ttl", "--shapes", "shapes.ttl", "--engine", engine, cwd=folder)
    assert done.returncode == 2, done.stdout
    assert code in done.stderr


def test_help_has_examples(folder: Path) -> None:
    assert "Examples:" in nutgraf("--help", cwd=folder).stdout


def test_a_folder_of_shapes(tmp_path: Path) -> None:
    shapes = tmp_path / "shapes"
    shapes.mkdir()
    empty = nutgraf("--shapes", str(shapes), cwd=ROOT)
    assert empty.returncode == 2
    assert "no Turtle file in the folder" in empty.stderr
    for path in (ROOT / "ontology" / "shapes").glob("*.ttl"):
        (shapes / path.name).write_bytes(path.read_bytes())
    done = nutgraf("--shapes", str(shapes), cwd=ROOT)
    assert done.returncode == 0, done.stderr
