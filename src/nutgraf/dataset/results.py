"""Writers for what SELECT and ASK give. Graphs are written by `nutgraf.publish`.

Source: https://www.w3.org/TR/sparql11-results-json/, https://www.w3.org/TR/sparql11-results-csv-tsv/,
https://www.w3.org/TR/rdf-sparql-XMLres/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import QueryResultsFormat, parse_query_results

if TYPE_CHECKING:
    from nutgraf.dataset.sparql import Solutions

RESULT_FORMATS: Final[dict[str, QueryResultsFormat]] = {
    "csv": QueryResultsFormat.CSV,
    "json": QueryResultsFormat.JSON,
    "tsv": QueryResultsFormat.TSV,
    "xml": QueryResultsFormat.XML,
}
"""The name of a format on the command line → the format."""


def serialize_results(results: Solutions | bool, to: str) -> str:
    """Write solutions, or a bool, in one of `RESULT_FORMATS`.

    CSV has CRLF line ends and no datatypes, as its specification says; the other formats lose nothing.

    Raises:
        KeyError: `to` is not in `RESULT_FORMATS`.

    >>> serialize_results(True, "json")
    '{"head":{},"boolean":true}'
    """
    json = _boolean_json(results) if isinstance(results, bool) else results.json
    written = parse_query_results(json, QueryResultsFormat.JSON).serialize(format=RESULT_FORMATS[to])
    return (written or b"").decode()


def _boolean_json(answer: bool) -> bytes:
    return b'{"head":{},"boolean":%s}' % (b"true" if answer else b"false")
