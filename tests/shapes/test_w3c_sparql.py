"""The W3C's SPARQL test cases with the engine "auto": queries by pyoxigraph, the rest by pySHACL."""

from __future__ import annotations

from pathlib import Path

from tests.shapes import w3c

COUNT = 22
NOT_PASSED = {"pre-binding/shapesGraph-001": "pySHACL does not make the shapes graph a graph to query"}


def test_sparql(conformance: Path) -> None:
    cases = list(w3c.cases(conformance / "shacl" / "sparql"))
    assert len(cases) == COUNT
    found = {case.name: w3c.auto_report(case) for case in cases}
    wrong = {case.name: found[case.name] for case in cases if found[case.name] != case.expected}
    assert wrong.keys() == NOT_PASSED.keys(), wrong
