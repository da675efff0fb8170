"""What the servers have to know of a site: media types, and the headers of its pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import unquote, urlsplit

from nutgraf.publish.hosting.negotiation import FORMATS

MEDIA_TYPES: Final[dict[str, str]] = {
    ".css": "text/css; charset=utf-8",
    ".gz": "application/gzip",
    ".html": FORMATS[0].media_type,
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".nt": "application/n-triples",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttl": "text/turtle; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".xml": "application/xml",
}
"""Extension → media type of every kind of file that a site has."""

POLICY: Final = (
    "default-src 'none'; base-uri 'none'; connect-src 'self'; font-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; img-src 'self' data:; script-src 'self'; style-src 'self'"
)
"""Nothing but the site's own files. Source: CSP Level 3, https://www.w3.org/TR/CSP3/"""

HEADERS: Final[dict[str, str]] = {
    "Access-Control-Allow-Origin": "*",
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Headers of every file. Data may be read from any page: it is public."""

WELL_KNOWN: Final = ".well-known/void"
NOT_ACCEPTABLE: Final = "This has text/html, text/turtle, application/ld+json and application/n-triples."

NAME: Final = "[a-z0-9_-]+(/[a-z0-9_-]+)*"
"""The names of a site's pages without their extension, as a regular expression."""

KEY: Final = "[a-z0-9_-]+"
"""One segment of such a name."""


def moved(base: str, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The path of a thing, decoded as servers do it → the path of its files, where that is another.

    Args:
        base: IRI that the things' IRIs start with.
        names: IRI of a thing → path of its files below the site, without extension.
    """
    root = urlsplit(base).path
    for iri, name in sorted(names.items()):
        path = unquote(root + iri.removeprefix(base).partition("#")[0])
        # What a server cannot be asked for, or takes for something else, is left to its file's address.
        if path != root + name and path.isprintable() and not set(path) & set("?\\"):
            yield path, root + name
