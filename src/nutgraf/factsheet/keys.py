"""Keys and what they stand for: the register's, shared by all sheets, and each article's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from nutgraf.factsheet.sheet import BLOCKS, REGISTER_BLOCKS, Register, Sheet
from nutgraf.problems import Problem, Span


@dataclass(frozen=True, slots=True)
class Thing:
    """What a key stands for.

    Attributes:
        node: path of its IRI below the base, such as "id/morocco".
        types: its schema.org classes; of a record that has none, the name of its block.
        span: where it is declared.
        entry: the record that declares it.
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
        for key, thing in _registered(file):
            _add(register, key, thing, problems)
    taken = {key: thing.span for key, thing in register.items()}
    articles: dict[str, dict[str, Thing]] = {}
    for sheet in sheets:
        span = sheet.span("article", "id")
        if sheet.id in taken:
            problems.append(_twice(sheet.id, span, taken[sheet.id]))
            continue
        taken[sheet.id] = span
        articles[sheet.id] = _own_things(sheet, register, problems)
    problems.extend(_former(registers, taken))
    return Index(register, articles), problems


def _registered(file: Register) -> Iterator[tuple[str, Thing]]:
    for block in REGISTER_BLOCKS:
        for number, entry in file.records(block):
            span = file.document.span(block, number, "id")
            yield entry["id"], Thing(f"id/{entry['id']}", _types(block, entry), span, entry)


def _former(registers: Sequence[Register], taken: dict[str, Span]) -> Iterator[Problem]:
    """A key that was merged away redirects, so nothing else may have it."""
    taken = dict(taken)
    for file in registers:
        for block in REGISTER_BLOCKS:
            for number, entry in file.records(block):
                for position, key in enumerate(entry.get("formerly", ())):
                    span = file.document.span(block, number, "formerly", position)
                    if key in taken:
                        yield _twice(key, span, taken[key])
                    taken.setdefault(key, span)


def _own_things(sheet: Sheet, register: dict[str, Thing], problems: list[Problem]) -> dict[str, Thing]:
    things: dict[str, Thing] = {}
    for block in BLOCKS:
        for number, record in sheet.records(block):
            key, span = record["id"], sheet.span(block, number, "id")
            if key in register:
                problems.append(_hidden(key, span, register[key].span))
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
    why = f"it is declared first at {first}"
    return Problem("REF102", f'the key "{key}" stands twice', span, why=why, fix="rename one")


def _hidden(key: str, span: Span, first: Span) -> Problem:
    return Problem(
        "REF103",
        f'"{key}" hides a key of the register',
        span,
        why=f"the register declares it at {first}",
        fix="rename it, or refer to the register's",
    )


def _types(block: str, entry: dict[str, Any]) -> frozenset[str]:
    if block == "entities":
        types = entry["type"]
        return frozenset([types] if isinstance(types, str) else types)
    if block == "events":
        return frozenset([entry.get("type", "Event")])
    if block in {"roles", "offices"}:
        return frozenset(["OrganizationRole"])
    return frozenset([block])
