"""The statements of the last validation as numbers, by subject and, as far as shapes ask, by object."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nutgraf.engine.statements import BUCKET_BITS
from nutgraf.shapes.incremental.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from nutgraf.shapes.incremental.rows import Codes, Numbers
    from nutgraf.shapes.incremental.tree import Tree

_REST = 64 - BUCKET_BITS


@dataclass(frozen=True, slots=True)
class Triples:
    """Some statements.

    Attributes:
        s: numbers of the subjects.
        p: numbers of the predicates.
        o: numbers of the objects.
    """

    s: Numbers
    p: Numbers
    o: Numbers

    @classmethod
    def joined(cls, parts: Iterable[Triples]) -> Triples:
        """All of some."""
        columns = [np.empty(0, np.uint64)], [np.empty(0, np.uint64)], [np.empty(0, np.uint64)]
        for part in parts:
            for column, own in zip(columns, (part.s, part.p, part.o), strict=True):
                column.append(own)
        return cls(*map(np.concatenate, columns))

    def __len__(self) -> int:
        return len(self.s)

    def of(self, which: np.typing.NDArray[np.bool_]) -> Triples:
        """Those that are meant."""
        return Triples(self.s[which], self.p[which], self.o[which])


class Predicates:
    """The predicates: their codes, and how many statements each has.

    Attributes:
        numbers: code → number.
        counts: code → number of distinct statements.
    """

    def __init__(self, numbers: Numbers, counts: np.typing.NDArray[np.int64]) -> None:
        self.numbers = numbers
        self.counts = counts
        self._codes = {number: code for code, number in enumerate(numbers.tolist())}

    def code(self, number: int) -> int | None:
        """The code of a predicate; None where there is no statement with it."""
        return self._codes.get(number)

    def count(self, number: int) -> int:
        """How many statements a predicate has."""
        code = self.code(number)
        return 0 if code is None else int(self.counts[code])

    def codes(self, numbers: Numbers) -> Codes:
        """The codes of predicates, also of new ones."""
        distinct, places = np.unique(numbers, return_inverse=True)
        fresh = [number for number in distinct.tolist() if number not in self._codes]
        self._codes |= {number: len(self.numbers) + n for n, number in enumerate(fresh)}
        self.numbers = np.append(self.numbers, np.array(fresh, np.uint64))
        self.counts = np.append(self.counts, np.zeros(len(fresh), np.int64))
        return np.array([self._codes[number] for number in distinct.tolist()], np.uint32)[places]

    def counted(self, parts: Iterable[Rows]) -> Iterator[Rows]:
        """Count distinct rows that come sorted, some at a time, repetitions among them."""
        last = Rows.none()
        for part in parts:
            rows = Rows.joined([last, part])
            self.change(rows.code[~rows.repeated()][len(last) :], 1)
            last = part.of(slice(-1, None))
            yield part

    def change(self, codes: Codes, by: int) -> None:
        """Note that there are statements more, or less."""
        self.counts = self.counts + by * np.bincount(codes, minlength=len(self.counts))


class Graph:
    """Distinct statements.

    Attributes:
        predicates: of the statements.
        by_subject: subject → objects.
        by_object: object and predicate together → subjects, of the predicates that are asked for.
    """

    def __init__(
        self, predicates: Predicates, by_subject: Tree, by_object: Tree, inverse: Collection[int]
    ) -> None:
        """Open a graph.

        Args:
            predicates: what they were.
            by_subject: its tree.
            by_object: its tree.
            inverse: numbers of the predicates of the statements that are found by their objects.
        """
        self.predicates = predicates
        self.by_subject = by_subject
        self.by_object = by_object
        self._inverse = np.array(sorted(inverse), np.uint64)

    def out(self, nodes: Numbers) -> tuple[Triples, Codes]:
        """The statements of some subjects, which are sorted and distinct, and their predicates' codes."""
        rows = self.by_subject.find(nodes)
        return self._stated(rows), rows.code

    def into(self, nodes: Numbers, predicate: int) -> Triples:
        """The statements of some objects with a predicate, of those that are found by their objects."""
        code = self.predicates.code(predicate)
        if code is None:
            return Triples.joined(())
        number = np.uint64(predicate)
        rows = self.by_object.find(np.sort(nodes ^ number))
        rows = rows.of(rows.code == code)
        return Triples(rows.value, np.full(len(rows), number), rows.key ^ number)

    def into_one(self, node: int, predicate: int) -> list[int]:
        """The subjects of the statements of an object with a predicate."""
        found: list[int] = self.into(np.array([node], np.uint64), predicate).s.tolist()
        return found

    def is_object(self, node: int, predicate: int) -> bool:
        """Whether a node is the object of any statement with a predicate."""
        code = self.predicates.code(predicate)
        return code is not None and any(
            (rows.code == code).any() for rows in self.by_object.lots(node ^ predicate)
        )

    def in_buckets(self, buckets: Iterable[int]) -> Triples:
        """The statements of some buckets."""
        parts = [self.by_subject.between(n << _REST, ((n + 1) << _REST) - 1) for n in buckets]
        return self._stated(Rows.joined(parts))

    def add(self, triples: Triples) -> None:
        """Put in statements that are not there."""
        rows = Rows(triples.s, triples.o, self.predicates.codes(triples.p))
        self.predicates.change(rows.code, 1)
        self.by_subject.add(rows)
        self.by_object.add(self._turned(triples, rows.code))

    def remove(self, triples: Triples) -> None:
        """Take out statements that are there."""
        rows = Rows(triples.s, triples.o, self.predicates.codes(triples.p))
        self.predicates.change(rows.code, -1)
        self.by_subject.remove(rows)
        self.by_object.remove(self._turned(triples, rows.code))

    def _turned(self, triples: Triples, codes: Codes) -> Rows:
        """The rows of `by_object` for statements."""
        return Rows(triples.o ^ triples.p, triples.s, codes).of(np.isin(triples.p, self._inverse))

    def _stated(self, rows: Rows) -> Triples:
        return Triples(rows.key, self.predicates.numbers[rows.code], rows.value)
