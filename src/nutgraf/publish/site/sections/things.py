"""The pages of articles, events, people, bodies, places, offices and claims, and their data files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from heapq import merge
from typing import Any, Final

from nutgraf.publish.formats import GRAPH_FORMATS
from nutgraf.publish.page import roots
from nutgraf.publish.page.model import PagePart
from nutgraf.publish.site.index import Node
from nutgraf.publish.site.links import Linker
from nutgraf.publish.site.part import Part, part_of
from nutgraf.publish.site.reading import Reading
from nutgraf.publish.site.section import Alternate, page
from nutgraf.publish.site.setting import Setting
from nutgraf.publish.site.views.article import article_view
from nutgraf.publish.site.views.thing import thing_view
from nutgraf.terms.vocabulary import SCHEMA

MEDIA_TYPES: Final = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
}
"""Extension of a data file → media type."""


class Things:
    """The pages of everything that has an IRI below `{base}id/`."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        # The files of a thing are made one after another.
        self._part = lru_cache(maxsize=8)(self._read)

    def paths(self) -> Iterator[str]:
        """Five files a thing in two languages: two pages, three data files."""
        folders = [(self._setting.prefix(language), ["html"]) for language in self._setting.languages]
        folders[0][1].extend(MEDIA_TYPES)
        return merge(*(self._stems(prefix, extension) for prefix, all_ in folders for extension in all_))

    def _stems(self, prefix: str, extension: str) -> Iterator[str]:
        query = "select stem || ? as path from node order by path"
        for row in self._setting.index.pages_of_rows(query, [f".{extension}"]):
            yield f"{prefix}{row[0]}"

    def find(self, path: str) -> tuple[Node, str, str] | None:
        """Thing, language and extension of a path."""
        language, local = self._setting.localized(path)
        stem, dot, extension = local.rpartition(".")
        if not dot or not stem.startswith("id/"):
            return None
        if extension != "html" and (extension not in MEDIA_TYPES or local != path):
            return None
        node = self._setting.index.at(stem)
        return (node, language, extension) if node else None

    def _read(self, iri: str) -> tuple[Part, Reading]:
        node = self._setting.index.node(iri)
        if node is None:
            raise KeyError(iri)
        reading = Reading(self._setting.index)
        return part_of(reading, node, self._setting.base), reading

    def part(self, iri: str) -> Part:
        """The page's part of the graph, for a thing that has a page."""
        return self._part(iri)[0]

    def _digest(self, node: Node) -> str:
        """The digest of a thing's part: as a former run found it, if nothing of it has changed since."""
        name = f"part {node.iri}"
        found = self._setting.kept.find(name)
        if found is None:
            part, reading = self._part(node.iri)
            found = part.digest
            self._setting.kept.keep(name, found, reading.asked)
        return found

    def render(self, path: str) -> bytes | None:
        """A page or a data file."""
        found = self.find(path)
        if found is None:
            return None
        node, language, extension = found
        part = self.part(node.iri)
        if extension != "html":
            return GRAPH_FORMATS[extension](part.triples(), self._setting.vocabulary).encode()
        return self._page(part, language, path)

    def key(self, path: str) -> str | None:
        """The part, the link decisions and what all pages share."""
        found = self.find(path)
        if found is None:
            return None
        node, language, extension = found
        said = [self._setting.digest, self._digest(node), language, extension]
        if extension == "html":
            said.append(repr(self._setting.links.get(node.iri)))
        return hashlib.sha256("\n".join(said).encode()).hexdigest()

    def _page(self, part: Part, language: str, path: str) -> bytes:
        setting, node = self._setting, part.node
        linker = Linker(setting, setting.catalogues[language], path)
        name = linker.title(node)
        article = node.kind == "article"
        view = article_view(part, linker) if article else thing_view(part, linker)
        data = tuple(
            Alternate(linker.to(f"{node.stem}.{extension}"), media_type, "", extension)
            for extension, media_type in MEDIA_TYPES.items()
        )
        return page(
            setting,
            f"{'article' if article else 'claim' if node.kind == 'claim' else 'thing'}.html.j2",
            path,
            title=name,
            menu="browse",
            embedded=document(part, language, setting.base + path, name),
            data=data,
            linker=linker,
            view=view,
        )


_NEEDED: Final = ("name", "startDate", "location")


def embedded_part(part: Part, language: str) -> PagePart | None:
    """What a page embeds of its part; None where search engines would not take it.

    These are what is only planned, and events without name, day or place (`nutgraf.publish.page`).
    """
    found = part.page(language)
    if not found.nodes:
        return None
    keys = {statement.key for statement in found.nodes[found.root]}
    if part.node.kind == "event" and not keys.issuperset(_NEEDED):
        return None
    return found


def document(part: Part, language: str, address: str, name: str) -> dict[str, Any]:
    """The JSON-LD that a page embeds: its thing, or else a `WebPage` that says what it is about.

    Args:
        part: the page's part of the graph.
        language: the page's language.
        address: the page's own address.
        name: the page's title.
    """
    found = embedded_part(part, language)
    if found is not None:
        return roots.document(found, page=address)
    return {
        "@context": SCHEMA.rstrip("/"),
        "@type": "WebPage",
        "@id": address,
        "name": name,
        "url": address,
        "inLanguage": language,
        "about": {"@id": part.node.iri},
    }
