"""When a request that failed is tried again.

Source: RFC 9110 §10.2.3 and §15.6, https://www.rfc-editor.org/rfc/rfc9110
"""

from __future__ import annotations

import datetime as dt
import email.utils
from typing import Final

RETRIED: Final = frozenset({408, 429, 500, 502, 503, 504})
"""Statuses that may be another one later."""
MAX_WAIT_S: Final = 120.0
"""Who asks to wait longer is not waited for."""
_MAX_BACK_OFF_S: Final = 60.0


def back_off(attempt: int) -> float:
    """Seconds to wait after a failed attempt, the first being 0: twice as many each time.

    >>> [back_off(attempt) for attempt in (0, 1, 5, 9)]
    [1.0, 2.0, 32.0, 60.0]
    """
    return min(2.0**attempt, _MAX_BACK_OFF_S)


def retry_after(text: str | None, now: dt.datetime) -> float | None:
    """What a Retry-After header says, in seconds; None where it says nothing.

    Args:
        text: a number of seconds, or a date.
        now: what the date is compared with.

    >>> retry_after("Tue, 24 Nov 2026 12:00:30 GMT", dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC))
    30.0
    """
    if text is None:
        return None
    if text.strip().isdigit():
        return float(text)
    try:
        date = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    date = date if date.tzinfo else date.replace(tzinfo=dt.UTC)
    return max(0.0, (date - now).total_seconds())
