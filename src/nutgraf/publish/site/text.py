"""Text from data as pages show it: no control characters, nothing that turns other text round."""

from __future__ import annotations

import re
from typing import Final

_CONTROLS: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb"
    "\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
"""What HTML forbids, line separators, and the characters that embed, override and isolate directions."""
_MARKS: Final = re.compile("[\u200e\u200f\u061c]")
_SPACE: Final = re.compile(r"\s+")
_LONG: Final = 300


def shown(value: str) -> str:
    """A text for an element that isolates its direction (`bdi`): on one line, without control characters.

    >>> shown("evil\\u202egnp.exe\\x00")
    'evilgnp.exe'

    Source: UAX 9 §2, https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters
    """
    return _SPACE.sub(" ", _CONTROLS.sub("", value)).strip()


def block(value: str) -> str:
    """A text of several lines, such as a query: as it is, without control characters."""
    return _CONTROLS.sub("", value.replace("\r\n", "\n"))


def title(value: str, most: int = _LONG) -> str:
    """A text for a title or an attribute, where nothing can isolate it: also without direction marks, cut."""
    text = _MARKS.sub("", shown(value))
    return text if len(text) <= most else f"{text[: most - 1]}…"


def cut(value: str, length: int) -> str:
    """A text of a bearable length, for a drawing."""
    text = title(value)
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"
