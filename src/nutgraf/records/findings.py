"""The problems that YAML and JSON documents share."""

from __future__ import annotations

from typing import Final

from nutgraf.problems import Problem, Span, quoted
from nutgraf.records import scalars

MAX_DEPTH: Final = 60
"""How many mappings and lists may stand inside each other."""


def too_deep(span: Span) -> Problem:
    """DOC107."""
    return Problem("DOC107", f"nested deeper than {MAX_DEPTH} levels", span, fix="flatten it")


def key_twice(key: str, span: Span) -> Problem:
    """DOC105."""
    return Problem("DOC105", f"the key {quoted(key)} stands twice", span, fix="keep one of them")


def refused_character(text: str, span: Span) -> Problem:
    """DOC108: `text` holds a character that no text has."""
    at = scalars.refused_character(text) or 0
    return Problem(
        "DOC108",
        f"the character U+{ord(text[at]):04X} does not belong in a text",
        span,
        why="control characters and halves of surrogate pairs print as nothing, or break what reads them",
        fix="remove it",
    )


def too_large(span: Span) -> Problem:
    """DOC109."""
    return Problem(
        "DOC109",
        "the number is too large",
        span,
        why="numbers here have 64 bits",
        fix="put it in quotes where it is a name, or correct it",
    )
