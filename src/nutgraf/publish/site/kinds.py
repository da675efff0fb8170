"""The kinds of pages: which one a thing has, by its classes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal, get_args

from nutgraf.terms import schema_org

Kind = Literal[
    "article", "event", "action", "person", "body", "place", "office", "claim", "topic", "work", "thing"
]

_CLASSES: Final[tuple[tuple[Kind, frozenset[str]], ...]] = (
    ("article", frozenset({"Article"})),
    ("claim", frozenset({"Claim"})),
    ("action", frozenset({"Action"})),
    ("event", frozenset({"Event"})),
    ("office", frozenset({"Role"})),
    ("person", frozenset({"Person"})),
    ("place", frozenset({"Place"})),
    ("body", frozenset({"Organization"})),
    ("topic", frozenset({"DefinedTerm"})),
    ("work", frozenset({"CreativeWork"})),
)
"""The first that fits; a country that acts is a place."""

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
"""In the order of the site's menus."""


def kind_of(classes: Iterable[str]) -> Kind:
    """The kind of page for a thing of some classes of schema.org.

    >>> kind_of(["Country", "Organization"]), kind_of(["NewsArticle"]), kind_of([])
    ('place', 'article', 'thing')
    """
    names = list(classes)
    return next((kind for kind, wanted in _CLASSES if schema_org.any_is_a(names, wanted)), "thing")
