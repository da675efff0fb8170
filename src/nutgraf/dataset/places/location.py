"""The place of a triple in a file."""

from __future__ import annotations

from dataclasses import dataclass

from nutgraf.problems import Span


@dataclass(frozen=True, slots=True)
class Location:
    """Where a triple stands.

    Attributes:
        subject: where its subject stands, which several triples may share.
        predicate: where its predicate, or the key that expands to it, stands.
        value: where its object stands.
    """

    subject: Span
    predicate: Span
    value: Span
