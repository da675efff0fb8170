"""What waits for a person: the proposals of `nutgraf link`, kept with the reasons for each candidate."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from nutgraf.problems import InputError, Problem, Span
from nutgraf.reconcile.decisions import Decision
from nutgraf.reconcile.propose import Proposed
from nutgraf.terms.vocabulary import WD

FILE: Final = "proposals.json"
_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Choice:
    """One candidate, as a person sees it."""

    item: str
    label: str
    description: str
    score: float
    why: str
    objection: str
    source: str
    source_version: str


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to decide.

    Attributes:
        node: path of its IRI below the base.
        label: its name.
        types: its schema.org classes.
        description: a few words of the sheet.
        hint: what the article says of who is meant.
        choices: the candidates, best first.
        asked: the sources that were asked.
    """

    node: str
    label: str
    types: tuple[str, ...]
    description: str
    hint: str
    choices: tuple[Choice, ...]
    asked: tuple[str, ...]


def questions(proposed: Iterable[Proposed], asked: Sequence[str]) -> list[Question]:
    """The proposals that a person has to decide."""
    return [
        Question(
            each.thing.node,
            each.thing.label,
            tuple(sorted(each.thing.types)),
            each.thing.description,
            each.hint,
            tuple(
                Choice(
                    candidate.item.id, candidate.item.label, candidate.item.description, candidate.score,
                    candidate.why, candidate.objection, *each.sources[candidate.item.id],
                )
                for candidate in each.candidates
            ),
            tuple(asked),
        )
        for each in proposed
        if each.verdict == "review"
    ]  # fmt: skip


def open_questions(every: Iterable[Question], decided: Iterable[Decision], base: str) -> list[Question]:
    """The questions that no decision has answered, without the candidates that were rejected."""
    rejected: dict[str, set[str]] = {}
    done = set()
    for decision in decided:
        if decision.verdict == "rejected" and decision.object:
            rejected.setdefault(decision.subject, set()).add(decision.object.removeprefix(WD))
        elif decision.verdict != "rejected":
            done.add(decision.subject)
    found = []
    for question in every:
        subject = base + question.node
        left = tuple(each for each in question.choices if each.item not in rejected.get(subject, set()))
        if subject not in done and left:
            found.append(
                Question(
                    question.node, question.label, question.types, question.description, question.hint, left,
                    question.asked,
                )
            )  # fmt: skip
    return found


def save(folder: Path, every: Sequence[Question]) -> None:
    """Write the queue as a whole.

    Raises:
        InputError: LNK204 it cannot be written.
    """
    rows = [
        {**_fields(question), "choices": [_fields(choice) for choice in question.choices]}
        for question in every
    ]
    text = json.dumps({"version": _VERSION, "questions": rows}, ensure_ascii=False, indent=1)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f".{FILE}.part"
        with part.open("w", encoding="utf-8") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        part.replace(folder / FILE)
    except OSError as error:
        message = f"cannot write the queue: {error.strerror or error}"
        raise InputError(Problem("LNK204", message, Span((folder / FILE).as_posix()))) from error


def load(folder: Path, display: str) -> list[Question]:
    """Read the queue; empty where `nutgraf link` has not run.

    Raises:
        InputError: LNK203 it is not what `save` wrote.
    """
    path = folder / FILE
    if not path.is_file():
        return []
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found["version"] != _VERSION:
            raise ValueError(f"version {found['version']}")  # noqa: TRY301
        return [_question(row) for row in found["questions"]]
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        fix = "run `nutgraf link` again; decisions are not in it"
        raise InputError(
            Problem("LNK203", f"cannot read the queue: {error}", Span(display), fix=fix)
        ) from error


def _fields(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__slots__}


def _question(row: dict[str, Any]) -> Question:
    choices = tuple(Choice(**each) for each in row["choices"])
    if not all(isinstance(each.score, int | float) and isinstance(each.item, str) for each in choices):
        raise ValueError("a candidate is malformed")
    return Question(
        str(row["node"]), str(row["label"]), tuple(map(str, row["types"])), str(row["description"]),
        str(row["hint"]), choices, tuple(map(str, row["asked"])),
    )  # fmt: skip
