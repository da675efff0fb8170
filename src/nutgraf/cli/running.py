"""How a long run looks to a person: what it is doing, how far it is, and what it took."""

from __future__ import annotations

import contextlib
import resource
import signal
import sys
import time
from collections.abc import Iterator
from types import FrameType
from typing import Any

from nutgraf.cli import diagnostics
from nutgraf.mapping.stream.progress import Progress


class Shown:
    """Progress on a terminal: rows, statements, rate and time left. Nothing anywhere else."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._bar: Any = None
        self._task: Any = None

    def start(self, stack: contextlib.ExitStack) -> None:
        """Show it until the stack is left."""
        if not diagnostics.console().is_terminal:
            return
        from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415 - slow
        from rich.progress import Progress as Bar  # noqa: PLC0415 - slow

        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=20),
            TextColumn("{task.fields[figures]}", markup=False),
            TimeRemainingColumn(),
        )
        self._bar = stack.enter_context(Bar(*columns, console=diagnostics.console(), transient=True))
        self._task = self._bar.add_task("reading the mapping", total=None, figures="")

    def step(self, step: str) -> None:
        """Say what is being done."""
        if self._bar:
            self._bar.update(self._task, description=step)

    def progress(self, progress: Progress) -> None:
        """Say how far it is."""
        if self._bar:
            seconds = time.perf_counter() - self._started
            self._bar.update(
                self._task,
                total=1.0,
                completed=progress.fraction,
                figures=f"{progress.rows:,} rows, {progress.statements:,} statements, "
                f"{progress.statements / seconds:,.0f}/s",
            )


@contextlib.contextmanager
def shown() -> Iterator[Shown]:
    """Show progress until the block ends."""
    with contextlib.ExitStack() as stack:
        show = Shown()
        show.start(stack)
        yield show


@contextlib.contextmanager
def ended_politely() -> Iterator[None]:
    """Let a request to end (SIGTERM) end the block like Ctrl-C, so that everything is tidied up."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGTERM, interrupt)
    except ValueError:  # not the main thread: the one who started it ends it
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def peak_memory() -> str:
    """The most memory that this process has held: `538 MB`.

    Source: getrusage(2), kilobytes on Linux and bytes on macOS
    """
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return f"{size / (1e6 if sys.platform == 'darwin' else 1e3):,.0f} MB"
