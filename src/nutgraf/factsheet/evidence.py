"""Check a sheet's evidence against the article's text: the span exists and its hash matches."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nutgraf.factsheet import text as texts
from nutgraf.factsheet.sheet import Sheet
from nutgraf.problems import InputError, Problem


def spans(value: Any, steps: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
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
            fix="print the selector with `nutgraf evidence`",
        )
        for steps, span in spans(sheet.document.data)
        if not span["start"] < span["end"] <= length
    ]


def check(sheet: Sheet, directory: Path) -> list[Problem]:
    """Check the text's own hash (EVD102) and every span's (EVD103); a text that is missing is EVD104."""
    declared = sheet.document.data["article"]["text"]
    path = directory / declared["file"]
    try:
        text = texts.read(path)
    except InputError as error:
        return [
            Problem("EVD104", f'cannot check the evidence: {problem.message}: "{declared["file"]}"', sheet.span("article", "text", "file"))
            for problem in error.problems
        ]
    problems = []
    if texts.sha256(text) != declared["sha256"] or len(text) != declared["length"]:
        problems.append(
            Problem(
                "EVD102",
                f'the text "{declared["file"]}" is not the one that this sheet was made from',
                sheet.span("article", "text", "sha256"),
                why=f"it has {len(text)} characters and the SHA-256 {texts.sha256(text)}",
                fix="check every span again, then correct the hash and the length",
            )
        )
    problems.extend(_check_spans(sheet, text))
    return problems


def _check_spans(sheet: Sheet, text: str) -> Iterator[Problem]:
    for steps, span in spans(sheet.document.data):
        if not span["start"] < span["end"] <= len(text):
            continue  # EVD101 has said so
        found = texts.select(text, span["start"], span["end"])
        if found.sha256 != span["sha256"]:
            yield Problem(
                "EVD103",
                f"the span {found.start}–{found.end} does not hold the words that were hashed",
                sheet.span(*steps),
                why="it was moved, or the text changed",
                fix="print the selector with `nutgraf evidence`",
            )
