"""Twelve questions of a newsroom, over a million triples, put to several engines.

    python benchmarks/query/bench.py make news.nq --triples 1000000
    python benchmarks/query/bench.py run pyoxigraph news.nq -o pyoxigraph.json
    python benchmarks/query/bench.py report *.json

`run` is one process an engine, so that its memory is its own. `report` first compares all answers and says
which differ; only then does it print times. On a busy machine trust CPU time; that of a server is the
server's own, without the client's. A query that takes longer than `--limit` is given up (rdflib),
and one engine's times are only added up with another's over the queries that both answered.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import signal
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from engines import ENGINES, Rows
from news import quads

QUERIES = sorted((Path(__file__).parent / "queries").glob("*.rq"))
_MEGA = 1 << 20
_FEWEST = 3


class _TooLongError(Exception):
    pass


def make(file: Path, triples: int) -> None:
    """Write the collection."""
    with file.open("w", encoding="utf-8") as target:
        target.writelines(quads(triples))


def run(name: str, file: Path, runs: int, limit: int, budget: float) -> dict[str, Any]:
    """Load one engine, ask it everything, and measure."""
    engine = ENGINES[name]()
    started, cpu = time.perf_counter(), _cpu()
    try:
        engine.load(file)
        found: dict[str, Any] = {
            "engine": name,
            "file": hashlib.file_digest(file.open("rb"), "sha256").hexdigest(),
            "load_s": time.perf_counter() - started,
            "load_cpu_s": _cpu() - cpu,
            "memory": engine.memory(),
            "disk": engine.disk(),
            "queries": {},
        }
        for path in QUERIES:
            found["queries"][path.stem] = _measured(
                engine, path.read_text(encoding="utf-8"), runs, limit, budget
            )
            print(name, path.stem, found["queries"][path.stem]["seconds"][:1], file=sys.stderr)
        found["memory_after"] = engine.memory()
    finally:
        engine.close()
    return found


def _measured(engine: Any, query: str, runs: int, limit: int, budget: float) -> dict[str, Any]:
    """One answer to compare, then as many timed ones as fit the budget of seconds."""
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(limit)
    seconds: list[float] = []
    cpu = 0.0
    try:
        rows = engine.ask(query)
        signal.alarm(0)
        ends = time.perf_counter() + budget
        while len(seconds) < runs and (len(seconds) < _FEWEST or time.perf_counter() < ends):
            signal.alarm(limit)
            started, before = time.perf_counter(), engine.cpu()
            engine.ask(query)
            seconds.append(time.perf_counter() - started)
            cpu += engine.cpu() - before
    except _TooLongError:
        return {"answer": None, "rows": None, "seconds": [], "cpu": None}
    finally:
        signal.alarm(0)
    return {"answer": _fingerprint(rows), "rows": len(rows), "seconds": seconds, "cpu": cpu / len(seconds)}


def _too_long(*_: object) -> None:
    raise _TooLongError


def _fingerprint(rows: Rows) -> str:
    """A hash of the answer, in whatever order it came."""
    lines = sorted(json.dumps(row, ensure_ascii=False) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _cpu() -> float:
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def report(results: list[dict[str, Any]], reference: str) -> int:
    """Compare the answers, then print the tables; 1 when answers differ."""
    names = [each["engine"] for each in results]
    by_name = dict(zip(names, results, strict=True))
    assert len({each["file"] for each in results}) == 1, "the results are of different data"
    differing = 0
    for path in QUERIES:
        answers = {name: by_name[name]["queries"][path.stem]["answer"] for name in names}
        if len({answer for answer in answers.values() if answer}) > 1:
            differing += 1
            print(f"{path.stem}: the answers differ: {answers}")
    print(f"{len(QUERIES) - differing} of {len(QUERIES)} answers are the same everywhere\n")
    print("| | load s | CPU s | memory MB | peak MB | disk MB |\n|---|---:|---:|---:|---:|---:|")
    for name in names:
        each = by_name[name]
        memory = (each["memory"]["now"], each["memory_after"]["peak"], each["disk"])
        seconds = f"{each['load_s']:.1f} | {each['load_cpu_s']:.1f}"
        print(f"| {name} | {seconds} | " + " | ".join(f"{size / _MEGA:.0f}" for size in memory) + " |")
    print("\n| wall ms: median (95 %) | rows | " + " | ".join(names) + " |")
    print("|---|---:|" + "---:|" * len(names))
    for path in QUERIES:
        asked = [by_name[name]["queries"][path.stem] for name in names]
        rows = next((each["rows"] for each in asked if each["rows"] is not None), "")
        print(f"| {path.stem} | {rows} | " + " | ".join(map(_shown, asked)) + " |")
    print("\n| CPU ms: mean | " + " | ".join(names) + " |")
    print("|---|" + "---:|" * len(names))
    for path in QUERIES:
        asked = [by_name[name]["queries"][path.stem] for name in names]
        shown = ("given up" if each["cpu"] is None else f"{each['cpu'] * 1000:.1f}" for each in asked)
        print(f"| {path.stem} | " + " | ".join(shown) + " |")
    print(f"\n| all queries that it answered | wall s | against {reference} | CPU s | against {reference} |")
    print("|---|---:|---:|---:|---:|")
    for name in names:
        both = _answered(by_name[name]) & _answered(by_name[reference])
        wall, other = (sum(_median(by_name[each], stem) for stem in both) for each in (name, reference))
        cpu, more = (
            sum(by_name[each]["queries"][stem]["cpu"] for stem in both) for each in (name, reference)
        )
        print(f"| {name} ({len(both)}) | {wall:.2f} | {wall / other:.2f} | {cpu:.2f} | {cpu / more:.2f} |")
    return 1 if differing else 0


def _answered(result: dict[str, Any]) -> set[str]:
    return {stem for stem, asked in result["queries"].items() if asked["seconds"]}


def _median(result: dict[str, Any], stem: str) -> float:
    return statistics.median(result["queries"][stem]["seconds"])


def _shown(asked: dict[str, Any]) -> str:
    seconds = asked["seconds"]
    if not seconds:
        return "given up"
    late = statistics.quantiles(seconds, n=20)[-1] if len(seconds) >= 20 else max(seconds)  # noqa: PLR2004
    return f"{statistics.median(seconds) * 1000:.1f} ({late * 1000:.1f})"


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    making = commands.add_parser("make")
    making.add_argument("file", type=Path)
    making.add_argument("--triples", type=int, default=1_000_000)
    running = commands.add_parser("run")
    running.add_argument("engine", choices=ENGINES)
    running.add_argument("file", type=Path)
    running.add_argument("-o", "--output", type=Path, required=True)
    running.add_argument("--runs", type=int, default=40)
    running.add_argument("--limit", type=int, default=120, metavar="SECONDS", help="for one answer")
    running.add_argument("--budget", type=float, default=4.0, metavar="SECONDS", help="for one query")
    reporting = commands.add_parser("report")
    reporting.add_argument("results", type=Path, nargs="+")
    reporting.add_argument("--reference", default="nutgraf")
    given = parser.parse_args()
    if given.command == "make":
        make(given.file, given.triples)
    elif given.command == "run":
        found = run(given.engine, given.file, given.runs, given.limit, given.budget)
        given.output.write_text(json.dumps(found, indent=1), encoding="utf-8")
    else:
        results = [json.loads(path.read_text(encoding="utf-8")) for path in given.results]
        sys.exit(report(results, given.reference))


if __name__ == "__main__":
    main()
