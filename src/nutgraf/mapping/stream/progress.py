"""How far a run is: by the bytes of the files that it scans, each as often as it is scanned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

SAMPLE: Final = 1024 * 1024
"""How many bytes at the start of a file tell how long its lines are."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Attributes:
        rows: how many were read; one that is scanned twice counts twice.
        statements: how many were written, each once.
        fraction: of the work, 0 to 1, as far as can be told.
    """

    rows: int
    statements: int
    fraction: float


@dataclass
class Meter:
    """Counts what a run does and tells somebody.

    Attributes:
        on_progress: told after each part.
        total: bytes to scan.
    """

    on_progress: Callable[[Progress], None]
    total: int = 0
    _done: int = field(default=0, init=False)
    _rows: int = field(default=0, init=False)
    _size: int = field(default=0, init=False)
    _row_size: float = field(default=0, init=False)
    _scanned: float = field(default=0, init=False)

    def begin(self, size: int, row_size: float) -> None:
        """A scan of so many bytes begins; so many are a row, as far as is known."""
        self._size, self._row_size, self._scanned = size, row_size, 0

    def add(self, rows: int, statements: int) -> None:
        """Rows were read; there are so many statements now."""
        self._rows += rows
        self._scanned = min(self._size, self._scanned + rows * self._row_size)
        self._tell(statements)

    def end(self, statements: int) -> None:
        """The scan is done."""
        self._done += self._size
        self._size = 0
        self._scanned = 0
        self._tell(statements)

    def _tell(self, statements: int) -> None:
        fraction = (self._done + self._scanned) / self.total if self.total else 0.0
        self.on_progress(Progress(self._rows, statements, min(1.0, fraction)))


def row_size(start: bytes) -> float:
    """The mean length of a line at the start of a text file, in bytes; 0 where there is none.

    >>> row_size(b"ab\\ncd\\nef")
    3.0
    """
    lines = start.count(b"\n")
    return (start.rfind(b"\n") + 1) / lines if lines else 0.0
