"""How far a site is: files, rate and time left, on a terminal; nothing anywhere else."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from nutgraf.cli import diagnostics

_EVERY_S: Final = 0.1


class Shown:
    """What is told of a site that is being written.

    Args:
        show: takes how many files are done, how many there are (None where it is not known) and the line;
            None where nobody looks.
    """

    def __init__(self, show: Callable[[int, int | None, str], None] | None) -> None:
        self._show = show
        self._counts: Counter[str] = Counter()
        self._total: int | None = None
        self._started = self._last = time.monotonic()

    def begin(self, files: Iterator[str]) -> None:
        """Say what will be there; counted only where somebody looks."""
        if self._show is not None:
            self._total = sum(1 for _ in files)
            self._started = self._last = time.monotonic()

    def told(self, _path: str, what: str) -> None:
        """One more file is done."""
        self._counts[what] += 1
        now = time.monotonic()
        done = self._counts.total() - self._counts["removed"]
        if self._show is not None and (now - self._last > _EVERY_S or done == self._total):
            self._last = now
            self._show(
                done, self._total, line(done, self._total, self._counts["written"], now - self._started)
            )


def line(done: int, total: int | None, written: int, seconds: float) -> str:
    """How far it is, in words.

    >>> line(12_000, 102_000, 43, 8.0)
    '12,000 of 102,000 files, 43 written, 1,500/s'
    """
    of = f" of {total:,}" if total is not None else ""
    rate = f", {done / seconds:,.0f}/s" if seconds > 0 else ""
    return f"{done:,}{of} files, {written:,} written{rate}"


@contextmanager
def shown() -> Iterator[Shown]:
    """Show progress until the block ends."""
    console = diagnostics.console()
    if not console.is_terminal:
        yield Shown(None)
        return
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415 - slow

    columns: tuple[Any, ...] = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=20),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("reading the dataset", total=None)

        def show(done: int, total: int | None, said: str) -> None:
            bar.update(task, completed=done, total=total, description=said)

        yield Shown(show)
