"""The saved queries with their answers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from nutgraf.dataset.results import serialize_results
from nutgraf.dataset.saved import parameters
from nutgraf.dataset.sparql import Solutions
from nutgraf.publish.site import names
from nutgraf.publish.site.answering import Answers, SavedQuery
from nutgraf.publish.site.links import Link, Linker
from nutgraf.publish.site.section import page
from nutgraf.publish.site.setting import Setting
from nutgraf.publish.site.text import block, shown
from nutgraf.publish.site.views.values import literal

_MOST: Final = 200
_PLAIN: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
_FOLDER: Final = "queries/"
_DATA: Final = {"SELECT": "csv", "CONSTRUCT": "nt", "DESCRIBE": "nt"}
"""Form of a query → extension of the file of its answer."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A query in the list."""

    url: str
    question: str
    language: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as a page shows it.

    Attributes:
        columns: names of the variables.
        rows: cells, None where a variable is unbound.
        total: number of rows in all.
        boolean: the answer of ASK.
        lines: statements, of CONSTRUCT and DESCRIBE.
    """

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Link | None, ...], ...] = ()
    total: int = 0
    boolean: bool | None = None
    lines: tuple[str, ...] = ()


class Queries:
    """The pages of the saved queries."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._answers = Answers(setting)

    @cached_property
    def _by_slug(self) -> dict[str, SavedQuery]:
        """Name of the files → query."""
        queries = self._answers.queries
        lower = Counter(name.lower() for name in queries)
        return {
            name.lower()
            if _PLAIN.fullmatch(name.lower()) and lower[name.lower()] == 1 and name.lower() != "index"
            else names.stem(name): query
            for name, query in queries.items()
        }

    def paths(self) -> Iterator[str]:
        """A list, and of each query a page, its text and its answer as data."""
        pages = ["index.html", *(f"{slug}.html" for slug in self._by_slug)]
        found = [
            f"{self._setting.prefix(tag)}{_FOLDER}{name}" for tag in self._setting.languages for name in pages
        ]
        for slug, query in self._by_slug.items():
            found.append(f"{_FOLDER}{slug}.rq")
            if query.form in _DATA:
                found.append(f"{_FOLDER}{slug}.{_DATA[query.form]}")
        yield from sorted(found)

    def key(self, path: str) -> str | None:
        """The query, the state of the dataset, and what all pages share."""
        found = self._find(path)
        if found is None:
            return None
        if found[1] is None:
            return self._setting.state_key(path, repr(self._by_slug))
        return f"{self._answers.key(found[1])}{self._setting.digest[:16]}"

    def _find(self, path: str) -> tuple[str, SavedQuery | None, str] | None:
        """Language, query and extension of a path; no query for the list."""
        language, local = self._setting.localized(path)
        if not local.startswith(_FOLDER):
            return None
        slug, dot, extension = local.removeprefix(_FOLDER).rpartition(".")
        if slug == "index" and extension == "html":
            return language, None, extension
        query = self._by_slug.get(slug) if dot else None
        if query is None or (extension != "html" and local != path):
            return None
        return (language, query, extension) if extension in {"html", "rq", _DATA.get(query.form)} else None

    def render(self, path: str) -> bytes | None:
        """The list, or one of the files of a query."""
        found = self._find(path)
        if found is None:
            return None
        language, query, extension = found
        if query is None:
            return self._list(language, path)
        if extension == "rq":
            return query.text.encode()
        if extension != "html":
            return self._data(query)
        return self._page(query, language, path)

    def _list(self, language: str, path: str) -> bytes:
        linker = Linker(self._setting, self._setting.catalogues[language], path)
        return page(
            self._setting,
            "queries.html.j2",
            path,
            title=linker.catalogue.say("queries.title"),
            menu="queries",
            linker=linker,
            entries=[self._entry(slug, query, linker) for slug, query in self._by_slug.items()],
        )

    def _entry(self, slug: str, query: SavedQuery, linker: Linker) -> Entry:
        own = linker.catalogue.language
        translated = own in query.questions or own == "en"
        url = linker.page(f"{_FOLDER}{slug}.html")
        return Entry(url, shown(query.question(own)), None if translated else "en", shown(query.name))

    def _data(self, query: SavedQuery) -> bytes:
        answer = self._answers.answer(query)
        if isinstance(answer, Solutions):
            return serialize_results(answer, "csv").encode()
        return "".join(f"{line}\n" for line in answer).encode() if isinstance(answer, list) else b""

    def _page(self, query: SavedQuery, language: str, path: str) -> bytes:
        linker = Linker(self._setting, self._setting.catalogues[language], path)
        slug = path.rpartition("/")[2].removesuffix(".html")
        entry = self._entry(slug, query, linker)
        data = _DATA.get(query.form)
        return page(
            self._setting,
            "query.html.j2",
            path,
            title=entry.question,
            menu="queries",
            linker=linker,
            entry=entry,
            text=block(query.text),
            file=linker.to(f"{_FOLDER}{slug}.rq"),
            download=linker.to(f"{_FOLDER}{slug}.{data}") if data else None,
            download_type=data,
            parameters=[
                (name, self._cell(term, linker))
                for name, term in parameters(query.text, f"queries/{query.name}.rq").items()
            ],
            answer=self._answer(query, linker),
        )

    def _answer(self, query: SavedQuery, linker: Linker) -> Answer:
        found = self._answers.answer(query)
        if isinstance(found, bool):
            return Answer(boolean=found)
        if isinstance(found, list):
            return Answer(lines=tuple(map(shown, found[:_MOST])), total=len(found))
        rows = []
        total = 0
        for solution in found:
            total += 1
            if total <= _MOST:
                rows.append(
                    tuple(self._cell(term, linker) if term is not None else None for term in solution)
                )
        return Answer(tuple(map(shown, found.variables)), tuple(rows), total)

    def _cell(self, term: NamedNode | BlankNode | Literal | Triple, linker: Linker) -> Link:
        if isinstance(term, NamedNode):
            return linker.iri(term.value)
        if not isinstance(term, Literal):
            return Link(shown(str(term)))
        # The article's id, as many queries give it.
        article = linker.setting.index.node(f"{self._setting.base}id/{term.value}")
        if article is not None and article.kind == "article":
            return Link(shown(term.value), linker.page(f"{article.stem}.html"))
        return literal(term, "", linker)
