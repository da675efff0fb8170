"""Small graphs against the shapes: each case is a folder with `data.ttl` and the text of its report."""

from __future__ import annotations

import os
import random
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Literal, Quad, RdfFormat, Triple, parse

from nutgraf.dataset import table
from nutgraf.engine import duckdb as engine
from nutgraf.shapes import reader
from nutgraf.shapes.load import canonical, load
from nutgraf.shapes.paths import SH
from nutgraf.shapes.pyshacl_engine import validate
from nutgraf.shapes.report import Report
from nutgraf.shapes.sql.engine import validate as sql
from nutgraf.terms.vocabulary import XSD

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


@pytest.mark.parametrize("case", NAMES)
def test_sql_finds_the_same(case: str) -> None:
    """And ill-formed values of xsd:gMonthDay, which pySHACL does not check."""
    triples = canonical(_triples(case))
    with engine.connect(threads=1) as connection:
        table.create(connection, (Quad(*triple) for triple in triples))
        ours = Counter(sql(connection, reader.read(GRAPH)).results)
    theirs = Counter(_report(case).results)
    assert theirs - ours == Counter()
    for result in ours - theirs:
        assert result.component == SH + "DatatypeConstraintComponent"
        assert isinstance(result.value, Literal)
        assert result.value.datatype.value == XSD + "gMonthDay"
