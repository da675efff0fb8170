"""What a site costs: `python benchmarks/site/bench.py ARTICLES...`; see README.md.

For each number of articles: CPU time and peak memory of a whole site, of a second run, and of a run after
one article has changed; and how many files each touched.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
_FILES = re.compile(r"(\d+) files in .*: (\d+) written, (\d+) removed")


def main() -> None:
    """Measure."""
    for number in map(int, sys.argv[1:]):
        with tempfile.TemporaryDirectory(prefix="nutgraf-bench-") as name:
            folder = Path(name)
            subprocess.run(
                [sys.executable, str(HERE / "collection.py"), str(number), str(folder / "workspace")],
                check=True,
            )
            _site(folder, "whole site")
            _site(folder, "second run")
            _change(folder / "workspace" / "output" / "dataset.nq")
            _site(folder, "one change")


def _site(folder: Path, what: str) -> None:
    command = [Path(sys.executable).with_name("nutgraf"), "site", "-o", folder / "site"]
    started = time.perf_counter()
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(command, cwd=folder / "workspace", stdout=said, stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
    text = (folder / "said").read_text(encoding="utf-8")
    if status:
        raise SystemExit(text)
    found = _FILES.search(text)
    files = " of ".join((found[2], found[1])) if found else "?"
    print(
        f"  {what}: {usage.ru_utime + usage.ru_stime:7.1f} s CPU, {time.perf_counter() - started:7.1f} s, "
        f"{usage.ru_maxrss / 1024:6.0f} MB at most, {files} files written",
        flush=True,
    )


def _change(dataset: Path) -> None:
    """Another name for one article that shares things with others; a new file, as a build makes it."""
    # A line at a time: a process starts with the peak of the one that starts it.
    beside = dataset.with_suffix(".part")
    done = False
    with dataset.open(encoding="utf-8") as lines, beside.open("w", encoding="utf-8") as changed:
        for line in lines:
            found = not done and ' 5"@en <' in line
            changed.write(line.replace(' 5"@en <', ' five"@en <') if found else line)
            done = done or found
    beside.replace(dataset)


if __name__ == "__main__":
    main()
