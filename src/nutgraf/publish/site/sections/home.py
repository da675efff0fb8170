"""The front page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nutgraf.publish.site.links import Link, Linker
from nutgraf.publish.site.section import page
from nutgraf.publish.site.sections.compare import Compare, Row
from nutgraf.publish.site.sections.timeline import moments
from nutgraf.publish.site.setting import Setting
from nutgraf.publish.site.text import shown
from nutgraf.publish.site.views.front import front_articles, most_named
from nutgraf.terms.vocabulary import SCHEMA

_MOST: Final = 12
_CONSIDERED: Final = 40
_COMPARED: Final = 8
_OF_ONE: Final = 2
"""How many facts of one thing the front page shows."""


class Home:
    """The front page in each language."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._compare = Compare(setting)

    def paths(self) -> Iterator[str]:
        """One a language."""
        yield from sorted(
            f"{self._setting.prefix(language)}index.html" for language in self._setting.languages
        )

    def key(self, path: str) -> str | None:
        """The state of the dataset."""
        return self._setting.state_key(path) if self._setting.localized(path)[1] == "index.html" else None

    def render(self, path: str) -> bytes | None:
        """The front page."""
        language, local = self._setting.localized(path)
        if local != "index.html":
            return None
        setting = self._setting
        linker = Linker(setting, setting.catalogues[language], path)
        kinds = dict(setting.index.rows("select kind, count(*) from node group by kind"))
        return page(
            setting,
            "home.html.j2",
            path,
            title=shown(setting.workspace.title),
            menu="home",
            embedded={
                "@context": SCHEMA.rstrip("/"),
                "@type": "WebSite",
                "@id": f"{setting.base}{path}",
                "url": f"{setting.base}{path}",
                "name": setting.workspace.title,
                "inLanguage": language,
            },
            linker=linker,
            articles=front_articles(linker, _MOST),
            article_count=kinds.get("article", 0),
            moments=moments(linker, most=6),
            people=most_named(linker, "person", _MOST),
            bodies=most_named(linker, "body", _MOST),
            places=most_named(linker, "place", _MOST),
            compared=self._compared(linker),
        )

    def _compared(self, linker: Linker) -> list[tuple[Link, Row]]:
        """Some facts on which articles differ or agree: of each thing the first few."""
        every = (self._compare.compared(iri, linker) for iri in self._compare.subjects[:_CONSIDERED])
        rows = [
            (thing.thing, row)
            for thing in every
            if thing is not None
            for row in sorted(thing.rows, key=_interest)[:_OF_ONE]
        ]
        return sorted(rows, key=lambda pair: _interest(pair[1]))[:_COMPARED]


def _interest(row: Row) -> tuple[bool, bool, int]:
    """Sort key: first what differs, in more than the precision of a date; then what most state."""
    return row.verdict != "differing", row.only_precision, -row.sources
