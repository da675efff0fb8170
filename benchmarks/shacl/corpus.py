"""Graphs of news with known mistakes: the same bytes for the same size.

    python benchmarks/shacl/corpus.py 1000000 > corpus.nt

Articles, people, organizations, places, events, topics and claims, with blank nodes for offices, images,
coordinates and addresses, names in one to four languages, and values that repeat. One thing in ten has one
mistake of `DEFECTS`. Nothing is held in memory.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from typing import Final

BROKEN: Final = 0.1
SCHEMA: Final = "https://schema.org/"
SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
XSD: Final = "http://www.w3.org/2001/XMLSchema#"
TYPE: Final = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
KINDS: Final = ("NewsArticle", "Person", "Organization", "Place", "Event", "Topic", "Claim")
SECTIONS: Final = ("politics", "justice", "economy", "sport", "culture")
COUNTRIES: Final = ("MA", "FR", "GB", "SG", "US", "ES")
WORDS: Final = "harbour council treaty summit bridge market border school river garden court union".split()
NAMES: Final = {
    "en": ("{word} number {n}", "en"),
    "fr": ("{word} numéro {n}", "fr"),
    "ar": ("رقم {n}", "ar"),
    "es": ("{word} número {n}", "es-419"),
}

Line = tuple[str, str, str]
"""Subject, predicate and object of a statement."""


def lines(triples: int, seed: int = 7) -> Iterator[str]:
    """Lines of N-Triples: so many, and what is missing of the last thing."""
    chance = random.Random(seed)  # noqa: S311 - the same each time
    made = number = 0
    while made < triples:
        for line in thing(chance, number):
            yield f"{line[0]} {line[1]} {line[2]} .\n"
            made += 1
        number += 1


def article(number: int) -> list[str]:
    """Lines of N-Triples of one article and all that it names: a graph of its own of some sixty triples."""
    chance = random.Random(number)  # noqa: S311 - the same each time
    found = []
    for at in range(KINDS.index("Event")):
        found += thing(chance, at)
    absent = (iri("Event", 0), iri("Topic", 0))
    return [f"{line[0]} {line[1]} {line[2]} .\n" for line in dict.fromkeys(found) if line[2] not in absent]


def thing(chance: random.Random, number: int) -> list[Line]:
    """The statements of one thing; in one of ten things there is a mistake."""
    kind = KINDS[number % len(KINDS)]
    made = MAKERS[kind](chance, number)
    if chance.random() < BROKEN:
        broken = [defect for defect in DEFECTS if defect(chance, list(made)) is not None]
        made = chance.choice(broken)(chance, made) or made
    return made


def iri(kind: str, number: int) -> str:
    """The IRI of a thing of some kind."""
    return f"<https://news.example.org/id/{kind.lower()}/{number * len(KINDS) + KINDS.index(kind)}>"


def property_(name: str) -> str:
    """A property of schema.org, or of SKOS with its prefix."""
    return f"<{SKOS}{name[5:]}>" if name.startswith("skos:") else f"<{SCHEMA}{name}>"


def typed(value: object, name: str) -> str:
    """A literal of one of XSD's types."""
    return f'"{value}"^^<{XSD}{name}>'


class _Thing:
    """Collects the statements of a thing."""

    def __init__(self, chance: random.Random, kind: str, number: int, *, schema: bool = True) -> None:
        self.chance = chance
        self.place = number // len(KINDS)
        self.node = iri(kind, self.place)
        self.number = number
        self.lines: list[Line] = []
        self.add("type", f"<{SCHEMA}{kind}>" if schema else f"<{SKOS}Concept>")

    def add(self, name: str, value: str, subject: str | None = None) -> None:
        predicate = TYPE if name == "type" else property_(name)
        self.lines.append((subject or self.node, predicate, value))

    def other(self, kind: str) -> str:
        return iri(kind, self.chance.randrange(self.place + 1))

    def names(self, name: str) -> None:
        word = self.chance.choice(WORDS)
        for text, language in self.chance.sample(list(NAMES.values()), self.chance.randint(1, 4)):
            self.add(name, f'"{text.format(word=word, n=self.number)}"@{language}')

    def day(self, name: str, first: int, last: int) -> str:
        chance = self.chance
        day = f"{chance.randint(first, last)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        self.add(name, typed(day, "date"))
        return day

    def blank(self, name: str, kind: str, label: str) -> str:
        node = f"_:{label}{self.number}"
        self.add(name, node)
        self.add("type", f"<{SCHEMA}{kind}>", node)
        return node


def _article(chance: random.Random, number: int) -> list[Line]:
    thing = _Thing(chance, "NewsArticle", number)
    thing.names("headline")
    day = thing.day("datePublished", 2015, 2023)
    clock = f"{chance.randint(0, 23):02}:{chance.randint(0, 59):02}:00"
    thing.add("dateCreated", typed(f"{day}T{clock}Z", "dateTime"))
    thing.add("dateModified", typed(f"2024{day[4:]}T{clock}Z", "dateTime"))
    thing.add("url", f"<https://news.example.org/{day[:4]}/{number}>")
    thing.add("identifier", f'"N-{number:08}"')
    thing.add("wordCount", typed(chance.randint(80, 4000), "integer"))
    thing.add("articleSection", f'"{chance.choice(SECTIONS)}"')
    thing.add("isAccessibleForFree", typed(chance.choice(["true", "false"]), "boolean"))
    for word in chance.sample(WORDS, chance.randint(1, 4)):
        thing.add("keywords", f'"{word}"@en')
    thing.add("author", thing.other("Person"))
    publisher = thing.other("Organization")
    thing.add("publisher", publisher)
    thing.add("copyrightHolder", publisher)
    for kind in ("Person", "Organization", "Place", "Event"):
        thing.add("mentions", thing.other(kind))
    thing.add("about", thing.other("Topic"))
    image = thing.blank("image", "ImageObject", "image")
    thing.add("contentUrl", f"<https://images.example.org/{number}.jpg>", image)
    thing.add("width", typed(chance.choice([640, 1024, 1920]), "integer"), image)
    thing.add("height", typed(chance.choice([480, 768, 1080]), "integer"), image)
    return thing.lines


def _person(chance: random.Random, number: int) -> list[Line]:
    thing = _Thing(chance, "Person", number)
    thing.names("name")
    thing.add("familyName", f'"Name{chance.randrange(500)}"')
    thing.add("givenName", f'"{chance.choice("Amal Badr Chloé Dina Émile Farid".split())}"')
    thing.day("birthDate", 1930, 1995)
    if chance.random() < BROKEN:
        thing.day("deathDate", 1996, 2020)
    thing.add("nationality", thing.other("Place"))
    thing.add("jobTitle", f'"{chance.choice(WORDS)} officer"@en')
    thing.add("gender", f'"{chance.choice(["female", "male"])}"')
    thing.add("sameAs", f"<http://www.wikidata.org/entity/Q{number + 1000}>")
    return thing.lines


def _organization(chance: random.Random, number: int) -> list[Line]:
    thing = _Thing(chance, "Organization", number)
    thing.names("name")
    thing.add("legalName", f'"Body {number}"')
    thing.day("foundingDate", 1850, 2015)
    thing.add("location", thing.other("Place"))
    thing.add("email", f'"press@body{number}.example.org"')
    thing.add("numberOfEmployees", typed(chance.randint(1, 90000), "integer"))
    if thing.place:
        thing.add("parentOrganization", iri("Organization", chance.randrange(thing.place)))
    office = thing.blank("member", "OrganizationRole", "office")
    thing.add("member", thing.other("Person"), office)
    thing.add("roleName", f'"{chance.choice(["president", "secretary", "delegate"])}"@en', office)
    first = chance.randint(1990, 2010)
    thing.add("startDate", typed(f"{first}-01-01", "date"), office)
    thing.add("endDate", typed(f"{first + chance.randint(1, 9)}-12-31", "date"), office)
    return thing.lines


def _place(chance: random.Random, number: int) -> list[Line]:
    thing = _Thing(chance, "Place", number)
    thing.names("name")
    address = thing.blank("address", "PostalAddress", "address")
    thing.add("addressCountry", f'"{chance.choice(COUNTRIES)}"', address)
    thing.add("postalCode", f'"{chance.randint(10000, 99999)}"', address)
    geo = thing.blank("geo", "GeoCoordinates", "geo")
    thing.add("latitude", typed(f"{chance.uniform(-89, 89):.4f}", "decimal"), geo)
    thing.add("longitude", typed(f"{chance.uniform(-179, 179):.4f}", "decimal"), geo)
    if thing.place:
        thing.add("containedInPlace", iri("Place", thing.place // 10))
    return thing.lines


def _event(chance: random.Random, number: int) -> list[Line]:
    thing = _Thing(chance, "Event", number)
    thing.names("name")
    day = thing.day("startDate", 2000, 2022)
    thing.add("endDate", typed(f"2023-{day[5:]}", "date"))
    thing.add("location", thing.other("Place"))
    thing.add("organizer", thing.other(chance.choice(["Person", "Organization"])))
    for kind in ("Person", "Person", "Organization"):
        thing.add("attendee", thing.other(kind))
    thing.add("eventStatus", f"<{SCHEMA}{chance.choice(['EventScheduled', 'EventPostponed'])}>")
    thing.add("maximumAttendeeCapacity", typed(f"{chance.randint(10, 900)}.0", "double"))
    return thing.lines


def _topic(chance: random.Random, number: int) -> list[Line]:
    thing = _Thing(chance, "Topic", number, schema=False)
    thing.names("skos:prefLabel")
    thing.add("skos:altLabel", f'"about {chance.choice(WORDS)}"@en')
    thing.add("skos:notation", f'"{number:06}"')
    thing.add("skos:inScheme", "<https://news.example.org/id/topics>")
    if thing.place:
        thing.add("skos:broader", iri("Topic", thing.place // 4))
    return thing.lines


def _claim(chance: random.Random, number: int) -> list[Line]:
    thing = _Thing(chance, "Claim", number)
    thing.names("text")
    thing.add("author", thing.other("Person"))
    thing.add("about", thing.other("Event"))
    thing.add("appearance", thing.other("NewsArticle"))
    thing.add("dateCreated", typed(f"{chance.randint(2015, 2023)}-06-01T12:00:00+01:00", "dateTime"))
    thing.add("interactionCount", typed(chance.randint(0, 99), "nonNegativeInteger"))
    return thing.lines


MAKERS: Final[dict[str, Callable[[random.Random, int], list[Line]]]] = {
    "NewsArticle": _article,
    "Person": _person,
    "Organization": _organization,
    "Place": _place,
    "Event": _event,
    "Topic": _topic,
    "Claim": _claim,
}

Defect = Callable[[random.Random, list[Line]], list[Line] | None]
"""Makes one mistake in the statements of a thing, or says None where it cannot."""


def _gone(name: str) -> Defect:
    def defect(_: random.Random, found: list[Line]) -> list[Line] | None:
        kept = [line for line in found if line[1] != property_(name)]
        return kept if len(kept) < len(found) else None

    return defect


def _instead(name: str, value: str) -> Defect:
    def defect(_: random.Random, found: list[Line]) -> list[Line] | None:
        for at, line in enumerate(found):
            if line[1] == property_(name):
                return [*found[:at], (line[0], line[1], value), *found[at + 1 :]]
        return None

    return defect


def _beside(name: str, value: str) -> Defect:
    def defect(_: random.Random, found: list[Line]) -> list[Line] | None:
        for line in found:
            if line[1] == property_(name) and line[2] != value:
                return [*found, (line[0], line[1], value)]
        return None

    return defect


def _unknown(name: str) -> Defect:
    """A property that a closed shape does not know, beside another."""

    def defect(_: random.Random, found: list[Line]) -> list[Line] | None:
        for line in found:
            if line[1] == property_(name):
                return [*found, (line[0], property_("unknown"), '"?"')]
        return None

    return defect


_NOWHERE: Final = "<https://news.example.org/id/nowhere>"
DEFECTS: Final[tuple[Defect, ...]] = (
    _gone("headline"),
    _gone("publisher"),
    _gone("name"),
    _gone("birthDate"),
    _gone("location"),
    _gone("organizer"),
    _gone("skos:inScheme"),
    _gone("contentUrl"),
    _instead("datePublished", typed("2019-02-30", "date")),
    _instead("birthDate", '"in spring"'),
    _instead("wordCount", typed("12.5", "integer")),
    _instead("wordCount", typed("-4", "integer")),
    _instead("dateModified", typed("1999-01-01T00:00:00Z", "dateTime")),
    _instead("endDate", typed("1901-01-01", "date")),
    _instead("identifier", '"no. 7"'),
    _instead("url", '"https://news.example.org/as-text"'),
    _instead("articleSection", '"gossip"'),
    _instead("addressCountry", '"Morocco"'),
    _instead("latitude", typed("123.4", "decimal")),
    _instead("author", _NOWHERE),
    _instead("organizer", _NOWHERE),
    _instead("sameAs", "<https://example.org/somebody>"),
    _instead("skos:broader", _NOWHERE),
    _instead("roleName", '"no language"'),
    _instead("interactionCount", typed("-1", "nonNegativeInteger")),
    _beside("headline", '"Überschrift"@de'),
    _beside("name", '"the same language again"@en'),
    _beside("publisher", _NOWHERE),
    _beside("familyName", '"X"'),
    _beside("skos:altLabel", '"x"@en'),
    _unknown("latitude"),
    _unknown("width"),
)


def main() -> None:
    """Write the lines."""
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    sys.stdout.writelines(lines(int(sys.argv[1])))


if __name__ == "__main__":
    main()
