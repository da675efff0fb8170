"""Rows of numbers: a key, a value, and the code of a predicate; sorted in that order, and distinct."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

Numbers: TypeAlias = "NDArray[np.uint64]"
"""Numbers of terms."""
Codes: TypeAlias = "NDArray[np.uint32]"
"""Which predicate of a list."""
Flags: TypeAlias = "NDArray[np.bool_]"

_ROW: Final = 20
"""The bytes of a row."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows.

    Attributes:
        key: what they are found by.
        value: what is found.
        code: of the predicate.
    """

    key: Numbers
    value: Numbers
    code: Codes

    @classmethod
    def none(cls) -> Rows:
        """No rows."""
        return cls(np.empty(0, np.uint64), np.empty(0, np.uint64), np.empty(0, np.uint32))

    @classmethod
    def read(cls, content: bytes) -> Rows:
        """What `written` gave.

        Raises:
            ValueError: it is something else.
        """
        count, more = divmod(len(content), _ROW)
        if more:
            raise ValueError("the rows are cut off")
        return cls(
            np.frombuffer(content, np.uint64, count),
            np.frombuffer(content, np.uint64, count, 8 * count),
            np.frombuffer(content, np.uint32, count, 16 * count),
        )

    @classmethod
    def joined(cls, parts: Sequence[Rows]) -> Rows:
        """Rows one after the other."""
        if len(parts) == 1:
            return parts[0]
        if not parts:
            return cls.none()
        return cls(
            np.concatenate([part.key for part in parts]),
            np.concatenate([part.value for part in parts]),
            np.concatenate([part.code for part in parts]),
        )

    def written(self) -> bytes:
        """The rows as bytes."""
        return b"".join((self.key.tobytes(), self.value.tobytes(), self.code.tobytes()))

    def __len__(self) -> int:
        return len(self.key)

    def of(self, which: NDArray[np.intp] | Flags | slice) -> Rows:
        """Some of the rows, by their places or by whether they are meant."""
        return Rows(self.key[which], self.value[which], self.code[which])

    def items(self) -> Iterator[tuple[int, int, int]]:
        """Key, value and code of each."""
        return zip(self.key.tolist(), self.value.tolist(), self.code.tolist(), strict=True)

    def distinct(self) -> Rows:
        """The distinct rows, sorted."""
        rows = self._sorted()
        return rows.of(~rows.repeated())

    def without(self, others: Rows) -> Rows:
        """The rows that are not among others, sorted; both distinct."""
        both = Rows.joined([self, others])
        order = np.lexsort((both.code, both.value, both.key))
        both = both.of(order)
        is_own = order < len(self)
        # The sort keeps the order of equals, so what is followed by its equal is the own one of the two.
        is_followed = np.append(both.repeated()[1:], False) if len(both) else np.zeros(0, bool)
        return both.of(is_own & ~is_followed)

    def with_keys(self, keys: Numbers) -> Rows:
        """Of sorted rows, those with some keys."""
        first = np.searchsorted(self.key, keys, "left")
        counts = np.searchsorted(self.key, keys, "right") - first
        # The places of each run of rows: its first, and so many on.
        starts = np.repeat(first - np.cumsum(counts) + counts, counts)
        return self.of(starts + np.arange(len(starts)))

    def repeated(self) -> Flags:
        """Of sorted rows, whether each is the same as the one before it."""
        same = np.zeros(len(self), bool)
        same[1:] = (
            (self.key[1:] == self.key[:-1])
            & (self.value[1:] == self.value[:-1])
            & (self.code[1:] == self.code[:-1])
        )
        return same

    def _sorted(self) -> Rows:
        return self.of(np.lexsort((self.code, self.value, self.key)))


def are_among(numbers: Numbers, others: Numbers) -> Flags:
    """Whether each number is among others, which are sorted."""
    if not len(others):
        return np.zeros(len(numbers), bool)
    places = np.minimum(np.searchsorted(others, numbers), len(others) - 1)
    found: Flags = others[places] == numbers
    return found
