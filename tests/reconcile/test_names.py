"""Keys and likeness of names."""

from __future__ import annotations

import doctest
import types

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nutgraf.reconcile import classes, names, similarity, within
from nutgraf.reconcile.similarity import similarity as alike

TEXT = st.text(max_size=40)


@pytest.mark.parametrize("module", [names, similarity, within, classes])
def test_the_examples_in_the_docstrings_run(module: types.ModuleType) -> None:
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0


@given(TEXT)
def test_a_key_is_its_own_key(text: str) -> None:
    key = names.key(text)
    if not key.startswith("the "):  # "the the" has one article less each time
        assert names.key(key) == key


@given(TEXT)
def test_case_does_not_matter(text: str) -> None:
    assert names.key(text.casefold()) == names.key(text)


@given(TEXT)
def test_each_word_of_a_key_has_a_skeleton(text: str) -> None:
    key = names.key(text)
    assert len(names.skeletons(key)) == len(key.split())
    assert all(names.skeletons(key))


@given(TEXT, TEXT)
def test_likeness_is_symmetric_and_bounded(one: str, other: str) -> None:
    left, right = names.key(one), names.key(other)
    assert 0 <= alike(left, right) <= 1
    assert alike(left, right) == pytest.approx(alike(right, left), abs=0.02)
    assert (alike(left, right) == 1) == (left == right)


VARIANTS = [
    ("Hammouchi", "Hamouchi"),
    ("Hammouchi", "Hammushi"),
    ("Hammouchi", "Hamoushi"),
    ("Hammouchi", "Hammmouchi"),
    ("Moutadad", "Moutaddad"),
    ("Moutadad", "Mutadad"),
    ("Dkhissi", "Dekhissi"),
    ("Hammouchi", "الحموشي"),
    ("Rabat", "الرباط"),
    ("Moscow", "Moskow"),
    ("Pushkin", "Пушкин"),
]


@pytest.mark.parametrize(("one", "other"), VARIANTS)
def test_romanisations_share_a_skeleton(one: str, other: str) -> None:
    assert names.skeletons(names.key(one)) == names.skeletons(names.key(other))
    assert alike(names.key(one), names.key(other)) > 0.7


@pytest.mark.parametrize(
    ("one", "other"), [("Iran", "Iraq"), ("Niger", "Nigeria"), ("Austria", "Australia"), ("Mali", "Malta")]
)
def test_short_names_that_differ_are_not_taken_for_each_other(one: str, other: str) -> None:
    assert alike(names.key(one), names.key(other)) < 0.9
