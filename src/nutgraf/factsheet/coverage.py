"""Which facts are drawn from each sentence of a text, or why none is. No word of the text is shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from nutgraf.factsheet import evidence
from nutgraf.factsheet.sheet import BLOCKS, Sheet

# A sentence ends at its stop and closing quotation marks, before a capital, digit or opening quotation mark.
_END: Final = re.compile(r"[.!?…][\"'”’»)]*(?=\s+[\"'“‘«(]?[^\W_a-z])")
_FACTS: Final = ("article", "events", "roles", "claims", "quantities", "relations")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence or heading by its place.

    Attributes:
        start: first code point of the normalised text.
        end: code point after the last.
        facts: records whose evidence touches it, as `claims/id`.
        reasons: why a part of it gives none, from the sheet's omissions.
        named: whether an entity or mention has evidence in it.
    """

    start: int
    end: int
    facts: tuple[str, ...]
    reasons: tuple[str, ...]
    named: bool

    @property
    def is_covered(self) -> bool:
        """Whether facts are drawn from it, or the sheet says why none are."""
        return bool(self.facts or self.reasons)


def split(text: str) -> Iterator[tuple[int, int]]:
    """The sentences of a normalised text, as (start, end): each line's own, without white space around.

    >>> list(split("One. Two!\\nThree"))
    [(0, 4), (5, 9), (10, 15)]
    """
    for line in re.finditer(r"[^\n]+", text):
        start = line.start()
        ends = [match.end() for match in _END.finditer(text, line.start(), line.end())]
        for end in (*ends, line.end()):
            words = text[start:end]
            lead = len(words) - len(words.lstrip())
            if words.strip():
                yield start + lead, start + len(words.rstrip())
            start = end


def sentences(sheet: Sheet, text: str) -> list[Sentence]:
    """Every sentence of a sheet's text with what is drawn from it."""
    drawn = list(_drawn(sheet))
    result = []
    for start, end in split(text):
        touching = [(block, name) for block, name, first, last in drawn if first < end and last > start]
        result.append(
            Sentence(
                start,
                end,
                tuple(sorted({_name(block, name) for block, name in touching if block in _FACTS})),
                tuple(sorted({name for block, name in touching if block == "omissions"})),
                any(block in {"entities", "mentions"} for block, _ in touching),
            )
        )
    return result


def _name(block: str, record: str) -> str:
    return f"{block}/{record}" if record else block


def _drawn(sheet: Sheet) -> Iterator[tuple[str, str, int, int]]:
    """(block, record, start, end) of every span; of an omission, its reason in place of the record."""
    data: dict[str, Any] = sheet.document.data
    for block in ("article", *BLOCKS, "omissions"):
        for steps, span in evidence.spans(data.get(block, {})):
            record = data[block][steps[0]] if block != "article" else {}
            yield block, record.get("id", record.get("reason", "")), span["start"], span["end"]
