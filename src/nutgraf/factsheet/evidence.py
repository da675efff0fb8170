"""Check a sheet's evidence against the article's text: the span exists and its hash matches."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nutgraf.factsheet import text as texts
from nutgraf.factsheet.sheet import Sheet
from nutgraf.problems import InputError, Problem, quoted
from nutgraf.records.places import Steps

_SELECT = "print the selector with `nutgraf evidence`"


def spans(value: Any, steps: Steps = ()) -> Iterator[tuple[Steps, dict[str, Any]]]:
    """Every span below `value`, with the steps that lead to it."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        if key == "evidence" and isinstance(item, list):
            for number, span in enumerate(item):
                yield (*steps, key, number), span
        else:
            yield from spans(item, (*steps, key))


def check_bounds(sheet: Sheet) -> list[Problem]:
    """What can be checked without the text: EVD101, a span that is empty or ends after the text."""
    length = sheet.document.data["article"]["text"]["length"]
    return [
        Problem(
            "EVD101",
            f"the span {span['start']}–{span['end']} is not within the text",
            sheet.span(*steps),
            why=f"the text has {length} characters, and a span ends after it starts",
            fix=_SELECT,
        )
        for steps, span in spans(sheet.document.data)
        if not span["start"] < span["end"] <= length
    ]


def check(sheet: Sheet, directory: Path) -> list[Problem]:
    """Check a sheet against its text.

    Args:
        sheet: follows the schema.
        directory: folder of the articles' texts; nothing outside it is read.

    Returns:
        EVD102 the text is another one, EVD103 a span does not hold the words that were hashed, EVD104 the
        text cannot be read, EVD105 a quoted word is not in its evidence.
    """
    declared = sheet.document.data["article"]["text"]
    try:
        text = _text(directory, declared["file"])
    except InputError as error:
        span = sheet.span("article", "text", "file")
        return [
            Problem(
                "EVD104",
                f"cannot check the evidence: {problem.message}",
                span,
                why=f"it is {quoted(declared['file'])}",
                fix="put the text into the folder, or correct the name",
            )
            for problem in error.problems
        ]
    problems = []
    if texts.sha256(text) != declared["sha256"] or len(text) != declared["length"]:
        problems.append(
            Problem(
                "EVD102",
                f"the text {quoted(declared['file'])} is not the one that this sheet was made from",
                sheet.span("article", "text", "sha256"),
                why=f"it has {len(text)} characters and the SHA-256 {texts.sha256(text)}",
                fix="check every span again, then correct the hash and the length",
            )
        )
    return [*problems, *_check_spans(sheet, text), *_check_words(sheet, text)]


def read_text(sheet: Sheet, directory: Path) -> str | None:
    """The normalised text of a sheet; None where it cannot be read, which `check` reports."""
    try:
        return _text(directory, sheet.document.data["article"]["text"]["file"])
    except InputError:
        return None


def _text(directory: Path, name: str) -> str:
    """The text `name` of a folder; a link that leads out of it is not followed."""
    path = directory / name
    if path.resolve().parent != directory.resolve():
        raise InputError(Problem("TXT101", "cannot read the text: it is not in the folder of the texts"))
    return texts.read(path)


def _verifies(span: dict[str, Any], text: str) -> bool:
    return texts.sha256(text[span["start"] : span["end"]]) == str(span["sha256"])


def _check_spans(sheet: Sheet, text: str) -> Iterator[Problem]:
    for steps, span in spans(sheet.document.data):
        if not span["start"] < span["end"] <= len(text):
            continue  # EVD101 has said so, or EVD102
        if not _verifies(span, text):
            yield Problem(
                "EVD103",
                f"the span {span['start']}–{span['end']} does not hold the words that were hashed",
                sheet.span(*steps),
                why="it was moved, or the text changed",
                fix=_SELECT,
            )


@dataclass(frozen=True)
class _Quote:
    """Words that a sheet quotes: `surface` fills each of its spans, `said` stands in one of them."""

    steps: Steps
    words: str
    evidence: list[dict[str, Any]]

    def is_in(self, found: list[str]) -> bool:
        words = texts.fold(self.words)
        if self.steps[-1] == "surface":
            return all(texts.fold(span) == words for span in found)
        whole = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)")
        return any(whole.search(texts.fold(span)) for span in found)


def _quotes(value: Any, steps: Steps = (), evidence: list[dict[str, Any]] | None = None) -> Iterator[_Quote]:
    """Every `surface` and `said` below a value, with its own evidence or else that of what it is part of."""
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _quotes(item, (*steps, number), evidence)
    if not isinstance(value, dict):
        return
    evidence = value.get("evidence", evidence)
    for key, item in value.items():
        if key in {"surface", "said"} and isinstance(item, str):
            yield _Quote((*steps, key), item, evidence or [])
        elif key != "evidence":
            yield from _quotes(item, (*steps, key), evidence)


def _check_words(sheet: Sheet, text: str) -> Iterator[Problem]:
    for quote in _quotes(sheet.document.data):
        if not all(_verifies(span, text) for span in quote.evidence):
            continue  # EVD103 has said so
        # Without evidence anywhere above, as for an article's date, the whole text is the evidence.
        found = [text[span["start"] : span["end"]] for span in quote.evidence] or [text]
        if not quote.is_in(found):
            yield Problem(
                "EVD105",
                f"the evidence does not say {quoted(quote.words)}",
                sheet.span(*quote.steps),
                why="words that a sheet quotes are those of the article",
                fix="quote the article's own words, or correct the span",
            )
