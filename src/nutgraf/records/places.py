"""Where each value of a document stands."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from nutgraf.problems import Span

Steps = tuple[str | int, ...]


class Lines:
    """Turns offsets in a text into spans: lines end in LF, columns are code points.

    >>> Lines("a: 1\\nbc: 2", "x.yaml").span(5, 7)
    Span(file='x.yaml', line=2, column=1, width=2)
    """

    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def span(self, start: int, end: int | None = None) -> Span:
        """The span from `start` to `end`, or to the end of its first line where it has several."""
        start = min(start, len(self._text))
        line = bisect.bisect_right(self._starts, start)
        width = len(self._first_line(start, end).rstrip()) if end is not None else 0
        return Span(self._file, line, start - self._starts[line - 1] + 1, width)

    def _first_line(self, start: int, end: int) -> str:
        line_end = self._text.find("\n", start, end)
        return self._text[start : end if line_end < 0 else line_end]


@dataclass
class Places:
    """Steps from the root to a value → its place; and the same for keys.

    Attributes:
        values: steps → the first line of the value.
        keys: steps whose last is a key → that key.
    """

    values: dict[Steps, Span] = field(default_factory=dict)
    keys: dict[Steps, Span] = field(default_factory=dict)

    def value(self, steps: Sequence[str | int]) -> Span:
        """The place of a value, or of its nearest ancestor that has one."""
        path = tuple(steps)
        while path and path not in self.values:
            path = path[:-1]
        return self.values[path]

    def key(self, steps: Sequence[str | int]) -> Span:
        """The place of a key; where there is none, of the value."""
        return self.keys.get(tuple(steps)) or self.value(steps)
