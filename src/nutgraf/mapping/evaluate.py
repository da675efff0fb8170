"""What SQL cannot express, evaluated over Arrow arrays: JSONPath in full, and CSV inside a value."""

from __future__ import annotations

import csv
import functools
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from nutgraf.mapping.sql.json_values import EVALUATE, ROWS

if TYPE_CHECKING:
    import jsonpath_rfc9535

_LISTS: Final = pa.list_(pa.string())


@dataclass(frozen=True, slots=True)
class Function:
    """A function that SQL may call.

    Attributes:
        name: what SQL calls it.
        evaluate: takes an array for each parameter and gives one of the same length.
        parameters: their types.
        result: the type of the result.
    """

    name: str
    evaluate: Callable[..., pa.Array]
    parameters: tuple[str, ...]
    result: str


def json_path(documents: pa.Array, queries: pa.Array) -> pa.Array:
    """The values that a JSONPath query gives of each JSON text, as JSON texts.

    Source: RFC 9535, https://www.rfc-editor.org/rfc/rfc9535
    """
    pairs = zip(documents.to_pylist(), queries.to_pylist(), strict=True)
    return pa.array([_found(document, query) for document, query in pairs], _LISTS)


def csv_records(texts: pa.Array) -> pa.Array:
    """The rows of each CSV text as JSON objects; the first line has the names, an empty cell no value.

    Source: RFC 4180, https://www.rfc-editor.org/rfc/rfc4180
    """
    return pa.array([None if text is None else _rows(text) for text in texts.to_pylist()], _LISTS)


def _found(document: str | None, query: str) -> list[str] | None:
    if document is None:
        return None
    return [json.dumps(value) for value in _compiled(query).find(json.loads(document)).values()]


def _rows(text: str) -> list[str]:
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="")
    return [
        json.dumps({name: value or None for name, value in row.items() if isinstance(name, str)})
        for row in reader
    ]


@functools.lru_cache(maxsize=64)
def _compiled(query: str) -> jsonpath_rfc9535.JSONPathQuery:
    import jsonpath_rfc9535  # noqa: PLC0415 - slow, and most queries are chains

    return jsonpath_rfc9535.compile(query)


JSON_PATH: Final = Function(EVALUATE, json_path, ("VARCHAR", "VARCHAR"), "VARCHAR[]")
CSV_RECORDS: Final = Function(ROWS, csv_records, ("VARCHAR",), "VARCHAR[]")
