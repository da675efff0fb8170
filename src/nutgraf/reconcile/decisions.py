"""Link decisions as SSSOM: accepted, rejected, and looked for and not there.

Source: A Simple Standard for Sharing Ontological Mappings, https://mapping-commons.github.io/sssom/.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import yaml

from nutgraf.problems import InputError, Problem, Span, in_order

Verdict = Literal["accepted", "rejected", "not found"]

REQUIRED: Final = ("subject_id", "predicate_id", "object_id", "mapping_justification", "mapping_date")
NO_TERM_FOUND: Final = "sssom:NoTermFound"
_WIKIDATA: Final = re.compile(r"http://www\.wikidata\.org/entity/Q[1-9][0-9]*")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Decision:
    """One row of the decisions file.

    Attributes:
        subject: IRI of the thing that was looked up.
        verdict: what was decided.
        object: IRI of the Wikidata item; None when there is none.
        span: the row.
    """

    subject: str
    verdict: Verdict
    object: str | None
    span: Span


def read(path: Path, display: str) -> list[Decision]:
    """Read the decisions of an SSSOM TSV file.

    Returns:
        One decision a row, in the file's order; none when there is no file.

    Raises:
        InputError: LNK101 not SSSOM, LNK102 an identifier that is no IRI, LNK103 an accepted object that
            is no Wikidata item, LNK104 two verdicts on one pair or two accepted items for one thing,
            LNK105 a row without justification or date.
    """
    if not path.is_file():
        return []
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(Problem("LNK101", f"cannot read the decisions: {error}", Span(display))) from error
    header = sum(1 for _ in _header(lines))
    prefixes = _prefixes(lines[:header], display)
    rows = csv.reader(lines[header:], delimiter="\t", quoting=csv.QUOTE_NONE)
    columns = next(rows, [])
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        raise InputError(
            Problem("LNK101", f"the columns {', '.join(missing)} are missing", Span(display, header + 1), why="SSSOM needs them")
        )
    problems: list[Problem] = []
    decisions: list[Decision] = []
    for number, cells in enumerate(rows, start=header + 2):
        row = dict(zip(columns, cells, strict=False))
        reader = _Row(row, display, number, columns, cells, prefixes)
        decisions.extend(reader.decision(problems))
    problems.extend(_conflicts(decisions))
    if problems:
        raise InputError(*in_order(problems))
    return decisions


def _header(lines: list[str]) -> Iterator[str]:
    for line in lines:
        if not line.startswith("#"):
            return
        yield line


def _prefixes(header: list[str], display: str) -> dict[str, str]:
    try:
        metadata: Any = yaml.safe_load("\n".join(line[1:] for line in header)) or {}
        return {str(label): str(iri) for label, iri in metadata.get("curie_map", {}).items()}
    except (yaml.YAMLError, AttributeError) as error:
        raise InputError(Problem("LNK101", f"the metadata block is not YAML: {error}", Span(display))) from error


@dataclass(frozen=True)
class _Row:
    values: dict[str, str]
    file: str
    line: int
    columns: list[str]
    cells: list[str]
    prefixes: dict[str, str]

    def decision(self, problems: list[Problem]) -> Iterator[Decision]:
        found = [
            Problem("LNK105", f'"{name}" is empty', self._span(name), why="a link is a decision with a reason and a date")
            for name in ("mapping_justification", "mapping_date")
            if not self.values.get(name)
        ]
        date = self.values.get("mapping_date", "")
        if date and not _DATE.fullmatch(date):
            found.append(Problem("LNK105", f'"{date}" is not a date', self._span("mapping_date"), fix="write 2024-11-07"))
        subject = self._iri("subject_id", found)
        target = None
        verdict: Verdict = "not found"
        if self.values["object_id"] != NO_TERM_FOUND:
            verdict = "rejected" if self.values.get("predicate_modifier") == "Not" else "accepted"
            target = self._iri("object_id", found)
            if target and not _WIKIDATA.fullmatch(target):
                found.append(Problem("LNK103", f"{target} is not a Wikidata item", self._span("object_id"), fix="write wd:Q…"))
            if verdict == "accepted" and self.values["predicate_id"] != "skos:exactMatch":
                verdict = "rejected"  # close, broad or narrow is not the same thing
        problems.extend(found)
        if not found and subject:
            yield Decision(subject, verdict, target, self._span("subject_id"))

    def _span(self, column: str) -> Span:
        at = self.columns.index(column) if column in self.columns else 0
        return Span(self.file, self.line, 1 + sum(len(cell) + 1 for cell in self.cells[:at]), len(self.values.get(column, "")))

    def _iri(self, column: str, problems: list[Problem]) -> str | None:
        curie = self.values.get(column, "")
        prefix, colon, local = curie.partition(":")
        if colon and prefix in self.prefixes and local:
            return self.prefixes[prefix] + local
        if colon and local.startswith("//"):
            return curie
        problems.append(
            Problem("LNK102", f'"{curie}" is not an identifier', self._span(column), why=f"the prefixes are {', '.join(sorted(self.prefixes))}")
        )
        return None


def _conflicts(decisions: list[Decision]) -> Iterator[Problem]:
    pairs: dict[tuple[str, str | None], Decision] = {}
    accepted: dict[str, Decision] = {}
    for decision in decisions:
        first = pairs.setdefault((decision.subject, decision.object), decision)
        if first is not decision:
            yield Problem("LNK104", "this pair has been decided before", decision.span, why=f"at {first.span}", fix="keep one")
        if decision.verdict != "accepted":
            continue
        first = accepted.setdefault(decision.subject, decision)
        if first is not decision and first.object != decision.object:
            yield Problem("LNK104", "two items are accepted for one thing", decision.span, why=f"{first.object} at {first.span}", fix="reject one")
