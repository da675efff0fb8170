"""Sorted rows in pages: finding some reads only the pages that have them, and so does changing some.

It is a B-tree of two levels: a directory of the first row of each page, and the pages.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from nutgraf.shapes.incremental.rows import Rows, are_among

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nutgraf.shapes.incremental.rows import Numbers

PAGE: Final = 1024
"""How many rows a page has that is new; it is cut when it has twice as many."""


class Pages(Protocol):
    """Where pages lie."""

    def load(self, page: int) -> Rows:
        """The rows of a page."""

    def save(self, page: int, rows: Rows) -> None:
        """Keep a page, in the place of what it was."""

    def drop(self, page: int) -> None:
        """Remove a page."""


class Tree:
    """Distinct rows.

    Attributes:
        first: the first row of each page, in order.
        numbers: the number of each page.
    """

    def __init__(self, pages: Pages, first: Rows, numbers: Iterable[int]) -> None:
        self.first = first
        self.numbers = list(numbers)
        self._pages = pages
        self._loaded: dict[int, Rows] = {}
        self._near = Rows.none()
        self._asked: Numbers = np.empty(0, np.uint64)

    @classmethod
    def made(cls, pages: Pages, parts: Iterable[Rows]) -> Tree:
        """A tree of rows that come sorted, some at a time, repetitions among them."""
        first: list[Rows] = []
        for rows in _in_pages(parts):
            pages.save(len(first), rows)
            first.append(rows.of(slice(1)))
        return cls(pages, Rows.joined(first), range(len(first)))

    def find(self, keys: Numbers) -> Rows:
        """The rows with some keys.

        Args:
            keys: sorted and distinct.
        """
        fresh = keys[~are_among(keys, self._asked)]
        if len(fresh) and self.numbers:
            self._near = Rows.joined([self._near, self._read(fresh)]).distinct()
            self._asked = np.sort(np.concatenate([self._asked, fresh]))
        return self._near.with_keys(keys)

    def lots(self, key: int) -> Iterator[Rows]:
        """The rows with a key, page by page."""
        keys = np.array([key], np.uint64)
        if self.numbers:
            (begin,), (end,) = self._spans(keys)
            for place in range(begin, end):
                yield self._page(place).with_keys(keys)

    def between(self, low: int, high: int) -> Rows:
        """The rows with keys from one to another, both included."""
        if not self.numbers:
            return Rows.none()
        (begin, _), (_, end) = self._spans(np.array([low, high], np.uint64))
        rows = Rows.joined([self._page(place) for place in range(begin, end)])
        first = np.searchsorted(rows.key, np.uint64(low), "left")
        last = np.searchsorted(rows.key, np.uint64(high), "right")
        return rows.of(slice(int(first), int(last)))

    def add(self, rows: Rows) -> None:
        """Put in rows, those that are there among them."""
        if not self.numbers:
            self._replace(0, 0, list(_in_pages([rows.distinct()])))
            return
        for place, more in self._by_page(rows):
            made = Rows.joined([self._page(place), more]).distinct()
            parts = [made]
            if len(made) > 2 * PAGE:
                parts = [made.of(slice(n, n + PAGE)) for n in range(0, len(made), PAGE)]
            self._replace(place, place + 1, parts)

    def remove(self, rows: Rows) -> None:
        """Take out rows."""
        for place, gone in self._by_page(rows) if self.numbers else ():
            left = self._page(place).without(gone)
            self._replace(place, place + 1, [left] if len(left) else [])

    def _read(self, keys: Numbers) -> Rows:
        """The rows with some keys, from the pages."""
        begins, ends = self._spans(keys)
        asked = np.zeros(len(self.numbers) + 1, np.int64)
        np.add.at(asked, begins, 1)
        np.add.at(asked, ends, -1)
        places = np.flatnonzero(np.cumsum(asked[:-1]))
        return Rows.joined([self._page(int(place)) for place in places]).with_keys(keys)

    def _forget(self) -> None:
        """Keep no rows at hand: walks ask for the same ones again and again, but they may have changed."""
        self._near = Rows.none()
        self._asked = np.empty(0, np.uint64)

    def _by_page(self, rows: Rows) -> Iterator[tuple[int, Rows]]:
        """The rows of each page that has them or should; the last page first, as those behind it may move."""
        starts = list(self.first.items())
        rows = rows.distinct()
        places = np.array([max(bisect_right(starts, row) - 1, 0) for row in rows.items()], np.int64)
        for place in np.unique(places)[::-1]:
            yield int(place), rows.of(places == place)

    def _spans(self, keys: Numbers) -> tuple[list[int], list[int]]:
        """Of each key, the first page that may have it, and the page after the last."""
        begins = np.maximum(np.searchsorted(self.first.key, keys, "left") - 1, 0)
        ends = np.maximum(np.searchsorted(self.first.key, keys, "right"), 1)
        return begins.tolist(), ends.tolist()

    def _page(self, place: int) -> Rows:
        number = self.numbers[place]
        if number not in self._loaded:
            self._loaded[number] = self._pages.load(number)
        return self._loaded[number]

    def _replace(self, begin: int, end: int, parts: list[Rows]) -> None:
        """Put pages in the place of others, the first of them under the same number."""
        self._forget()
        fresh = max(self.numbers, default=-1) + 1
        old = self.numbers[begin:end]
        numbers = [*old[: len(parts)], *range(fresh, fresh + len(parts) - len(old))]
        for number in old[len(parts) :]:
            self._pages.drop(number)
            del self._loaded[number]
        for number, rows in zip(numbers, parts, strict=True):
            self._pages.save(number, rows)
            self._loaded[number] = rows
        first = [rows.of(slice(1)) for rows in parts]
        self.first = Rows.joined([self.first.of(slice(begin)), *first, self.first.of(slice(end, None))])
        self.numbers[begin:end] = numbers


def _in_pages(parts: Iterable[Rows]) -> Iterator[Rows]:
    """Sorted rows in pages, without repetitions."""
    rest = Rows.none()
    for part in parts:
        rows = Rows.joined([rest, part])
        rows = rows.of(~rows.repeated())
        # The last row stays, so that its repetition in the next part is seen.
        whole = max(len(rows) - 1, 0) // PAGE * PAGE
        for begin in range(0, whole, PAGE):
            yield rows.of(slice(begin, begin + PAGE))
        rest = rows.of(slice(whole, None))
    if len(rest):
        yield rest
