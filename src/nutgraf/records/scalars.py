"""Numbers and characters that a record may hold, whichever syntax writes them."""

from __future__ import annotations

import math
import re
from typing import Final

_INTEGERS: Final = range(-(2**63), 2**63)
_DIGITS: Final = 20
# YAML 1.2 §5.1 "printable"; a tab, a line feed and a carriage return are the only control characters.
_REFUSED: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def integer(text: str) -> int | None:
    """The whole number that `text` writes in digits; None when 64 bits do not hold it.

    >>> integer("-12"), integer("9" * 30)
    (-12, None)
    """
    if len(text) > _DIGITS:  # int() itself refuses very long ones
        return None
    number = int(text)
    return number if number in _INTEGERS else None


def decimal(text: str) -> float | None:
    """The number that `text` writes; None when it is too large for 64 bits."""
    number = float(text)
    return number if math.isfinite(number) else None


def refused_character(text: str) -> int | None:
    """Where the first character stands that no text has: a control character or half a surrogate pair."""
    match = _REFUSED.search(text)
    return match.start() if match else None
