"""The typed tables that mappings read: their names and columns.

Every row has `record` (which row of which file), `node` (the IRI of its subject, relative to the base),
`article` and `graph`. A field that holds references has a column of its own in its block's `_slot`
table, and one row a value, of which the other columns are empty: a mapping names the column and never
needs a condition.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import pyarrow as pa

_TEXT: Final = pa.string()
_COMMON: Final = ("record", "node", "article", "graph")
_MOMENT: Final = ("date", "year", "year_month", "month_day")
_STARTS_AND_ENDS: Final = tuple(f"{end}_{kind}" for end in ("start", "end") for kind in _MOMENT)

_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "article": ("language", "translated", "url", "text_sha256", "characters"),
    "article_text": ("name", "description", "headline", "language"),
    "article_slot": ("publisher", "author"),
    "article_time": ("published_date", "published_month_day", "modified_date", "words", "language"),
    "entity": ("type", "plan_status"),
    "entity_text": ("name", "alternate", "description", "language"),
    "former": ("replaced_by",),
    "mention": ("article_node", "entity", "surface", "sense", "kind", "language"),
    "mention_span": ("span",),
    "event": ("type", "kind", "plan_status", "action_status"),
    "event_text": ("name", "language"),
    "event_slot": ("super_event", "part_of", "location", "about", "object", "result", "office", "occasion"),
    "event_value": ("ordinal", "duration", "phase"),
    "event_time": (*_STARTS_AND_ENDS, "words", "language"),
    "participant": (
        "agent",
        "attendee",
        "candidate",
        "contributor",
        "elected",
        "host",
        "organizer",
        "participant",
        "performer",
    ),
    "role": ("plan_status",),
    "role_text": ("name", "language"),
    "role_slot": ("body", "member", "nominee"),
    "claim": ("article_node", "voice", "form", "plan_status"),
    "claim_text": ("abstract", "language"),
    "claim_slot": ("author", "reports", "about", "occasion"),
    "quantity": ("of", "property", "integer", "decimal"),
    "quantity_text": ("unit", "wording", "language"),
    "relation": ("predicate", "object", "text", "language", "integer", "decimal", "boolean", *_MOMENT),
    "span": ("article_node", "selector", "start", "end", "sha256"),
    "link": ("same_as",),
}

_TYPES: Final[dict[str, pa.DataType]] = {
    "characters": pa.int64(),
    "start": pa.int64(),
    "end": pa.int64(),
    "integer": pa.int64(),
    "ordinal": pa.int64(),
    "translated": pa.bool_(),
    "boolean": pa.bool_(),
}

SCHEMAS: Final[dict[str, pa.Schema]] = {
    name: pa.schema([(column, _TYPES.get(column, _TEXT)) for column in (*_COMMON, *columns)])
    for name, columns in _COLUMNS.items()
}
"""Table name → its Arrow schema."""

LINEAGE: Final[dict[str, pa.Schema]] = {
    # Where each row comes from, and what supports it: its own or its nearest ancestor's evidence.
    "record": pa.schema(
        [
            ("record", _TEXT),
            ("source", _TEXT),
            ("article", _TEXT),
            ("file", _TEXT),
            ("line", pa.int64()),
            ("column", pa.int64()),
            ("pointer", _TEXT),
            ("modality", _TEXT),
            ("evidence", _TEXT),
            ("derivation", _TEXT),
        ]
    ),
    "evidence": pa.schema(
        [("record", _TEXT), ("span", _TEXT), ("article", _TEXT), ("start", pa.int64()), ("end", pa.int64())]
    ),
    "derivation": pa.schema([("record", _TEXT), ("rule", _TEXT), ("article", _TEXT), ("number", pa.int64())]),
    "derivation_input": pa.schema([("record", _TEXT), ("span", _TEXT)]),
    "via": pa.schema([("record", _TEXT), ("mention", _TEXT)]),
    "speaker": pa.schema([("record", _TEXT), ("agent", _TEXT)]),
}
"""What the evidence graphs are made from; no mapping reads these."""


def arrow(rows: Mapping[str, Iterable[Mapping[str, Any]]]) -> dict[str, pa.Table]:
    """All tables, each with its columns even where it has no row."""
    return {
        name: pa.Table.from_pylist(list(rows.get(name, ())), schema=schema)
        for name, schema in (SCHEMAS | LINEAGE).items()
    }
