"""How much a fact sheet states."""

from __future__ import annotations

from typing import Any, Final

from nutgraf.factsheet import evidence
from nutgraf.factsheet.sheet import Sheet, slots

_SLOT_FIELDS: Final = {
    "events": (
        *("partOf", "location", "time", "participants", "about"),
        *("object", "result", "office", "occasion", "phase"),
    ),
    "roles": ("body", "member", "nominee"),
}


def facts(sheet: Sheet) -> int:
    """The number of facts: one a claim, quantity or relation, one a slot of an event or role.

    Entities and mentions are not facts but what facts are about; an event or role without slots is one.
    """
    total = sum(len(sheet.document.data.get(block, ())) for block in ("claims", "quantities", "relations"))
    for block, fields in _SLOT_FIELDS.items():
        total += sum(max(1, _filled(record, fields)) for _, record in sheet.records(block))
    return total


def _filled(record: dict[str, Any], fields: tuple[str, ...]) -> int:
    single = sum(name in record for name in ("ordinal", "duration"))
    return single + sum(len(list(slots(record.get(name)))) for name in fields)


def spans(sheet: Sheet) -> int:
    """The number of evidence spans of a sheet."""
    return sum(1 for _ in evidence.spans(sheet.document.data))
