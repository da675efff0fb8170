"""The tables of the fact sheets as JSON, for other engines that run our mappings."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pyarrow as pa


def json_files(tables: Mapping[str, pa.Table]) -> dict[str, str]:
    """Each table as a JSON array with an object a row on a line; every column is there, null when empty.

    >>> json_files({"event": pa.table({"node": ["id/x"], "type": pa.array([None], pa.string())})})
    {'event': '[\\n{"node": "id/x", "type": null}\\n]\\n'}
    """
    return {name: _array(table) for name, table in tables.items()}


def _array(table: pa.Table) -> str:
    rows = [json.dumps(row, ensure_ascii=False) for row in table.to_pylist()]
    return "[\n" + ",\n".join(rows) + "\n]\n" if rows else "[]\n"
