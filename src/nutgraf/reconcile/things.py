"""The things of a workspace that can be linked, with all that its sheets say to tell them apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from nutgraf.factsheet.check import Facts
from nutgraf.factsheet.keys import Thing as Declared
from nutgraf.factsheet.sheet import Sheet, slots, texts
from nutgraf.problems import Span
from nutgraf.reconcile import names
from nutgraf.reconcile.classes import kinds_of
from nutgraf.reconcile.items import PERSON, Query

_UNLINKED: Final = frozenset({"Action", "OrganizationRole", "mentions", "claims", "quantities", "relations"})
_TEXT_FIELDS: Final = frozenset(
    {"name", "alternate", "description", "said", "edtf", "id", "type", "text", "sha256"}
)
_YEAR: Final = re.compile(r"(?<![0-9])[0-9]{4}(?![0-9])")


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing that fact sheets name.

    Attributes:
        node: path of its IRI below the base, such as "id/morocco".
        types: its schema.org classes.
        names: its names, with the language of each.
        alternates: other names and spellings that the articles use of it.
        description: a few words of the sheet or register.
        offices: names of the offices that the sheets give it.
        years: years of its time, if it is an event.
        reported: the latest year that an article with it mentions; it cannot have begun later.
        beside: nodes of the things that the same articles name.
        span: where it is declared.
    """

    node: str
    types: frozenset[str]
    names: tuple[tuple[str, str], ...]
    alternates: tuple[tuple[str, str], ...] = ()
    description: str = ""
    offices: tuple[str, ...] = ()
    years: frozenset[int] = frozenset()
    reported: int | None = None
    beside: frozenset[str] = frozenset()
    span: Span | None = field(default=None, compare=False)

    @property
    def label(self) -> str:
        """The name to show: in English where there is one."""
        return next((text for language, text in self.names if language == "en"), self.names[0][1])

    @property
    def is_lone_surname(self) -> bool:
        """Whether it is a person of whom no article says more than one word."""
        every = [text for _, text in (*self.names, *self.alternates)]
        return PERSON in kinds_of(self.types) and all(" " not in names.key(text) for text in every)

    @property
    def is_described(self) -> bool:
        """Whether its names are descriptions, in small letters: no proper names."""
        return all(text[:1].islower() for _, text in self.names)

    def query(self, limit: int = 10) -> Query:
        """What to ask a source for: the names, and then the other names."""
        every = dict.fromkeys(text for _, text in (*self.names, *self.alternates))
        return Query(tuple(every), kinds_of(self.types), self.names[0][0], limit)


def things(facts: Facts) -> list[Thing]:
    """Every thing of the sheets and registers that could have an item, in order of its node."""
    context = _Context(facts)
    declared = {thing.node: thing for thing in facts.index.register.values()}
    for owned in facts.index.articles.values():
        for thing in owned.values():
            declared.setdefault(thing.node, thing)
    return [
        context.thing(thing)
        for _, thing in sorted(declared.items())
        if thing.entry.get("name") and not thing.types & _UNLINKED
    ]


class _Context:
    """What the articles say around each thing."""

    def __init__(self, facts: Facts) -> None:
        self._languages: dict[str, str] = {}
        self._articles: dict[str, set[str]] = {}
        self._beside: dict[str, set[str]] = {}
        self._offices: dict[str, list[str]] = {}
        self._years: dict[str, set[int]] = {}
        self._reported: dict[str, int] = {}
        for sheet in facts.sheets:
            self._read(sheet, facts)

    def thing(self, declared: Declared) -> Thing:
        node, entry = declared.node, declared.entry
        language = self._languages.get(node, "en")
        articles = self._articles.get(node, set())
        beside = set().union(*(self._beside[article] for article in articles)) - {node}
        return Thing(
            node=node,
            types=declared.types,
            names=tuple(texts(entry["name"], language)),
            alternates=tuple(texts(entry.get("alternate"), language)),
            description=" ".join(text for _, text in texts(entry.get("description"), language)),
            offices=tuple(dict.fromkeys(self._offices.get(node, ()))),
            years=frozenset(self._years.get(node, ())),
            reported=max((self._reported[each] for each in articles if each in self._reported), default=None),
            beside=frozenset(beside),
            span=declared.span,
        )

    def _read(self, sheet: Sheet, facts: Facts) -> None:
        nodes = set()
        for reference in _strings(sheet.document.data):
            thing = facts.index.resolve(sheet.id, reference)
            if thing is not None and not thing.types & _UNLINKED:
                nodes.add(thing.node)
        for thing in facts.index.articles.get(sheet.id, {}).values():
            self._languages[thing.node] = sheet.language
            nodes.add(thing.node)
        self._beside[sheet.id] = nodes
        for node in nodes:
            self._articles.setdefault(node, set()).add(sheet.id)
        years = {int(year) for year in _YEAR.findall(" ".join(_times(sheet.document.data)))}
        if years:
            self._reported[sheet.id] = max(years)
        self._read_offices(sheet, facts)
        for _, event in sheet.records("events"):
            thing = facts.index.resolve(sheet.id, event["id"])
            if thing is not None:
                found = {int(year) for year in _YEAR.findall(" ".join(_times(event.get("time"))))}
                self._years.setdefault(thing.node, set()).update(found)

    def _read_offices(self, sheet: Sheet, facts: Facts) -> None:
        for _, role in sheet.records("roles"):
            office = facts.index.register.get(role.get("office", ""))
            entry = role if role.get("name") else (office.entry if office else {})
            titles = [text for _, text in texts(entry.get("name"), sheet.language)]
            for slot_name in ("member", "nominee"):
                for _, slot in slots(role.get(slot_name)):
                    thing = facts.index.resolve(sheet.id, slot["ref"])
                    if thing is not None:
                        self._offices.setdefault(thing.node, []).extend(titles)


def _strings(value: Any) -> Iterator[str]:
    """Every string of a sheet that may be a key."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            if name not in _TEXT_FIELDS:
                yield from _strings(each)


def _times(value: Any) -> Iterator[str]:
    """Every EDTF value below."""
    if isinstance(value, list):
        for each in value:
            yield from _times(each)
    elif isinstance(value, dict):
        for name, each in value.items():
            if name == "edtf" and isinstance(each, str):
                yield each
            else:
                yield from _times(each)
