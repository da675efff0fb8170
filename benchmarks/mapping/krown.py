"""A second workload: the scenarios of KROWN, the public benchmark of RML engines, made anew.

Run: python benchmarks/mapping/krown.py [--members 100000] [--scenarios raw-20,joins-5-3] [--repeat 1]

KROWN's own generator is in a Git repository and in no package index, so that this does not install it. It
makes the same scenarios after KROWN's published parameters: rows of `id` and `p1` … `p20` with the values
`V_<property>-<row>`, of which a share is the same row again or has no values; joins in which half of the rows
take part, n to m; and named graphs, constant and by the record. One difference: where KROWN writes the text
NULL for no value, an empty cell stands here, which every engine takes as none without being told.

All engines get the same RML of 2014 in Turtle. The sets of statements are compared before the times.

Source: KROWN 1.0, https://w3id.org/kg-construct/KROWN; D. Van Assche, D. Chaves-Fraga, A. Dimou
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import compare
import measure
from engines import ENGINES, Engine, Job

Row = list[str]
Scenario = Callable[[Path, int], None]

PROPERTIES: Final = 20
_SEED: Final = 0
_PREFIXES: Final = """@prefix rr: <http://www.w3.org/ns/r2rml#> .
@prefix rml: <http://semweb.mmlab.be/ns/rml#> .
@prefix ql: <http://semweb.mmlab.be/ns/ql#> .
@prefix ex: <http://example.com/> .
@base <http://ex.com/> .
"""


def raw(properties: int) -> Scenario:
    """Rows whose values are all different."""

    def make(folder: Path, members: int) -> None:
        _write(folder / "data.csv", _rows(members, properties))
        _map(folder, [_triples_map(1, "data.csv", "table", _references(properties))])

    return make


def duplicates(percent: int) -> Scenario:
    """That share of the rows is one and the same row."""
    return _replaced(percent, lambda _: ["9223372036854775807", *["DUPLICATE"] * PROPERTIES])


def empty(percent: int) -> Scenario:
    """That share of the rows has a key only."""
    return _replaced(percent, lambda row: [row[0], *[""] * PROPERTIES])


def joins(n: int, m: int) -> Scenario:
    """Half of the rows take part in a join: n of one table have a value that m of the other have."""

    def make(folder: Path, members: int) -> None:
        draw = random.Random(_SEED)  # noqa: S311  not for secrets
        taking_part = members // 2
        left, right = list(_rows(members, PROPERTIES)), list(_rows(members, PROPERTIES, first=members + 1))
        values = [f"J_{number}" for number in range(taking_part // max(n, m))]
        for rows, times in ((left, n), (right, m)):
            chosen = draw.sample(range(members), len(values) * times)
            for position, place in enumerate(chosen):
                rows[place][1] = values[position % len(values)]
        _write(folder / "data1.csv", left)
        _write(folder / "data2.csv", right)
        condition = 'rr:joinCondition [ rr:child "p1" ; rr:parent "p1" ]'
        joined = f"[ rr:predicate ex:j1 ; rr:objectMap [ rr:parentTriplesMap <#TM2> ; {condition} ] ]"
        first = _triples_map(1, "data1.csv", "table1", [joined])
        _map(folder, [first, _triples_map(2, "data2.csv", "table2", _references(1))])

    return make


def graphs(count: int, *, constant: bool) -> Scenario:
    """One property in some graphs, which are constant or named by the row."""

    def make(folder: Path, members: int) -> None:
        _write(folder / "data.csv", _rows(members, PROPERTIES))
        terms = [
            f"rr:graph <http://example.org/graph{number}>"
            if constant
            else f'rr:graphMap [ rr:template "http://example.org/graph{{p{number}}}" ]'
            for number in range(1, count + 1)
        ]
        said = f'[ rr:predicate ex:p1 ; rr:objectMap [ rml:reference "p1" ] ; {" ; ".join(terms)} ]'
        _map(folder, [_triples_map(1, "data.csv", "table", [said])])

    return make


def _replaced(percent: int, replacement: Callable[[Row], Row]) -> Scenario:
    def make(folder: Path, members: int) -> None:
        draw = random.Random(_SEED)  # noqa: S311  not for secrets
        chosen = set(draw.sample(range(members), members * percent // 100))
        rows = enumerate(_rows(members, PROPERTIES))
        _write(folder / "data.csv", (replacement(row) if place in chosen else row for place, row in rows))
        _map(folder, [_triples_map(1, "data.csv", "table", _references(PROPERTIES))])

    return make


def _rows(members: int, properties: int, first: int = 1) -> Iterator[Row]:
    for number in range(first, first + members):
        yield [str(number), *(f"V_{place}-{number}" for place in range(1, properties + 1))]


def _write(file: Path, rows: Iterator[Row] | Sequence[Row]) -> None:
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        for number, row in enumerate(rows):
            if number == 0:
                writer.writerow(["id", *(f"p{place}" for place in range(1, len(row)))])
            writer.writerow(row)


def _references(properties: int) -> list[str]:
    return [
        f'[ rr:predicate ex:p{number} ; rr:objectMap [ rml:reference "p{number}" ] ]'
        for number in range(1, properties + 1)
    ]


def _triples_map(number: int, file: str, name: str, said: Sequence[str]) -> str:
    lines = [
        f'<#TM{number}> rml:logicalSource [ rml:source "{file}" ; rml:referenceFormulation ql:CSV ]',
        f'rr:subjectMap [ rr:template "http://ex.com/{name}/{{id}}" ]',
        *(f"rr:predicateObjectMap {item}" for item in said),
    ]
    return " ;\n  ".join(lines) + " .\n"


def _map(folder: Path, triples_maps: Sequence[str]) -> None:
    (folder / "mapping.ttl").write_text("\n".join([_PREFIXES, *triples_maps]), encoding="utf-8")


SCENARIOS: Final[dict[str, Scenario]] = {
    "raw-1": raw(1),
    "raw-20": raw(20),
    "duplicates-50": duplicates(50),
    "duplicates-100": duplicates(100),
    "empty-50": empty(50),
    "joins-1-5": joins(1, 5),
    "joins-5-3": joins(5, 3),
    "graphs-5": graphs(5, constant=True),
    "graphs-5-by-row": graphs(5, constant=False),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--members", type=int, default=100_000, help="rows of each table")
    parser.add_argument("--scenarios", default=",".join(SCENARIOS), help="comma-separated")
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--timeout", type=float, default=900, help="seconds that one run may take")
    parser.add_argument("--work", type=Path, default=Path(".nutgraf/benchmark"))
    options = parser.parse_args()
    work = options.work.resolve()
    print(
        f"| KROWN, {options.members:,} rows | statements | same set | nutgraf s | Morph-KGC s | wall | CPU |"
    )
    print("|---|---:|---|---:|---:|---:|---:|")
    for name in options.scenarios.split(","):
        folder = work / "krown" / str(options.members) / name
        if not (folder / "mapping.ttl").exists():
            folder.mkdir(parents=True, exist_ok=True)
            SCENARIOS[name](folder, options.members)
        print(_line(name, folder, work, options.repeat, options.timeout), flush=True)


def _line(name: str, folder: Path, work: Path, repeat: int, timeout: float) -> str:
    """A row of the table: both engines, in turn."""
    pair = [next(each for each in ENGINES if each.name == wanted) for wanted in ("nutgraf-rml", "morph-kgc")]
    best: list[measure.Cost] = []
    outputs: list[Path] = []
    for _ in range(repeat):
        for place, engine in enumerate(pair):
            job = _job(engine, folder, work)
            cost = measure.run(engine.command(job), folder, timeout=timeout, env=engine.env)
            if cost.failure:
                return f"| {name} | {engine.name} failed: {cost.failure.splitlines()[-1]} | | | | | |"
            if len(best) <= place:
                best.append(cost)
                outputs.append(compare.sort(job.output))
            best[place] = min(best[place], cost, key=lambda one: one.wall)
            job.output.unlink()
    count = compare.count(outputs[0])
    difference = compare.compare(*outputs)
    for output in outputs:
        output.unlink()
    same = (
        "yes"
        if not (difference.missing or difference.extra)
        else f"no: -{difference.missing} +{difference.extra}"
    )
    for line in difference.examples:
        print("   ", line, file=sys.stderr)
    ours, other = best
    return (
        f"| {name} | {count:,} | {same} | {ours.wall:.2f} | {other.wall:.2f} "
        f"| {other.wall / ours.wall:.1f}× | {other.cpu / ours.cpu:.1f}× |"
    )


def _job(engine: Engine, folder: Path, work: Path) -> Job:
    output = work / "output" / f"{engine.name}-krown.nq"
    output.parent.mkdir(parents=True, exist_ok=True)
    return Job(engine.python(work / "environments"), folder, "csv", output, quads=True)


if __name__ == "__main__":
    main()
