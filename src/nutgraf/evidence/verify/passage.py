"""The words that support a fact: some spans of a text."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from nutgraf.evidence.verify.dates import Date, dates
from nutgraf.evidence.verify.numerals import numerals
from nutgraf.factsheet import text as texts

_LONGEST_ACRONYM: Final = 5


@dataclass(frozen=True)
class Passage:
    """Spans of an article's normalised text, each read on its own: no word joins two of them.

    Attributes:
        text: the whole text.
        language: its language tag.
        spans: (start, end) of each span, in code points, end exclusive.
    """

    text: str
    language: str
    spans: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, text: str, language: str, evidence: Iterable[Mapping[str, Any]]) -> Passage:
        """The passage of a sheet's `evidence`."""
        spans = {(span["start"], span["end"]) for span in evidence}
        return cls(text, language, tuple(sorted(spans)))

    def __or__(self, other: Passage) -> Passage:
        return Passage(self.text, self.language, tuple(sorted({*self.spans, *other.spans})))

    @functools.cached_property
    def pieces(self) -> tuple[str, ...]:
        """The words of each span, folded."""
        return tuple(texts.fold(self.text[start:end]) for start, end in self.spans)

    @functools.cached_property
    def numbers(self) -> frozenset[Decimal]:
        """Every number that the passage states."""
        return frozenset(
            found.value for piece in self.pieces for found in numerals(piece, self.language)
        ) | frozenset(
            Decimal(int(moment.lexical[-2:]))
            for date in self.dates
            for moment in (date.time.start, date.time.end)
            if moment and moment.precision in {"date", "month_day"}
        )

    @functools.cached_property
    def dates(self) -> tuple[Date, ...]:
        """Every date that the passage states."""
        return tuple(date for piece in self.pieces for date in dates(piece, self.language))

    @property
    def places(self) -> str:
        """The spans, as a message shows them."""
        return ", ".join(f"{start}–{end}" for start, end in self.spans)

    def says(self, words: str) -> bool:
        """Whether one of the spans has these words, as whole words."""
        pattern = _whole(words)
        return any(pattern.search(piece) for piece in self.pieces)

    def holds(self, span: Mapping[str, Any]) -> bool:
        """Whether a span lies within one of the passage's."""
        return any(start <= span["start"] and span["end"] <= end for start, end in self.spans)

    def touches(self, span: Mapping[str, Any]) -> bool:
        """Whether a span shares a character with one of the passage's."""
        return any(start < span["end"] and span["start"] < end for start, end in self.spans)


@functools.lru_cache(maxsize=4096)
def _whole(words: str) -> re.Pattern[str]:
    # The French word "un" is not the UN: what is short and in capitals is compared as it is written.
    flags = re.NOFLAG if words.isupper() and len(words) <= _LONGEST_ACRONYM else re.IGNORECASE
    return re.compile(rf"(?<!\w){re.escape(texts.fold(words))}(?!\w)", flags)


def cuts_a_word(text: str, start: int, end: int) -> bool:
    """Whether a span begins or ends within a word or a number: "96" is not in "196", nor "5" in "5.5".

    >>> cuts_a_word("all 196 members", 5, 7), cuts_a_word("all 196 members", 4, 7)
    (True, False)
    """
    return _joined(text, start) or _joined(text, end)


def _joined(text: str, at: int) -> bool:
    """Whether the characters before and after a place belong together."""
    if not 0 < at < len(text):
        return False
    around = text[max(0, at - 2) : at + 2]
    before, after = text[at - 1], text[at]
    if re.match(r"\w", before) and re.match(r"\w", after):
        return True
    within_number = (
        re.fullmatch(r"\d[.,]\d.?", around) if after.isdigit() else re.fullmatch(r".?\d[.,]\d", around)
    )
    return bool(within_number)
