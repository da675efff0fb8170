"""The timeline: what happened, by its day, to the precision that is known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from nutgraf.publish.site.index import Node
from nutgraf.publish.site.lines import graph_of, quads, value_of
from nutgraf.publish.site.links import Link, Linker
from nutgraf.publish.site.section import page, paged
from nutgraf.publish.site.setting import Setting
from nutgraf.publish.site.text import shown
from nutgraf.publish.site.views.values import date, edtf, machine, period
from nutgraf.terms.vocabulary import NUT, SCHEMA

SIZE: Final = 200
_PATH: Final = re.compile(r"timeline(?:_p(?P<number>[1-9][0-9]*))?\.html")
_DATED: Final = "n.kind in ('event', 'action', 'article') and n.start is not null"
# A day without a year is after all that have one, in the order of the calendar.
_ORDER: Final = "n.start like '--%', n.start, n.stop, n.stem"
_WORDS: Final = f"{NUT}timeWords"
_PLACE: Final = f"{SCHEMA}location"


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened.

    Attributes:
        thing: what.
        kind: of the thing.
        start: first day in words.
        end: last day in words, where there is another.
        machine: of start and end, for `time`.
        edtf: both, where no year is known.
        words: the articles' own words for it.
        places: where.
        articles: which articles name it.
    """

    thing: Link
    kind: str
    start: str
    end: str | None
    machine: tuple[str | None, str | None]
    edtf: str | None
    words: tuple[Link, ...]
    places: tuple[Link, ...]
    articles: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """The moments of a year, or those without one."""

    year: str | None
    moments: tuple[Moment, ...]


def moments(linker: Linker, most: int = SIZE, skipped: int = 0) -> list[Span]:
    """The dated things of a page, grouped by year."""
    order = f"{_ORDER} limit {most} offset {skipped}"
    nodes = linker.setting.index.nodes(where=_DATED, order=order)
    found = [(_year(node), _moment(node, linker)) for node in nodes]
    return [
        Span(year, tuple(moment for _, moment in group))
        for year, group in groupby(found, key=lambda it: it[0])
    ]


def _year(node: Node) -> str | None:
    start = node.start or ""
    return None if start.startswith("--") else re.split(r"(?<=[0-9])-", start)[0]


def _moment(node: Node, linker: Linker) -> Moment:
    start, end = node.start, node.end if node.end != node.start else None
    catalogue, index = linker.catalogue, linker.setting.index
    evidence = f"{linker.setting.base}graph/evidence/"
    about = [quad for quad in quads(index.about(node.iri)) if not graph_of(quad).startswith(evidence)]
    words, places, articles = {}, {}, {}
    for quad in about:
        value = value_of(quad.object)
        graph = graph_of(quad).removeprefix(f"{linker.setting.base}graph/article/")
        if quad.predicate.value == _WORDS:
            tag = getattr(quad.object, "language", None)
            words[value] = Link(shown(value), language=tag if tag != catalogue.language else None)
        elif quad.predicate.value == _PLACE:
            places[value] = linker.iri(value)
        article = index.node(f"{linker.setting.base}id/{graph}")
        if article is not None:
            articles[article.iri] = linker.thing(article)
    known = start or ""
    return Moment(
        linker.thing(node),
        node.kind,
        period(known, end, catalogue)[0] if known and end else date(known, catalogue) if known else "",
        date(end, catalogue) if end else None,
        (machine(known), machine(end or "")),
        edtf(start, end) if known.startswith("--") else None,
        tuple(words[key] for key in sorted(words)),
        tuple(places[key] for key in sorted(places)),
        tuple(articles[key] for key in sorted(articles)) if node.kind != "article" else (),
    )


class Timeline:
    """The pages of the timeline."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting

    def _pages(self) -> int:
        return max(1, -(-self._setting.index.count(where=_DATED) // SIZE))

    def paths(self) -> Iterator[str]:
        """As many as are needed, in each language."""
        return paged(self._setting, "timeline", self._pages())

    def key(self, path: str) -> str | None:
        """The state of the dataset."""
        return self._setting.state_key(path) if _PATH.fullmatch(self._setting.localized(path)[1]) else None

    def render(self, path: str) -> bytes | None:
        """A page of the timeline."""
        language, local = self._setting.localized(path)
        match = _PATH.fullmatch(local)
        pages = self._pages() if match else 0
        number = int(match["number"] or 1) if match else 0
        if match is None or match["number"] == "1" or number > pages:
            return None
        linker = Linker(self._setting, self._setting.catalogues[language], path)
        return page(
            self._setting,
            "timeline.html.j2",
            path,
            title=linker.catalogue.say("timeline.title"),
            menu="timeline",
            linker=linker,
            spans=moments(linker, SIZE, (number - 1) * SIZE),
            undated=self._undated(linker) if number == pages else (),
            number_of_page=number,
            pages=pages,
            path_of_page=lambda n: linker.page(f"timeline{'' if n == 1 else f'_p{n}'}.html"),
        )

    def _undated(self, linker: Linker) -> tuple[Moment, ...]:
        """Events whose day is in words only, or not known."""
        nodes = self._setting.index.nodes(
            where="n.kind = 'event' and n.start is null", order=f"n.stem limit {SIZE}"
        )
        return tuple(_moment(node, linker) for node in nodes)
