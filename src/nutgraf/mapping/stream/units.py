"""Rules that are run together, so that a source is scanned once for them.

A unit has one or several branches, each with rules of one source and one subject. Rule for rule, branches
differ in nothing but what they read, so that their rows can be put together before repetitions are removed.
No statement of a unit can be one of another unit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nutgraf.mapping.model import LogicalSource
from nutgraf.mapping.plan import Rule
from nutgraf.mapping.stream import slots
from nutgraf.mapping.stream.overlap import components
from nutgraf.mapping.stream.slots import Slot, TermText


@dataclass(frozen=True, slots=True)
class Branch:
    """Rules of one source.

    Attributes:
        rules: their terms by the numbers of the rules, in order.
    """

    source: LogicalSource
    rules: Mapping[int, tuple[TermText, ...]]

    @property
    def slots(self) -> list[Slot]:
        """The slots of all rules, each once."""
        return slots.slots([text for texts in self.rules.values() for text in texts])


@dataclass(frozen=True, slots=True)
class Unit:
    """Branches whose rules match one another.

    Attributes:
        star: whether the rules have one subject and no statement in common, so that records with
            subjects of their own make no statement twice.
    """

    branches: tuple[Branch, ...]
    star: bool


@dataclass(frozen=True, slots=True)
class Division:
    """All rules of a mapping.

    Attributes:
        units: those that are streamed.
        general: the numbers of the others.
    """

    units: tuple[Unit, ...]
    general: frozenset[int]


def divide(rules: Sequence[Rule], base: str, is_streamable: Callable[[Rule], bool]) -> Division:
    """Divide the rules of a mapping into units.

    Args:
        rules: the plan; without graphs when none is written.
        base: the caller's base IRI.
        is_streamable: whether a rule can be part of a unit.
    """
    groups = components(rules)
    streamable = [is_streamable(rule) for rule in rules]
    general = frozenset(
        place for group in groups if not all(streamable[each] for each in group) for place in group
    )
    groups = [group for group in groups if general.isdisjoint(group)]
    alone = [group[0] for group in groups if len(group) == 1]
    together = [group for group in groups if len(group) > 1]
    units = [*_stars(alone, rules, base), *_unions(together, rules, base)]
    units.sort(key=lambda unit: min(number for branch in unit.branches for number in branch.rules))
    return Division(tuple(units), general)


def _stars(alone: Sequence[int], rules: Sequence[Rule], base: str) -> list[Unit]:
    """Rules that share no statement with any other, by source and subject."""
    stars: dict[tuple[LogicalSource, TermText], dict[int, tuple[TermText, ...]]] = {}
    units: list[Unit] = []
    for place in alone:
        texts = slots.terms(rules[place], base)
        source = _source(rules[place])
        if any(slots.many(slot) for slot in slots.slots(texts[:1])):
            units.append(Unit((Branch(source, {place: texts}),), star=False))
        else:
            stars.setdefault((source, texts[0]), {})[place] = texts
    units += [Unit((Branch(source, star),), star=True) for (source, _), star in stars.items()]
    return units


def _unions(groups: Sequence[Sequence[int]], rules: Sequence[Rule], base: str) -> list[Unit]:
    """Rules that may make the same statement: alike but for what they read, or else term by term."""
    units: list[Unit] = []
    stars: dict[tuple[tuple[LogicalSource, TermText], ...], list[dict[int, tuple[TermText, ...]]]] = {}
    for group in groups:
        texts = {place: slots.terms(rules[place], base) for place in group}
        keys = tuple((_source(rules[place]), texts[place][0]) for place in group)
        alike = len({slots.skeleton([text]) for text in texts.values()}) == 1
        if alike and len(set(keys)) == len(keys) and not any(map(_has_many, texts.values())):
            stars.setdefault(keys, []).append(texts)
            continue
        if not alike:
            texts = {place: slots.terms(rules[place], base, whole=True) for place in group}
        units.append(_unit([{place: text} for place, text in texts.items()], rules, star=False))
    for found in stars.values():
        branches = [dict(pairs) for pairs in zip(*(texts.items() for texts in found), strict=True)]
        if len({slots.skeleton(list(branch.values())) for branch in branches}) == 1:
            units.append(_unit(branches, rules, star=True))
        else:
            units += [_unit([{p: t} for p, t in texts.items()], rules, star=True) for texts in found]
    return units


def _unit(branches: Sequence[dict[int, tuple[TermText, ...]]], rules: Sequence[Rule], *, star: bool) -> Unit:
    return Unit(tuple(Branch(_source(rules[next(iter(branch))]), branch) for branch in branches), star)


def _source(rule: Rule) -> LogicalSource:
    assert isinstance(rule.logical_source, LogicalSource), "streamable"
    return rule.logical_source


def _has_many(texts: Sequence[TermText]) -> bool:
    return any(slots.many(slot) for slot in slots.slots(texts))
