"""References and iterators: the part of JSONPath that names a member, and CSV's column names.

Source: RFC 9535 (JSONPath) and https://w3id.org/rml/io/registry
"""

from __future__ import annotations

import re
from typing import Final

from nutgraf.mapping.model import Reference, ReferenceFormulation
from nutgraf.problems import Problem, Span

_PLAIN: Final = re.compile(r"""[^.\[\]*?@$'"\\]+""")
_SEGMENT: Final = re.compile(
    r"""\.(?P<dot>[^\W\d]\w*)|\[\s*(?P<quote>['"])(?P<name>(?:\\.|(?!(?P=quote)).)*)(?P=quote)\s*\]"""
)
_ESCAPED: Final = re.compile(r"\\([\\'\"/])")


def parse_reference(text: str, formulation: ReferenceFormulation, span: Span) -> Reference | Problem:
    """The column that a reference names: `name`, `$.name` or `$['name']`; in CSV any text.

    >>> parse_reference("$['a b']", ReferenceFormulation.JSON_PATH, Span("m.yml")).name
    'a b'
    """
    if not text:
        return Problem("MAP114", "the reference is empty", span, fix="name a column of the source")
    if formulation.names_columns:
        return Reference(text, span)
    if _PLAIN.fullmatch(text) and text == text.strip():
        return Reference(text, span)
    names = _members(text.removeprefix("$")) if text.startswith("$") else None
    if names is not None and len(names) == 1:
        return Reference(names[0], span)
    return Problem(
        "MAP114",
        f'the reference "{text}" is not supported yet',
        span,
        why="a reference names one member of the record: name, $.name or $['name']",
        fix="give the source a column for it",
    )


def parse_iterator(
    text: str | None, formulation: ReferenceFormulation, span: Span
) -> tuple[str, ...] | Problem | None:
    """The member names before `[*]`: `$[*]` → (), `$.people[*]` → ("people",), `$` or nothing → None."""
    if formulation is ReferenceFormulation.CSV:
        if text is None:
            return None
        return Problem(
            "MAP114", "a CSV source has no iterator", span, why="each row is a record", fix="remove it"
        )
    if text is None or text == "$":
        return None
    if text.startswith("$") and text.endswith("[*]"):
        names = _members(text[1:-3])
        if names is not None:
            return names
    return Problem(
        "MAP114",
        f'the iterator "{text}" is not supported yet',
        span,
        why="an iterator is $, $[*] or a chain of names with [*] at its end",
        fix="write $[*] or $.name[*]",
    )


def _members(path: str) -> tuple[str, ...] | None:
    """The names of `.a['b']`; None when there is anything else."""
    names: list[str] = []
    position = 0
    while position < len(path):
        match = _SEGMENT.match(path, position)
        if match is None:
            return None
        quoted = match["name"]
        if quoted is not None and "\\" in _ESCAPED.sub("", quoted):
            return None
        names.append(match["dot"] if quoted is None else _ESCAPED.sub(r"\1", quoted))
        position = match.end()
    return tuple(names)
