"""The queue as a table for a spreadsheet, and the verdicts back.

A row is a candidate. In `verdict` a person writes *accept*, *reject* or *not found*, or leaves it empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from nutgraf.problems import InputError, Problem, Span, quoted
from nutgraf.reconcile.items import QID
from nutgraf.reconcile.ledger import NewDecision
from nutgraf.reconcile.queue import Choice, Question

COLUMNS: Final = (
    "verdict", "thing", "label", "types", "about", "item", "item_label", "item_description", "score", "why",
    "against",
)  # fmt: skip
_VERDICTS: Final = ("accept", "reject", "not found")
_FORMULA: Final = ("=", "+", "-", "@")


def table(every: Sequence[Question]) -> str:
    """The queue as tab-separated text; no cell can be taken for a formula."""
    lines = ["\t".join(COLUMNS)]
    for question in every:
        for choice in question.choices:
            about = question.hint or question.description
            cells = (
                "", question.node, question.label, ", ".join(question.types), about, choice.item,
                choice.label, choice.description, f"{choice.score:.1f}", choice.why, choice.objection,
            )  # fmt: skip
            lines.append("\t".join(_safe(cell) for cell in cells))
    return "\n".join(lines) + "\n"


def _safe(text: str) -> str:
    text = " ".join(text.split())
    return f"'{text}" if text.startswith(_FORMULA) else text


def verdicts(path: Path, display: str, every: Sequence[Question], base: str, by: str) -> list[NewDecision]:
    """The decisions that a filled-in table states.

    Args:
        path: the table, as a spreadsheet saved it.
        display: as messages name it.
        every: the questions that are open.
        base: what every IRI of the workspace starts with.
        by: who decided.

    Raises:
        InputError: LNK205 it is no such table, LNK206 a row that cannot be taken; all rows are read first.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").replace("\r\n", "\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(Problem("LNK205", f"cannot read the table: {error}", Span(display))) from error
    columns = [_unquoted(cell) for cell in lines[0].split("\t")]
    missing = [name for name in ("verdict", "thing", "item") if name not in columns]
    if missing:
        fix = "start from `nutgraf review --export FILE.tsv`"
        message = f"the columns {', '.join(missing)} are missing"
        raise InputError(Problem("LNK205", message, Span(display), fix=fix))
    known = {question.node: question for question in every}
    problems: list[Problem] = []
    found: dict[tuple[str, str | None], NewDecision] = {}
    for number, line in enumerate(lines[1:], start=2):
        cells = [_unquoted(cell) for cell in line.split("\t")]
        row = dict(zip(columns, cells, strict=False))
        if not row.get("verdict"):
            continue
        decision = _decision(row, Span(display, number), known, base, by)
        if isinstance(decision, Problem):
            problems.append(decision)
        else:
            found[decision.subject, decision.item] = decision
    if problems:
        raise InputError(*problems)
    return list(found.values())


def _decision(
    row: dict[str, str], span: Span, known: dict[str, Question], base: str, by: str
) -> NewDecision | Problem:
    verdict, node, item = row["verdict"].lower(), row.get("thing", ""), row.get("item", "")
    question = known.get(node)
    if verdict not in _VERDICTS:
        fix = f"write {', '.join(_VERDICTS)}, or nothing"
        return Problem("LNK206", f"{quoted(verdict)} is no verdict", span, fix=fix)
    if question is None:
        fix = "remove the row, or run `nutgraf link` first"
        return Problem("LNK206", f"{quoted(node)} is not waiting for a decision", span, fix=fix)
    if verdict == "not found":
        return not_found(question, base, by)
    if not QID.fullmatch(item):
        return Problem("LNK206", f"{quoted(item)} is no Wikidata item", span, fix="write Q1028")
    choice = next((each for each in question.choices if each.item == item), None)
    if choice is None:
        why = f"they are {', '.join(each.item for each in question.choices)}"
        fix = "to accept another item, write the row into the decisions by hand"
        return Problem("LNK206", f"{item} is not among the candidates", span, why=why, fix=fix)
    return (
        accepted(question, choice, base, by) if verdict == "accept" else rejected(question, choice, base, by)
    )


def accepted(question: Question, choice: Choice, base: str, by: str) -> NewDecision:
    """The decision that a candidate is what the thing is."""
    return NewDecision(
        base + question.node, question.label, "accepted", choice.item, choice.label, by, 1.0, choice.source,
        choice.source_version, choice.why,
    )  # fmt: skip


def rejected(question: Question, choice: Choice, base: str, by: str) -> NewDecision:
    """The decision that a candidate is not what the thing is."""
    return NewDecision(
        base + question.node, question.label, "rejected", choice.item, choice.label, by, 1.0, choice.source,
        choice.source_version, choice.description,
    )  # fmt: skip


def not_found(question: Question, base: str, by: str) -> NewDecision:
    """The decision that no source that was asked has the thing."""
    asked = ", ".join(question.asked)
    return NewDecision(
        base + question.node, question.label, "not found", None, by=by, source=asked,
        comment=f"looked for in {asked}; not there",
    )  # fmt: skip


def _unquoted(cell: str) -> str:
    cell = cell.strip()
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        cell = cell[1:-1].replace('""', '"')
    return cell.removeprefix("'")
