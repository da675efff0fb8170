"""What crawlers ask for first: `robots.txt` and the sitemap.

Source: Robots Exclusion Protocol, https://www.rfc-editor.org/rfc/rfc9309;
sitemaps, https://www.sitemaps.org/protocol.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from urllib.parse import quote
from xml.sax.saxutils import escape

_KEPT: Final = "%/:=&?~#+!$,;'@()*[]"
URLS: Final = 50_000
"""How many addresses a sitemap may have."""
LENGTH: Final = 2048
"""An address in a sitemap is shorter than this."""
_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"


def robots(base: str) -> str:
    """`robots.txt`: everything may be read, and where the sitemap is.

    It only counts at the root of a host, so where `base` has a path it is for the host's own file.
    """
    return f"User-agent: *\nAllow: /\n\nSitemap: {base}sitemap.xml\n"


def sitemap(addresses: Iterable[str], base: str, *, most: int = URLS) -> dict[str, str]:
    """The sitemap; above `most` addresses an index and its parts.

    Args:
        addresses: of the pages, absolute IRIs; one that is too long is left out.
        base: where the site is.
        most: how many a file may have.

    Returns:
        Path below the site → content.
    """
    escaped = (quote(address, safe=_KEPT) for address in addresses)
    fitting = [address for address in escaped if len(address) < LENGTH]
    if len(fitting) <= most:
        return {"sitemap.xml": _document("urlset", "url", fitting)}
    parts = {
        f"sitemap-{number}.xml": _document("urlset", "url", part)
        for number, part in enumerate(_parts(fitting, most), start=1)
    }
    return {"sitemap.xml": _document("sitemapindex", "sitemap", [base + name for name in parts])} | parts


def _document(root: str, entry: str, addresses: Iterable[str]) -> str:
    lines = [f"  <{entry}><loc>{escape(address)}</loc></{entry}>\n" for address in addresses]
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{_NAMESPACE}">\n'
    return "".join([head, *lines, f"</{root}>\n"])


def _parts(addresses: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (addresses[start : start + size] for start in range(0, len(addresses), size))
