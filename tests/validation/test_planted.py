"""Thirty planted mistakes and more: each leads to its line."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from nutgraf.validation import validate_files

PLANTED = Path(__file__).parent / "planted"
SHAPES = PLANTED / "shapes.ttl"
JSONLD = {
    (17, "MaxCount"),
    (19, "Pattern"),
    (20, "Datatype"),
    (21, "Datatype"),
    (21, "MinInclusive"),
    (22, "Class"),
    (24, "MinCount"),
    (28, "Pattern"),
    (30, "Closed"),
    (37, "LanguageIn"),
}


def marked(file: Path) -> set[tuple[int, str]]:
    """The (line, component) of the marks in a file."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return {
        (number, component)
        for number, line in enumerate(lines, start=1)
        for mark in re.findall(r"#! ([\w ]+)$", line)
        for component in mark.split()
    }


def found(file: Path) -> set[tuple[int, str]]:
    findings = validate_files([file], [SHAPES]).findings
    assert all(finding.spans[0].file == str(file) for finding in findings)
    return {(finding.spans[0].line, finding.component) for finding in findings}


EXPECTED = {
    "turtle.ttl": marked(PLANTED / "turtle.ttl"),
    "lines.nt": marked(PLANTED / "lines.nt"),
    "named.trig": marked(PLANTED / "named.trig"),
    "document.jsonld": JSONLD,
}


@pytest.mark.parametrize("name", EXPECTED)
def test_mistakes_lead_to_their_lines(name: str) -> None:
    assert found(PLANTED / name) == EXPECTED[name]


def test_there_are_thirty() -> None:
    assert sum(map(len, EXPECTED.values())) >= 30


@pytest.mark.parametrize("name", EXPECTED)
def test_gzip(tmp_path: Path, name: str) -> None:
    packed = tmp_path / f"{name}.gz"
    packed.write_bytes(gzip.compress((PLANTED / name).read_bytes()))
    assert found(packed) == EXPECTED[name]


def test_every_finding_says_where_its_shape_asks_for_it() -> None:
    findings = validate_files([PLANTED / name for name in EXPECTED], [SHAPES]).findings
    shapes = SHAPES.read_text(encoding="utf-8").splitlines()
    for finding in findings:
        assert finding.shape_span is not None
        name = finding.component[0].lower() + finding.component[1:]
        line = shapes[finding.shape_span.line - 1]
        assert line[finding.shape_span.column - 1 :].startswith(f"sh:{name} ")
