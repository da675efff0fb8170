"""Put JSON-LD into a page, byte by byte."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nutgraf.publish.embed.encoding import check_encoding
from nutgraf.publish.embed.place import Place, find_place
from nutgraf.publish.embed.script import script_element


def embed(
    html: bytes,
    document: Mapping[str, Any],
    *,
    alternate: str | None = None,
    nonce: str | None = None,
    encoding: str | None = None,
    file: str = "page",
) -> bytes:
    """Put a JSON-LD document into a page, at the end of `head`, or in place of the one from before.

    Every other byte stays. Doing it twice changes nothing.

    Args:
        html: the page, in any encoding that is a superset of ASCII.
        document: the JSON-LD.
        alternate: address of the full profile, for `<link rel="alternate">`.
        nonce: for the script element.
        encoding: what the server's header says of the page, when it says so.
        file: how problems call the page.

    Raises:
        InputError: EMB101 the encoding is refused; EMB102 the block of an earlier run is not closed;
            EMB103 the page ends before its head begins; EMB104 the document has a text that is none.

    >>> embed(b"<head><title>a</title></head>", {"@type": "Thing"})
    b'<head><title>a</title><script data-nutgraf type="application/ld+json">{"@type":"Thing"}</script></head>'
    """
    block = script_element(document, alternate=alternate, nonce=nonce).encode("ascii")
    return _spliced(html, block, encoding, file)


def remove(html: bytes, *, encoding: str | None = None, file: str = "page") -> bytes:
    """Take our block out of a page; a page without one stays as it is.

    Raises:
        InputError: as `embed`.
    """
    return _spliced(html, None, encoding, file)


def _spliced(html: bytes, block: bytes | None, encoding: str | None, file: str) -> bytes:
    mark = check_encoding(html, encoding, file)
    place = find_place(html[mark:].decode("latin-1"), file)
    if block is None and not place.ours:
        return html
    return html[:mark] + _replaced(html[mark:], place, block or b"")


def _replaced(page: bytes, place: Place, block: bytes) -> bytes:
    parts = [page[: place.start], block]
    last = place.start
    for start, end in place.ours:
        parts.append(page[last:start])
        last = end
    return b"".join([*parts, page[last:]])
