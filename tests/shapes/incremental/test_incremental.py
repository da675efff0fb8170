"""What is validated again after a change gives the report of a full run."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from nutgraf.engine import duckdb as engine
from nutgraf.shapes.incremental import parts, tree
from nutgraf.shapes.incremental import run as incremental
from nutgraf.shapes.incremental.pieces import DamagedError, Pages
from tests.shapes import fuzz
from tests.shapes.incremental import random_changes
from tests.shapes.incremental.random_changes import again, full

FIRST = 40_000
PER_TEST = 8

NESTED = """:S sh:targetClass :A ; sh:property :P .
:P sh:path ( :p [ sh:zeroOrMorePath :q ] ) ; sh:property :Q ; sh:node :N .
:Q sh:path [ sh:inversePath :r ] ; sh:minCount 1 .
:N sh:property [ sh:path :q ; sh:class :B ] .
"""
QUERIED = """:S sh:targetClass :A ; sh:property :P ;
    sh:sparql [ sh:select 'SELECT $this { $this <urn:p> ?x }' ] .
:T sh:targetClass :A , :B ; sh:property :P .
:U sh:targetClass :B ; sh:nodeKind sh:Literal .
:P sh:path :p ; sh:minCount 1 .
"""
CASES = {
    "a subclass comes": (
        ":S sh:targetClass :A ; sh:nodeKind sh:Literal .",
        ":a a :B . :B rdfs:subClassOf :C .",
        ":a a :B . :B rdfs:subClassOf :C . :C rdfs:subClassOf :A .",
    ),
    "a subclass goes": (
        ":S sh:targetNode :x ; sh:property [ sh:path :p ; sh:class :A ] .",
        ":x :p :a . :a a :B . :B rdfs:subClassOf :A .",
        ":x :p :a . :a a :B .",
    ),
    "a result stands once more": (
        NESTED,
        ":a a :A ; :p :b . :c :p :b .",
        ":a a :A ; :p :b . :c a :A ; :p :b .",
    ),
    "a result stands once less": (
        NESTED,
        ":a a :A ; :p :b . :c a :A ; :p :b .",
        ":a a :A ; :p :b . :c :p :b .",
    ),
    "far down": (NESTED, ":a a :A ; :p :b . :b :q :c .", ":a a :A ; :p :b . :b :q :c . :c :q :d . :d a :B ."),
    "from below": (NESTED, ":a a :A ; :p :b . :d :r :b .", ":a a :A ; :p :b ."),
    "any property of a closed shape": (
        ":S sh:targetObjectsOf :p ; sh:closed true .",
        ":a :p :b .",
        ":a :p :b . :b :zzz 1 .",
    ),
    "the other property": (
        ":S sh:targetSubjectsOf :p ; sh:property [ sh:path ( :p :q ) ; sh:lessThan :r ] .",
        ":a :p :b ; :r 3 . :b :q 2 .",
        ":a :p :b ; :r 1 . :b :q 2 .",
    ),
    "the last target goes": (
        ":S sh:targetSubjectsOf :p ; sh:nodeKind sh:Literal .",
        ":a :p 1 .",
        ":a :q 1 .",
    ),
    "the first target comes": (":S sh:targetClass :A ; sh:nodeKind sh:Literal .", ":a :p 1 .", ":a a :A ."),
    "a query beside other shapes": (
        QUERIED,
        ":a a :A , :B . :b a :B .",
        ":a a :A , :B ; <urn:p> 1 . :b a :B . :c a :B .",
    ),
    "language tags are the same in any case": (
        ":S sh:targetNode 'a'@en ; sh:property [ sh:path [ sh:inversePath :p ] ; sh:maxCount 0 ] .",
        ":a :p 'b'@en .",
        ":a :p 'a'@EN .",
    ),
    "a pattern that only SQL runs": (
        ":S sh:targetSubjectsOf :p ; sh:property [ sh:path :p ; sh:pattern '^\\\\p{L}$' ] .",
        ":a :p 'b' . :b :p 'c' .",
        ":a :p '1' . :b :p 'c' .",
    ),
    "an IRI becomes a text": (
        ":S sh:targetSubjectsOf :p ; sh:property [ sh:path :p ; sh:nodeKind sh:IRI ] .",
        ":a :p <urn:x> .",
        ":a :p 'urn:x' .",
    ),
    "another datatype": (
        ":S sh:targetSubjectsOf :p ; sh:property [ sh:path :p ; sh:datatype xsd:date ] .",
        ":a :p '2024-01-01'^^xsd:date .",
        ":a :p '2024-01-01' .",
    ),
}


@pytest.mark.parametrize("first", range(FIRST, FIRST + 16, PER_TEST))
@pytest.mark.parametrize("digested", [False, True])
def test_random_changes(first: int, digested: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if digested:
        first += 16
        monkeypatch.setattr(tree, "PAGE", 3)
    found = {
        seed: random_changes.difference(random_changes.change(seed), digested=digested)[0]
        for seed in range(first, first + PER_TEST)
    }
    assert {seed: text for seed, text in found.items() if text} == {}


def test_random_changes_are_worth_comparing() -> None:
    """Most change the report, and hardly any is validated in full after the first state."""
    different = parts = states = 0
    for seed in range(FIRST, FIRST + 20):
        checked = random_changes.difference(random_changes.change(seed))[1]
        different += len({found.report.results for found in checked}) > 1
        parts += sum(found.nodes is not None for found in checked[1:])
        states += len(checked[1:])
    assert different > 8
    assert parts > 0.8 * states


@pytest.mark.parametrize("name", CASES)
def test_a_change(name: str, tmp_path: Path) -> None:
    shapes, *states = (fuzz.triples(fuzz.PREFIXES + text) for text in CASES[name])
    kept = tmp_path / "kept.sqlite"
    reports = []
    for number, data in enumerate([*states, *reversed(states)]):
        found = again(data, shapes, kept)
        reports.append(found.report)
        assert (found.nodes is None) == (number == 0)
        assert found.report == full(data, shapes)
        assert found.report.unmatched == full(data, shapes).unmatched
    assert reports[0] == reports[-1]
    assert (reports[0].results, reports[0].unmatched) != (reports[1].results, reports[1].unmatched)


def test_only_what_is_touched_is_validated(tmp_path: Path) -> None:
    shapes = fuzz.triples(
        fuzz.PREFIXES + ":S sh:targetClass :A ; sh:property [ sh:path :p ; sh:maxCount 0 ] ."
    )
    lines = [f":n{n} a :A ; :p {n} ." for n in range(50)]
    kept = tmp_path / "kept.sqlite"
    assert again(fuzz.triples(fuzz.PREFIXES + "\n".join(lines)), shapes, kept).nodes is None
    assert again(fuzz.triples(fuzz.PREFIXES + "\n".join(lines)), shapes, kept).nodes == 0
    lines[7] = ":n7 a :A ."
    found = again(fuzz.triples(fuzz.PREFIXES + "\n".join(lines)), shapes, kept)
    assert found.nodes == 1
    assert len(found.report.results) == 49


def _garbage(path: Path) -> None:
    path.write_bytes(b"not a database")


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def _changed(path: Path, sql: str) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(sql)


_SWAP = """
update page set content = (
    select content from page p where p.tree = 1 - page.tree and p.number = page.number)
"""
DAMAGES: dict[str, Callable[[Path], None]] = {
    "garbage": _garbage,
    "cut off": _cut,
    "removed": Path.unlink,
    "another key": partial(_changed, sql="update about set content = x'00' where name = 'key'"),
    "no table": partial(_changed, sql="drop table page"),
    "no page": partial(_changed, sql="delete from page"),
    "pages changed places": partial(_changed, sql=_SWAP),
    "a page is cut off": partial(_changed, sql="update page set content = substr(content, 1, 30)"),
    "a result is another": partial(_changed, sql="update result set content = x'000000005b315d'"),
    "a result is another node's": partial(_changed, sql="update result set node = zeroblob(8)"),
    "a result is missing": partial(_changed, sql="delete from result where rowid = 1"),
    "no totals": partial(_changed, sql="delete from about where name = 'total'"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_kept_may_be_damaged(damage: str, tmp_path: Path) -> None:
    shapes, first, second = (fuzz.triples(fuzz.PREFIXES + text) for text in CASES["far down"])
    kept = tmp_path / "kept.sqlite"
    again(first, shapes, kept)
    DAMAGES[damage](kept)
    found = again(second, shapes, kept)
    assert found.nodes is None
    assert found.report == full(second, shapes)
    assert again(first, shapes, kept).nodes is not None
    assert [path.name for path in tmp_path.iterdir()] == ["kept.sqlite"]


def test_any_byte_may_be_damaged(tmp_path: Path) -> None:
    """The report is that of a full run, whichever byte is another."""
    shapes, first, second = (fuzz.triples(fuzz.PREFIXES + text) for text in CASES["far down"])
    kept = tmp_path / "kept.sqlite"
    again(first, shapes, kept)
    content = kept.read_bytes()
    expected = full(second, shapes)
    fulls = 0
    for place in range(0, len(content), 1501):
        damaged = bytearray(content)
        damaged[place] ^= 0xFF
        kept.write_bytes(damaged)
        found = again(second, shapes, kept)
        assert (found.report, found.report.unmatched) == (expected, expected.unmatched), place
        fulls += found.nodes is None
    assert fulls > 3


def test_a_run_that_fails_leaves_what_was_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shapes, first, second = (fuzz.triples(fuzz.PREFIXES + text) for text in CASES["far down"])
    kept = tmp_path / "kept.sqlite"
    again(first, shapes, kept)
    before = kept.read_bytes()

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(parts, "validate", fail)
        with pytest.raises(KeyboardInterrupt):
            again(second, shapes, kept)
    assert kept.read_bytes() == before
    found = again(second, shapes, kept)
    assert found.nodes is not None
    assert found.report == full(second, shapes)


def test_a_change_of_everything_is_a_full_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incremental, "_FEW", 3)
    shapes = fuzz.triples(fuzz.PREFIXES + ":S sh:targetClass :A ; sh:nodeKind sh:Literal .")
    states = [
        fuzz.triples(fuzz.PREFIXES + "\n".join(f":{name}{n} a :A ." for n in range(50))) for name in "ab"
    ]
    kept = tmp_path / "kept.sqlite"
    again(states[0], shapes, kept)
    found = again(states[1], shapes, kept)
    assert found.nodes is None
    assert found.report == full(states[1], shapes)
    found = again(states[1][1:], shapes, kept)
    assert found.nodes == 1
    assert found.report == full(states[1][1:], shapes)


@pytest.mark.parametrize("error", [sqlite3.OperationalError, engine.EngineError, DamagedError, OSError])
def test_what_cannot_be_kept_is_not(
    error: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shapes, data, _ = (fuzz.triples(fuzz.PREFIXES + text) for text in CASES["far down"])

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(Pages, "save", fail)
    assert again(data, shapes, tmp_path / "kept.sqlite").report == full(data, shapes)
    assert list(tmp_path.iterdir()) == []


def test_other_shapes_find_nothing_kept(tmp_path: Path) -> None:
    shapes, data, _ = (fuzz.triples(fuzz.PREFIXES + text) for text in CASES["far down"])
    others = fuzz.triples(fuzz.PREFIXES + CASES["the other property"][0])
    kept = tmp_path / "kept.sqlite"
    again(data, shapes, kept)
    assert again(data, others, kept).nodes is None


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    shapes, data, _ = (fuzz.triples(fuzz.PREFIXES + text) for text in CASES["far down"])
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"mine")
    kept = tmp_path / "kept.sqlite"
    kept.symlink_to(elsewhere)
    assert again(data, shapes, kept).report == full(data, shapes)
    assert elsewhere.read_bytes() == b"mine"
    assert kept.is_symlink()
