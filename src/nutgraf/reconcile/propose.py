"""Propose items for what is undecided: ask the sources, score, and say what is safe."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from nutgraf.reconcile import names, score
from nutgraf.reconcile.authority.index import Authority
from nutgraf.reconcile.classes import kinds_of
from nutgraf.reconcile.decisions import Decision
from nutgraf.reconcile.items import Item, Query
from nutgraf.reconcile.score import Candidate, Proposal
from nutgraf.reconcile.things import Thing
from nutgraf.terms.vocabulary import WD

ASKED: Final = 25
"""Items that each source may give for a thing before they are scored."""
SHOWN: Final = 5
_TOPIC_SIMILARITY: Final = 0.9
"""Topics are described more than named: what is not nearly the same name is not worth a look."""


class Source(Protocol):
    """Where items come from."""

    @property
    def name(self) -> str:
        """Such as "names.sqlite" or "wikidata"; goes into the decision as its `object_source`."""

    @property
    def version(self) -> str:
        """Of the data: a hash or a date; goes into the decision as its `object_source_version`."""

    def items(self, query: Query) -> list[Item]:
        """The items that may be meant, with all their names."""


@dataclass(frozen=True)
class IndexSource:
    """An authority index as a source."""

    index: Authority

    @property
    def name(self) -> str:
        return ", ".join(dict.fromkeys(each.name for each in self.index.manifest.sources))

    @property
    def version(self) -> str:
        return ", ".join(f"sha256:{each.sha256[:12]}" for each in self.index.manifest.sources)

    def items(self, query: Query) -> list[Item]:
        found = (self.index.item(match.item.id) for match in self.index.search(query))
        return [item for item in found if item is not None]


@dataclass(frozen=True, slots=True)
class Proposed:
    """What is proposed for one thing.

    Attributes:
        thing: the thing.
        candidates: best first; none rejected before.
        verdict: what to do.
        sources: item id → name and version of the source that has it.
        hint: what the article itself says of who is meant; empty for nothing.
    """

    thing: Thing
    candidates: tuple[Candidate, ...]
    verdict: Proposal
    sources: Mapping[str, tuple[str, str]]
    hint: str = ""


def undecided(every: Iterable[Thing], decided: Iterable[Decision], base: str) -> list[Thing]:
    """The things on which nothing was decided but perhaps what they are not."""
    done = {decision.subject for decision in decided if decision.verdict != "rejected"}
    return [thing for thing in every if base + thing.node not in done]


def propose(
    every: Sequence[Thing],
    decided: Sequence[Decision],
    sources: Sequence[Source],
    base: str,
    on_thing: Callable[[Thing], None] = lambda _: None,
) -> list[Proposed]:
    """Propose items for the things that are undecided.

    What is safe to accept counts as context for the others: in a second round, countries that were found
    speak for their cities.

    Args:
        every: the things of the workspace.
        decided: the decisions so far.
        sources: where to ask, each in turn.
        base: what every IRI of the workspace starts with.
        on_thing: told each thing before the sources are asked.
    """
    linked = {
        decision.subject.removeprefix(base): decision.object.removeprefix(WD)
        for decision in decided
        if decision.verdict == "accepted" and decision.object
    }
    rejected = {
        (decision.subject.removeprefix(base), decision.object.removeprefix(WD))
        for decision in decided
        if decision.verdict == "rejected" and decision.object
    }
    asked: list[tuple[Thing, list[Item], dict[str, tuple[str, str]]]] = []
    for thing in undecided(every, decided, base):
        on_thing(thing)
        items, origins = _ask(thing, sources)
        items = [item for item in items if (thing.node, item.id) not in rejected]
        asked.append((thing, items, origins))
    nodes = {thing.node: thing for thing in every}
    proposed: list[Proposed] = []
    for _ in range(2):
        proposed = [_proposed(thing, items, origins, linked, nodes) for thing, items, origins in asked]
        linked |= {
            each.thing.node: each.candidates[0].item.id for each in proposed if each.verdict == "accept"
        }
    return proposed


def _ask(thing: Thing, sources: Sequence[Source]) -> tuple[list[Item], dict[str, tuple[str, str]]]:
    """What the sources have, each item once, as the source that was asked first has it."""
    found: dict[str, Item] = {}
    origins: dict[str, tuple[str, str]] = {}
    for source in sources:
        for item in source.items(thing.query(ASKED)):
            origins.setdefault(item.id, (source.name, source.version))
            known = found.setdefault(item.id, item)
            if known is not item:
                found[item.id] = _merged(known, item)
    return list(found.values()), origins


def _merged(one: Item, other: Item) -> Item:
    """One item as two sources have it."""
    return replace(
        one,
        description=one.description or other.description,
        names=tuple(dict.fromkeys((*one.names, *other.names))),
        kinds=one.kinds | other.kinds,
        classes=one.classes | other.classes,
        related=one.related | other.related,
        begin=one.begin if one.begin is not None else other.begin,
        end=one.end if one.end is not None else other.end,
        popularity=max(one.popularity, other.popularity),
        revision=one.revision or other.revision,
    )


def _proposed(
    thing: Thing,
    items: Sequence[Item],
    origins: Mapping[str, tuple[str, str]],
    linked: Mapping[str, str],
    nodes: Mapping[str, Thing],
) -> Proposed:
    found = score.candidates(thing, items, linked)
    if not kinds_of(thing.types) or thing.is_described:
        found = [each for each in found if each.similarity >= _TOPIC_SIMILARITY]
    verdict = score.proposal(found)
    shown = tuple(found[:SHOWN])
    hint = _meant(thing, nodes)
    if hint and verdict == "accept":
        verdict = "review"
    return Proposed(thing, shown, verdict, {each.item.id: origins[each.item.id] for each in shown}, hint)


def _meant(thing: Thing, nodes: Mapping[str, Thing]) -> str:
    """Who of the same article a lone surname is."""
    if not thing.is_lone_surname:
        return ""
    surname = names.key(thing.label)
    for node in sorted(thing.beside):
        other = nodes.get(node)
        if other is None or "Person" not in other.types or other.is_lone_surname:
            continue
        if any(names.key(text).split()[-1:] == [surname] for _, text in other.names):
            return f"the article also names {other.label} ({node}): is it the same person?"
    return ""
