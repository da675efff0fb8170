"""Addresses, as far as a message may show them."""

from __future__ import annotations

from typing import Final
from urllib.parse import SplitResult, urlsplit

_LOCAL: Final = frozenset({"localhost", "127.0.0.1", "::1"})


def host(url: str) -> str:
    """Host and port of a URL, without the name and password that may stand before them.

    >>> host("https://ana:secret@example.org:8443/store")
    'example.org:8443'
    """
    return _split(url).netloc.rpartition("@")[2]


def shown(url: str) -> str:
    """A URL without whatever may be secret in it: name and password, query, fragment.

    >>> shown("https://ana:secret@example.org/store?access-token=secret#x")
    'https://example.org/store'
    """
    parts = _split(url)
    return f"{parts.scheme}://{host(url)}{parts.path}"


def is_local(url: str) -> bool:
    """Whether a URL is of this machine."""
    return _split(url).hostname in _LOCAL


def _split(url: str) -> SplitResult:
    """The parts of a URL; none at all where it is malformed, so that nothing of it is shown."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")
