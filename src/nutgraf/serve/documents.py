"""The documents of the site: pages, and the data beside them, made when they are first asked for."""

from __future__ import annotations

import hashlib
import threading
from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from pyoxigraph import RdfFormat, parse, serialize

from nutgraf.publish.site.site import Site
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


class _Paths:
    """Which paths there are, in eight bytes each: an archive has millions. `render` has the last word."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._hashes = array("Q", sorted(map(_hash, paths)))

    def __contains__(self, path: str) -> bool:
        wanted = _hash(path)
        at = bisect_left(self._hashes, wanted)
        return at < len(self._hashes) and self._hashes[at] == wanted


def _hash(path: str) -> int:
    raw = path.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(raw, digest_size=8).digest(), "big")


class Documents:
    """The documents of one build; may be used from several threads.

    Args:
        site: what makes them.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._base = site.setting.base
        self._paths = _Paths(site.paths())
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._size = 0
        self._turn = threading.Lock()
        self.languages = tuple(site.setting.languages)
        """Of the pages, the one without a folder of its own first."""

    @classmethod
    def open(cls, workspace: Workspace) -> Documents:
        """The documents of what the last build wrote.

        Raises:
            InputError: the site cannot be made.
        """
        return cls(Site.open(workspace, query_page="query"))

    def close(self) -> None:
        """Close the site's files."""
        self._site.close()

    def __contains__(self, path: str) -> bool:
        stem, _, extension = path.rpartition(".")
        return path in self._paths or (extension == "rdf" and f"{stem}.nt" in self._paths)

    def kept(self, path: str) -> Document | None:
        """The document of a path, if it has been made and is still there."""
        with self._turn:
            if path in self._kept:
                self._kept.move_to_end(path)
            return self._kept.get(path)

    def make(self, path: str) -> Document | None:
        """The document of a path, which takes a while when it is new; None when there is none."""
        found = self.kept(path)
        if found is not None:
            return found
        body = self._made(path)
        if body is None:
            return None
        digest = hashlib.sha256(body).hexdigest()[:32]
        extension = path.rpartition(".")[2]
        content_type = _CONTENT_TYPES.get(extension, "application/octet-stream")
        language = self._site.setting.localized(path)[0] if extension == "html" else ""
        document = Document(body, f'"{digest}"', content_type, language)
        self._keep(path, document)
        return document

    def variants(self, stem: str, language: str = "") -> dict[Format, str]:
        """The documents about a thing: format → path, best first.

        Args:
            stem: path of its documents, without language and extension.
            language: of the page; the site's first where there is none in it.
        """
        own = f"{language}/{stem}.html" if language in self.languages[1:] else ""
        page = own if own in self else f"{stem}.html"
        places = {HTML: page} | {each: f"{stem}.{each.name}" for each in GRAPHS}
        return {each: path for each, path in places.items() if path in self}

    def neutral(self, path: str) -> str:
        """A path without its language."""
        return self._site.setting.localized(path)[1]

    def about(self, path: str) -> tuple[str, str] | None:
        """Where a thing is described: the stem of its documents, and its place on the page.

        Args:
            path: of the thing's IRI below the base, as the client wrote it.

        Returns:
            The second is empty, or begins with "#"; None where nothing is said of the thing.
        """
        for written in dict.fromkeys((path, unquote(path))):
            page = self._site.path_of(f"{self._base}{written}")
            if page:
                place, hash_sign, name = page.partition("#")
                return place.removesuffix(".html"), hash_sign + name
        return None

    def _made(self, path: str) -> bytes | None:
        if path in self._paths:
            return self._site.render(path)
        stem, _, extension = path.rpartition(".")
        if extension != "rdf" or f"{stem}.nt" not in self._paths:
            return None
        triples = self._site.render(f"{stem}.nt")
        return None if triples is None else _rdf_xml(triples)

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
