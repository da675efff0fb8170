"""What the servers have to know of a site: media types, and the headers of its pages."""

from __future__ import annotations

from typing import Final

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
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}
"""Headers of every file. Data may be read from any page: it is public."""

WELL_KNOWN: Final = ".well-known/void"
NOT_ACCEPTABLE: Final = "This has text/html, text/turtle, application/ld+json and application/n-triples."
