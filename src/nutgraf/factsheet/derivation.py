"""Named rules that compute a value which the text does not state from values that it does."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any, Final

from nutgraf.terms import edtf

_WEEKDAYS: Final[dict[str, int]] = {
    name: number
    for names in (
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    )
    for number, name in enumerate(names)
}


def weekday_in_range(inputs: dict[str, Any]) -> str:
    """The one day of a range that falls on a weekday.

    Args:
        inputs: `weekday` with the words that name the day (`said`), `range` with an EDTF interval.

    Returns:
        An EDTF date.

    Raises:
        ValueError: an input is missing, or no day or more than one fits.

    >>> weekday_in_range({"weekday": {"said": "ce jeudi"}, "range": {"edtf": "2024-11-04/2024-11-07"}})
    '2024-11-07'
    """
    words = str(inputs.get("weekday", {}).get("said", "")).lower().replace(",", " ").split()
    wanted = {_WEEKDAYS[word] for word in words if word in _WEEKDAYS}
    if len(wanted) != 1:
        raise ValueError('the input "weekday" must name one day of the week')
    days = edtf.days(edtf.parse(str(inputs.get("range", {}).get("edtf", ""))))
    # Two are enough to know: a range may be of thousands of years.
    found = list(islice((day.isoformat() for day in days if day.weekday() in wanted), 2))
    if not found:
        raise ValueError("no day of the range falls on that weekday")
    if len(found) > 1:
        raise ValueError("several days of the range fall on that weekday")
    return found[0]


RULES: Final[dict[str, Callable[[dict[str, Any]], str]]] = {"weekday-in-range": weekday_in_range}
"""Rule name → the function that computes its EDTF value from the inputs."""
