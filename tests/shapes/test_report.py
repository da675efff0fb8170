"""Reports: the W3C's report graph, paths, and what pySHACL must not change."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse

from nutgraf.problems import InputError
from nutgraf.shapes.paths import SH, PropertyPath
from nutgraf.shapes.pyshacl_engine import validate
from nutgraf.shapes.report import INFO, VIOLATION, WARNING, Report, Result

EX = "https://example.org/"
PREFIXES = f"@prefix : <{EX}> . @prefix sh: <{SH}> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n"


def _validate(tmp_path: Path, shapes: str, data: str) -> Report:
    file = tmp_path / "shapes.ttl"
    file.write_text(PREFIXES + shapes, encoding="utf-8")
    triples = [q.triple for q in parse((PREFIXES + data).encode(), format=RdfFormat.TURTLE)]
    return validate(triples, [file])


def _parsed(report: Report) -> list[Triple]:
    return [q.triple for q in parse(report.to_turtle().encode(), format=RdfFormat.TURTLE)]


def test_nothing_wrong() -> None:
    report = Report.of([])
    assert report.conforms
    assert report.to_text() == "conforms\n"
    assert report.to_turtle() == (
        f"@prefix sh: <{SH}> .\n\n"
        "<urn:nutgraf:report>\n    a sh:ValidationReport ;\n    sh:conforms true ;\n.\n"
    )


@pytest.mark.parametrize(
    ("turtle", "sparql"),
    [
        ("[ sh:inversePath :p ]", f"^<{EX}p>"),
        ("( :p :q )", f"<{EX}p>/<{EX}q>"),
        ("( :p [ sh:inversePath :q ] )", f"<{EX}p>/(^<{EX}q>)"),
        ("[ sh:alternativePath ( :p :q ) ]", f"<{EX}p>|<{EX}q>"),
        ("[ sh:oneOrMorePath :p ]", f"<{EX}p>+"),
        ("[ sh:zeroOrOnePath ( :p :q ) ]", f"(<{EX}p>/<{EX}q>)?"),
    ],
)
def test_path(tmp_path: Path, turtle: str, sparql: str) -> None:
    shapes = f":S a sh:NodeShape ; sh:targetNode :n ; sh:property [ sh:path {turtle} ; sh:minCount 3 ] ."
    report = _validate(tmp_path, shapes, ":n :other :m .")
    assert [str(result.path) for result in report.results] == [sparql]
    assert _parsed(report)


def test_lexical_forms_stay(tmp_path: Path) -> None:
    shapes = ":S sh:targetObjectsOf :p ; sh:datatype xsd:string ."
    report = _validate(tmp_path, shapes, ":n :p '01'^^xsd:integer , '2024-01-01T00:00:00Z'^^xsd:dateTime .")
    values = [result.value.value for result in report.results if result.value]
    assert values == ["01", "2024-01-01T00:00:00Z"]


def test_settings_of_rdflib_are_restored(tmp_path: Path) -> None:
    before = rdflib.NORMALIZE_LITERALS
    rdflib.NORMALIZE_LITERALS = False
    try:
        _validate(tmp_path, ":S sh:targetNode :n ; sh:nodeKind sh:Literal .", ":n :p :o .")
        assert rdflib.NORMALIZE_LITERALS is False
    finally:
        rdflib.NORMALIZE_LITERALS = before


def test_values_that_cannot_be_compared_are_a_result(tmp_path: Path) -> None:
    shapes = ":S sh:targetNode :n ; sh:property [ sh:path :a ; sh:lessThan :b ] ."
    report = _validate(tmp_path, shapes, ":n :a '2024'^^xsd:gYear ; :b '2024-01'^^xsd:gYearMonth .")
    assert [result.component for result in report.results] == [SH + "LessThanConstraintComponent"]


def test_blank_node_labels_do_not_matter(tmp_path: Path) -> None:
    shapes = (
        ":S sh:targetSubjectsOf :p ; sh:property"
        " [ sh:path :p ; sh:datatype xsd:date ] , [ sh:path :q ; sh:minCount 1 ] ."
    )
    one = _validate(tmp_path, shapes, "_:a :p 'x' . _:b :p 'y' .")
    other = _validate(tmp_path, shapes, "_:z :p 'y' . _:b :p 'x' .")
    assert one == other
    assert one.to_turtle() == other.to_turtle()
    assert len(one.results) == 4


def test_shapes_that_cannot_be_evaluated(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        _validate(tmp_path, ":S sh:targetNode :n ; sh:minLength 'x' .", ":n :p :o .")
    assert [problem.code for problem in caught.value.problems] == ["SHP102"]


def test_the_same_result_twice_has_two_names() -> None:
    path = PropertyPath("predicate", EX + "p")
    result = Result(NamedNode(EX + "n"), path, None, SH + "C", VIOLATION, BlankNode("shape_c14n0"), 'say "x"')
    report = Report.of([result, result])
    nodes = {t.object for t in _parsed(report) if t.predicate.value == SH + "result"}
    assert len(nodes) == 2
    assert report.to_text().startswith("does not conform: 1 violation\n")


@pytest.mark.parametrize(
    ("severity", "violates"), [(VIOLATION, True), (WARNING, False), (INFO, False), ("urn:grave", True)]
)
def test_only_violations_stop_a_build(severity: str, violates: bool) -> None:
    result = Result(NamedNode(EX + "n"), None, None, SH + "C", severity, NamedNode(EX + "s"), "m")
    report = Report.of([result])
    assert not report.conforms
    assert report.violates is violates


def test_reports_need_no_pyshacl() -> None:
    code = (
        "import sys, nutgraf.shapes.report, nutgraf.shapes.load, nutgraf.shapes.places;"
        "sys.exit('rdflib' in sys.modules or 'pyshacl' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
