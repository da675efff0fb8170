"""File names: one for each key, harmless on every file system."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nutgraf.publish.site.names import fragment, stem

_SAFE = re.compile(r"[a-z0-9_-]+(?:/[a-z0-9_-]+)*")
_KEYS = st.text(min_size=0, max_size=300)
_TRICKY = st.lists(
    st.sampled_from(
        ["a", "A", "_", "__", "-", ".", "..", "/", "%2e", "%2E", "\0", "5f", "é", "é", "con", "x" * 130]
    ),
    min_size=1,
    max_size=8,
).map("".join)


@given(_KEYS | _TRICKY)
def test_a_name_is_harmless(key: str) -> None:
    name = stem(key)
    assert _SAFE.fullmatch(name)
    assert len(name) <= 200
    assert all(len(segment) <= 120 for segment in name.split("/"))
    assert not re.search(r"(^|/)(con|prn|aux|nul|com[0-9]|lpt[0-9])(/|$)", name)


@given(_KEYS | _TRICKY, _KEYS | _TRICKY)
def test_two_keys_have_two_names(one: str, other: str) -> None:
    assert (stem(one) == stem(other)) == (one == other)


@pytest.mark.parametrize(
    "key",
    [
        "..",
        "../../etc/passwd",
        "a/../b",
        "%2e%2e/x",
        "a\0b",
        "a\\b",
        "C:evil",
        "con",
        "NUL",
        "-rf",
        ".hidden",
        "",
    ],
)
def test_path_tricks_stay_inside(key: str) -> None:
    name = stem(key)
    assert ".." not in name
    assert not name.startswith("/")
    assert "\\" not in name
    assert ":" not in name


def test_no_two_of_some_awkward_keys_meet_on_a_system_that_ignores_case() -> None:
    keys = [
        "rabat",
        "Rabat",
        "RABAT",
        "raba_74",
        "_52abat",
        "a/b",
        "a//b",
        "a/_/b",
        "a" * 500,
        "a" * 501,
        "a_",
        "a",
    ]
    keys += ["b" * 119, "b" * 120, "b" * 121, "/".join("c" * 100), "/".join("c" * 101)]
    names = [stem(key).lower() for key in keys]
    assert len(set(names)) == len(keys)
    for one, other in combinations(names, 2):
        assert one != other


def test_plain_keys_stay_as_they_are() -> None:
    assert stem("001/claim-ideal-candidate") == "001/claim-ideal-candidate"


def test_a_fragment_is_an_attribute_that_needs_no_escape() -> None:
    assert re.fullmatch(r"[\w-]+", fragment('x" onload="y'))
