"""Where each value of a document stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from nutgraf.problems import Span

Steps = tuple[str | int, ...]


@dataclass
class Places:
    """Steps from the root to a value → its place; and the same for keys.

    Attributes:
        values: steps → the first character of the value.
        keys: steps whose last is a key → the first character of that key.
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
