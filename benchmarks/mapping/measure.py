"""What a command costs: wall time, CPU time and peak memory, its children included."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_INTERVAL_S: Final = 0.05
_KB: Final = 1024
_TAIL: Final = 800
_ENVIRONMENT: Final = {name: os.environ[name] for name in os.environ if name != "PYTHONDONTWRITEBYTECODE"}
"""Programs keep their bytecode, as they do where they are installed and used."""


@dataclass(frozen=True)
class Cost:
    """What one run took.

    Attributes:
        wall: seconds.
        cpu: seconds of user and system time, of the process and of all children that it waited for.
        peak: bytes. Of one process the kernel's own figure; of several the largest sum of their shares
            (Pss, so that what forked processes share counts once) seen twenty times a second.
        failure: the end of the error stream when the command failed; None when it did not.
    """

    wall: float
    cpu: float
    peak: int
    failure: str | None = None


def run(
    command: Sequence[str], folder: Path, *, timeout: float, env: Mapping[str, str] | None = None
) -> Cost:
    """Run a command in a folder; it is killed with its children after `timeout` seconds."""
    log = folder / "errors.log"
    with log.open("wb") as errors:
        started = time.perf_counter()
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env={**_ENVIRONMENT, **(env or {})},
            start_new_session=True,
        )
        killer = threading.Timer(timeout, os.killpg, (process.pid, signal.SIGKILL))
        killer.start()
        peak = _Peak(process.pid)
        peak.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        killer.cancel()
        peak.stop()
    failure = None
    if process.returncode:
        failure = f"after {timeout:.0f} s" if process.returncode == -signal.SIGKILL else _tail(log)
    cpu = usage.ru_utime + usage.ru_stime
    return Cost(wall, cpu, max(usage.ru_maxrss * _KB, peak.of_several), failure)


def _tail(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")[-_TAIL:].strip()


class _Peak(threading.Thread):
    """Watches a process that has children."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.of_several = 0
        self._process = process
        self._done = threading.Event()

    def run(self) -> None:
        while not self._done.wait(_INTERVAL_S):
            family = [self._process, *_descendants(self._process)]
            if len(family) > 1:
                self.of_several = max(self.of_several, sum(map(_share, family)))

    def stop(self) -> None:
        self._done.set()
        self.join()


def _descendants(process: int) -> Iterator[int]:
    try:
        tasks = list(Path(f"/proc/{process}/task").iterdir())
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return
    for child in children:
        yield child
        yield from _descendants(child)


def _share(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * _KB for line in lines if line.startswith("Pss:")), 0)
