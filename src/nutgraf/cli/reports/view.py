"""What every report is made from: the findings that count, how many there are, and what else to say."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nutgraf.problems import InputError, Problem, Span
from nutgraf.shapes import report
from nutgraf.shapes.findings import Finding
from nutgraf.validation import Collected

LEVELS: Final = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that found something.

    Attributes:
        name: shape and component.
        count: how many findings it has.
        shown: how many of them people are shown.
        collected: where they are.
    """

    name: str
    count: int
    shown: int
    collected: Collected

    @property
    def first(self) -> Finding:
        """Its first finding."""
        return next(self.collected.spool.of(self.name, 1))

    def findings(self) -> Iterator[Finding]:
        """All of its findings, by place."""
        return self.collected.spool.of(self.name)

    def to_show(self) -> Iterator[Finding]:
        """Those that people are shown."""
        return self.collected.spool.of(self.name, self.shown)


@dataclass(frozen=True, slots=True)
class View:
    """A validation as a report shows it.

    Attributes:
        collected: what was found.
        unmatched_fails: whether a shape that no node is a target of is a finding.
        max_per_rule: how many findings of a rule to show, where people read them.
        root: the folder that the places' files are relative to.
    """

    collected: Collected
    unmatched_fails: bool = False
    max_per_rule: int | None = None
    root: Path | None = None

    @property
    def unmatched(self) -> tuple[tuple[str, Span | None], ...]:
        """The shapes that no node is a target of, each with its place."""
        return self.collected.unmatched

    @property
    def fails(self) -> bool:
        """Whether something must be mended: an error, or a shape without targets where that counts."""
        errors = bool(self.collected.spool.levels().get("error")) or self.collected.left_out_fails
        return errors or (self.unmatched_fails and bool(self.unmatched))

    def rules(self) -> Iterator[Rule]:
        """The rules that found something, by name."""
        for name, count in self.collected.spool.rules():
            yield Rule(name, count, min(count, self.max_per_rule or count), self.collected)

    def findings(self) -> Iterator[Finding]:
        """All findings, by rule and place."""
        return itertools.chain.from_iterable(rule.findings() for rule in self.rules())

    def turtle(self) -> Iterator[str]:
        """The W3C's report graph; a comment before it says where results are missing."""
        if self.collected.partial or self.collected.left_out:
            yield from (f"# {note}\n" for note in self.notes())
        yield from report.turtle(self.collected.spool.results, self.collected.spool.sorted)

    def notes(self) -> Iterator[str]:
        """What else to know."""
        yield from self.collected.notes
        if self.collected.partial:
            yield "stopped at the first violation: this report is partial"
        if self.collected.left_out:
            yield f"this report is truncated: {self.collected.left_out} more results are left out"

    def counts(self) -> str:
        """How many findings there are, in words."""
        number = self.collected.spool.levels()
        parts = [plural(number[level], level) for level in LEVELS if number.get(level)]
        if self.collected.left_out:
            parts.append(f"{self.collected.left_out} more left out")
        if self.collected.accepted:
            parts.append(f"{self.collected.accepted} accepted before")
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
