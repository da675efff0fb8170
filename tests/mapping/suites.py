"""The public RML suites as data, and what becomes of each case.

Source: https://github.com/kg-construct/rml-core, rml-lv and rml-test-cases
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import pyoxigraph

from nutgraf.problems import InputError
from tests.mapping.mapping_runner import canonical, quad, readable, readable_row, run_mapping

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs" / "conformance.md"

Outcome = Literal["passed", "refused", "wrong"]


@dataclass(frozen=True)
class Suite:
    """A folder of cases.

    Attributes:
        folder: below the folder of all suites.
        title: for people.
        base: the base IRI of its cases.
    """

    folder: str
    title: str
    base: str


SUITES: Final = (
    Suite("rml-core", "RML-Core, JSON", "http://example.com/"),
    Suite("rml-lv", "RML logical views, JSON and CSV", "http://example.com/"),
    Suite("rml-2014", "RML in the vocabulary of 2014, JSON and CSV", "http://example.com/base/"),
)


@dataclass(frozen=True)
class Case:
    """A mapping, its input and what must come of it.

    Attributes:
        folder: where they are.
        title: what it tests, where the suite says so.
        output: None where an error is expected.
    """

    folder: Path
    title: str
    output: Path | None


@dataclass(frozen=True)
class Result:
    """A case and what became of it."""

    case: Case
    outcome: Outcome

    @property
    def as_expected(self) -> bool:
        return self.outcome == ("passed" if self.case.output else "refused")


def cases(root: Path, suite: Suite) -> Iterator[Case]:
    """The cases of a suite in order; what a case says of itself must agree with its files."""
    for folder in sorted(path for path in (root / suite.folder).iterdir() if path.is_dir()):
        readme = folder / "README.md"
        text = readme.read_text(encoding="utf-8") if readme.exists() else ""
        title = re.search(r"\*\*Title\*\*: (.*)", text)
        output = folder / "output.nq"
        expects_error = re.search(r"\*\*Error expected\?\*\* (Yes|No)", text)
        if expects_error:
            assert output.exists() == (expects_error[1] == "No"), folder.name
        yield Case(folder, title[1].strip().strip('"') if title else "", output if output.exists() else None)


def results(root: Path, suite: Suite) -> list[Result]:
    """Run every case of a suite."""
    return [Result(case, _outcome(case, suite.base)) for case in cases(root, suite)]


def _outcome(case: Case, base: str) -> Outcome:
    try:
        made = run_mapping(case.folder / "mapping.ttl", base=base, directory=case.folder)
    except InputError:
        return "refused"
    if case.output is None:
        return "wrong"
    expected = readable(case.output.read_text(encoding="utf-8"))
    quads = pyoxigraph.parse(expected, format=pyoxigraph.RdfFormat.N_QUADS)
    found = pyoxigraph.Dataset(quad(readable_row(row)) for row in made.statements)
    return "passed" if canonical(found) == canonical(pyoxigraph.Dataset(quads)) else "wrong"


def page(found: dict[Suite, list[Result]]) -> str:
    """The page of the results."""
    lines = [
        "# Conformance of the mapping engine",
        "",
        "Made by `pytest tests/mapping/test_rml_conformance.py --rewrite` from the suites of RML-Core,",
        "logical views and the vocabulary of 2014. Output is compared by isomorphism. A case that expects an",
        "error passes when it is refused. [Sources and targets](conformance-io.md) have a page of their own.",
        "",
        "| suite | cases | with output | pass | expecting an error | pass |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for suite, items in found.items():
        with_output = [item for item in items if item.case.output]
        errors = [item for item in items if not item.case.output]
        counts = [len(items), len(with_output), _passing(with_output), len(errors), _passing(errors)]
        lines.append(f"| {suite.title} | {' | '.join(map(str, counts))} |")
    for suite, items in found.items():
        lines += ["", f"## {suite.title}", "", "| case | tests | result |", "|---|---|---|"]
        lines += [f"| {item.case.folder.name} | {item.case.title} | {_shown(item)} |" for item in items]
    return "\n".join(lines) + "\n"


def _passing(items: list[Result]) -> int:
    return sum(item.as_expected for item in items)


def _shown(item: Result) -> str:
    if not item.as_expected:
        return f"**{item.outcome}**"
    return "passes" if item.case.output else "refused, as expected"
