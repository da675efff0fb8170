"""Links of a page: relative, so that a site works in any folder, and from a file system."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from nutgraf.publish.site.catalogue import Catalogue
from nutgraf.publish.site.index import Node
from nutgraf.publish.site.setting import Setting
from nutgraf.publish.site.text import shown, title

_WEB: Final = re.compile(
    r"https?://[A-Za-z0-9.\-_~:\[\]@]+(?:[/?#][^\s<>\"'`\\^{|}\x00-\x20\x7f]*)?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Link:
    """Something to show, and where it leads.

    Attributes:
        text: what is shown, for a `bdi`.
        url: where it leads; None where it is only text.
        language: of the text, where it is not the page's.
        kind: of the thing, where it has a page.
        external: whether it leads to another site.
    """

    text: str
    url: str | None = None
    language: str | None = None
    kind: str | None = None
    external: bool = False


@dataclass(frozen=True)
class Linker:
    """Makes the links of one page.

    Attributes:
        setting: what all pages share.
        catalogue: the page's language.
        path: the page's own path below the site's root.
    """

    setting: Setting
    catalogue: Catalogue
    path: str

    @property
    def root(self) -> str:
        """From the page to the site's root: nothing, or such as "../../"."""
        return "../" * self.path.count("/")

    def to(self, path: str) -> str:
        """From the page to a file of the site."""
        return self.root + path or "./"

    def page(self, path: str, language: str | None = None) -> str:
        """From the page to a page in its own language, or in another."""
        return self.to(self.setting.prefix(language or self.catalogue.language) + path)

    def thing(self, node: Node, fragment: str = "") -> Link:
        """To the page of a thing."""
        text, language = self.name(node)
        anchor = f"#{fragment}" if fragment else ""
        return Link(text, self.page(f"{node.stem}.html{anchor}"), language, node.kind)

    def name(self, node: Node) -> tuple[str, str | None]:
        """What a thing is called here, and in which language where it is not the page's."""
        own = self.catalogue.language
        for tag in (own, *(tag for tag in node.names if tag.partition("-")[0] == own), "", "en"):
            if tag in node.names:
                text, language = node.names[tag], tag
                break
        else:
            first = min(node.names, default=None)
            if first is None:
                return shown(node.iri.rstrip("/").rpartition("/")[2]), None
            text, language = node.names[first], first
        return shown(text) or self.catalogue.say("thing.unnamed"), language if language not in {
            own,
            "",
        } else None

    def title(self, node: Node) -> str:
        """What a thing is called, for a title."""
        return title(self.name(node)[0])

    def iri(self, iri: str) -> Link:
        """To whatever an IRI stands for: a page of ours, a term's label, another site, or its text alone."""
        node = self.setting.index.node(iri.partition("#")[0])
        if node is not None:
            return self.thing(node)
        label = self.setting.terms.value(iri, self.catalogue)
        if label is not None:
            return Link(shown(label))
        return web(iri)


def web(iri: str) -> Link:
    """To another site: only over http and https; anything else, such as `javascript:`, is text.

    >>> web("javascript:alert(1)").url, web("http://www.wikidata.org/entity/Q1").text
    (None, 'wikidata.org/entity/Q1')
    """
    if not _WEB.fullmatch(iri) or title(iri, most=len(iri)) != iri:
        return Link(shown(iri))
    return Link(shown(re.sub(r"^https?://(?:www\.)?", "", iri)), iri, external=True)
