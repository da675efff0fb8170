"""Which pages can be spliced as bytes.

In an encoding that is a superset of ASCII, the bytes of tags are those of ASCII, whatever the text between
them is. Read as Latin-1, a byte a character, such a page has the same tags at the same places: nothing needs
decoding, so nothing can be lost. The other encodings are refused.

Source: Encoding Standard §4.2, https://encoding.spec.whatwg.org/#names-and-labels
"""

from __future__ import annotations

import codecs
import re
from typing import Final

import turbohtml

from nutgraf.problems import InputError, Problem, Span

_SNIFFED: Final = 1024
_FEW: Final = 2
_REFUSED: Final = frozenset(
    {"utf-16le", "utf-16be", "utf-16", "utf-32", "iso-2022-jp", "replacement", "utf-7"}
)
_ESCAPE_SEQUENCE: Final = re.compile(rb"\x1b(?:\$[@BCA()]|\([JI])")
_BOMS: Final = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def check_encoding(page: bytes, label: str | None, file: str) -> int:
    """Refuse what cannot be spliced as bytes.

    Args:
        page: the whole page.
        label: the encoding that the server's header names, when known.
        file: how problems call the page.

    Returns:
        The number of bytes of its byte-order mark: 0 or 3.

    Raises:
        InputError: EMB101 the encoding is no superset of ASCII, or unknown.
    """
    if page.startswith(_BOMS):
        raise _refusal("UTF-16 or UTF-32, by its byte-order mark", file)
    if page.startswith(codecs.BOM_UTF8):
        return len(codecs.BOM_UTF8)
    head = page[:_SNIFFED]
    if _mostly_zero(head[::2]) != _mostly_zero(head[1::2]):
        raise _refusal("UTF-16, by its zero bytes", file)
    if _ESCAPE_SEQUENCE.search(page):
        raise _refusal("ISO-2022, by its escape sequences", file)
    try:
        found = turbohtml.parse(head, encoding=label).encoding
    except LookupError as error:
        raise _refusal(f'unknown: "{label}"', file) from error
    if (label or "").lower().startswith(("utf-16", "utf-32")) or str(found).lower() in _REFUSED:
        raise _refusal(str(found), file)
    return 0


def _mostly_zero(data: bytes) -> bool:
    """Every other byte of a page in UTF-16, whose tags at least are ASCII's characters."""
    return len(data) > _FEW and data.count(0) * 2 > len(data)


def _refusal(encoding: str, file: str) -> InputError:
    return InputError(
        Problem(
            "EMB101",
            f"the page's encoding is {encoding}",
            Span(file),
            why="a block of ASCII fits only where ASCII's characters have ASCII's bytes",
            fix="save the page as UTF-8",
        )
    )
