"""How alike two names are, from 0 to 1, per script."""

from __future__ import annotations

from typing import Final

from rapidfuzz import fuzz

from nutgraf.reconcile import names

SAME: Final = 1.0
_REORDERED: Final = 0.97
_ROMANISED: Final = 0.94
_PART: Final = 0.70
_SHORT: Final = 3


def similarity(one: str, other: str) -> float:
    """How alike the keys of two names are.

    The same key is 1; the same words in another order .97; the same but for romanisation or script at most
    .94; one name that is a part of the other, such as a surname, .70; else the share of letters that stay.

    >>> similarity("interpol", "interpol"), similarity("hammouchi abdellatif", "abdellatif hammouchi")
    (1.0, 0.97)
    >>> similarity("abdellatif hammouchi", "عبد اللطيف الحموشي") > .8
    True
    >>> similarity("hammouchi", "abdellatif hammouchi")
    0.7
    """
    if one == other:
        return SAME
    letters = fuzz.ratio(one, other) / 100
    words, others = one.split(), other.split()
    if sorted(words) == sorted(others):
        return _REORDERED
    sound = _sound(one, other)
    is_part = set(words) < set(others) or set(others) < set(words)
    # Letters alone make two short names alike that have one letter of difference: Iran, Iraq.
    found = max(letters * _worth(one, other), sound * _ROMANISED)
    return max(found, _PART) if is_part and found < _REORDERED else found


def _sound(one: str, other: str) -> float:
    """How alike the skeletons are; spellings whose letters have little in common are no variants."""
    left, right = "".join(names.skeletons(one)), "".join(names.skeletons(other))
    if min(len(left), len(right)) < _SHORT:
        return 0.0
    alike = fuzz.ratio(left, right) / 100
    if names.script(one) == names.script(other):
        return alike * (1 + fuzz.ratio(one, other) / 100) / 2
    # Between scripts consonants are all there is to compare, and three are few.
    return alike * min(1.0, 0.7 + min(len(left), len(right)) / 20)


def _worth(one: str, other: str) -> float:
    """What a likeness of letters is worth: less for short names, where one letter is much."""
    shorter = min(len(one), len(other))
    return min(1.0, 0.80 + shorter / 50)
