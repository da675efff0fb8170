"""What a description says of a dataset besides its counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from nutgraf.publish.description.census import Census
from nutgraf.publish.description.dumps import Dump
from nutgraf.terms.vocabulary import SCHEMA

ARTICLE: Final = f"{SCHEMA}NewsArticle"


@dataclass(frozen=True, slots=True)
class About:
    """A dataset to be described.

    Attributes:
        base: IRI that the workspace's nodes start with.
        title: what it is called.
        census: what it holds.
        dumps: its files.
        version: what changes whenever the content does; None to say nothing.
        license: IRI of the licence; None where the workspace names none.
        publisher: who publishes it; None where the workspace names nobody.
    """

    base: str
    title: str
    census: Census
    dumps: Sequence[Dump]
    version: str | None = None
    license: str | None = None
    publisher: str | None = None

    @property
    def dataset(self) -> str:
        """The dataset's IRI."""
        return f"{self.base}dataset"

    def address(self, dump: Dump) -> str:
        """Where a dump is to be had."""
        return f"{self.base}dumps/{dump.kind.name}"

    def description(self) -> dict[str, str]:
        """Language → two sentences about what it holds."""
        census = self.census
        articles = next((count.number for count in census.classes if count.of == ARTICLE), 0)
        facts = census.graph("article").triples
        return {
            "en": f"What {_many(articles, 'news article states', 'news articles state', ',')} as linked data:"
            f" {_grouped(facts, ',')} statements about {_grouped(census.things, ',')} things, each traced"
            " to the place of the words that state it.",
            "fr": f"Ce que {_many(articles, 'article de presse énonce', 'articles de presse énoncent', ' ')}"
            f" en données liées : {_grouped(facts, ' ')} énoncés sur {_grouped(census.things, ' ')}"
            " choses, chacun relié à l’endroit des mots qui l’énoncent.",
        }

    def keywords(self) -> dict[str, str]:
        """Language → what people look for."""
        return {"en": "news, linked data, provenance", "fr": "presse, données liées, provenance"}

    def languages(self) -> list[str]:
        """The languages of its texts, sorted."""
        return sorted({count.of.partition("-")[0] for count in self.census.languages})


def _many(number: int, one: str, many: str, separator: str) -> str:
    return f"{_grouped(number, separator)} {one if number == 1 else many}"


def _grouped(number: int, separator: str) -> str:
    """A number in groups of three digits, as its language writes it."""
    return f"{number:,}".replace(",", separator)
