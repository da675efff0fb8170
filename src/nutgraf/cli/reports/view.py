"""What every report is made from: the findings that count, those that were accepted before, and more."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from nutgraf.problems import InputError, Problem, Span
from nutgraf.shapes.findings import Finding
from nutgraf.shapes.report import Report

LEVELS: Final = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class View:
    """A validation as a report shows it.

    Attributes:
        report: the W3C's report, of all results.
        findings: the distinct results, without those of the baseline, by rule and place.
        accepted: how many results the baseline has taken out.
        unmatched: the shapes that no node is a target of, each with its place.
        unmatched_fails: whether that is a finding.
        notes: what else to know.
        max_per_rule: how many findings of a rule to show, where people read them.
        root: the folder that the places' files are relative to.
    """

    report: Report
    findings: tuple[Finding, ...]
    accepted: int = 0
    unmatched: tuple[tuple[str, Span | None], ...] = ()
    unmatched_fails: bool = False
    notes: tuple[str, ...] = ()
    max_per_rule: int | None = None
    root: Path | None = None

    @property
    def fails(self) -> bool:
        """Whether something must be mended: an error, or a shape without targets where that counts."""
        errors = any(finding.level == "error" for finding in self.findings)
        return errors or (self.unmatched_fails and bool(self.unmatched))

    def rules(self) -> Iterator[tuple[str, list[Finding], list[Finding]]]:
        """Each rule with all of its findings, and with those to show."""
        for rule, group in groupby(self.findings, key=lambda finding: finding.rule):
            items = list(group)
            yield rule, items, items[: self.max_per_rule]

    def counts(self) -> str:
        """How many findings there are, in words."""
        number = Counter(finding.level for finding in self.findings)
        parts = [plural(number[level], level) for level in LEVELS if number[level]]
        if self.accepted:
            parts.append(f"{self.accepted} accepted before")
        if self.unmatched:
            parts.append(f"{plural(len(self.unmatched), 'shape')} without a node")
        return ", ".join(parts) or "conforms"


def plural(number: int, word: str) -> str:
    """A number with its noun.

    >>> plural(2, "error")
    '2 errors'
    """
    return f"{number} {word}{'s' * (number != 1)}"


def baseline(path: Path) -> frozenset[str]:
    """The fingerprints of the results that an earlier report has: what `--format json` wrote.

    Raises:
        InputError: SHP106, the file cannot be read or is no such report.
    """
    try:
        results = json.loads(path.read_text(encoding="utf-8"))["results"]
        return frozenset(str(result["fingerprint"]) for result in results)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            Problem(
                "SHP106",
                "cannot read the baseline",
                Span(path.as_posix()),
                why=str(error) or type(error).__name__,
                fix="write one with `nutgraf validate … --format json`",
            )
        ) from error
