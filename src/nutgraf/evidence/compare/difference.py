"""Facts that several articles state, and the kinds of difference between those that do not agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from nutgraf.evidence.compare.identity import Identity
from nutgraf.evidence.compare.model import Assertion, Difference, Fact, Verdict
from nutgraf.terms.vocabulary import NUT, RDF_TYPE, SCHEMA

_IGNORED: Final = frozenset(
    {RDF_TYPE}
    | {
        f"{SCHEMA}{name}"
        for name in ("name", "alternateName", "description", "abstract", "mentions", "appearance")
    }
    | {f"{NUT}{name}" for name in ("voice", "speechForm", "timeWords", "wording", "related", "planStatus")}
    | {
        f"{SCHEMA}{name}"
        for name in ("observationAbout", "measuredProperty", "unitText", "roleName", "sameAs")
    }
    | {f"{SCHEMA}{name}" for name in ("additionalType", "actionStatus")}
)
"""What classifies or words a thing, and is no fact of its own."""

_SINGLE: Final = frozenset(
    {
        f"{SCHEMA}{name}"
        for name in ("location", "foundingDate", "startDate", "endDate", "duration", "superEvent")
    }
    | {f"{SCHEMA}{name}" for name in ("organizer", "value")}
    | {f"{NUT}{name}" for name in ("elected", "host", "office", "ordinal")}
)
"""Properties of which a thing has one value: two that differ call for a word. An office has one holder."""

_MEMBER: Final = f"{SCHEMA}member"
_FAMILY: Final = {
    f"{NUT}startMonthDay": f"{SCHEMA}startDate",
    f"{NUT}endMonthDay": f"{SCHEMA}endDate",
}
"""Times of one kind, whatever their precision."""

_WHOLE: Final = (
    f"{NUT}represents",
    f"{SCHEMA}containedInPlace",
    f"{SCHEMA}memberOf",
    f"{SCHEMA}parentOrganization",
)
_TEMPORAL: Final = frozenset({f"{SCHEMA}startDate", f"{SCHEMA}endDate", f"{SCHEMA}foundingDate"})

_Key = tuple[str, str]
_Says = dict[str, set[str]]


def facts(assertions: Iterable[Assertion], identity: Identity, copies: Mapping[str, str]) -> list[Fact]:
    """Every fact with the articles that state it, and how they differ.

    Args:
        assertions: statements of the articles, the register and the links.
        identity: which nodes are one.
        copies: article → the article whose text it is a copy of, or itself.

    Returns:
        Sorted by subject, property and value.
    """
    found = _Facts(identity, copies)
    for each in assertions:
        found.add(each)
    return list(found.all())


class _Facts:
    def __init__(self, identity: Identity, copies: Mapping[str, str]) -> None:
        self._identity = identity
        self._copies = copies
        # (subject, property) → (value, whether an IRI) → article → modalities.
        self._said: dict[_Key, dict[tuple[str, bool], _Says]] = defaultdict(dict)

    def add(self, each: Assertion) -> None:
        if not each.article or each.predicate in _IGNORED or each.datatype.endswith("#langString"):
            return
        subject, predicate = self._identity.node(each.subject), _FAMILY.get(each.predicate, each.predicate)
        if predicate == f"{SCHEMA}value":
            subject, predicate = self._measured(each.subject)
        value = self._identity.node(each.object) if each.is_iri else each.object
        says = self._said[subject, predicate].setdefault((value, each.is_iri), defaultdict(set))
        says[each.article].add(each.modality)

    def _measured(self, observation: str) -> _Key:
        """An observation is its subject's value of the property that it measures."""
        about = self._identity.get(observation, f"{SCHEMA}observationAbout")
        measured = self._identity.get(observation, f"{SCHEMA}measuredProperty")
        if len(about) != 1 or len(measured) != 1:
            return observation, f"{SCHEMA}value"
        return self._identity.node(next(iter(about))), next(iter(measured))

    def all(self) -> Iterator[Fact]:
        for (subject, predicate), values in sorted(self._said.items()):
            for (value, is_iri), says in sorted(values.items()):
                differences = sorted(self._differences(subject, predicate, (value, is_iri), values))
                sources = self._sources(says)
                verdict: Verdict = "agreed" if len(sources) > 1 else "only here"
                yield Fact(
                    subject,
                    predicate,
                    value,
                    is_iri,
                    tuple((article, "/".join(sorted(says[article]))) for article in sorted(says)),
                    sources,
                    "differing" if differences else verdict,
                    tuple(differences),
                )

    def _sources(self, says: _Says) -> tuple[str, ...]:
        return tuple(sorted({self._copies.get(article, article) for article in says}))

    def _differences(
        self, subject: str, predicate: str, value: tuple[str, bool], values: dict[tuple[str, bool], _Says]
    ) -> Iterator[Difference]:
        yield from self._modalities(values[value])
        if not self._is_single(subject, predicate):
            return
        mine = values[value]
        for other, says in values.items():
            if other == value:
                continue
            difference = self._difference(predicate, value[0], other[0], says)
            # An article that gives both has several values and no quarrel.
            if difference.kind != "value" or (mine.keys() - says.keys() and says.keys() - mine.keys()):
                yield difference

    def _is_single(self, subject: str, predicate: str) -> bool:
        if predicate == _MEMBER:
            return f"{SCHEMA}OrganizationRole" in self._identity.get(subject, RDF_TYPE)
        is_measure = predicate.startswith(NUT) and not any(
            predicate == f"{NUT}{name}"
            for name in ("candidate", "nominee", "occasion", "phase", "represents")
        )
        return predicate in _SINGLE or (is_measure and self._is_number(subject, predicate))

    def _is_number(self, subject: str, predicate: str) -> bool:
        return all(value.replace(".", "", 1).isdigit() for value, _ in self._said[subject, predicate])

    def _modalities(self, says: _Says) -> Iterator[Difference]:
        """One article calls actual what another calls planned, an aim, alleged or denied."""
        kinds = {article: "/".join(sorted(found)) for article, found in says.items()}
        if len(set(kinds.values())) > 1:
            told = ", ".join(f"{kind} in {article}" for article, kind in sorted(kinds.items()))
            yield Difference("modality", told, tuple(sorted(kinds)), "the articles give it different status")

    def _difference(self, predicate: str, value: str, other: str, says: _Says) -> Difference:
        articles = tuple(sorted(says))
        if predicate in _TEMPORAL and _compatible(value, other):
            return Difference("precision", other, articles, "one says more of the same date")
        for relation in _WHOLE:
            if other in self._identity.get(value, relation) or value in self._identity.get(other, relation):
                return Difference("granularity", other, articles, f"{_local(relation)} relates the two")
        if predicate == _MEMBER and self._succeed(value, other):
            return Difference("succession", other, articles, "their times in office do not meet")
        return Difference("value", other, articles, "there is one value only")

    def _succeed(self, one: str, other: str) -> bool:
        first, second = self._identity.interval(one), self._identity.interval(other)
        return bool(first and second and (first[1] <= second[0] or second[1] <= first[0]))


def _compatible(one: str, other: str) -> bool:
    """Whether two dates are one to different precision.

    >>> _compatible("--11-04", "2024-11-04"), _compatible("2024", "2024-11"), _compatible("1923", "1932")
    (True, True, False)
    """
    short, long = sorted((one, other), key=len)
    if short.startswith("--"):
        return long.endswith(short[1:])
    return long.startswith(f"{short}-")


def _local(iri: str) -> str:
    return iri.replace("#", "/").rsplit("/", 1)[-1]
