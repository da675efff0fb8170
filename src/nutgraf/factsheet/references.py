"""Keys and what they stand for: every reference resolved, every slot holding the right kind of thing."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from nutgraf.factsheet.sheet import BLOCKS, REGISTER_BLOCKS, Register, Sheet, slots
from nutgraf.problems import Problem, Span

PLACES: Final = frozenset({"Place", "Country", "City", "AdministrativeArea", "Continent", "BodyOfWater"})
AGENTS: Final = frozenset(
    {
        "Person",
        "Organization",
        "GovernmentOrganization",
        "NewsMediaOrganization",
        "EducationalOrganization",
    }
)
BODIES: Final = AGENTS - {"Person"}
EVENTS: Final = frozenset({"Event", "Action"})
OFFICES: Final = frozenset({"OrganizationRole"})

_ALLOWED: Final[dict[tuple[str, str], tuple[frozenset[str], str]]] = {
    ("article", "publisher"): (AGENTS, "a person or an organization"),
    ("article", "author"): (AGENTS, "a person or an organization"),
    ("events", "partOf"): (EVENTS, "an event"),
    ("events", "occasion"): (EVENTS, "an event"),
    ("events", "location"): (PLACES, "a place"),
    ("events", "participants"): (AGENTS, "a person or an organization"),
    ("events", "office"): (OFFICES, "an office"),
    ("roles", "body"): (BODIES, "an organization"),
    ("roles", "member"): (AGENTS, "a person or an organization"),
    ("roles", "nominee"): (AGENTS, "a person or an organization"),
    ("claims", "author"): (AGENTS, "a person or an organization"),
    ("claims", "reports"): (AGENTS, "a person or an organization"),
    ("claims", "occasion"): (EVENTS, "an event"),
}
"""(block, field) → the schema.org classes that may stand there, and their name in a message."""

FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "article": ("publisher", "author"),
    "mentions": ("entity",),
    "events": ("partOf", "location", "participants", "about", "object", "result", "office", "occasion"),
    "roles": ("body", "member", "nominee"),
    "claims": ("author", "reports", "about", "occasion"),
    "quantities": ("of",),
    "relations": ("subject", "object"),
}
"""Block → its fields that hold references."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What a key stands for.

    Attributes:
        node: path of its IRI below the base, such as "id/morocco".
        types: its schema.org classes.
        span: where it is declared.
        names: (language, name) pairs, the register's or the record's own.
    """

    node: str
    types: frozenset[str]
    span: Span
    entry: dict[str, Any] = field(hash=False, compare=False, repr=False, default_factory=dict)


@dataclass(frozen=True)
class Index:
    """All keys of a workspace: the register's, and each article's own."""

    register: dict[str, Thing]
    articles: dict[str, dict[str, Thing]]

    def resolve(self, article: str, reference: str) -> Thing | None:
        """What a reference in an article's sheet stands for."""
        owner, slash, key = reference.partition("/")
        if slash:
            return self.articles.get(owner, {}).get(key)
        return self.articles.get(article, {}).get(reference) or self.register.get(reference)


def index(sheets: Sequence[Sheet], registers: Sequence[Register]) -> tuple[Index, list[Problem]]:
    """Collect every key; a key that stands twice is REF102, one that hides the register's is REF103."""
    problems: list[Problem] = []
    register: dict[str, Thing] = {}
    for file in registers:
        for block in REGISTER_BLOCKS:
            for number, entry in file.records(block):
                thing = Thing(f"id/{entry['id']}", _types(block, entry), file.document.span(block, number, "id"), entry)
                _add(register, entry["id"], thing, problems)
    articles: dict[str, dict[str, Thing]] = {}
    seen: dict[str, Span] = {}
    for sheet in sheets:
        span = sheet.span("article", "id")
        if sheet.id in seen or sheet.id in register:
            first = seen.get(sheet.id) or register[sheet.id].span
            problems.append(_twice(sheet.id, span, first))
            continue
        seen[sheet.id] = span
        articles[sheet.id] = _own_things(sheet, register, problems)
    return Index(register, articles), problems


def _own_things(sheet: Sheet, register: dict[str, Thing], problems: list[Problem]) -> dict[str, Thing]:
    things: dict[str, Thing] = {}
    for block in BLOCKS:
        for number, record in sheet.records(block):
            key, span = record["id"], sheet.span(block, number, "id")
            if key in register:
                problems.append(
                    Problem(
                        "REF103",
                        f'"{key}" hides a key of the register',
                        span,
                        why=f"the register declares it at {register[key].span}",
                        fix="rename it, or refer to the register's",
                    )
                )
            shared = register.get(record.get("event") or record.get("office") or "")
            node = shared.node if shared else f"id/{sheet.id}/{key}"
            types = shared.types if shared and block == "events" else _types(block, record)
            _add(things, key, Thing(node, types, span, record), problems)
    return things


def _add(things: dict[str, Thing], key: str, thing: Thing, problems: list[Problem]) -> None:
    if key in things:
        problems.append(_twice(key, thing.span, things[key].span))
    else:
        things[key] = thing


def _twice(key: str, span: Span, first: Span) -> Problem:
    return Problem("REF102", f'the key "{key}" stands twice', span, why=f"it is declared first at {first}", fix="rename one")


def _types(block: str, entry: dict[str, Any]) -> frozenset[str]:
    if block == "entities":
        types = entry["type"]
        return frozenset([types] if isinstance(types, str) else types)
    if block == "events":
        return frozenset([entry.get("type", "Event")])
    return frozenset({"roles": ["OrganizationRole"], "offices": ["OrganizationRole"]}.get(block, [block]))


def check(sheet: Sheet, keys: Index) -> list[Problem]:
    """Every reference of a sheet that leads nowhere (REF101) or to the wrong kind of thing (REF104)."""
    problems = []
    for block, number, record in _records(sheet):
        base = (block,) if number is None else (block, number)
        for name in FIELDS.get(block, ()):
            for steps, slot in slots(record.get(name), *base, name):
                problems.extend(_check_slot(sheet, keys, (block, name), steps, slot))
        problems.extend(_check_shared(sheet, keys, block, base, record))
    problems.extend(_check_mentions(sheet))
    return problems


def _records(sheet: Sheet) -> Iterator[tuple[str, int | None, dict[str, Any]]]:
    yield "article", None, sheet.document.data["article"]
    for block in BLOCKS:
        for number, record in sheet.records(block):
            yield block, number, record


def _check_slot(
    sheet: Sheet, keys: Index, place: tuple[str, str], steps: tuple[Any, ...], slot: dict[str, Any]
) -> Iterator[Problem]:
    span = sheet.span(*steps, "ref")
    thing = keys.resolve(sheet.id, slot["ref"])
    if thing is None:
        yield _dangling(slot["ref"], span, sheet, keys)
        return
    allowed, name = _ALLOWED.get(place, (None, ""))
    if allowed is not None and not thing.types & allowed:
        yield Problem(
            "REF104",
            f'"{slot["ref"]}" is not {name}',
            span,
            why=f"{thing.span} declares it as {', '.join(sorted(thing.types))}",
            fix=f'"{place[1]}" takes {name}',
        )


def _check_shared(
    sheet: Sheet, keys: Index, block: str, base: tuple[Any, ...], record: dict[str, Any]
) -> Iterator[Problem]:
    for name, wanted in (("event", EVENTS), ("office", OFFICES)):
        key = record.get(name)
        if (block, name) not in {("events", "event"), ("roles", "office")} or key is None:
            continue
        thing = keys.register.get(key)
        if thing is None or not thing.types & wanted:
            yield _dangling(key, sheet.span(*base, name), sheet, keys)
    if block != "events":
        return
    thing = keys.register.get(record.get("event", ""))
    kind = next(iter(thing.types)) if thing else record.get("type", "Event")
    if thing and record.get("type", kind) != kind:
        yield Problem("REF105", f"the register has this as {kind}", sheet.span(*base, "type"), fix="remove the type here")
    if thing is None and "event" not in record and "name" not in record:
        yield Problem("SHT102", '"name" is missing', sheet.span(*base), why="an event of the article's own needs a name", fix='add "name:"')
    for wrong, right, of in (("about", "object", "Action"), ("object", "about", "Event")):
        if kind == of and wrong in record:
            yield Problem("REF106", f'"{wrong}" is not for an {of}', sheet.document.key_span(*base, wrong), fix=f'write "{right}"')


def _check_mentions(sheet: Sheet) -> Iterator[Problem]:
    mentions = {record["id"] for _, record in sheet.records("mentions")}
    for steps in sheet.document.places.values:
        if len(steps) > 1 and steps[-2:] == ("via", "mention"):
            key = _at(sheet.document.data, steps)
            if key not in mentions:
                yield Problem("REF107", f'no mention "{key}" in this sheet', sheet.span(*steps), fix="add it under mentions")


def _at(data: Any, steps: tuple[Any, ...]) -> Any:
    for step in steps:
        data = data[step]
    return data


def _dangling(key: str, span: Span, sheet: Sheet, keys: Index) -> Problem:
    known = [*keys.register, *keys.articles.get(sheet.id, ())]
    close = difflib.get_close_matches(key, known, n=1)
    return Problem(
        "REF101",
        f'nothing has the key "{key}"',
        span,
        why="neither this sheet nor the register declares it",
        fix=f'write "{close[0]}"' if close else "declare it, or correct the key",
    )
