"""Random shapes, random data and a random change of it, the same for the same seed.

`python -m tests.shapes.incremental.random_changes --pairs 10000` prints each on which the report of what
changed is not that of a full run.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Quad, Triple

from nutgraf.dataset import table
from nutgraf.engine import duckdb as engine
from nutgraf.engine.statements import DIGEST
from nutgraf.problems import InputError
from nutgraf.shapes import run
from nutgraf.shapes.incremental import run as incremental
from nutgraf.shapes.incremental.run import Checked
from nutgraf.shapes.report import Report
from tests.shapes import fuzz

_DIGESTED = f"create or replace table statements as select *, {DIGEST} as digest from statements"  # noqa: S608


@dataclass(frozen=True)
class Change:
    """A shapes graph, and the states of a data graph one after another, in Turtle."""

    seed: int
    shapes: str
    states: tuple[str, ...]


def change(seed: int, states: int = 3) -> Change:
    """The change of a seed: some triples go, some come, a class may become another's subclass."""
    made = fuzz.pair(seed)
    dice = random.Random(-seed - 1)  # noqa: S311
    maker = fuzz._Maker(dice)
    lines = made.data.removeprefix(fuzz.PREFIXES).split("\n")
    data = [lines]
    for _ in range(states - 1):
        lines = [line for line in lines if dice.random() > dice.choice([0, 0.05, 0.3])]
        lines = lines + [maker.triple() for _ in range(dice.randint(0, 3))]
        data.append(lines)
    return Change(seed, made.shapes, tuple(fuzz.PREFIXES + "\n".join(lines) for lines in data))


def full(data: list[Triple], shapes: list[Triple]) -> Report:
    """What a full run finds."""
    with engine.connect(threads=1) as connection:
        table.create(connection, (Quad(*triple) for triple in data))
        return run.validate(connection, shapes, lambda: data).report


def again(data: list[Triple], shapes: list[Triple], path: Path, *, digested: bool = False) -> Checked:
    """What a run finds that looks at the change alone; `digested` where the table has digests."""
    with engine.connect(threads=1) as connection:
        table.create(connection, (Quad(*triple) for triple in data))
        if digested:
            connection.execute(_DIGESTED)
        return incremental.validate(connection, shapes, lambda: data, path)


def difference(change: Change, *, digested: bool = False) -> tuple[str, list[Checked]]:
    """How the reports differ, if they do, and what was found; `digested` as for `again`."""
    shapes = fuzz.triples(change.shapes)
    checked: list[Checked] = []
    with tempfile.TemporaryDirectory() as folder:
        for number, state in enumerate(change.states):
            data = fuzz.triples(state)
            try:
                expected = full(data, shapes)
            except InputError:
                return "", []
            found = again(data, shapes, Path(folder) / "kept.sqlite", digested=digested)
            checked.append(found)
            if (found.report.results, found.report.unmatched) != (expected.results, expected.unmatched):
                ours = fuzz.without_messages(found.report)
                theirs = fuzz.without_messages(expected)
                return f"state {number}: more {ours - theirs}, fewer {theirs - ours}", checked
            if dict(found.report.details) != dict(expected.details):
                return f"state {number}: details {found.report.details} {expected.details}", checked
    return "", checked


def main() -> None:
    """Run many."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--pairs", type=int, default=1000)
    arguments.add_argument("--seed", type=int, default=0)
    options = arguments.parse_args()
    different, parts = [], 0
    for seed in range(options.seed, options.seed + options.pairs):
        made = change(seed)
        found, checked = difference(made)
        parts += sum(item.nodes is not None for item in checked)
        if found:
            different.append(seed)
            if len(different) < 3:
                print(f"=== seed {seed}\n{made.shapes}\n{made.states}\n{found}", flush=True)  # noqa: T201
    print(f"{options.pairs} changes, {parts} parts, {len(different)} differ: {different[:30]}")  # noqa: T201


if __name__ == "__main__":
    main()
