"""Results lead to the lines of the sheets to mend."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest
from pyoxigraph import Literal, NamedNode

from nutgraf.problems import Problem, Span
from nutgraf.shapes.paths import SH, SHAPE, PropertyPath
from nutgraf.shapes.places import problems
from nutgraf.shapes.report import INFO, VIOLATION, WARNING, Report, Result
from nutgraf.terms.vocabulary import NUT, RDF_TYPE, SCHEMA, XSD

ID = "https://nutgraf.example/id/"
GRAPH = "https://nutgraf.example/graph/article/"
INTEGER = XSD + "integer"

# id, predicate, object, kind, datatype, language, article, line
STATEMENTS: list[tuple[str, str, str, str, str | None, str | None, str, int]] = [
    ("a0", RDF_TYPE, SCHEMA + "Event", "iri", None, None, "001", 10),
    ("a0", RDF_TYPE, SCHEMA + "Event", "iri", None, None, "002", 20),
    ("a1", SCHEMA + "location", ID + "body", "iri", None, None, "001", 12),
    ("a1", SCHEMA + "location", ID + "body", "iri", None, None, "002", 22),
    ("a2", NUT + "ordinal", "92", "literal", INTEGER, None, "001", 13),
    ("a2", NUT + "ordinal", "92", "literal", INTEGER, None, "002", 23),
    ("a3", NUT + "ordinal", "93", "literal", INTEGER, None, "002", 24),
    ("a4", SCHEMA + "abstract", "One", "literal", None, "en", "001", 14),
    ("a5", SCHEMA + "abstract", "Un", "literal", None, "fr", "001", 15),
    ("a6", SCHEMA + "abstract", "Deux", "literal", None, "FR", "001", 16),
]


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute(
        "create table statements (id text, subject text, subject_kind text, predicate text, object text,"
        " object_kind text, datatype text, language text, graph text, graph_kind text)"
    )
    connection.execute(
        "create table lineage (statement text, graph text, rule int, term_map text, record text, role text)"
    )
    connection.execute(
        "create table record (record text, source text, article text, file text, line int,"
        ' "column" int, pointer text)'
    )
    for number, (key, predicate, value, kind, datatype, language, article, line) in enumerate(STATEMENTS):
        graph, record = GRAPH + article, f"r{number}"
        row = [key, ID + "event", "iri", predicate, value, kind, datatype, language, graph, "iri"]
        connection.execute("insert into statements values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        connection.execute("insert into lineage values (?, ?, 1, 'object', ?, 'child')", [key, graph, record])
        place = [record, article, f"seeds/{article}.yaml", line]
        # A record that fills several tables stands there several times.
        for _ in range(2):
            connection.execute("insert into record values (?, 'article', ?, ?, ?, 5, '')", place)
    return connection


def _result(
    path: PropertyPath | str | None,
    value: NamedNode | Literal | None,
    component: str,
    focus: str = ID + "event",
    severity: str = VIOLATION,
) -> Result:
    if isinstance(path, str):
        path = PropertyPath("predicate", path)
    component = f"{SH}{component}ConstraintComponent"
    return Result(NamedNode(focus), path, value, component, severity, NamedNode(SHAPE + "s"), "it is wrong")


def _one(connection: duckdb.DuckDBPyConnection, result: Result) -> Problem:
    (problem,) = problems(Report.of([result, result]), connection)
    return problem


def _at(article: str, line: int) -> Span:
    return Span(f"seeds/{article}.yaml", line, 5)


def test_value_leads_to_all_records_that_state_it(connection: duckdb.DuckDBPyConnection) -> None:
    problem = _one(connection, _result(SCHEMA + "location", NamedNode(ID + "body"), "Node"))
    assert problem == Problem(
        "SHP201",
        "it is wrong: <https://nutgraf.example/id/body>",
        _at("001", 12),
        why="focus node <https://nutgraf.example/id/event>, path schema:location, shape shape:s;"
        " see also seeds/002.yaml:22:5",
        fix="refer to another thing, or complete this one",
    )


@pytest.mark.parametrize(
    ("result", "span"),
    [
        (_result(SCHEMA + "name", None, "MinCount"), _at("001", 10)),
        (_result(None, NamedNode(ID + "event"), "Or"), _at("001", 10)),
        (_result(NUT + "ordinal", None, "MaxCount"), _at("002", 24)),
        (
            _result(NUT + "ordinal", Literal("93", datatype=NamedNode(INTEGER)), "MinInclusive"),
            _at("002", 24),
        ),
        (_result(SCHEMA + "abstract", None, "UniqueLang"), _at("001", 16)),
        (_result(SCHEMA + "abstract", Literal("Deux", language="fr"), "Pattern"), _at("001", 16)),
        (_result("urn:none", Literal("x"), "Pattern"), _at("001", 10)),
        # Nothing says what the body is: what leads to it does.
        (_result(SCHEMA + "name", None, "MinCount", focus=ID + "body"), _at("001", 12)),
        # What the evidence says of a statement leads to the statement.
        (_result(None, None, "Or", focus="https://nutgraf.example/stmt/a3#002-0-9"), _at("002", 24)),
        (_result(None, None, "Or", focus="urn:none"), None),
    ],
)
def test_place(connection: duckdb.DuckDBPyConnection, result: Result, span: Span | None) -> None:
    assert _one(connection, result).span == span


def test_inverse_path(connection: duckdb.DuckDBPyConnection) -> None:
    path = PropertyPath("inverse", parts=(PropertyPath("predicate", SCHEMA + "location"),))
    problem = _one(connection, _result(path, NamedNode(ID + "event"), "Class", focus=ID + "body"))
    assert problem.span == _at("001", 12)


@pytest.mark.parametrize(
    ("severity", "expected"),
    [
        (VIOLATION, ("SHP201", "error")),
        (WARNING, ("SHP202", "warning")),
        (INFO, ("SHP203", "warning")),
        ("urn:grave", ("SHP201", "error")),
    ],
)
def test_code(connection: duckdb.DuckDBPyConnection, severity: str, expected: tuple[str, Any]) -> None:
    problem = _one(connection, _result(None, None, "Or", severity=severity))
    assert (problem.code, problem.severity) == expected


def test_no_results_ask_nothing() -> None:
    assert problems(Report.of([]), duckdb.connect()) == []
