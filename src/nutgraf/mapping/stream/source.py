"""What a streamed source gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlglot import exp

from nutgraf.mapping.model import Reference
from nutgraf.mapping.stream.slots import Form


@dataclass(frozen=True, slots=True)
class Rows:
    """Something to select from, and where its values are."""

    query: exp.Select
    values: Mapping[Reference, exp.Expression]


class Source(Protocol):
    """A source that can be streamed."""

    @property
    def path(self) -> Path | None:
        """Its file."""

    def rows(self, read: Sequence[Reference], unnested: Reference | None) -> Rows:
        """Its records, with the values of some references; a row for each value of `unnested`."""

    def share(self, read: Sequence[Reference]) -> None:
        """Read these of a copy, if others do so too."""

    def value(self, reference: Reference, value: exp.Expression, form: Form) -> exp.Expression:
        """One value in the form of a slot."""
