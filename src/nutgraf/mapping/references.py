"""References and iterators in the language of their source: CSV's column names, JSONPath, a view's fields.

Source: RFC 9535 (JSONPath) and https://w3id.org/rml/io/registry
"""

from __future__ import annotations

import re
from typing import Final

from nutgraf.mapping import json_path
from nutgraf.mapping.json_path import JsonPath, Wildcard
from nutgraf.mapping.model import Reference, ReferenceFormulation
from nutgraf.problems import Problem, Span

_PLAIN: Final = re.compile(r"""[^.\[\]*?@$'"\\]+""")


def parse_reference(text: str, formulation: ReferenceFormulation, span: Span) -> Reference | Problem:
    """The column that a reference names: `name`, `$.name` or `$['name']`; or a JSONPath query.

    In CSV, and over the fields of a view, it is any text.

    >>> parse_reference("$['a b']", ReferenceFormulation.JSON_PATH, Span("m.yml")).name
    'a b'
    >>> parse_reference("tags[*]", ReferenceFormulation.JSON_PATH, Span("m.yml")).path.text
    '$.tags[*]'
    """
    if not text:
        return Problem("MAP114", "the reference is empty", span, fix="name a column of the source")
    if formulation.names_columns:
        return Reference(text, span)
    if _PLAIN.fullmatch(text) and text == text.strip():
        return Reference(text, span)
    path = json_path.parse(text)
    if isinstance(path, str):
        return _not_json_path("reference", text, path, span)
    if path.names is not None and len(path.names) == 1 and not path.names[0].startswith("$"):
        return Reference(path.names[0], span)
    return Reference(path.text, span, path)


def parse_iterator(
    text: str | None, formulation: ReferenceFormulation, span: Span
) -> tuple[tuple[str, ...] | None, JsonPath | None] | Problem:
    """The iterator and the selector of a logical source.

    `$[*]` → (), `$.people[*]` → ("people",), `$` or nothing → None; any other query is a selector.
    """
    if formulation is not ReferenceFormulation.JSON_PATH:
        if text is None:
            return None, None
        return Problem(
            "MAP114", "a CSV source has no iterator", span, why="each row is a record", fix="remove it"
        )
    path = json_path.parse("$" if text is None else text)
    if isinstance(path, str):
        return _not_json_path("iterator", text or "", path, span)
    if not path.segments:
        return None, None if path.segments == () else path
    if isinstance(path.segments[-1], Wildcard):
        names = JsonPath("", path.segments[:-1]).names
        if names is not None:
            return names, None
    return None, path


def _not_json_path(what: str, text: str, why: str, span: Span) -> Problem:
    return Problem(
        "MAP114",
        f'the {what} "{text}" is not JSONPath',
        span,
        why=why,
        fix="write $.name, $['any name'], $.list[*] or another query of RFC 9535",
    )
