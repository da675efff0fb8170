"""What is validated again after a change gives the report of a full run."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

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


@pytest.mark.parametrize("first", range(FIRST, FIRST + 32, PER_TEST))
def test_random_changes(first: int) -> None:
    found = {
        seed: random_changes.difference(random_changes.change(seed))[0]
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
    kept = tmp_path / "kept.duckdb"
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
    kept = tmp_path / "kept.duckdb"
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


def _another_key(path: Path) -> None:
    with duckdb.connect(path.as_posix()) as connection:
        connection.execute("update about set key = 'x'")


def _no_table(path: Path) -> None:
    with duckdb.connect(path.as_posix()) as connection:
        connection.execute("drop table bucket")


def _broken_result(path: Path) -> None:
    with duckdb.connect(path.as_posix()) as connection:
        connection.execute("update result set content = '[1, 2]'")


def _removed(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("damage", [_garbage, _cut, _another_key, _no_table, _broken_result, _removed])
def test_what_is_kept_may_be_damaged(damage: object, tmp_path: Path) -> None:
    shapes, first, second = (fuzz.triples(fuzz.PREFIXES + text) for text in CASES["far down"])
    kept = tmp_path / "kept.duckdb"
    again(first, shapes, kept)
    damage(kept)  # type: ignore[operator]
    found = again(second, shapes, kept)
    assert found.nodes is None
    assert found.report == full(second, shapes)
    assert again(first, shapes, kept).nodes is not None
    assert [path.name for path in tmp_path.iterdir()] == ["kept.duckdb"]


def test_other_shapes_find_nothing_kept(tmp_path: Path) -> None:
    shapes, data, _ = (fuzz.triples(fuzz.PREFIXES + text) for text in CASES["far down"])
    others = fuzz.triples(fuzz.PREFIXES + CASES["the other property"][0])
    kept = tmp_path / "kept.duckdb"
    again(data, shapes, kept)
    assert again(data, others, kept).nodes is None


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    shapes, data, _ = (fuzz.triples(fuzz.PREFIXES + text) for text in CASES["far down"])
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"mine")
    kept = tmp_path / "kept.duckdb"
    kept.symlink_to(elsewhere)
    assert again(data, shapes, kept).report == full(data, shapes)
    assert elsewhere.read_bytes() == b"mine"
    assert kept.is_symlink()
