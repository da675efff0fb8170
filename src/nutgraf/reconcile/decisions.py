"""Link decisions as SSSOM: accepted, rejected, and looked for and not there.

Source: A Simple Standard for Sharing Ontological Mappings, https://mapping-commons.github.io/sssom/.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from nutgraf.problems import InputError, Problem, Span, in_order, quoted
from nutgraf.records import document
from nutgraf.records.yaml_document import parse as parse_yaml

Verdict = Literal["accepted", "rejected", "not found"]

REQUIRED: Final = ("subject_id", "predicate_id", "object_id", "mapping_justification", "mapping_date")
_NO_TERM_FOUND: Final = frozenset({"sssom:NoTermFound", "https://w3id.org/sssom/NoTermFound"})
_EXACT_MATCH: Final = frozenset({"skos:exactMatch", "http://www.w3.org/2004/02/skos/core#exactMatch"})
_WIKIDATA: Final = re.compile(r"http://www\.wikidata\.org/entity/Q[1-9][0-9]*")
_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s<>\"{}|\\^`]+")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CONFIDENCE: Final = re.compile(r"0|1|0?\.[0-9]+|1\.0+")


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
            LNK105 a row without justification or date, or with a value that is none, LNK107 a row with
            more cells than there are columns.
    """
    if not path.is_file():
        return []
    lines = _lines(path, display)
    header = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    prefixes = _prefixes(lines[:header], display)
    columns = _columns(lines[header] if header < len(lines) else "", Span(display, header + 1))
    problems: list[Problem] = []
    decisions: list[Decision] = []
    for number, line in enumerate(lines[header + 1 :], start=header + 2):
        if line.strip():
            row = _Row(line.split("\t"), columns, Span(display, number), prefixes)
            found, decision = row.decide()
            problems.extend(found)
            decisions.extend([decision] if decision else [])
    problems.extend(_conflicts(decisions))
    if problems:
        raise InputError(*in_order(problems))
    return decisions


def _lines(path: Path, display: str) -> list[str]:
    try:
        with path.open("rb") as file:
            raw = file.read(document.MAX_BYTES + 1)
        if len(raw) > document.MAX_BYTES:
            raise InputError(Problem("LNK101", "the file of decisions is too large", Span(display)))
        text = raw.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        message = f"cannot read the decisions: {error}"
        raise InputError(Problem("LNK101", message, Span(display), fix="save the file as UTF-8")) from error
    # Not splitlines(), which also splits where an editor does not.
    return [line.removesuffix("\r") for line in text.split("\n")]


def _prefixes(header: list[str], display: str) -> dict[str, str]:
    """The `curie_map` of the metadata block, which is YAML behind number signs."""
    if not any(line[1:].strip() for line in header):
        return {}
    try:
        metadata, places = parse_yaml("\n".join(" " + line[1:] for line in header), display)
    except InputError as error:
        problems = (
            Problem("LNK101", f"the metadata block cannot be read: {problem.message}", problem.span)
            for problem in error.problems
        )
        raise InputError(*problems) from error
    prefixes = metadata.get("curie_map", {}) if isinstance(metadata, dict) else None
    if not isinstance(prefixes, dict) or not all(isinstance(iri, str) for iri in prefixes.values()):
        span = places.value(("curie_map",))
        fix = "write a prefix and its IRI on each line"
        raise InputError(Problem("LNK101", "the curie_map is not a map of prefixes to IRIs", span, fix=fix))
    return prefixes


def _columns(line: str, span: Span) -> list[str]:
    columns = line.split("\t")
    missing = [name for name in REQUIRED if name not in columns]
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if missing:
        message = f"the columns {', '.join(missing)} are missing"
        raise InputError(Problem("LNK101", message, span, why="SSSOM needs them", fix="add them"))
    if twice:
        message = f"the columns {', '.join(twice)} stand twice"
        raise InputError(Problem("LNK101", message, span, fix="keep one of each"))
    return columns


@dataclass(frozen=True)
class _Row:
    cells: list[str]
    columns: list[str]
    line: Span
    prefixes: dict[str, str]

    def decide(self) -> tuple[list[Problem], Decision | None]:
        """What is wrong with the row, or else what it decides."""
        subject, target = self._iri("subject_id"), None
        verdict: Verdict = "not found"
        if self._value("object_id") not in _NO_TERM_FOUND:
            verdict = "rejected" if self._value("predicate_modifier") else "accepted"
            target = self._iri("object_id")
            if self._value("predicate_id") not in _EXACT_MATCH:
                verdict = "rejected"  # close, broad or narrow is not the same thing
        problems = [*self._malformed(), *self._invalid()]
        if target and not _WIKIDATA.fullmatch(target):
            message = f"{quoted(target)} is not a Wikidata item"
            problems.append(self._problem("LNK103", message, "object_id", fix="write wd:Q…"))
        for column, iri in (("subject_id", subject), ("object_id", target)):
            if iri is None and (column == "subject_id" or verdict != "not found"):
                problems.append(self._no_iri(column))
        if problems or subject is None:
            return problems, None
        return [], Decision(subject, verdict, target, self._span("subject_id"))

    def _malformed(self) -> Iterator[Problem]:
        if len(self.cells) > len(self.columns):
            message = f"the row has {len(self.cells)} cells, and there are {len(self.columns)} columns"
            yield Problem("LNK107", message, self.line, fix="remove the tab that is too many")

    def _invalid(self) -> Iterator[Problem]:
        for column in ("mapping_justification", "mapping_date"):
            if not self._value(column):
                why = "a link is a decision with a reason and a date"
                yield self._problem("LNK105", f'"{column}" is empty', column, why=why, fix="fill it in")
        date = self._value("mapping_date")
        if date and not _is_date(date):
            yield self._problem(
                "LNK105", f"{quoted(date)} is not a date", "mapping_date", fix="write 2024-11-07"
            )
        modifier = self._value("predicate_modifier")
        if modifier not in {"", "Not"}:
            message = f"{quoted(modifier)} is no predicate modifier"
            yield self._problem("LNK105", message, "predicate_modifier", fix='write "Not" or nothing')
        confidence = self._value("confidence")
        if confidence and not _CONFIDENCE.fullmatch(confidence):
            message = f"{quoted(confidence)} is not a confidence"
            yield self._problem("LNK105", message, "confidence", fix="write a number from 0 to 1")

    def _value(self, column: str) -> str:
        at = self.columns.index(column) if column in self.columns else len(self.cells)
        return self.cells[at].strip() if at < len(self.cells) else ""

    def _span(self, column: str) -> Span:
        at = self.columns.index(column)
        start = 1 + sum(len(cell) + 1 for cell in self.cells[:at])
        return Span(self.line.file, self.line.line, start, len(self._value(column)))

    def _problem(
        self, code: str, message: str, column: str, why: str | None = None, fix: str = ""
    ) -> Problem:
        return Problem(code, message, self._span(column), why=why, fix=fix)

    def _iri(self, column: str) -> str | None:
        curie = self._value(column)
        prefix, _, local = curie.partition(":")
        iri = self.prefixes[prefix] + local if prefix in self.prefixes and local else curie
        return iri if _IRI.fullmatch(iri) else None

    def _no_iri(self, column: str) -> Problem:
        message = f"{quoted(self._value(column))} is not an identifier"
        why = f"the prefixes are {', '.join(sorted(self.prefixes)) or 'none'}"
        return self._problem("LNK102", message, column, why=why, fix="write prefix:name, or a whole IRI")


def _is_date(text: str) -> bool:
    try:
        return bool(_DATE.fullmatch(text) and dt.date.fromisoformat(text))
    except ValueError:
        return False


def _conflicts(decisions: list[Decision]) -> Iterator[Problem]:
    """Two rows that cannot both hold."""
    pairs: dict[tuple[str, str | None], Decision] = {}
    links: dict[str, Decision] = {}
    missed = {decision.subject: decision for decision in decisions if decision.verdict == "not found"}
    for decision in decisions:
        first = pairs.setdefault((decision.subject, decision.object), decision)
        if first is not decision:
            why = f"at {first.span}"
            yield Problem(
                "LNK104", "this pair has been decided before", decision.span, why=why, fix="keep one"
            )
        elif decision.verdict == "accepted":
            first = links.setdefault(decision.subject, decision)
            if first is not decision:
                why = f"{first.object} at {first.span}"
                yield Problem(
                    "LNK104", "two items are accepted for one thing", decision.span, why=why, fix="reject one"
                )
            if decision.subject in missed:
                why = f"at {missed[decision.subject].span}"
                message = "an item is accepted where none was found"
                yield Problem("LNK104", message, decision.span, why=why, fix="keep one")
