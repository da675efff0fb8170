"""The public RML suites, in the part that is supported: a case passes or is refused, never made wrong.

Source: https://github.com/kg-construct/rml-core and https://github.com/kg-construct/rml-test-cases
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from nutgraf.problems import InputError, Span
from tests.mapping.mapping_runner import read_nquads, run_mapping

BASES: Final = {"rml-core": "http://example.com/", "rml-2014": "http://example.com/base/"}

JOINS: Final = "joins and references to triples maps"
ARRAYS: Final = "references to the items of an array"
UNNAMED: Final = "blank nodes without a key"
UNSAFE: Final = "the expected output has IRIs with a space, which no parser reads"
STRICT: Final = "a mistake that the suite of 2014 lets pass, and that RML-Core refuses"

REFUSED: Final[dict[str, dict[str, str]]] = {
    "rml-core": {
        "RMLTC0008b-JSON": JOINS,
        "RMLTC0009a-JSON": JOINS,
        "RMLTC0009b-JSON": JOINS,
        "RMLTC0012e-JSON": UNNAMED,
        "RMLTC0021a-JSON": JOINS,
        "RMLTC0025a-JSON": ARRAYS,
        "RMLTC0025c-JSON": ARRAYS,
        "RMLTC0027b-JSON": UNSAFE,
        "RMLTC0030a-JSON": JOINS,
        "RMLTC0030b-JSON": JOINS,
        "RMLTC0030c-JSON": JOINS,
        "RMLTC0030d-JSON": JOINS,
        "RMLTC0030e-JSON": JOINS,
        "RMLTC0030f-JSON": JOINS,
    },
    "rml-2014": {
        "RMLTC0002c-CSV": STRICT,
        "RMLTC0002c-JSON": STRICT,
        "RMLTC0002g-JSON": STRICT,
        "RMLTC0004b-CSV": STRICT,
        "RMLTC0004b-JSON": STRICT,
        "RMLTC0007h-CSV": STRICT,
        "RMLTC0007h-JSON": STRICT,
        "RMLTC0008b-CSV": JOINS,
        "RMLTC0008b-JSON": JOINS,
        "RMLTC0009a-CSV": JOINS,
        "RMLTC0009a-JSON": JOINS,
        "RMLTC0009b-CSV": JOINS,
        "RMLTC0009b-JSON": JOINS,
        "RMLTC0019b-CSV": STRICT,
        "RMLTC0019b-JSON": STRICT,
        "RMLTC0020b-CSV": STRICT,
        "RMLTC0020b-JSON": STRICT,
    },
}
"""Cases with an output that are refused, and why."""

PASSED: Final = {"rml-core": 47, "rml-2014": 55}
EXPECTED_ERRORS: Final = {"rml-core": 15, "rml-2014": 8}


def outcome(case: Path, base: str) -> str:
    """What becomes of a case: "passed", "wrong" or "refused"."""
    expected = case / "output.nq"
    try:
        result = run_mapping(case / "mapping.ttl", base=base, directory=case)
    except InputError:
        return "refused"
    return "passed" if expected.exists() and result.dataset == read_nquads(expected) else "wrong"


@pytest.mark.parametrize("suite", ["rml-core", "rml-2014"])
def test_suite(conformance: Path, suite: str) -> None:
    cases = sorted(case for case in (conformance / suite).iterdir() if case.is_dir())
    outcomes = {case.name: outcome(case, BASES[suite]) for case in cases}
    expecting_output = {case.name for case in cases if (case / "output.nq").exists()}
    assert [name for name, found in outcomes.items() if found == "wrong"] == []
    refused = {name for name, found in outcomes.items() if found == "refused"}
    assert sorted(refused & expecting_output) == sorted(REFUSED[suite])
    assert len(refused - expecting_output) == EXPECTED_ERRORS[suite]
    assert sum(found == "passed" for found in outcomes.values()) == PASSED[suite]


def places(document: Path) -> list[Span | None]:
    """Where the problems of a mapping are; none when it can be run."""
    try:
        run_mapping(document)
    except InputError as error:
        return [problem.span for problem in error.problems]
    return []


def test_yarrrml_is_read_or_refused(conformance: Path) -> None:
    """Every document of the YARRRML suite is refused with a place: this one has none of its sources."""
    documents = sorted((conformance / "yarrrml").rglob("*.y*ml"))
    assert documents
    assert all(all(places(document)) for document in documents)
