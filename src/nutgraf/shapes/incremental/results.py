"""Results of a report as bytes, to be kept."""

from __future__ import annotations

import json
from dataclasses import astuple
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from nutgraf.shapes.paths import PropertyPath
from nutgraf.shapes.report import Detail, Result, Term
from nutgraf.shapes.sql.facts import term_columns, term_from

if TYPE_CHECKING:
    from pyoxigraph import BlankNode, NamedNode

Found: TypeAlias = "tuple[Result, Detail, int]"
"""A result, more about it, and the number of its focus node."""


def written(result: Result, detail: Detail) -> bytes:
    """A result, and more about it."""
    return json.dumps(
        [
            _term(result.focus),
            None if result.path is None else _path(result.path),
            None if result.value is None else _term(result.value),
            result.component,
            result.severity,
            _term(result.source_shape),
            result.message,
            astuple(detail),
        ]
    ).encode()


def read(content: bytes) -> tuple[Result, Detail]:
    """What `written` was given.

    Raises:
        ValueError: it is something else, as may be TypeError and LookupError.
    """
    focus, path, value, component, severity, shape, message, detail = json.loads(content)
    result = Result(
        term_from(*focus),
        None if path is None else _path_from(path),
        None if value is None else term_from(*value),
        component,
        severity,
        cast("NamedNode | BlankNode", term_from(*shape)),
        message,
    )
    return result, Detail(*detail)


def _term(term: Term) -> list[str]:
    columns = term_columns(term)
    return [columns[name] or "" for name in ("kind", "lexical", "datatype", "language")]


def _path(path: PropertyPath) -> list[Any]:
    return [path.kind, path.iri, [_path(part) for part in path.parts]]


def _path_from(written: list[Any]) -> PropertyPath:
    kind, iri, parts = written
    return PropertyPath(kind, iri, tuple(_path_from(part) for part in parts))
