"""Small graphs against the shapes: each case is a folder with `data.ttl` and the text of its report."""

from __future__ import annotations

import os
import random
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Triple, parse

from nutgraf.shapes.load import load
from nutgraf.shapes.paths import SH
from nutgraf.shapes.pyshacl_engine import validate
from nutgraf.shapes.report import Report

CASES = Path(__file__).parent / "cases"
SHAPES = sorted((Path(__file__).parents[2] / "ontology" / "shapes").glob("*.ttl"))
GRAPH = load(SHAPES)
NAMES = sorted(path.name for path in CASES.iterdir())


def _triples(case: str) -> list[Triple]:
    data = (CASES / case / "data.ttl").read_bytes()
    return [quad.triple for quad in parse(data, format=RdfFormat.TURTLE)]


@cache
def _report(case: str) -> Report:
    return validate(_triples(case), SHAPES)


@pytest.mark.parametrize("case", NAMES)
def test_case(case: str) -> None:
    expected = CASES / case / "expected.txt"
    text = _report(case).to_text()
    if os.environ.get("NUTGRAF_UPDATE"):
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")


def test_every_shape_finds_something() -> None:
    """Each property shape of a shape with targets is the source of a result in some case."""
    targeted = {
        t.subject for t in GRAPH if t.predicate.value in {SH + "targetClass", SH + "targetSubjectsOf"}
    }
    shapes = {t.object for t in GRAPH if t.predicate.value == SH + "property" and t.subject in targeted}
    found = {result.source_shape for case in NAMES for result in _report(case).results}
    assert shapes - found == set()


@pytest.mark.parametrize("case", ["event", "claim", "evidence"])
def test_order_changes_nothing(case: str) -> None:
    triples = _triples(case)
    random.Random(7).shuffle(triples)  # noqa: S311
    shuffled = validate(triples, SHAPES[::-1])
    assert shuffled == _report(case)
    assert shuffled.to_turtle() == _report(case).to_turtle()
