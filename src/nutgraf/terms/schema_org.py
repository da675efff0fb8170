"""What schema.org says of its own terms: classes, where properties belong, which values they take.

The table beside this module is made from a release of the vocabulary by `tools/schema_org_table.py`.

Source: https://schema.org/docs/datamodel.html; the vocabulary is CC BY-SA 3.0.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

DATES: Final = frozenset({"Date", "DateTime", "Time"})
NUMBERS: Final = frozenset({"Number", "Integer", "Float"})


@dataclass(frozen=True, slots=True)
class SchemaProperty:
    """A property of schema.org.

    Attributes:
        domains: classes that have it, by name.
        ranges: classes and data types of its values, by name.
        inverse: the property that says the same the other way round, or None.
    """

    domains: frozenset[str]
    ranges: frozenset[str]
    inverse: str | None

    @property
    def data_types(self) -> frozenset[str]:
        """Those of its ranges that are written as a text, a number or a truth value."""
        return frozenset(
            name for name in self.ranges if name != "URL" and not ancestors(name).isdisjoint(_DATA_TYPES)
        )

    @property
    def takes_text(self) -> bool:
        """Whether a value may be any text."""
        return "Text" in self.ranges


_DATA_TYPES: Final = frozenset({"Boolean", "Text", "Quantity", "Duration"}) | DATES | NUMBERS
"""`Duration` is a class of Quantity, whose values are texts of ISO 8601."""


@dataclass(frozen=True, slots=True)
class _Table:
    parents: Mapping[str, tuple[str, ...]]
    properties: Mapping[str, SchemaProperty]
    members: Mapping[str, tuple[str, ...]]


@cache
def _table() -> _Table:
    parents: dict[str, tuple[str, ...]] = {}
    properties: dict[str, SchemaProperty] = {}
    members: dict[str, tuple[str, ...]] = {}
    lines = files("nutgraf.terms").joinpath("schema_org.tsv").read_text(encoding="utf-8").splitlines()
    for line in lines:
        kind, name, *columns = line.split("\t")
        first = columns[0].split()
        if kind == "class":
            parents[name] = tuple(first)
        elif kind == "member":
            members[name] = tuple(first)
        else:
            properties[name] = SchemaProperty(
                frozenset(first), frozenset(columns[1].split()), columns[2] or None
            )
    return _Table(parents, properties, members)


def property_named(name: str) -> SchemaProperty | None:
    """The property of that name, such as "datePublished", or None."""
    return _table().properties.get(name)


def is_class(name: str) -> bool:
    """Whether schema.org has a class of that name."""
    return name in _table().parents


def is_member(name: str) -> bool:
    """Whether it is a member of an enumeration, such as "EventScheduled"."""
    return name in _table().members


def member_classes(name: str) -> frozenset[str]:
    """The enumerations that a member belongs to, with all that they are kinds of."""
    return frozenset().union(*(ancestors(kind) for kind in _table().members.get(name, ())))


@cache
def ancestors(name: str) -> frozenset[str]:
    """A class and all that it is a kind of.

    >>> "CreativeWork" in ancestors("NewsArticle")
    True
    """
    parents = _table().parents.get(name, ())
    return frozenset({name}).union(*(ancestors(parent) for parent in parents))


def is_a(name: str, kind: str) -> bool:
    """Whether a class is another, or a kind of it."""
    return kind in ancestors(name)


def any_is_a(names: Iterable[str], kinds: frozenset[str]) -> bool:
    """Whether one of the classes is one of the kinds, or a kind of one."""
    return any(not kinds.isdisjoint(ancestors(name)) for name in names)


def classes() -> Mapping[str, tuple[str, ...]]:
    """Class → its direct superclasses."""
    return _table().parents


def properties() -> Mapping[str, SchemaProperty]:
    """All properties by name."""
    return _table().properties


def members() -> Mapping[str, tuple[str, ...]]:
    """Member of an enumeration → its enumerations."""
    return _table().members
