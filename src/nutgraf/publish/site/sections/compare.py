"""Fact by article: what two or more state, and on what they differ."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from nutgraf.evidence.compare.model import Difference, Fact
from nutgraf.publish.site.index import Node
from nutgraf.publish.site.links import Link, Linker
from nutgraf.publish.site.section import page, paged
from nutgraf.publish.site.setting import Setting
from nutgraf.publish.site.text import shown
from nutgraf.publish.site.views.values import date

SIZE: Final = 40
"""How many things a page compares."""
COLUMNS: Final = 8
"""How many articles have a column each; more are named in one."""
_PATH: Final = re.compile(r"compare(?:_p(?P<number>[1-9][0-9]*))?\.html")
_DIGITS: Final = 15
_DATE: Final = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}|--[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Row:
    """A fact with who states it.

    Attributes:
        label: the property in words.
        value: its value.
        states: article's key → None where it states it as actual, else in which way.
        articles: those that state it.
        verdict: agreed or differing.
        sources: how many independent sources state it.
        differences: from other statements, in words.
        only_precision: whether they differ in nothing but how much of a date they say.
    """

    label: str
    value: Link
    states: dict[str, str]
    articles: tuple[Link, ...]
    verdict: str
    sources: int
    differences: tuple[tuple[str, Link], ...]
    only_precision: bool = False


@dataclass(frozen=True, slots=True)
class Compared:
    """A thing with its facts."""

    thing: Link
    anchor: str
    rows: tuple[Row, ...]


class Compare:
    """The pages of the comparison."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting

    @property
    def subjects(self) -> list[str]:
        """IRIs of the things that are compared."""
        return self._setting.comparing.subjects

    @cached_property
    def _pages(self) -> int:
        return max(1, -(-len(self._setting.comparing.subjects) // SIZE))

    def paths(self) -> Iterator[str]:
        """As many as are needed, in each language."""
        return paged(self._setting, "compare", self._pages)

    def key(self, path: str) -> str | None:
        """The state of the dataset."""
        return self._setting.state_key(path) if _PATH.fullmatch(self._setting.localized(path)[1]) else None

    def render(self, path: str) -> bytes | None:
        """A page of the comparison."""
        language, local = self._setting.localized(path)
        match = _PATH.fullmatch(local)
        if match is None or match["number"] == "1":
            return None
        number = int(match["number"] or 1)
        if number > self._pages:
            return None
        linker = Linker(self._setting, self._setting.catalogues[language], path)
        chosen = self._setting.comparing.subjects[(number - 1) * SIZE : number * SIZE]
        articles = self._setting.articles if len(self._setting.articles) <= COLUMNS else []
        return page(
            self._setting,
            "compare.html.j2",
            path,
            title=linker.catalogue.say("compare.title"),
            menu="compare",
            linker=linker,
            things=[found for iri in chosen if (found := self.compared(iri, linker))],
            columns=[(self._key(node.iri), linker.thing(node)) for node in articles],
            copies=self._copies(linker),
            number_of_page=number,
            pages=self._pages,
            path_of_page=lambda n: linker.page(f"compare{'' if n == 1 else f'_p{n}'}.html"),
        )

    def _key(self, iri: str) -> str:
        return iri.removeprefix(f"{self._setting.base}id/")

    def _copies(self, linker: Linker) -> list[str]:
        copies = self._setting.comparing.copies
        return [
            linker.catalogue.say("compare.copies", article=shown(article), first=shown(first))
            for article, first in sorted(copies.items())
            if article != first
        ][:100]

    def compared(self, iri: str, linker: Linker) -> Compared | None:
        """A thing with the facts that several articles state."""
        node = self._setting.index.node(iri)
        rows = (
            tuple(self._row(fact, node, linker) for fact in self._setting.comparing.of(node)) if node else ()
        )
        return Compared(linker.thing(node), node.stem.replace("/", "."), rows) if node and rows else None

    def _row(self, fact: Fact, node: Node, linker: Linker) -> Row:
        ways = {
            article: "" if way == "actual" else linker.catalogue.find(f"modality.{way.capitalize()}") or way
            for article, way in fact.articles
        }
        articles = (self._setting.index.node(f"{self._setting.base}id/{article}") for article in ways)
        return Row(
            linker.setting.terms.property(fact.predicate, linker.catalogue, node.kind),
            self._value(fact.value, linker, is_iri=fact.is_iri),
            ways,
            tuple(linker.thing(each) for each in articles if each is not None),
            "agreed" if fact.verdict == "agreed" else "differing",
            len(fact.sources),
            tuple(self._difference(each, fact, linker) for each in fact.differences),
            all(each.kind == "precision" for each in fact.differences),
        )

    def _difference(self, each: Difference, fact: Fact, linker: Linker) -> tuple[str, Link]:
        kind = linker.catalogue.say(f"difference.{each.kind}")
        if each.kind == "modality":
            return kind, Link(shown(each.other))
        return kind, self._value(each.other, linker, is_iri=fact.is_iri)

    def _value(self, value: str, linker: Linker, *, is_iri: bool) -> Link:
        if is_iri:
            return linker.iri(value)
        if _DATE.fullmatch(value):
            return Link(date(value, linker.catalogue))
        is_count = value.isdecimal() and len(value) <= _DIGITS
        return Link(linker.catalogue.number(int(value)) if is_count else shown(value))
