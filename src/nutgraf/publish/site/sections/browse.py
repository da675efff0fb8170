"""The lists: everything, and one list a kind, an article, a place, and by whether a thing is linked.

Each list is a page, or several, that needs no script: one filter each. With JavaScript the first page
filters by all of them at once, with every filter in its address.
"""

from __future__ import annotations

import hashlib
import json
import re
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from heapq import merge
from typing import Any, Final

from nutgraf.publish.site.catalogue import FIRST
from nutgraf.publish.site.index import Node
from nutgraf.publish.site.indexing import hash64
from nutgraf.publish.site.kinds import KINDS
from nutgraf.publish.site.links import Link, Linker
from nutgraf.publish.site.section import page
from nutgraf.publish.site.setting import Setting

SIZE: Final = 200
"""How many entries a page of a list has."""
MOST_FILTERED: Final = 20_000
"""How many entries a browser is asked to filter; larger collections have the plain lists alone."""
_NUMBERED: Final = re.compile(r"(?P<name>.+?)(?:_p(?P<number>[1-9][0-9]*))?")
_BROWSE: Final = "browse/"


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A list: clauses that choose its entries, and what it is called."""

    joined: str
    where: str
    values: tuple[Any, ...]
    title: Callable[[Linker], str]
    facet: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """An entry of a list."""

    thing: Link
    kind: str
    linked: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of a filter, each with its list and how many it finds."""

    name: str
    values: tuple[tuple[str, Link, int], ...]


class Browse:
    """The lists of a site."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._index = setting.index
        # The pages of a list are made one after another.
        self._order = lru_cache(maxsize=4)(self._ordered)

    def paths(self) -> Iterator[str]:
        """The pages of all lists in all languages, and what the script filters."""
        names = sorted(self._all_pages())
        return merge(
            *([self._setting.prefix(tag) + name for name in names] for tag in self._setting.languages)
        )

    def _all_pages(self) -> Iterator[str]:
        yield f"{_BROWSE}entries.json"
        for name, count in self._lists():
            yield f"{_BROWSE}{name}.html"
            for number in range(2, -(-count // SIZE) + 1):
                yield f"{_BROWSE}{name}_p{number}.html"

    def _lists(self) -> Iterator[tuple[str, int]]:
        """Name and length of each list."""
        yield "index", self._index.count()
        for kind, count in self._index.rows("select kind, count(*) from node group by kind"):
            yield f"type/{kind}", count
        for facet, query in _COUNTS.items():
            for stem, count in self._index.pages_of_rows(query):
                yield f"{facet}/{stem.removeprefix('id/')}", count
        linked = self._index.count(where="n.item is not null")
        yield "linked/yes", linked
        yield "linked/no", self._index.count() - linked

    def _find(self, path: str) -> tuple[str, str, int] | None:
        """Language, name and number of the page of a list."""
        language, local = self._setting.localized(path)
        if not local.startswith(_BROWSE) or not local.endswith(".html"):
            return None
        match = _NUMBERED.fullmatch(local[len(_BROWSE) : -len(".html")])
        if match is None or match["number"] == "1":
            return None
        return language, match["name"], int(match["number"] or 1)

    def _chosen(self, name: str) -> _Chosen | None:
        facet, _, value = name.partition("/")
        if name == "index":
            return _Chosen("", "true", (), lambda linker: linker.catalogue.say("browse.title"))
        if facet == "type" and value in KINDS:
            title = f"kinds.{value}"
            return _Chosen("", "n.kind = ?", (value,), lambda it: it.catalogue.say(title), facet, value)
        if facet == "linked" and value in {"yes", "no"}:
            where = f"n.item is {'not ' if value == 'yes' else ''}null"
            title = f"browse.linked_{value}"
            return _Chosen("", where, (), lambda it: it.catalogue.say(title), facet, value)
        node = self._index.at(f"id/{value}") if facet in _JOINS else None
        if node is None:
            return None
        message = f"browse.by_{facet}"

        def title_of(linker: Linker) -> str:
            return linker.catalogue.say(message, name=linker.title(node))

        return _Chosen(_JOINS[facet], _WHERE[facet], (hash64(node.iri),), title_of, facet, value)

    def key(self, path: str) -> str | None:
        """A hash of its entries; of the page with all filters, the state of the dataset."""
        if self._setting.localized(path)[1] == f"{_BROWSE}entries.json":
            return self._setting.state_key(path)
        found = self._find(path)
        if found is None:
            return None
        language, name, number = found
        if name == "index" and number == 1:
            return self._setting.state_key(path)
        chosen = self._chosen(name)
        if chosen is None:
            return None
        node = self._index.at(f"id/{chosen.value}") if chosen.joined else None
        order = self._order(language, chosen.joined, chosen.where, chosen.values)
        entries = self._index.said(order[(number - 1) * SIZE : number * SIZE])
        said = f"{self._setting.digest} {path} {node} {len(order)} {entries}"
        return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()

    def render(self, path: str) -> bytes | None:
        """A page of a list, or what the script filters."""
        language, local = self._setting.localized(path)
        if local == f"{_BROWSE}entries.json":
            return self._entries(language)
        found = self._find(path)
        chosen = self._chosen(found[1]) if found else None
        if found is None or chosen is None:
            return None
        number = found[2]
        count = self._count(found[0], chosen)
        pages = max(1, -(-count // SIZE))
        if number > pages or (count == 0 and chosen.facet == "type"):
            return None
        return self._page(path, found[1], number, pages, count, chosen)

    def _page(self, path: str, name: str, number: int, pages: int, count: int, chosen: _Chosen) -> bytes:
        language, _ = self._setting.localized(path)
        linker = Linker(self._setting, self._setting.catalogues[language], path)
        nodes = self._nodes(language, chosen, SIZE, (number - 1) * SIZE)
        title = chosen.title(linker)
        first = name == "index" and number == 1
        say = linker.catalogue.say
        return page(
            self._setting,
            "browse.html.j2",
            path,
            title=title if number == 1 else f"{title} · {say('browse.page', n=number)}",
            menu="browse",
            linker=linker,
            heading=title,
            chosen=chosen,
            rows=[self._row(node, linker) for node in nodes],
            total=count,
            number_of_page=number,
            pages=pages,
            path_of_page=lambda n: linker.page(f"{_BROWSE}{name}{'' if n == 1 else f'_p{n}'}.html"),
            facets=self._facets(linker) if first else (),
            crumbs=not first,
            words=self._words(linker) if first else {},
            script=linker.page(f"{_BROWSE}entries.json") if first and count <= MOST_FILTERED else "",
        )

    def _words(self, linker: Linker) -> dict[str, Any]:
        """What the script says."""
        catalogue = linker.catalogue
        names = ("filters", "search", "any", "reset", "pages")
        return {name: catalogue.say(f"browse.{name}") for name in names} | {
            "linked": catalogue.say("browse.linked_yes"),
            "page": catalogue.messages["browse.page"],
            "entry": catalogue.messages["count.entries.one"],
            "entries": catalogue.messages["count.entries.other"],
            "one": [number for number in (0, 1) if catalogue.is_one(number)],
            "kinds": {kind: catalogue.say(f"kind.{kind}") for kind in KINDS},
        }

    def _nodes(self, language: str, chosen: _Chosen, most: int, skipped: int) -> list[Node]:
        """Entries in the order of their names in a language."""
        hashes = self._order(language, chosen.joined, chosen.where, chosen.values)[skipped : skipped + most]
        found = self._index.nodes(where=f"n.h in ({', '.join(map(str, hashes))})")
        place = {h: number for number, h in enumerate(hashes)}
        return sorted(found, key=lambda node: place[hash64(node.iri)])

    def _count(self, language: str, chosen: _Chosen) -> int:
        return len(self._order(language, chosen.joined, chosen.where, chosen.values))

    def _ordered(self, language: str, joined: str, where: str, values: tuple[Any, ...]) -> array[int]:
        """The numbers of all entries of a list, in their order: eight bytes each."""
        query = (  # our own clauses
            "select n.h from node n left join name own on own.node = n.h and own.tag = ? "  # noqa: S608
            f"left join name any_ on any_.node = n.h and any_.tag = ? {joined} where {where} "
            "order by coalesce(own.sorted, any_.sorted, n.stem), n.stem"
        )
        return array("q", (row[0] for row in self._index.pages_of_rows(query, (language, FIRST, *values))))

    def _row(self, node: Node, linker: Linker) -> Row:
        return Row(linker.thing(node), node.kind, node.item is not None)

    def _facets(self, linker: Linker) -> tuple[Facet, ...]:
        say = linker.catalogue.say
        by_kind = dict(self._index.rows("select kind, count(*) from node group by kind"))
        kinds = tuple(
            (
                kind,
                Link(say(f"kinds.{kind}"), linker.page(f"{_BROWSE}type/{kind}.html")),
                int(by_kind[kind]),
            )
            for kind in KINDS
            if kind in by_kind
        )
        linked = self._index.count(where="n.item is not null")
        both = (("yes", linked), ("no", self._index.count() - linked))
        links = tuple(
            (value, Link(say(f"browse.linked_{value}"), linker.page(f"{_BROWSE}linked/{value}.html")), n)
            for value, n in both
        )
        named = [
            Facet(
                facet,
                tuple(
                    (key.removeprefix("id/"), self._link(key, facet, linker), count)
                    for key, count in self._index.rows(f"{query} limit {_MOST_VALUES}")
                ),
            )
            for facet, query in _COUNTS.items()
        ]
        return (Facet("type", kinds), *named, Facet("linked", links))

    def _link(self, stem: str, facet: str, linker: Linker) -> Link:
        node = self._index.at(stem)
        assert node is not None, "the index counts what it has"
        text, language = linker.name(node)
        return Link(text, linker.page(f"{_BROWSE}{facet}/{stem.removeprefix('id/')}.html"), language)

    def _entries(self, language: str) -> bytes:
        """What the script filters: a row an entry, in the order of the list."""
        chosen = self._chosen("index")
        assert chosen is not None, "there is always a list of everything"
        if self._index.count() > MOST_FILTERED:
            return b"[]\n"
        linker = Linker(self._setting, self._setting.catalogues[language], f"{_BROWSE}entries.json")
        articles = self._many("select node, article from named_in")
        places = self._many("select node, place from located")
        rows = []
        for node in self._nodes(language, chosen, MOST_FILTERED, 0):
            h = hash64(node.iri)
            text, tag = linker.name(node)
            key = node.stem.removeprefix("id/")
            rows.append(
                [
                    key,
                    text,
                    tag or "",
                    node.kind,
                    articles.get(h, []),
                    places.get(h, []),
                    int(node.item is not None),
                ]
            )
        body = ",\n".join(json.dumps(row, ensure_ascii=True, separators=(",", ":")) for row in rows)
        return f"[\n{body}\n]\n".encode()

    def _many(self, query: str) -> dict[int, list[str]]:
        stems = dict(self._index.rows("select h, stem from node"))
        found: dict[int, list[str]] = {}
        for node, other in self._index.rows(query):
            if other in stems:
                found.setdefault(node, []).append(stems[other].removeprefix("id/"))
        return {node: sorted(others) for node, others in found.items()}


_MOST_VALUES: Final = 500
"""How many articles or places the filters of the first page name."""
_JOINS: Final = {
    "article": "join named_in f on f.node = n.h",
    "place": "join located f on f.node = n.h",
}
_WHERE: Final = {"article": "f.article = ?", "place": "f.place = ?"}
_COUNTS: Final = {
    "article": "select a.stem, count(*) from named_in f "
    "join node a on a.h = f.article and a.kind = 'article' join node n on n.h = f.node "
    "group by a.h order by a.stem",
    "place": "select p.stem, count(*) from located f join node p on p.h = f.place "
    "join node n on n.h = f.node group by p.h order by p.stem",
}
