"""Saved queries with their expected answers, read from `queries/`."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nutgraf.dataset import saved
from nutgraf.dataset.sparql import Solutions, query
from nutgraf.dataset.store import Dataset, Term

ROOT = Path(__file__).parent.parent.parent
FOLDER = ROOT / "queries"

Row = tuple[str, ...]

_QUESTION = re.compile(r"# question: (.+)")
_CONTROL = re.compile(r"^# control: (.+)$", re.MULTILINE)
_TOKEN = re.compile(r'"[^"\n]*"|<[^<>\s]*>|#.*')


@dataclass(frozen=True)
class Answers:
    """Answers as text: the columns of a result that are no parameters, and its rows."""

    variables: Row
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class SavedQuery:
    """A query in `queries/`.

    Attributes:
        id: its file's name without extension.
        text: all of the file.
        question: what it asks, in words.
        parameters: name → default term.
        control: name → the term with which a query without an answer has one.
    """

    id: str
    text: str
    question: str
    parameters: Mapping[str, Term]
    control: Mapping[str, Term]

    @property
    def body(self) -> str:
        """The text without its comments."""
        return _TOKEN.sub(lambda match: "" if match[0].startswith("#") else match[0], self.text)


@dataclass(frozen=True)
class Case:
    """One run of a query: with its defaults, or with its control."""

    query: SavedQuery
    kind: str
    settings: Mapping[str, Term] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.query.id}-{self.kind}"

    @property
    def file(self) -> Path:
        """The file with the answers that the run must give."""
        return FOLDER / f"{self.query.id}.{self.kind}.tsv"


def load() -> list[SavedQuery]:
    """All saved queries, sorted by id."""
    return [_read(path) for path in sorted(FOLDER.glob("*.rq"))]


def cases(queries: list[SavedQuery]) -> list[Case]:
    """The runs of all queries."""
    expected = [Case(each, "expected", each.parameters) for each in queries]
    control = [Case(each, "control", {**each.parameters, **each.control}) for each in queries if each.control]
    return expected + control


def ask(dataset: Dataset, case: Case) -> Answers:
    """Run a query and leave out the columns that only repeat its parameters."""
    results = query(dataset, case.query.text, substitutions=case.settings, file=f"{case.query.id}.rq")
    assert isinstance(results, Solutions)
    answers = [name not in case.settings for name in results.variables]
    return Answers(
        _keep(results.variables, answers),
        tuple(_keep([_text(term) for term in row], answers) for row in results.rows()),
    )


def read_answers(path: Path) -> Answers:
    """Read a file of answers: tab-separated plain text, a row of names first."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
    return Answers(tuple(header), tuple(map(tuple, rows)))


def _read(path: Path) -> SavedQuery:
    text = path.read_text(encoding="utf-8")
    question = _QUESTION.match(text)
    assert question, f"{path.name} does not begin with its question"
    return SavedQuery(
        id=path.stem,
        text=text,
        question=question[1],
        parameters=saved.parameters(text, path.name),
        control=dict(saved.setting(setting) for setting in _CONTROL.findall(text)),
    )


def _keep(values: list[str], kept: list[bool]) -> Row:
    return tuple(value for value, keep in zip(values, kept, strict=True) if keep)


def _text(term: Term | None) -> str:
    if term is None:
        return ""
    value: str = getattr(term, "value", str(term))
    return value
