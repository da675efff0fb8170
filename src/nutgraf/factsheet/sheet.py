"""Fact sheets and registers as they are loaded: a document, and what it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from nutgraf.problems import Span
from nutgraf.records.document import Document
from nutgraf.records.places import Steps

BLOCKS: Final = ("entities", "mentions", "events", "roles", "claims", "quantities", "relations")
REGISTER_BLOCKS: Final = ("entities", "events", "offices")


@dataclass(frozen=True, eq=False)
class Sheet:
    """One fact sheet whose document follows the schema."""

    document: Document

    @property
    def id(self) -> str:
        article_id: str = self.document.data["article"]["id"]
        return article_id

    @property
    def language(self) -> str:
        language: str = self.document.data["article"]["language"]
        return language

    def records(self, block: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """The records of a block with their index."""
        yield from enumerate(self.document.data.get(block, ()))

    def span(self, *steps: str | int) -> Span:
        return self.document.span(*steps)


@dataclass(frozen=True, eq=False)
class Register:
    """One register file whose document follows the schema."""

    document: Document

    def records(self, block: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """The records of a block with their index."""
        yield from enumerate(self.document.data.get(block, ()))


def slots(value: Any, *steps: str | int) -> Iterator[tuple[Steps, dict[str, Any]]]:
    """The slots of a field, however short it was written, with their steps.

    `morocco`, `{ref: morocco}` and lists of either are the same.
    """
    if value is None:
        return
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from slots(item, *steps, index)
    elif isinstance(value, str):
        yield steps, {"ref": value}
    else:
        yield steps, value


def texts(value: Any, language: str) -> Iterator[tuple[str, str]]:
    """The (language, text) pairs of a text field."""
    if value is None:
        return
    if isinstance(value, str):
        yield language, value
        return
    for tag, item in value.items():
        for text in [item] if isinstance(item, str) else item:
            yield tag, text
