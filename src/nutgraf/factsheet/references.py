"""Every reference of a sheet resolved, every slot holding the right kind of thing."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from nutgraf.factsheet.keys import Index, Thing
from nutgraf.factsheet.sheet import BLOCKS, Sheet, slots
from nutgraf.problems import Problem, Span
from nutgraf.records.places import Steps

_PLACES: Final = frozenset({"Place", "Country", "City", "AdministrativeArea", "Continent", "BodyOfWater"})
_BODIES: Final = frozenset(
    {"Organization", "GovernmentOrganization", "NewsMediaOrganization", "EducationalOrganization"}
)
_AGENTS: Final = _BODIES | {"Person"}
_EVENTS: Final = frozenset({"Event", "Action"})
_OFFICES: Final = frozenset({"OrganizationRole"})
_NO_THINGS: Final = frozenset({"mentions", "quantities", "relations"})
"""Blocks whose records are no things: nothing is said of them."""
_BLOCKS: Final = frozenset(BLOCKS)


@dataclass(frozen=True)
class _Kind:
    """What a field takes."""

    name: str
    classes: frozenset[str]


_PLACE: Final = _Kind("a place", _PLACES)
_BODY: Final = _Kind("an organization", _BODIES)
_AGENT: Final = _Kind("a person or an organization", _AGENTS)
_EVENT: Final = _Kind("an event", _EVENTS)
_OFFICE: Final = _Kind("an office", _OFFICES)

_FIELDS: Final[dict[str, dict[str, _Kind | None]]] = {
    "article": {"publisher": _AGENT, "author": _AGENT},
    "mentions": {"entity": None},
    "events": {
        "partOf": _EVENT,
        "location": _PLACE,
        "participants": _AGENT,
        "about": None,
        "object": None,
        "result": None,
        "office": _OFFICE,
        "occasion": _EVENT,
    },
    "roles": {"body": _BODY, "member": _AGENT, "nominee": _AGENT},
    "claims": {"author": _AGENT, "reports": _AGENT, "about": None, "occasion": _EVENT},
    "quantities": {"of": None},
    "relations": {"subject": None, "object": None},
}
"""Block → its fields that hold references → what they take; None is any thing."""

_SHARED: Final[dict[str, tuple[str, _Kind | None]]] = {
    "events": ("event", _EVENT),
    "roles": ("office", _OFFICE),
}
"""Block → the field that names the registered thing that its record is about."""

_OTHER_FIELD: Final[dict[str, dict[str, str | None]]] = {
    "Event": {"object": "about", "result": None},
    "Action": {"about": "object"},
}
_ROLES: Final = {
    "Event": ("attendee", "candidate", "contributor", "elected", "host", "organizer", "performer"),
    "Action": ("agent", "participant"),
}


def check(sheet: Sheet, keys: Index) -> list[Problem]:
    """Every reference of a sheet that leads nowhere, or to the wrong thing.

    Returns:
        REF101 nothing has the key, REF104 the wrong kind of thing, REF105 a type that is not the
        register's, REF106 a field or role of the other kind of event, REF107 a mention that is not there,
        REF108 a mention of another thing; SHT102 where an event of the article's own has no name.
    """
    return list(_Checker(sheet, keys).problems())


@dataclass(frozen=True)
class _Checker:
    sheet: Sheet
    keys: Index

    def problems(self) -> Iterator[Problem]:
        article = self.sheet.document.data["article"]
        yield from self._references("article", ("article",), article)
        for block in BLOCKS:
            for number, record in self.sheet.records(block):
                steps = (block, number)
                yield from self._references(block, steps, record)
                yield from self._shared(block, steps, record)
                if block == "events":
                    yield from self._event(steps, record)
        yield from self._mentions()

    def _references(self, block: str, steps: Steps, record: dict[str, Any]) -> Iterator[Problem]:
        for name, kind in _FIELDS.get(block, {}).items():
            for below, slot in slots(record.get(name), *steps, name):
                thing = self.keys.resolve(self.sheet.id, slot["ref"])
                span = self.sheet.span(*below, "ref")
                if thing is None:
                    yield self._dangling(slot["ref"], span)
                    continue
                yield from _wrong_kind(name, kind, slot["ref"], thing, span)
                yield from self._via(slot, thing, below)

    def _shared(self, block: str, steps: Steps, record: dict[str, Any]) -> Iterator[Problem]:
        """The registered event or office that a record is about."""
        name, kind = _SHARED.get(block, ("", None))
        if kind and name in record:
            key, span = record[name], self.sheet.span(*steps, name)
            thing = self.keys.register.get(key)
            if thing is None:
                yield self._dangling(key, span)
            else:
                yield from _wrong_kind(name, kind, key, thing, span)

    def _event(self, steps: Steps, record: dict[str, Any]) -> Iterator[Problem]:
        shared = self.keys.register.get(record.get("event", ""))
        if shared and not shared.types <= _EVENTS:
            return  # REF104 has said so
        kind = next(iter(shared.types)) if shared else record.get("type", "Event")
        if record.get("type", kind) != kind:
            span = self.sheet.span(*steps, "type")
            yield Problem("REF105", f"the register has this as {kind}", span, fix="remove the type here")
        if "event" not in record and "name" not in record:
            span, why = self.sheet.span(*steps), "an event of the article's own needs a name"
            yield Problem("SHT102", '"name" is missing', span, why=why, fix='add "name:"')
        for wrong, right in _OTHER_FIELD.get(kind, {}).items():
            if wrong in record:
                span = self.sheet.document.key_span(*steps, wrong)
                fix = f'write "{right}"' if right else "remove it, or make this an Action"
                yield Problem("REF106", f'"{wrong}" is not for an {kind}', span, fix=fix)
        yield from self._roles(kind, steps, record)

    def _roles(self, kind: str, steps: Steps, record: dict[str, Any]) -> Iterator[Problem]:
        allowed = _ROLES.get(kind)
        for number, slot in enumerate(record.get("participants", ())):
            if allowed and slot["role"] not in allowed:
                span = self.sheet.span(*steps, "participants", number, "role")
                why = f"the roles there are {', '.join(allowed)}"
                yield Problem(
                    "REF106",
                    f'"{slot["role"]}" is no role in an {kind}',
                    span,
                    why=why,
                    fix="write one of these",
                )

    @functools.cached_property
    def _mentioned(self) -> dict[str, str]:
        """Key of a mention → key of what it is a mention of."""
        return {record["id"]: record["entity"] for _, record in self.sheet.records("mentions")}

    def _mentions(self) -> Iterator[Problem]:
        for steps, span in self.sheet.document.places.values.items():
            if steps[-2:] == ("via", "mention"):
                key = self.sheet.document.at(*steps)
                if key not in self._mentioned:
                    yield Problem(
                        "REF107", f'no mention "{key}" in this sheet', span, fix="add it under mentions"
                    )

    def _via(self, slot: dict[str, Any], thing: Thing, steps: Steps) -> Iterator[Problem]:
        key = slot.get("via", {}).get("mention")
        entity = self._mentioned.get(key)
        meant = entity and self.keys.resolve(self.sheet.id, entity)
        if meant and meant.node != thing.node:
            yield Problem(
                "REF108",
                f'the mention "{key}" is of "{entity}", not of "{slot["ref"]}"',
                self.sheet.span(*steps, "via", "mention"),
                why="a mention tells what the words of the evidence mean",
                fix="name a mention of the same thing, or correct the key",
            )

    def _dangling(self, key: str, span: Span) -> Problem:
        known = [*self.keys.register, *self.keys.articles.get(self.sheet.id, ())]
        close = difflib.get_close_matches(key, known, n=1)
        return Problem(
            "REF101",
            f'nothing has the key "{key}"',
            span,
            why="neither this sheet nor the register declares it",
            fix=f'write "{close[0]}"' if close else "declare it, or correct the key",
        )


def _wrong_kind(name: str, kind: _Kind | None, key: str, thing: Thing, span: Span) -> Iterator[Problem]:
    if kind is None and not thing.types <= _NO_THINGS:
        return
    if kind is not None and thing.types & kind.classes:
        return
    preposition = "under" if thing.types <= _BLOCKS else "as"
    wanted = kind.name if kind else "a thing that something can be said of"
    yield Problem(
        "REF104",
        f'"{key}" is not {wanted}',
        span,
        why=f"{thing.span} declares it {preposition} {', '.join(sorted(thing.types))}",
        fix=f'"{name}" takes {wanted}',
    )
