"""schema.org classes and the Wikidata classes that correspond to them.

The items of this table are in real payloads of Wikidata, with these labels; see
tests/reconcile/test_classes.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from nutgraf.reconcile.items import BODY, EVENT, PERSON, PLACE

ROOTS: Final[dict[str, str]] = {
    "Q5": PERSON,
    "Q215627": PERSON,
    "Q43229": BODY,
    "Q4830453": BODY,
    "Q3918": BODY,
    "Q31855": BODY,
    "Q484652": BODY,
    "Q27096213": PLACE,
    "Q486972": PLACE,
    "Q515": PLACE,
    "Q6256": PLACE,
    "Q3624078": PLACE,
    "Q56061": PLACE,
    "Q1656682": EVENT,
    "Q40231": EVENT,
}
"""Wikidata class → the kind of its instances and of those of its subclasses."""

_KINDS: Final[dict[str, str]] = {
    "Person": PERSON,
    "Organization": BODY,
    "GovernmentOrganization": BODY,
    "NewsMediaOrganization": BODY,
    "EducationalOrganization": BODY,
    "Place": PLACE,
    "City": PLACE,
    "Country": PLACE,
    "AdministrativeArea": PLACE,
    "Continent": PLACE,
    "BodyOfWater": PLACE,
    "Event": EVENT,
    "Action": EVENT,
}

_CLASSES: Final[dict[str, frozenset[str]]] = {
    "City": frozenset({"Q515", "Q486972"}),
    "Country": frozenset({"Q6256", "Q3624078"}),
    "AdministrativeArea": frozenset({"Q56061", "Q6256", "Q3624078"}),
}
"""schema.org class → Wikidata classes of its items, where that is narrower than a kind."""


def kinds_of(types: Iterable[str]) -> frozenset[str]:
    """The kinds of a thing of these schema.org classes; a country that acts is still a place.

    >>> sorted(kinds_of(["Country", "Organization"])), sorted(kinds_of(["DefinedTerm"]))
    (['LOC'], [])
    """
    types = frozenset(types)
    if "Country" in types:
        return frozenset({PLACE})
    return frozenset(_KINDS[name] for name in types if name in _KINDS)


def classes_of(types: Iterable[str]) -> frozenset[str]:
    """The Wikidata classes that an item of these schema.org classes should have; empty for any."""
    return frozenset().union(*(_CLASSES.get(name, frozenset()) for name in types))


def kinds_of_classes(classes: Iterable[str]) -> frozenset[str]:
    """The kinds of an item of these Wikidata classes and superclasses.

    A person is nothing else: some classes are of persons and of groups.

    >>> sorted(kinds_of_classes({"Q515"}))
    ['LOC']
    """
    found = frozenset(ROOTS[name] for name in classes if name in ROOTS)
    return frozenset({PERSON}) if "Q5" in classes else found
