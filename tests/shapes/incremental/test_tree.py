"""A tree of pages holds what a set would hold."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nutgraf.shapes.incremental import tree
from nutgraf.shapes.incremental.rows import Rows
from nutgraf.shapes.incremental.tree import Tree

Row = tuple[int, int, int]
TOP = 2**64 - 1

numbers = st.one_of(st.integers(0, 5), st.sampled_from([2**63 - 1, 2**63, TOP]))
rows = st.lists(st.tuples(numbers, numbers, st.integers(0, 3)), max_size=30)


class InMemory:
    """Pages in a dictionary."""

    def __init__(self) -> None:
        self.pages: dict[int, Rows] = {}

    def load(self, page: int) -> Rows:
        return self.pages[page]

    def save(self, page: int, rows: Rows) -> None:
        self.pages[page] = Rows.read(rows.written())

    def drop(self, page: int) -> None:
        del self.pages[page]


def _rows(found: list[Row]) -> Rows:
    columns = list(zip(*found, strict=True)) or [(), (), ()]
    return Rows(
        *(np.array(c, kind) for c, kind in zip(columns, (np.uint64, np.uint64, np.uint32), strict=True))
    )


def _in_lots(found: list[Row], size: int) -> list[Rows]:
    return [_rows(found[n : n + size]) for n in range(0, len(found), size)]


@pytest.fixture(autouse=True, scope="module")
def _small_pages() -> object:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(tree, "PAGE", 3)
        yield


@given(
    first=rows,
    lots=st.integers(1, 10),
    changes=st.lists(st.tuples(st.booleans(), rows), max_size=6),
    keys=st.sets(numbers),
    ends=st.tuples(numbers, numbers),
)
def test_as_a_set(
    first: list[Row],
    lots: int,
    changes: list[tuple[bool, list[Row]]],
    keys: set[int],
    ends: tuple[int, int],
) -> None:
    pages = InMemory()
    made = Tree.made(pages, _in_lots(sorted(first), lots))
    expected = set(first)
    asked = np.array(sorted(keys), np.uint64)
    for is_new, some in changes:
        assert list(made.find(asked).items()) == sorted(row for row in expected if row[0] in keys)
        if is_new:
            made.add(_rows(some))
            expected |= set(some)
        else:
            made.remove(_rows(some))
            expected -= set(some)
    assert list(made.find(asked[::2]).items()) == sorted(
        row for row in expected if row[0] in set(asked[::2].tolist())
    )
    made = Tree(pages, Rows.read(made.first.written()), made.numbers)
    assert sorted(made.numbers) == sorted(pages.pages)
    assert all(0 < len(page) <= 2 * tree.PAGE for page in pages.pages.values())
    assert list(made.between(0, TOP).items()) == sorted(expected)
    assert list(made.find(asked).items()) == sorted(row for row in expected if row[0] in keys)
    for key in keys:
        found = [row for lot in made.lots(key) for row in lot.items()]
        assert found == sorted(row for row in expected if row[0] == key)
    low, high = sorted(ends)
    inside = sorted(row for row in expected if low <= row[0] <= high)
    assert list(made.between(low, high).items()) == inside


@given(own=rows, others=rows)
def test_rows_as_sets(own: list[Row], others: list[Row]) -> None:
    a, b = _rows(own).distinct(), _rows(others).distinct()
    assert list(a.items()) == sorted(set(own))
    assert list(a.without(b).items()) == sorted(set(own) - set(others))


def test_what_is_cut_off_is_no_row() -> None:
    with pytest.raises(ValueError, match="cut off"):
        Rows.read(b"123")
