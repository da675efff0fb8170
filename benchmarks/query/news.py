"""A made-up collection of news articles as quads, in the shape that `nutgraf build` gives.

The same number gives the same bytes. A graph per article, a register of shared things, links to Wikidata,
and a graph of evidence per article. Some things are in many articles and most are in few.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from itertools import accumulate

BASE = "https://news.example/"
_S = "https://schema.org/"
_OA = "http://www.w3.org/ns/oa#"
_NUT = "https://nutgraf.example/ns#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_PEOPLE, _BODIES, _PLACES, _OUTLETS = 4000, 1500, 800, 12
_SECTIONS = ("Politics", "World", "Business", "Culture", "Science", "Sport", "Law", "Health")
_WORDS = tuple(
    "council vote bridge harbour strike court reform water energy school budget border treaty summit"
    " inquiry election fund train port price wage storm forest grain market union museum clinic data".split()
)
_FIRST_DAY = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
_DAYS = 1800


def quads(least: int, seed: int = 11) -> Iterator[str]:
    """Lines of N-Quads, at least so many."""
    news = _News(random.Random(seed))  # noqa: S311 - nothing secret
    made = 0
    for line in news.register():
        made += 1
        yield line
    number = 0
    while made < least:
        for line in news.article(number):
            made += 1
            yield line
        number += 1


class _News:
    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.weights = {
            kind: list(accumulate(1 / (rank + 3) for rank in range(count)))
            for kind, count in (("person", _PEOPLE), ("body", _BODIES), ("place", _PLACES))
        }

    def some(self, kind: str, count: int) -> list[str]:
        """Distinct things, the first of their kind far more often."""
        weights = self.weights[kind]
        found = self.chance.choices(range(len(weights)), cum_weights=weights, k=count)
        return [f"{BASE}id/{kind}-{number}" for number in dict.fromkeys(found)]

    def words(self, count: int) -> str:
        return " ".join(self.chance.choices(_WORDS, k=count))

    def register(self) -> Iterator[str]:
        graph, links = f"{BASE}graph/register", f"{BASE}graph/links"
        for kind, count, type_ in (
            ("person", _PEOPLE, "Person"),
            ("body", _BODIES, "Organization"),
            ("place", _PLACES, "Place"),
            ("outlet", _OUTLETS, "NewsMediaOrganization"),
        ):
            for number in range(count):
                thing = f"{BASE}id/{kind}-{number}"
                yield _iri(thing, _TYPE, _S + type_, graph)
                yield _text(thing, _S + "name", f"{kind.title()} {number} {self.words(1)}", graph, "en")
                if kind == "place":
                    latitude, longitude = self.chance.uniform(-60, 70), self.chance.uniform(-180, 180)
                    yield _typed(thing, _S + "latitude", f"{latitude:.4f}", "decimal", graph)
                    yield _typed(thing, _S + "longitude", f"{longitude:.4f}", "decimal", graph)
                if number % 2 == 0:
                    item = f"http://www.wikidata.org/entity/Q{1000 * len(kind) + number}"
                    yield _iri(thing, _S + "sameAs", item, links)

    def article(self, number: int) -> Iterator[str]:
        me, graph = f"{BASE}id/{number}", f"{BASE}graph/article/{number}"
        day = _FIRST_DAY + dt.timedelta(minutes=self.chance.randrange(_DAYS * 24 * 60))
        about = [*self.some("person", 3), *self.some("body", 2)]
        yield _iri(me, _TYPE, _S + "NewsArticle", graph)
        yield _text(me, _S + "headline", f"{self.words(6)} {number}", graph, "en")
        yield _typed(me, _S + "datePublished", f"{day:%Y-%m-%dT%H:%M:%SZ}", "dateTime", graph)
        yield _text(me, _S + "articleSection", self.chance.choice(_SECTIONS), graph)
        yield _iri(me, _S + "publisher", f"{BASE}id/outlet-{self.chance.randrange(_OUTLETS)}", graph)
        yield _text(me, _S + "inLanguage", self.chance.choice(("en", "fr")), graph)
        yield _iri(graph, "http://www.w3.org/ns/prov#wasDerivedFrom", me, graph)
        for thing in about:
            yield _iri(me, _S + "mentions", thing, graph)
        event = f"{me}#event"
        yield _iri(me, _S + "about", event, graph)
        yield _iri(event, _TYPE, _S + "Event", graph)
        yield _text(event, _S + "name", self.words(3), graph, "en")
        started = day - dt.timedelta(days=self.chance.randrange(5))
        yield _typed(event, _S + "startDate", f"{started:%Y-%m-%d}", "date", graph)
        yield _iri(event, _S + "location", self.some("place", 1)[0], graph)
        yield _iri(event, _S + "organizer", about[-1], graph)
        for place in range(self.chance.randint(1, 4)):
            yield from self.claim(number, place, about[place % 3])

    def claim(self, number: int, place: int, speaker: str) -> Iterator[str]:
        me, graph = f"{BASE}id/{number}", f"{BASE}graph/article/{number}"
        evidence = f"{BASE}graph/evidence/{number}"
        claim = f"{me}/claim-{place}"
        yield _iri(claim, _TYPE, _S + "Claim", graph)
        yield _iri(claim, _S + "author", speaker, graph)
        yield _iri(claim, _S + "appearance", me, graph)
        yield _text(claim, _S + "abstract", self.words(5), graph, "en")
        start = self.chance.randrange(5000)
        note, selector = f"{claim}#annotation", f"{me}#span-{start}"
        yield _iri(note, _TYPE, _OA + "Annotation", evidence)
        yield _iri(note, _OA + "hasBody", claim, evidence)
        yield _iri(note, _OA + "hasSource", me, evidence)
        yield _iri(note, _OA + "hasSelector", selector, evidence)
        yield _typed(selector, _OA + "start", str(start), "integer", evidence)
        yield _typed(selector, _OA + "end", str(start + self.chance.randint(20, 200)), "integer", evidence)
        digest = f"{self.chance.getrandbits(256):064x}"
        yield _text(selector, _NUT + "sha256", digest, evidence)


def _iri(subject: str, predicate: str, value: str, graph: str) -> str:
    return f"<{subject}> <{predicate}> <{value}> <{graph}> .\n"


def _text(subject: str, predicate: str, value: str, graph: str, language: str | None = None) -> str:
    tag = f"@{language}" if language else ""
    return f'<{subject}> <{predicate}> "{value}"{tag} <{graph}> .\n'


def _typed(subject: str, predicate: str, value: str, datatype: str, graph: str) -> str:
    return f'<{subject}> <{predicate}> "{value}"^^<{_XSD}{datatype}> <{graph}> .\n'
