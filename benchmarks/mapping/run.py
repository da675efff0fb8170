"""Compare nutgraf with its peers on the news records: the same set of triples first, then what it costs.

Run: python benchmarks/mapping/run.py [--articles 10000] [--formats csv,parquet,jsonl] [--peers morph-kgc]

Each peer is installed, pinned, in an environment of its own under --work; the records are made there once.
The output of each engine is compared with that of nutgraf's CSV, whatever the format, statement by statement.
Runs of the engines alternate, and the best of each counts. Prints a table in Markdown for each format.
"""

from __future__ import annotations

import argparse
import compileall
import dataclasses
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import compare
import limits
import measure
from engines import ENGINES, Engine, Job
from generate import FORMATS, generate

import nutgraf

OURS: Final = "nutgraf"
_MB: Final = 1_000_000
_SEED: Final = 7


@dataclass(frozen=True)
class Options:
    """What is asked for, as the command line says."""

    articles: int
    formats: list[str]
    peers: list[str]
    repeat: int
    memory: str | None
    timeout: float
    work: Path
    check: bool


@dataclass
class Result:
    """What one engine did with one format.

    Attributes:
        engine: which.
        costs: of each run.
        same: what the comparison of the sets says.
        size: bytes written.
        triples: number of distinct lines.
    """

    engine: Engine
    costs: list[measure.Cost]
    same: str = ""
    size: int = 0
    triples: int = 0

    @property
    def wall(self) -> float:
        """The shortest run in seconds: what else the machine did only ever adds to one."""
        return min(cost.wall for cost in self.costs)

    @property
    def cpu(self) -> float:
        """The least of the runs in seconds."""
        return min(cost.cpu for cost in self.costs)

    @property
    def failure(self) -> str | None:
        """Why it is not in the table."""
        return next((cost.failure for cost in self.costs if cost.failure), None)


def main() -> int:
    options = _options()
    data = options.work / "data" / str(options.articles)
    wanted = [name for name in FORMATS if not (data / name / "complete").exists()]
    if wanted:
        print(f"making {options.articles} articles in {data}", file=sys.stderr)
        generate(data, options.articles, _SEED, wanted)
        for name in wanted:
            (data / name / "complete").touch()
    engines = [each for each in ENGINES if each.name == OURS or each.name in options.peers]
    _print_start(options)
    different = False
    for kind in options.formats:
        results = list(_compare(kind, [each for each in engines if kind in each.reads], data, options))
        different |= any(each.same.startswith("no") and each.engine.name == OURS for each in results)
        print(f"\n### {kind}, {options.articles:,} articles\n\n" + "\n".join(_table(results)))
        print("\n" + "\n".join(_beside(kind, data, options, results)), flush=True)
    return int(different)


def _compare(kind: str, engines: Sequence[Engine], data: Path, options: Options) -> Iterator[Result]:
    """Every engine's result; runs alternate so that a busy minute hits them all."""
    results = [Result(engine, []) for engine in engines]
    for number in range(options.repeat):
        for result in results:
            if result.failure:
                continue
            job = _job(result.engine, kind, data, options)
            result.costs.append(_run(result.engine, job, options.timeout))
            if number == 0 and not result.failure:
                result.size = job.output.stat().st_size
                _check(result, job.output, options)
            job.output.unlink(missing_ok=True)
    return iter(results)


def _job(engine: Engine, kind: str, data: Path, options: Options) -> Job:
    given = engine.reads[kind]
    output = options.work / "output" / f"{engine.name}-{kind}.nt"
    output.parent.mkdir(parents=True, exist_ok=True)
    python = engine.python(options.work / "environments")
    return Job(python, data / given, given, output.resolve(), options.memory)


def _run(engine: Engine, job: Job, timeout: float) -> measure.Cost:
    print(f"running {engine.name} on {job.format}", file=sys.stderr)
    return measure.run(engine.command(job), job.folder, timeout=timeout, env=engine.env)


def _check(result: Result, output: Path, options: Options) -> None:
    """Compare with the first output of nutgraf that this size of data gave."""
    if not options.check:
        result.triples = compare.count(output)
        return
    made = compare.sort(output)
    result.triples = compare.count(made)
    reference = options.work / "output" / f"reference-{options.articles}.sorted"
    if not reference.exists():
        if result.engine.name != OURS:
            raise SystemExit("nutgraf's own output is the reference and has not been made")
        made.rename(reference)
        result.same = "reference"
        return
    found = compare.compare(reference, made, result.engine.rewrite)
    made.unlink()
    result.same = "yes" if not (found.missing or found.extra) else f"no: -{found.missing:,} +{found.extra:,}"
    for line in found.examples:
        print("   ", line, file=sys.stderr)


def _table(results: Sequence[Result]) -> Iterator[str]:
    yield "| engine | wall s | CPU s | peak MB | triples | M triples/s | wall | CPU | same set |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|---|"
    ours = next(each for each in results if each.engine.name == OURS)
    for each in results:
        if each.failure:
            yield f"| {each.engine.name} | failed: {each.failure.splitlines()[-1]} | | | | | | | |"
            continue
        peak = max(cost.peak for cost in each.costs) / _MB
        rate = each.triples / each.wall / 1e6
        ratios = f"{each.wall / ours.wall:.1f}× | {each.cpu / ours.cpu:.1f}×"
        yield (
            f"| {each.engine.name} | {each.wall:.2f} | {each.cpu:.2f} | {peak:,.0f} | {each.triples:,} "
            f"| {rate:.2f} | {ratios} | {each.same} |"
        )


def _beside(kind: str, data: Path, options: Options, results: Sequence[Result]) -> Iterator[str]:
    """The machine's limits for this format, and nutgraf to a null sink."""
    ours = results[0]
    if ours.failure:
        yield ours.failure
        return
    files = [file for file in (data / kind).iterdir() if file.suffix == f".{kind}"]
    size = sum(file.stat().st_size for file in files)
    written = limits.write(ours.size, options.work / "output" / "limit")
    yield (
        f"The machine: reading the input ({size / _MB:,.0f} MB) {limits.read(files):.2f} s, writing as many "
        f"bytes as nutgraf wrote ({ours.size / _MB:,.0f} MB) {written:.2f} s."
    )
    sink = limits.null_sink(options.work / "output")
    job = dataclasses.replace(_job(ours.engine, kind, data, options), output=sink)
    costs = [_run(ours.engine, job, options.timeout) for _ in range(options.repeat)]
    if not sink.is_symlink():
        yield "nutgraf wrote a file where a null sink was asked for."
        return
    if costs[0].failure:
        yield f"nutgraf to a null sink failed: {costs[0].failure}"
        return
    wall = min(cost.wall for cost in costs)
    yield (
        f"nutgraf to a null sink: {wall:.2f} s ({ours.triples / wall / 1e6:.2f} M triples/s), "
        f"peak {max(cost.peak for cost in costs) / _MB:,.0f} MB."
    )


def _print_start(options: Options) -> None:
    """What a start of nutgraf takes, once its bytecode is there as that of the installed peers is."""
    compileall.compile_dir(Path(nutgraf.__file__).parent, quiet=1)
    program = ENGINES[0].python(options.work / "environments").with_name("nutgraf").as_posix()
    cost = measure.run([program, "--version"], options.work, timeout=60)
    print(f"nutgraf --version: {cost.wall:.2f} s", flush=True)


def _options() -> Options:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    names = ",".join(engine.name for engine in ENGINES if engine.name != OURS)
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--formats", default="csv,parquet,jsonl", help="of csv,parquet,jsonl,json")
    parser.add_argument("--peers", default="morph-kgc,maplib,rdflib", help=f"of {names}; '' for none")
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--memory", help="nutgraf's bound, such as 1GB")
    parser.add_argument("--timeout", type=float, default=900, help="seconds that one run may take")
    parser.add_argument("--work", type=Path, default=Path(".nutgraf/benchmark"))
    parser.add_argument("--no-check", dest="check", action="store_false", help="do not compare the sets")
    found = parser.parse_args()
    formats = found.formats.split(",")
    peers = [name for name in found.peers.split(",") if name]
    for name in peers:
        if name not in names.split(","):
            parser.error(f"no peer is named {name}; there are {names}")
    for name in formats:
        if name not in FORMATS:
            parser.error(f"no format is named {name}; there are {', '.join(FORMATS)}")
    work = found.work.resolve()
    work.mkdir(parents=True, exist_ok=True)
    return Options(
        found.articles, formats, peers, found.repeat, found.memory, found.timeout, work, found.check
    )


if __name__ == "__main__":
    sys.exit(main())
