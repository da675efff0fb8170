"""What a manifest says, and what follows from it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from nutgraf.publish.push import manifest
from nutgraf.publish.push.graphs import EMPTY, LocalGraph
from nutgraf.publish.push.manifest import Manifest

NAME = "https://news.example/graph/manifest"
A, B, C = (f"https://news.example/graph/{name}" for name in "abc")
ONE, TWO = "1" * 64, "2" * 64
RUN = "urn:uuid:7"
NOW = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)


def graph(name: str, digest: str) -> LocalGraph:
    return LocalGraph(name, Path("none"), digest, 1, blank=False)


LOCAL = {A: graph(A, ONE), B: graph(B, TWO)}


def remote(**changes: frozenset[str]) -> Manifest:
    hashes = {A: frozenset({ONE}), B: frozenset({TWO})} | changes
    return Manifest(frozenset(hashes), hashes, frozenset({RUN}))


@pytest.mark.parametrize(
    ("found", "sent", "removed"),
    [
        (Manifest(), [A, B], []),
        (remote(), [], []),
        (remote(**{A: frozenset()}), [A], []),
        (remote(**{A: frozenset({ONE, TWO})}), [A], []),
        (remote(**{A: frozenset({""})}), [A], []),
        (Manifest(frozenset({A, B}), remote().hashes, frozenset()), [A, B], []),
        (remote(**{C: frozenset({ONE})}), [], [C]),
        (remote(**{C: frozenset()}), [], [C]),
        (remote(**{C: frozenset({EMPTY})}), [], []),
        (remote(**{C: frozenset({EMPTY, ONE})}), [], [C]),
    ],
    ids=["none", "same", "being replaced", "two hashes", "no hash", "no push", "gone", "gone, unknown",
         "removed", "removed and sent"],
)  # fmt: skip
def test_plan(found: Manifest, sent: list[str], removed: list[str]) -> None:
    plan = manifest.plan(LOCAL, found)
    assert ([each.name for each in plan.send], list(plan.remove)) == (sent, removed)
    assert not manifest.plan(LOCAL, found, prune=False).remove
    assert [each.name for each in manifest.plan(LOCAL, found, force=True).send] == [A, B]


def test_a_claim_takes_back_what_is_going_to_change() -> None:
    found = remote(**{A: frozenset({TWO}), C: frozenset({EMPTY})})
    plan = manifest.plan(LOCAL, found)
    claimed = manifest.read(NAME, manifest.claimed(NAME, found, plan, RUN).encode(), NOW)
    assert claimed == Manifest(frozenset({A, B}), {B: frozenset({TWO})}, frozenset({RUN}))


def test_what_else_a_manifest_says_is_passed_over() -> None:
    turtle = f"""
    @prefix nut: <https://nutgraf.example/ns#> . @prefix dcterms: <http://purl.org/dc/terms/> .
    <{NAME}> nut:push <{RUN}> ; dcterms:hasPart <{A}> , "text" , _:b , <{NAME}> ; nut:canonicalHash 5 .
    <{B}> dcterms:hasPart <{C}> . <{A}> nut:canonicalHash "{ONE}" , <{B}> . _:b nut:canonicalHash "x" .
    """
    found = manifest.read(NAME, turtle.encode(), NOW)
    assert found.names == {A}
    assert found.pushes == {RUN}
    assert found.digest(A) == ONE
