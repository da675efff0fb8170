"""What a page says of itself: its address, and the JSON-LD that others put into it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import turbohtml
from turbohtml import Document, Element

from nutgraf.publish.embed.script import MARKER, MEDIA_TYPE
from nutgraf.terms import schema_org

_PORTS: Final = {"http": 80, "https": 443}


def parsed(html: bytes, encoding: str | None = None) -> Document:
    """The page's tree, decoded as a browser would.

    Raises:
        LookupError: there is no such encoding.
    """
    return turbohtml.parse(html, encoding=encoding, scripting=True)


def canonical_address(page: Document) -> str | None:
    """The address that a page gives as its own: `<link rel=canonical>`, else `og:url`.

    Source: RFC 6596, https://www.rfc-editor.org/rfc/rfc6596
    """
    for link in page.find_all("link"):
        address = _text(link.attrs.get("href"))
        if address and "canonical" in _text(link.attrs.get("rel")).lower().split():
            return address.strip()
    for meta in page.find_all("meta"):
        if _text(meta.attrs.get("property")).lower() == "og:url":
            return _text(meta.attrs.get("content")).strip() or None
    return None


def same_page_key(address: str) -> str:
    """A key that is equal for addresses of one page: scheme, default port, last slash, fragment aside.

    >>> same_page_key("http://News.example:80/a/#top") == same_page_key("https://news.example/a")
    True
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return address
    host = (parts.hostname or "").lower()
    shown = f":{port}" if port not in (None, _PORTS.get(parts.scheme)) else ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{shown}{parts.path.rstrip('/')}{query}"


def join(
    document: Mapping[str, Any], page: Document, base: str | None = None, *, root: str | None = None
) -> dict[str, Any]:
    """The document with its root's `@id` replaced by the one that another block gives the article.

    Then both blocks speak of one thing. Without exactly one article with an `@id` in the other blocks, the
    document stays as it is.

    Args:
        document: the JSON-LD.
        page: the page with the other blocks.
        base: the page's address, to resolve a relative `@id`.
        root: the IRI of the article in the document; default: that of its one root.
    """
    ids = {urljoin(base or "", found) for found in _article_ids(page)}
    old = root or document.get("@id")
    if len(ids) != 1 or old is None:
        return dict(document)
    renamed: dict[str, Any] = _renamed(document, old, ids.pop())
    return renamed


def _renamed(value: Any, old: str, new: str) -> Any:
    if isinstance(value, list):
        return [_renamed(item, old, new) for item in value]
    if isinstance(value, dict):
        return {
            key: new if key == "@id" and item == old else _renamed(item, old, new)
            for key, item in value.items()
        }
    return value


def other_blocks(page: Document) -> Iterator[tuple[Element, str]]:
    """The JSON-LD scripts of a page that are not ours, with their texts."""
    for script in page.find_all("script"):
        kind = _text(script.attrs.get("type")).partition(";")[0].strip().lower()
        if kind == MEDIA_TYPE and MARKER not in script.attrs:
            yield script, script.text


def _article_ids(page: Document) -> Iterator[str]:
    for _, text in other_blocks(page):
        try:
            block = json.loads(text)
        except (ValueError, RecursionError):
            continue
        nodes = block if isinstance(block, list) else [block]
        for node in nodes:
            inner = node.get("@graph", [node]) if isinstance(node, dict) else []
            for found in inner if isinstance(inner, list) else [inner]:
                if isinstance(found, dict) and _is_article(found) and isinstance(found.get("@id"), str):
                    yield found["@id"]


def _is_article(node: Mapping[str, Any]) -> bool:
    kinds = node.get("@type", [])
    names = [kinds] if isinstance(kinds, str) else kinds
    return isinstance(names, list) and any(
        isinstance(name, str) and schema_org.is_a(name.rpartition("/")[2], "Article") for name in names
    )


def _text(value: object) -> str:
    if isinstance(value, list):
        return " ".join(map(str, value))
    return value if isinstance(value, str) else ""
