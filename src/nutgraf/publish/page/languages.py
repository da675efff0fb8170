"""Which of a text's languages a page shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from pyoxigraph import Literal

_Item = TypeVar("_Item")
_NAMES: Final = frozenset({"headline", "name", "roleName"})
"""A thing without these cannot be recognized: another language is better than none."""
_PREFERRED: Final = "en"


def in_language(
    items: Sequence[_Item], key: str, value_of: Callable[[_Item], object], language: str = ""
) -> list[_Item]:
    """Those of one property's values that a page in a language shows.

    Texts in that very language; if there are none, those in a regional form of it; a name stands in English,
    or else in the first language by tag, before it is left out. Values without a language always stay.
    """
    by_tag: dict[str, list[_Item]] = {}
    others = []
    for item in items:
        value = value_of(item)
        tag = value.language if isinstance(value, Literal) else None
        if tag is None:
            others.append(item)
        else:
            by_tag.setdefault(tag.lower(), []).append(item)
    chosen = _tag(sorted(by_tag), key, language.lower())
    return others + by_tag.get(chosen or "", [])


def _tag(tags: list[str], key: str, language: str) -> str | None:
    if language in tags:
        return language
    primary = language.partition("-")[0]
    kin = [tag for tag in tags if tag.partition("-")[0] == primary]
    if kin:
        return kin[0]
    if key not in _NAMES or not tags:
        return None
    return _PREFERRED if _PREFERRED in tags else tags[0]
