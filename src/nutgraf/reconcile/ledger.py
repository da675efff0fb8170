"""Write link decisions: rows are added, none is ever changed, and no crash leaves half a file.

Every write makes the whole file beside, reads it as the build will, and only then moves it into place. A row
that is superseded goes to `links.superseded.sssom.tsv`, with the reason, before it leaves the decisions.

Source: SSSOM/TSV, https://mapping-commons.github.io/sssom/spec-formats-tsv/
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

from nutgraf.problems import InputError, Problem, Span
from nutgraf.reconcile import decisions
from nutgraf.reconcile.decisions import Decision, Verdict
from nutgraf.terms.vocabulary import WD

try:
    import fcntl
except ImportError:  # not on Windows, where two writers at once are not kept apart
    fcntl = None  # type: ignore[assignment]

COLUMNS: Final = (
    "subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id", "object_label",
    "mapping_justification", "author_id", "author_label", "mapping_tool", "mapping_tool_version",
    "confidence", "mapping_date", "object_source", "object_source_version", "comment", "other",
)  # fmt: skip
_HEADER: Final = """\
#curie_map:
#  id: {base}id/
#  semapv: https://w3id.org/semapv/vocab/
#  skos: http://www.w3.org/2004/02/skos/core#
#  source: {base}source/
#  sssom: https://w3id.org/sssom/
#  wd: http://www.wikidata.org/entity/
#mapping_set_id: {base}{name}
#license: https://creativecommons.org/publicdomain/zero/1.0/
"""
_PREFIX: Final = re.compile(r"#\s+(?P<prefix>[A-Za-z][\w.-]*):\s+(?P<iri>\S+)\s*$")
_CURIE: Final = re.compile(r"[A-Za-z][\w.+-]*:[^\s|]+")
_SLUG: Final = re.compile(r"[^A-Za-z0-9._~-]+")

LEXICAL: Final = "semapv:LexicalMatching"
MANUAL: Final = "semapv:ManualMappingCuration"


@dataclass(frozen=True, slots=True)
class NewDecision:
    """A decision to write.

    Attributes:
        subject: IRI of the thing.
        label: its name.
        verdict: what was decided.
        item: such as "Q1028"; None when none was found.
        item_label: its name.
        by: who decided, as a CURIE, an IRI or a name; None where the tool did.
        confidence: 0 to 1; None to say nothing.
        source: where the item was looked up.
        source_version: of that data.
        comment: why.
    """

    subject: str
    label: str
    verdict: Verdict
    item: str | None
    item_label: str = ""
    by: str | None = None
    confidence: float | None = None
    source: str = ""
    source_version: str = ""
    comment: str = ""


@dataclass(frozen=True)
class Ledger:
    """The decisions file of a workspace.

    Attributes:
        path: the file; it need not be there yet.
        display: as messages name it.
        base: what every IRI of the workspace starts with.
        locks: folder of our own for the lock.
        today: the date of new rows; None for the day it is.
    """

    path: Path
    display: str
    base: str
    locks: Path
    today: dt.date | None = None

    def read(self) -> list[Decision]:
        """The decisions so far.

        Raises:
            InputError: LNK101 to LNK107, as `decisions.read`.
        """
        return decisions.read(self.path, self.display)

    def add(self, new: Sequence[NewDecision]) -> None:
        """Add decisions, all or none.

        Raises:
            InputError: LNK201 one of them contradicts a row that is there, LNK202 the file cannot be
                written; or as in `read`.
        """
        if not new:
            return
        with self._locked():
            known = self.read()
            _check_conflicts(new, known)
            content = _Content.read(self.path, self.base)
            content = content.with_rows([self._row(each, content) for each in new])
            self._replace(content, expected=len(known) + len(new))

    def supersede(self, old: Mapping[Decision, str], new: Sequence[NewDecision] = ()) -> None:
        """Take decisions out, keep them with the reason among the superseded, and add others in their place.

        Args:
            old: decision → why it no longer holds; those that are not in the file any more are left out.
            new: as in `add`.

        Raises:
            InputError: as in `add`.
        """
        reasons = {(each.subject, each.verdict, each.object): reason for each, reason in old.items()}
        with self._locked():
            known = self.read()
            lines = {
                each.span.line: reasons[each.subject, each.verdict, each.object]
                for each in known
                if (each.subject, each.verdict, each.object) in reasons
            }
            left = [each for each in known if each.span.line not in lines]
            _check_conflicts(new, left)
            content = _Content.read(self.path, self.base)
            kept, removed = content.split(lines)
            name = "links.superseded.sssom.tsv"
            archive = Ledger(self.path.with_name(name), name, self.base, self.locks)
            archive._keep([row | {"other": self._note(reason)} for row, reason in removed])
            kept = kept.with_rows([self._row(each, kept) for each in new])
            self._replace(kept, expected=len(left) + len(new))

    def _note(self, reason: str) -> str:
        return f"superseded={self._date()}|reason={_cell(reason).replace('|', '/')}"

    def _keep(self, rows: list[dict[str, str]]) -> None:
        content = _Content.read(self.path, self.base)
        _write(self.path, content.with_rows(rows).text)

    def _row(self, new: NewDecision, content: _Content) -> dict[str, str]:
        row = {
            "subject_id": content.curie(new.subject),
            "subject_label": new.label,
            "predicate_id": content.curie("http://www.w3.org/2004/02/skos/core#exactMatch"),
            "predicate_modifier": "Not" if new.verdict == "rejected" else "",
            "object_id": content.curie(WD + new.item if new.item else "https://w3id.org/sssom/NoTermFound"),
            "object_label": new.item_label,
            "mapping_justification": content.curie(
                f"https://w3id.org/semapv/vocab/{(MANUAL if new.by else LEXICAL).removeprefix('semapv:')}"
            ),
            "confidence": f"{new.confidence:.2f}" if new.confidence is not None else "",
            "mapping_date": self._date(),
            "object_source": content.curie(f"{self.base}source/{_slug(new.source)}") if new.source else "",
            "object_source_version": new.source_version,
            "comment": new.comment,
        }
        if new.by is None:
            row |= {"mapping_tool": "nutgraf", "mapping_tool_version": version("nutgraf")}
        else:
            row["author_id" if _CURIE.fullmatch(new.by) else "author_label"] = new.by
        return row

    def _date(self) -> str:
        return (self.today or dt.datetime.now(dt.UTC).date()).isoformat()

    def _replace(self, content: _Content, expected: int) -> None:
        part = _staged(self.path, content.text)
        try:
            found = decisions.read(part, self.display)
            if len(found) != expected:
                message = f"the new decisions would read as {len(found)} rows, not {expected}"
                raise InputError(Problem("LNK202", message, Span(self.display), fix="check its metadata"))
            _move(part, self.path)
        finally:
            part.unlink(missing_ok=True)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep two commands from writing at once; the file itself is replaced and cannot be the lock."""
        if self.path.is_symlink():
            fix = "put the file itself there"
            raise InputError(Problem("LNK202", "the decisions are a link", Span(self.display), fix=fix))
        try:
            self.locks.mkdir(parents=True, exist_ok=True)
            with (self.locks / "links.lock").open("a") as lock:
                if fcntl is not None:
                    fcntl.flock(lock, fcntl.LOCK_EX)
                yield
        except OSError as error:
            message = f"cannot write the decisions: {error.strerror or error}"
            raise InputError(Problem("LNK202", message, Span(self.display))) from error


@dataclass(frozen=True)
class _Content:
    """A decisions file taken apart into what is kept byte for byte."""

    head: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[str, ...]
    prefixes: Mapping[str, str]
    newline: str

    @classmethod
    def read(cls, path: Path, base: str) -> _Content:
        if path.is_file():
            text = path.read_bytes().decode("utf-8-sig")
        else:
            text = _HEADER.format(base=base, name=path.name) + "\t".join(COLUMNS) + "\n"
        newline = "\r\n" if "\r\n" in text else "\n"
        lines = text.removesuffix("\n").split("\n")
        at = next(number for number, line in enumerate(lines) if not line.startswith("#"))
        found = (_PREFIX.match(line.rstrip("\r")) for line in lines[:at])
        prefixes = {match["prefix"]: match["iri"].strip("\"'") for match in found if match}
        columns = tuple(lines[at].rstrip("\r").split("\t"))
        return cls(tuple(lines[:at]), columns, tuple(lines[at + 1 :]), prefixes, newline)

    @property
    def text(self) -> str:
        columns = "\t".join(self.columns) + self.newline.removesuffix("\n")
        return "\n".join((*self.head, columns, *self.rows)) + "\n"

    def with_rows(self, rows: Sequence[Mapping[str, str]]) -> _Content:
        """With rows at the end, and the columns that they need; a row that is there already is left out."""
        needed = [name for name in COLUMNS if any(row.get(name) for row in rows)]
        needed += [name for row in rows for name in row if name not in COLUMNS]
        missing = dict.fromkeys(name for name in needed if name not in self.columns)
        columns = (*self.columns, *missing)
        ending = self.newline.removesuffix("\n")
        lines = [
            "\t".join(_cell(row.get(name, "")) for name in columns).rstrip("\t") + ending for row in rows
        ]
        known = set(self.rows)
        added = tuple(dict.fromkeys(line for line in lines if line not in known))
        kept = tuple(line for line in self.rows if line.strip())
        return _Content(self.head, columns, (*kept, *added), self.prefixes, self.newline)

    def split(self, lines: Mapping[int, str]) -> tuple[_Content, list[tuple[dict[str, str], str]]]:
        """Without the rows on these lines of the file, and those rows with what is said of their lines."""
        first = len(self.head) + 2
        numbered = list(enumerate(self.rows, start=first))
        kept = tuple(row for number, row in numbered if number not in lines)
        removed = [
            (dict(zip(self.columns, row.rstrip("\r").split("\t"), strict=False)), lines[number])
            for number, row in numbered
            if number in lines
        ]
        return _Content(self.head, self.columns, kept, self.prefixes, self.newline), removed

    def curie(self, iri: str) -> str:
        """An IRI under the file's own prefixes; whole where none fits."""
        fitting = [label for label, namespace in self.prefixes.items() if iri.startswith(namespace)]
        if not fitting:
            return iri
        label = max(fitting, key=lambda label: len(self.prefixes[label]))
        return f"{label}:{iri[len(self.prefixes[label]) :]}"


def _check_conflicts(new: Sequence[NewDecision], known: Sequence[Decision]) -> None:
    problems = []
    verdicts: dict[str, list[tuple[Verdict, str | None, Span | None]]] = {}
    for decision in known:
        verdicts.setdefault(decision.subject, []).append((decision.verdict, decision.object, decision.span))
    for each in new:
        target = WD + each.item if each.item else None
        for verdict, other, span in verdicts.get(each.subject, []):
            both_final = "rejected" not in {verdict, each.verdict}
            if other == target or both_final:
                why = f"{verdict} {other or 'no item'}" + (f" at {span}" if span else " in the same round")
                fix = "correct the row by hand, or let `nutgraf link --recheck` reopen it"
                problems.append(
                    Problem("LNK201", f"<{each.subject}> is decided already", span, why=why, fix=fix)
                )
        verdicts.setdefault(each.subject, []).append((each.verdict, target, None))
    if problems:
        raise InputError(*problems)


def _cell(text: str) -> str:
    return " ".join(text.split())


def _slug(text: str) -> str:
    return _SLUG.sub("-", text).strip("-") or "unnamed"


def _staged(path: Path, text: str) -> Path:
    part = path.with_name(f".{path.name}.part")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with part.open("wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        part.unlink(missing_ok=True)
        raise
    return part


def _move(part: Path, path: Path) -> None:
    part.replace(path)
    with contextlib.suppress(OSError):  # some file systems cannot sync a folder
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _write(path: Path, text: str) -> None:
    _move(_staged(path, text), path)
