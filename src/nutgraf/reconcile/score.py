"""Score candidates so that a person can see why, and say which are safe to accept.

A score is the sum of the features below, from 0 to 100. A candidate is *accepted* only where all of these
hold: the item has the thing's main name as a label, word for word; the type agrees; nothing contradicts; no
other candidate of the kind has that name; the name is no lone surname; the item is well known, or something
beside its name speaks for it (an index never has all namesakes); the score reaches `ACCEPT`. The rules were
set on two public development sets (`benchmarks/linking/`), where the accepted are right in .97 or more.
Whatever else reaches `REVIEW` is for a person to decide.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from rapidfuzz import fuzz, process

from nutgraf.reconcile import names
from nutgraf.reconcile.classes import classes_of, kinds_of
from nutgraf.reconcile.items import EVENT, Item, Name
from nutgraf.reconcile.similarity import SAME, similarity
from nutgraf.reconcile.things import Thing

ACCEPT: Final = 70.0
REVIEW: Final = 50.0

_NAME: Final = 50.0
_LEAST_SIMILARITY: Final = 0.5
_MEANT: Final = {"label": 12.0, "alias": 4.0, "weak": -8.0}
_ALTERNATE: Final = -6.0
_TYPE_AGREES: Final = 12.0
_CLASS_AGREES: Final = 4.0
_CLASS_DIFFERS: Final = -12.0
_TYPE_CONTRADICTS: Final = -45.0
_RELATED: Final = 8.0
_OFFICE: Final = 5.0
_TIME_AGREES: Final = 3.0
_TIME_CONTRADICTS: Final = -45.0
_POPULAR: Final = 6.0
_MANY: Final = 300
_COMPARED: Final = 12
_WELL_KNOWN: Final = 20
"""Names and articles of an item below which a name alone does not tell it from namesakes elsewhere."""
_RIVAL: Final = 3.0
"""How many times more popular an item must be for a namesake not to be a rival."""

Proposal = Literal["accept", "review", "none"]


@dataclass(frozen=True, slots=True)
class Feature:
    """One reason for or against a candidate.

    Attributes:
        id: which.
        points: what it adds to the score.
        why: in words.
    """

    id: str
    points: float
    why: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that may be what a thing is.

    Attributes:
        item: the item.
        name: which of its names was compared.
        similarity: of that name, 0 to 1.
        score: 0 to 100.
        features: what the score is the sum of.
        objection: what keeps it from being accepted; empty when nothing does.
    """

    item: Item
    name: Name
    similarity: float
    score: float
    features: tuple[Feature, ...]
    objection: str = ""

    @property
    def why(self) -> str:
        """The features in words, those that weigh most first."""
        ordered = sorted(self.features, key=lambda feature: (-abs(feature.points), feature.id))
        return "; ".join(f"{feature.why} {feature.points:+.0f}" for feature in ordered if feature.points)


def candidates(thing: Thing, items: Iterable[Item], linked: Mapping[str, str]) -> list[Candidate]:
    """Score items for a thing.

    Args:
        thing: what the sheets say.
        items: what sources found; those without a name are left out.
        linked: node → item id, of the accepted decisions.

    Returns:
        Best first; the first has no objection if it is safe to accept.
    """
    context = frozenset(linked[node] for node in thing.beside if node in linked)
    scored = [_scored(thing, item, context) for item in items if item.names]
    scored.sort(key=lambda each: (-each.score, -each.item.popularity, int(each.item.id[1:])))
    return [_with_objection(thing, each, scored) for each in scored]


def proposal(found: Sequence[Candidate]) -> Proposal:
    """What to do with a thing that has these candidates."""
    if not found or found[0].score < REVIEW:
        return "none"
    return "review" if found[0].objection else "accept"


def confidence(candidate: Candidate) -> float:
    """The confidence of a decision, 0 to 1, from a score."""
    return round(min(0.99, candidate.score / 100), 2)


def _scored(thing: Thing, item: Item, context: frozenset[str]) -> Candidate:
    name, alike, is_main = _best_name(thing, item)
    features = [
        Feature(
            "name",
            _NAME * max(0.0, (alike - _LEAST_SIMILARITY) / (1 - _LEAST_SIMILARITY)),
            "same name" if alike == SAME else f"name {alike:.0%} like",
        ),
        Feature("name_kind", _MEANT[name.kind], f"it is {_article(name.kind)} of the item"),
    ]
    if not is_main:
        features.append(Feature("alternate", _ALTERNATE, "matches only another name of the thing"))
    features += _type_features(thing, item)
    features += _context_features(thing, item, context)
    popular = _POPULAR * min(1.0, math.log1p(item.popularity) / math.log1p(_MANY))
    features.append(Feature("popularity", popular, f"{item.popularity} names and articles"))
    score = max(0.0, min(100.0, sum(feature.points for feature in features)))
    return Candidate(item, name, alike, round(score, 1), tuple(features))


def _article(kind: str) -> str:
    return {"label": "a label", "alias": "an alias", "weak": "a weak name"}[kind]


def _best_name(thing: Thing, item: Item) -> tuple[Name, float, bool]:
    """The pair of names that says most for the item, and whether it is a main name of the thing."""
    ours = [(names.key(text), True) for _, text in thing.names]
    ours += [(names.key(text), False) for _, text in thing.alternates]
    best: tuple[float, Name, float, bool] | None = None
    keyed = [(names.key(name.text), name) for name in item.names]
    for key, is_main in ours:
        for theirs, name in _shortlist(key, keyed):
            alike = similarity(key, theirs)
            worth = _NAME * 2 * alike + _MEANT[name.kind] + (0 if is_main else _ALTERNATE)
            if best is None or worth > best[0]:
                best = (worth, name, alike, is_main)
    assert best is not None, "an item without a name is left out"
    return best[1:]


def _shortlist(key: str, keyed: list[tuple[str, Name]]) -> list[tuple[str, Name]]:
    """The names that may be most alike: a country has hundreds, and likeness in full is slow."""
    if len(keyed) <= _COMPARED:
        return keyed
    close = process.extract(key, [theirs for theirs, _ in keyed], scorer=fuzz.ratio, limit=_COMPARED)
    chosen = {at for _, _, at in close}
    sound = names.skeletons(key)
    chosen |= {
        at
        for at, (theirs, _) in enumerate(keyed)
        if not theirs.isascii() and names.skeletons(theirs) == sound
    }
    return [keyed[at] for at in sorted(chosen)]


def _type_features(thing: Thing, item: Item) -> list[Feature]:
    wanted = kinds_of(thing.types)
    if not wanted or not item.kinds:
        return []
    shown = ", ".join(sorted(thing.types))
    if not wanted & item.kinds:
        why = f"it is {'/'.join(sorted(item.kinds))}, not {shown}"
        return [Feature("type", _TYPE_CONTRADICTS, why)]
    found = [Feature("type", _TYPE_AGREES, f"its type fits {shown}")]
    narrower = classes_of(thing.types)
    if narrower and item.classes:
        fits = bool(narrower & item.classes)
        why = f"its class {'fits' if fits else 'differs from'} {shown}"
        found.append(Feature("class", _CLASS_AGREES if fits else _CLASS_DIFFERS, why))
    return found


def _context_features(thing: Thing, item: Item, context: frozenset[str]) -> list[Feature]:
    found = []
    shared = sorted(item.related & context)
    if shared:
        found.append(
            Feature("related", _RELATED, f"it has to do with {', '.join(shared[:3])} of the article")
        )
    described = set(names.key(item.description).split())
    words = {word for text in (*thing.offices, thing.description) for word in names.key(text).split()}
    common = sorted(word for word in words & described if len(word) > 3)  # noqa: PLR2004  # "the", "and"
    if common:
        found.append(Feature("office", _OFFICE, f"its description has {', '.join(common[:3])}"))
    if thing.reported is not None and item.begin is not None and item.begin > thing.reported:
        found.append(Feature("time", _TIME_CONTRADICTS, f"it began in {item.begin}, after the article"))
    elif EVENT in kinds_of(thing.types) and thing.years and item.begin is not None:
        fits = any(item.begin <= year <= (item.end or item.begin) for year in thing.years)
        points = _TIME_AGREES if fits else _TIME_CONTRADICTS
        found.append(Feature("time", points, f"its time {'is' if fits else 'is not'} that of the event"))
    return found


def _with_objection(thing: Thing, candidate: Candidate, scored: Sequence[Candidate]) -> Candidate:
    objection = "" if candidate is scored[0] else "another candidate scores higher"
    objection = objection or _objection(thing, candidate, scored)
    return Candidate(
        candidate.item, candidate.name, candidate.similarity, candidate.score, candidate.features, objection
    )


def _objection(thing: Thing, candidate: Candidate, scored: Sequence[Candidate]) -> str:
    """What a careful person would say against accepting it unseen."""
    points = {feature.id: feature.points for feature in candidate.features}
    rivals = _rivals(candidate, scored)
    is_supported = points.get("related", 0) > 0 or points.get("office", 0) > 0
    objections = (
        (thing.is_lone_surname, "a lone surname is no identity"),
        (candidate.similarity < SAME or "alternate" in points, "the main name is not the same"),
        (candidate.name.kind != "label", "the name is only an alias of the item"),
        (points.get("type", 0) <= 0, "the type is not known to agree"),
        (any(value < 0 for value in points.values()), "something speaks against it"),
        (
            candidate.item.popularity < _WELL_KNOWN and not is_supported,
            "nothing but its name speaks for it, and it is not well known",
        ),
        (bool(rivals), f"{', '.join(rivals[:3])} has the same name"),
        (candidate.score < ACCEPT, f"the score is below {ACCEPT:.0f}"),
    )
    return next((why for applies, why in objections if applies), "")


def _rivals(candidate: Candidate, scored: Sequence[Candidate]) -> list[str]:
    """Other items with the same name that are not much less known."""
    return [
        each.item.id
        for each in scored
        if each is not candidate
        and each.similarity == SAME
        and each.name.kind != "weak"
        and all(feature.id != "alternate" for feature in each.features)
        and candidate.item.popularity < _RIVAL * max(1, each.item.popularity)
    ]
