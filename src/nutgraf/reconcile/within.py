"""Resolve short names within their article, before anything is looked up.

A surname that follows a full name is that person; letters that are the initials of a name that the article
spells out are that body. A short name that the article does not resolve stays as it is, and is no identity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nutgraf.reconcile import names

_SHORTEST_ACRONYM = 2


@dataclass(frozen=True, slots=True)
class Named:
    """A name in an article.

    Attributes:
        text: the name as written.
        kinds: of the thing, as `items.KINDS`; empty when not known.
    """

    text: str
    kinds: frozenset[str]


def resolve(mentions: Sequence[Named]) -> list[str]:
    """The fullest name that the article has for each of its names, in the same order.

    Where two full names fit, the short one stays as it is.

    >>> person, body = frozenset({"PER"}), frozenset({"ORG"})
    >>> resolve([Named("Abdellatif Hammouchi", person), Named("Hammouchi", person)])
    ['Abdellatif Hammouchi', 'Abdellatif Hammouchi']
    >>> resolve([Named("FDA", body), Named("Food and Drug Administration", body)])
    ['Food and Drug Administration', 'Food and Drug Administration']
    """
    full = [mention for mention in mentions if " " in names.key(mention.text)]
    return [_fullest(mention, full) for mention in mentions]


def _fullest(mention: Named, full: Sequence[Named]) -> str:
    key = names.key(mention.text)
    if " " in key or not key:
        return mention.text
    fitting = {names.key(each.text): each.text for each in full if _stands_for(mention, key, each)}
    return next(iter(fitting.values())) if len(fitting) == 1 else mention.text


def _stands_for(mention: Named, key: str, full: Named) -> bool:
    if mention.kinds and full.kinds and not mention.kinds & full.kinds:
        return False
    words = names.key(full.text).split()
    if "PER" in mention.kinds and "PER" in full.kinds:
        return words[-1] == key
    is_acronym = mention.text.replace(".", "").isupper() and len(key) >= _SHORTEST_ACRONYM
    return is_acronym and key in {names.initials(" ".join(words)), "".join(word[0] for word in words)}
