"""The documents of the site: pages, and the data beside them, made when they are first asked for."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from pyoxigraph import RdfFormat, parse, serialize

from nutgraf.publish.site import Site
from nutgraf.serve.formats import GRAPHS, HTML, Format
from nutgraf.terms.vocabulary import PREFIXES
from nutgraf.workspace import Workspace

_KEPT_BYTES: Final = 64 * 1024 * 1024
_FORMATS: Final = {each.name: each for each in (HTML, *GRAPHS)}
_CONTENT_TYPES: Final = {
    "css": "text/css; charset=utf-8",
    "gif": "image/gif",
    "ico": "image/x-icon",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "nq": "application/n-quads",
    "png": "image/png",
    "svg": "image/svg+xml",
    "trig": "application/trig; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "webmanifest": "application/manifest+json",
    "woff2": "font/woff2",
    "xml": "application/xml",
} | {name: each.content_type for name, each in _FORMATS.items()}


class Pages(Protocol):
    """What is asked of `nutgraf.publish.site.Site`."""

    def paths(self) -> Iterable[str]:
        """The paths of all documents, below the site's root."""

    def render(self, path: str) -> bytes | None:
        """The document of a path; None when there is none."""

    def path_of(self, iri: str) -> str | None:
        """The path of the page about an IRI."""


@dataclass(frozen=True, slots=True)
class Document:
    """A document.

    Attributes:
        body: its bytes.
        etag: of the bytes, with its quotation marks.
        content_type: with the charset where there is one.
        language: BCP 47 tag of a page; empty for data.
    """

    body: bytes
    etag: str
    content_type: str
    language: str


class Documents:
    """The documents of one build; may be used from several threads.

    Args:
        site: what makes them.
        base: IRI that the site's root stands for.
    """

    def __init__(self, site: Pages, base: str) -> None:
        self._site = site
        self._base = base
        self._paths = frozenset(site.paths())
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._size = 0
        self._turn = threading.Lock()
        others = {path.partition("/")[0] for path in self._paths if path.count("/") == 1}
        self.languages = (
            "en",
            *sorted(
                name for name in others if len(name) == len("fr") and f"{name}/index.html" in self._paths
            ),
        )
        """Of the pages, the one without a folder of its own first."""

    @classmethod
    def open(cls, workspace: Workspace) -> Documents:
        """The documents of what the last build wrote.

        Raises:
            InputError: the site cannot be made.
        """
        return cls(Site.open(workspace), workspace.base)

    def __contains__(self, path: str) -> bool:
        stem, dot, extension = path.rpartition(".")
        return path in self._paths or (dot == "." and extension == "rdf" and f"{stem}.nt" in self._paths)

    def get(self, path: str) -> Document | None:
        """The document of a path; takes a while when it is new."""
        with self._turn:
            if path in self._kept:
                self._kept.move_to_end(path)
                return self._kept[path]
        body = self._made(path)
        if body is None:
            return None
        digest = hashlib.sha256(body).hexdigest()[:32]
        extension = path.rpartition(".")[2]
        content_type = _CONTENT_TYPES.get(extension, "application/octet-stream")
        document = Document(
            body, f'"{digest}"', content_type, self._language(path) if extension == "html" else ""
        )
        self._keep(path, document)
        return document

    def variants(self, path: str, language: str = "") -> dict[Format, str]:
        """The documents about the thing of a path: format → path, best first.

        Args:
            path: of the thing's IRI, below the base.
            language: of the page; the site's first where there is none in it.
        """
        found: dict[Format, str] = {}
        page = self.page(f"{path}.html", language)
        if page:
            found[HTML] = page
        for each in GRAPHS:
            if f"{path}.{each.name}" in self:
                found[each] = f"{path}.{each.name}"
        return found

    def page(self, path: str, language: str) -> str | None:
        """The path of a page in a language, or in the site's first; None when there is no such page."""
        in_language = f"{language}/{path}" if language != self.languages[0] else path
        return next((each for each in (in_language, path) if each in self._paths), None)

    def neutral(self, path: str) -> str:
        """The path of a page without its language."""
        folder, slash, rest = path.partition("/")
        return rest if slash and folder in self.languages[1:] else path

    def elsewhere(self, path: str) -> str | None:
        """The path of the page on which a thing without a page of its own is described."""
        return self._site.path_of(self._base + path)

    def _language(self, path: str) -> str:
        folder = path.partition("/")[0]
        return folder if folder in self.languages else self.languages[0]

    def _made(self, path: str) -> bytes | None:
        stem, _, extension = path.rpartition(".")
        if path not in self._paths and extension == "rdf":
            triples = self._site.render(f"{stem}.nt") if f"{stem}.nt" in self._paths else None
            return triples if triples is None else _rdf_xml(triples)
        return self._site.render(path) if path in self._paths else None

    def _keep(self, path: str, document: Document) -> None:
        with self._turn:
            if path in self._kept:
                return
            self._kept[path] = document
            self._size += len(document.body)
            while self._size > _KEPT_BYTES and len(self._kept) > 1:
                _, dropped = self._kept.popitem(last=False)
                self._size -= len(dropped.body)


def _rdf_xml(ntriples: bytes) -> bytes:
    triples = (quad.triple for quad in parse(ntriples, RdfFormat.N_TRIPLES))
    return serialize(triples, format=RdfFormat.RDF_XML, prefixes=PREFIXES) or b""
