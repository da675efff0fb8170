"""Check claims: they are paraphrased in few words, which keeps other people's prose out, and have a voice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from nutgraf.factsheet.sheet import Sheet, texts
from nutgraf.problems import Problem

MAX_WORDS: Final = 12


def check(sheet: Sheet) -> list[Problem]:
    """SHT109, a paraphrase of more than twelve words; SHT110, a claim without a voice or with two."""
    return [*_long(sheet), *_voices(sheet)]


def _long(sheet: Sheet) -> Iterator[Problem]:
    for number, record in sheet.records("claims"):
        for _, text in texts(record["abstract"], sheet.language):
            if len(text.split()) > MAX_WORDS:
                yield Problem(
                    "SHT109",
                    f'"abstract" has {len(text.split())} words',
                    sheet.span("claims", number, "abstract"),
                    fix=f"say it in {MAX_WORDS} words of your own at the most",
                )


def _voices(sheet: Sheet) -> Iterator[Problem]:
    for number, record in sheet.records("claims"):
        spoken = record.get("voice", "source") == "source"
        if spoken != ("author" in record):
            yield Problem(
                "SHT110",
                "a claim needs an author, or a voice that has none",
                sheet.span("claims", number),
                fix='add "author:"' if spoken else 'remove "author:", or write "voice: source"',
            )
