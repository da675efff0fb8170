"""Which nodes are one thing: by authority id and structured key, never by name alone.

Nodes that the sheets share by a key of the register are one already. Beyond that, two articles' own nodes
are merged where they have one authority id, or one structured key; and never where a rule forbids it.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from nutgraf.evidence.compare.model import Assertion, Merge
from nutgraf.terms.vocabulary import NUT, RDF_TYPE, SCHEMA, shorten

_KINDS: Final = (
    frozenset({"Person"}),
    frozenset({"Event"}),
    frozenset({"Action"}),
    frozenset({"City"}),
    frozenset({"Continent"}),
    frozenset({"OrganizationRole"}),
    frozenset({"DefinedTerm"}),
    frozenset({"Claim"}),
)
"""Classes of which a thing is not two at once."""

_RELATED: Final = "cannot link: a sheet says that they are related and not the same"
_TIMES: Final = (f"{SCHEMA}startDate", f"{SCHEMA}endDate")


@dataclass
class Identity:
    """What is known of each node, and which nodes are one.

    Attributes:
        values: (node, property) → its values.
        articles: node → the articles that speak of it.
        log: every merge and every merge that was forbidden.
    """

    values: dict[tuple[str, str], set[str]]
    articles: dict[str, set[str]]
    related: set[frozenset[str]]
    log: list[Merge] = field(default_factory=list)
    _first: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, assertions: Iterable[Assertion]) -> Identity:
        """Find which nodes are one thing."""
        values: dict[tuple[str, str], set[str]] = defaultdict(set)
        articles: dict[str, set[str]] = defaultdict(set)
        related = set()
        for each in assertions:
            values[each.subject, each.predicate].add(each.object)
            if each.article:
                articles[each.subject].add(each.article)
            if each.predicate == f"{NUT}related":
                related.add(frozenset({each.subject, each.object}))
        found = cls(dict(values), dict(articles), related)
        found._merge()
        found._log_shared()
        found._log_apart()
        found.log.sort()
        return found

    def node(self, iri: str) -> str:
        """The node that stands for all that are one with this."""
        return self._first.get(iri, iri)

    def get(self, node: str, name: str) -> set[str]:
        """The values of a property of a node."""
        return self.values.get((node, name), set())

    # Merging.

    def _merge(self) -> None:
        groups: dict[str, list[str]] = {}
        for key, nodes in sorted(self._by_key().items()):
            for first, second in itertools.combinations(sorted(nodes), 2):
                one, other = self.node(first), self.node(second)
                if one == other:
                    continue
                whole = groups.get(one, [one])
                part = groups.get(other, [other])
                forbidden = next((why for a in whole for b in part if (why := self._apart(a, b))), None)
                if forbidden:
                    articles = self._speakers([one, other])
                    self.log.append(Merge(one, (other,), articles, (key, forbidden), apart=True))
                    continue
                merged = sorted([*whole, *part])
                groups[merged[0]] = merged
                for node in merged:
                    self._first[node] = merged[0]
                self.log.append(Merge(merged[0], tuple(merged[1:]), self._speakers(merged), (key,)))

    def _by_key(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for node in {node for node, _ in self.values}:
            for key in self._keys(node):
                found[key].add(node)
        return {key: nodes for key, nodes in found.items() if len(nodes) > 1}

    def _keys(self, node: str) -> Iterator[str]:
        """The authority ids and the structured keys of a node."""
        for iri in self.get(node, f"{SCHEMA}sameAs"):
            yield f"authority id {shorten(iri)}"
        if f"{SCHEMA}Observation" in self.get(node, RDF_TYPE):
            for about in self.get(node, f"{SCHEMA}observationAbout"):
                for measured in self.get(node, f"{SCHEMA}measuredProperty"):
                    yield f"measure {shorten(measured)} of {about}"
        if f"{SCHEMA}Event" not in self.get(node, RDF_TYPE):
            return
        kinds = sorted(self.get(node, f"{SCHEMA}additionalType"))
        ordinals, organizers = self.get(node, f"{NUT}ordinal"), self.get(node, f"{SCHEMA}organizer")
        for ordinal, organizer in itertools.product(sorted(ordinals), sorted(organizers)):
            yield f"ordinal {ordinal} of {organizer}"
        dates, places = self.get(node, f"{SCHEMA}startDate"), self.get(node, f"{SCHEMA}location")
        for date, place, kind in itertools.product(sorted(dates), sorted(places), kinds):
            yield f"date {date}, place {place}, kind {kind}"
        wholes, offices = self.get(node, f"{SCHEMA}superEvent"), self.get(node, f"{NUT}office")
        for whole, office, kind in itertools.product(sorted(wholes), sorted(offices), kinds):
            yield f"part of {whole}, office {office}, kind {kind}"

    def _apart(self, one: str, other: str) -> str | None:
        """Why two nodes cannot be one thing."""
        if frozenset({one, other}) in self.related:
            return _RELATED
        ids, other_ids = self.get(one, f"{SCHEMA}sameAs"), self.get(other, f"{SCHEMA}sameAs")
        if ids and other_ids and not ids & other_ids:
            return "cannot link: their authority ids differ"
        ordinals, other_ordinals = self.get(one, f"{NUT}ordinal"), self.get(other, f"{NUT}ordinal")
        if ordinals and other_ordinals and not ordinals & other_ordinals:
            return "cannot link: their ordinals differ"
        if self._disjoint_times(one, other):
            return "cannot link: their dates do not meet"
        kinds = {kind.removeprefix(SCHEMA) for kind in self.get(one, RDF_TYPE)}
        other_kinds = {kind.removeprefix(SCHEMA) for kind in self.get(other, RDF_TYPE)}
        if any((kinds & kind) and other_kinds and not (other_kinds & kind) for kind in _KINDS):
            return "cannot link: they are of different kinds"
        return None

    def _disjoint_times(self, one: str, other: str) -> bool:
        first, second = self.interval(one), self.interval(other)
        return bool(first and second and (first[1] < second[0] or second[1] < first[0]))

    def interval(self, node: str) -> tuple[str, str] | None:
        """The days that a node is dated to, cut to the precision that both ends have."""
        starts, ends = (self.get(node, name) for name in _TIMES)
        if not starts:
            return None
        start, end = min(starts), max(ends or starts)
        length = min(len(start), len(end))
        return start[:length], end[:length]

    def _speakers(self, nodes: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted({article for node in nodes for article in self.articles.get(node, ())}))

    def _log_shared(self) -> None:
        """Why each node that several articles speak of is one: what its key in the register rests on."""
        for node, articles in self.articles.items():
            if len(articles) > 1:
                reasons = [*sorted(self._keys(node)), *self._office(node)]
                if not reasons:
                    reasons = ["decided by a person: no authority id, no structured key"]
                self.log.append(
                    Merge(node, (), tuple(sorted(articles)), ("one key of the register", *reasons))
                )

    def _log_apart(self) -> None:
        """Things that look alike and stay two: a sheet relates them, or nothing but their names agrees."""
        named: dict[str, set[str]] = defaultdict(set)
        for (node, name), values in self.values.items():
            if name == f"{SCHEMA}name":
                for value in values:
                    named[value.casefold()].add(node)
        pairs = {frozenset(pair): _RELATED for pair in self.related if len(pair) > 1}
        for nodes in named.values():
            for pair in itertools.combinations(sorted(nodes), 2):
                pairs.setdefault(frozenset(pair), "only their names agree")
        decided = {frozenset((merge.node, other)) for merge in self.log for other in merge.others}
        for nodes_of, reason in pairs.items():
            first, second = sorted(nodes_of)
            if nodes_of not in decided and self.node(first) != self.node(second):
                self.log.append(Merge(first, (second,), self._speakers(nodes_of), (reason,), apart=True))

    def _office(self, node: str) -> Iterator[str]:
        """An office by its body and holder: enough to see that a shared key is right, not to merge by."""
        if f"{SCHEMA}OrganizationRole" in self.get(node, RDF_TYPE):
            bodies = {
                owner
                for (owner, name), values in self.values.items()
                if name == f"{SCHEMA}member" and node in values
            }
            for body, holder in itertools.product(sorted(bodies), sorted(self.get(node, f"{SCHEMA}member"))):
                yield f"role in {body} of {holder}"
