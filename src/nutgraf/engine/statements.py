"""The table `statements`: one row a statement, terms in their lexical forms."""

from __future__ import annotations

from typing import Final

TERMS: Final = (
    "subject",
    "subject_kind",
    "predicate",
    "object",
    "object_kind",
    "datatype",
    "language",
    "graph",
    "graph_kind",
)
"""The columns that hold the terms, all text; the mapping adds an id, a reader of files the file."""
