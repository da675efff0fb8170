"""SHACL engines side by side: equal results first, then time, CPU, memory and ratios; then latency.

    python -m venv peers && peers/bin/pip install shacl==0.3.4
    python -m venv turbo && turbo/bin/pip install pyshacl-turbo==0.6.5
    python benchmarks/shacl/bench.py --shacl peers/bin/python --turbo turbo/bin/python

pySHACL and pyshacl-turbo are run up to `--most-slow` triples; pySHACL's time is extrapolated linearly from
there. With
`--sparql`, the shapes have a SPARQL-based constraint too.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import corpus

HERE = Path(__file__).parent
SCRIPT = HERE / "engines.py"
SLOW = ("pyshacl", "turbo")


def main() -> None:
    """Measure, and print tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--triples", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--most-slow", type=int, default=100_000)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--sparql", action="store_true")
    parser.add_argument("--shacl", help="a Python that has shacl")
    parser.add_argument("--turbo", help="a Python that has pyshacl-turbo")
    options = parser.parse_args()
    pythons = {"nutgraf": sys.executable, "pyshacl": sys.executable}
    pythons |= {name: path for name in ("shacl", "turbo") if (path := getattr(options, name))}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shapes = [_shapes(folder, sparql=options.sparql)]
        per_triple: list[float] = []
        for number in options.triples:
            data = folder / f"{number}.nt"
            with data.open("w", encoding="utf-8", newline="\n") as out:
                out.writelines(corpus.lines(number))
            compare(pythons, data, shapes, number, options.most_slow, per_triple)
            data.unlink()
        if options.articles:
            latencies(pythons, shapes, options.articles)


def _shapes(folder: Path, *, sparql: bool) -> Path:
    """One file of shapes: an engine may read one only."""
    parts = [HERE / "shapes.ttl", *([HERE / "sparql.ttl"] if sparql else [])]
    file = folder / "shapes.ttl"
    file.write_text("\n".join(part.read_text(encoding="utf-8") for part in parts), encoding="utf-8")
    return file


def compare(
    pythons: dict[str, str],
    data: Path,
    shapes: list[Path],
    number: int,
    most_slow: int,
    per_triple: list[float],
) -> None:
    """Run each engine on one graph, and print a table; `per_triple` is pySHACL's, for larger graphs."""
    names = [name for name in pythons if name not in SLOW or number <= most_slow]
    found = {name: _run(pythons[name], name, data, shapes) for name in names}
    print(f"\n{number:,} triples, {len(found['nutgraf']['rows']):,} results")
    for name in names[1:]:
        print(f"  {name}: {_difference(found['nutgraf']['rows'], found[name]['rows'])}")
    if "pyshacl" in found:
        steps = found["pyshacl"]["steps"]
        per_triple[:] = [steps["validate"][0] / number, (steps["read"][0] + steps["validate"][0]) / number]
    print(f"  {'engine':10} {'step':10} {'wall s':>9} {'CPU s':>9} {'peak MB':>8}  ratio of wall, of CPU")
    for name, run in found.items():
        for step in ("read", "validate", "all"):
            wall, cpu = _sum(run["steps"], step)
            if wall:
                base = per_triple[step == "all"] * number if per_triple and step != "read" else 0
                ratio = f"{base / wall:8.1f} {base / cpu:8.1f}" if base else ""
                print(f"  {name:10} {step:10} {wall:9.2f} {cpu:9.2f} {run['peak_mb']:8}  {ratio}")
    if "pyshacl" not in found and per_triple:
        print(f"  pyshacl    validate   {per_triple[0] * number:9.2f}  (extrapolated)")


def _sum(steps: dict[str, list[float]], step: str) -> tuple[float, float]:
    """Wall and CPU time of a step; of all after the start-up."""
    if step == "all":
        parts = [times for name, times in steps.items() if name != "start"]
        return sum(wall for wall, _ in parts), sum(cpu for _, cpu in parts)
    wall, cpu = steps.get(step, (0.0, 0.0)) if "read" in steps else (0.0, 0.0)
    return wall, cpu


def _difference(ours: list[list[str]], theirs: list[list[str]]) -> str:
    """Whether two engines' results are the same multisets; without the shape where one does not say it."""
    width = 5 if any(not row[5] for row in theirs) else 6
    a, b = (Counter(_normal(row, width) for row in rows) for rows in (ours, theirs))
    if a == b:
        return "the same results"
    example = next(iter((a - b) or (b - a)))
    return f"DIFFERENT: {(a - b).total()} only ours, {(b - a).total()} only theirs, e.g. {example}"


def _normal(row: list[str], width: int) -> tuple[str, ...]:
    focus, path, *rest = row[:width]
    bare = "".join(character for character in path if character not in "() ")
    return (focus, bare, *rest)


def latencies(pythons: dict[str, str], shapes: list[Path], number: int) -> None:
    """Print the latency of one article's graph, an engine a line."""
    size = sum(len(corpus.article(at)) for at in range(number)) / number
    print(f"\none article's graph of {size:.0f} triples, {number} of them")
    print(f"  {'engine':10} {'mean ms':>9} {'p50':>9} {'p99':>9}")
    for name, python in pythons.items():
        times = _call(python, name, Path("none"), shapes, ["--articles", str(number)])
        hundredths = statistics.quantiles(times, n=100)
        print(f"  {name:10} {statistics.mean(times):9.2f} {hundredths[49]:9.2f} {hundredths[98]:9.2f}")


def _run(python: str, name: str, data: Path, shapes: list[Path]) -> dict[str, Any]:
    run: dict[str, Any] = _call(python, name, data, shapes, [])
    return run


def _call(python: str, name: str, data: Path, shapes: list[Path], more: list[str]) -> Any:
    command = [python, str(SCRIPT), name, str(data), *map(str, shapes), *more]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return json.loads(done.stdout)


if __name__ == "__main__":
    main()
