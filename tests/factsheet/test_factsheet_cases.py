"""Each folder of cases/ is a case: files with mistakes, and `expected.txt`, what a person is told of them.

A case with a `nutgraf.toml` is a workspace, one with a `links.sssom.tsv` a file of decisions, any other a
folder of fact sheets and registers. `texts/` beside the cases holds the texts of all.
`pytest --rewrite tests/factsheet/test_factsheet_cases.py` writes the expected files anew: read the diff.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from nutgraf import workspace
from nutgraf.factsheet import check
from nutgraf.problems import NutgrafError, Problem
from nutgraf.reconcile import decisions
from tests.factsheet.sheets import ROOT, SCHEMA, TEXT

FOLDER = Path(__file__).parent
CASES = sorted((FOLDER / "cases").iterdir())
DOCUMENTED = re.compile(r"^## ([A-Z]{3}[0-9]{3}) ", re.MULTILINE)
BREAKAGES = {
    "wrong-type": "SHT103",
    "missing-name": "SHT102",
    "dangling-reference": "REF101",
    "bad-date": "TIM101",
    "unknown-key": "SHT101",
    "wrong-hash": "EVD103",
    "two-values": "SHT103",
    "person-as-place": "REF104",
    "unknown-language": "SHT112",
    "duplicate-id": "REF102",
}
# What no file of a case can show: see test_documents, test_evidence, test_schema, test_workspace, cli.
ELSEWHERE = {
    *("DOC101", "DOC102", "LNK106", "SHT108", "TXT101", "TXT102", "TXT103", "TXT104", "WSP101"),
    *(f"WSP{number}" for number in range(105, 113)),
    *(f"EVD{number}" for number in range(201, 210)),  # the verifier: tests/evidence/test_messages.py
    *(f"LNK{number}" for number in range(201, 208)),  # linking: tests/reconcile
}


def explained(problems: Iterable[Problem]) -> str:
    """The problems as text: where, what, why, fix."""
    lines = []
    for problem in problems:
        lines.append(str(problem))
        lines += [f"  {name}  {text}" for name, text in (("why", problem.why), ("fix", problem.fix)) if text]
    return "\n".join(lines) + "\n"


def problems_of(case: Path) -> Iterable[Problem]:
    try:
        if (case / workspace.FILE).exists():
            workspace.load(case)
            return ()
        if (case / "links.sssom.tsv").exists():
            decisions.read(case / "links.sssom.tsv", "links.sssom.tsv")
            return ()
        paths = [path for path in case.iterdir() if path.suffix in {".yaml", ".json"}]
        return check.load(paths, SCHEMA, texts=FOLDER / "texts", display=lambda path: path.name)[1]
    except NutgrafError as error:
        return error.problems


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path, rewrite: bool) -> None:
    problems = list(problems_of(case))
    told = explained(problems) if problems else "nothing\n"
    if rewrite:
        (case / "expected.txt").write_text(told, encoding="utf-8")
    assert told == (case / "expected.txt").read_text(encoding="utf-8")
    for problem in problems:
        assert problem.span is not None
        assert problem.span.file in {path.name for path in case.iterdir()}
        assert problem.span.line >= 1
        assert problem.span.column >= 1


def test_the_text_of_the_cases() -> None:
    assert (FOLDER / "texts" / "harbour.txt").read_text(encoding="utf-8") == TEXT


@pytest.mark.parametrize(("case", "code"), BREAKAGES.items())
def test_the_breakages_that_people_make(case: str, code: str) -> None:
    expected = (FOLDER / "cases" / case / "expected.txt").read_text(encoding="utf-8")
    assert re.match(rf"[a-z.]+:\d+:\d+: {code} ", expected)
    assert "\n  fix  " in expected


def test_every_code_has_a_case() -> None:
    told = "".join((case / "expected.txt").read_text(encoding="utf-8") for case in CASES)
    codes = set(DOCUMENTED.findall((ROOT / "docs" / "errors.md").read_text(encoding="utf-8")))
    ours = {code for code in codes if code[:3] in {"DOC", "SHT", "REF", "TIM", "EVD", "TXT", "LNK", "WSP"}}
    assert {code for code in ours - ELSEWHERE if f": {code} " not in told} == set()
