"""What joins, views and lenience leave behind: lineage, warnings and labels."""

from __future__ import annotations

from pathlib import Path

from sqlglot.expressions import Expression, Literal

from nutgraf.engine.duckdb import connect
from nutgraf.mapping import Folders, load, run
from nutgraf.mapping.sql import function_library
from nutgraf.mapping.sql.function import Function
from nutgraf.mapping.sql.functions import call
from tests.mapping.mapping_runner import BASE, Result, run_mapping
from tests.mapping.test_mapping_cases import CASES, run_case

FOLDERS = {case.name: case for case in CASES}
EX = "https://example.org/"


def records_of(result: Result, predicate: str) -> dict[tuple[str, str], set[tuple[str, str]]]:
    """(subject, object) of each statement with the predicate → (record, role) of its lineage."""
    return {
        (str(row[1]), str(row[4])): {
            (str(made[4]), str(made[5])) for made in result.lineage if made[0] == row[0]
        }
        for row in result.statements
        if row[3] == EX + predicate
    }


def test_a_joined_statement_has_the_records_of_both_sides() -> None:
    result = run_case(FOLDERS["joins"] / "mapping.yml")
    sport = EX + "sport/100"
    assert records_of(result, "practises") == {
        (f"{EX}student/1", sport): {("s1", "child"), ("p1", "parent"), ("p2", "parent")},
        (f"{EX}student/2", sport): {("s2", "child"), ("p1", "parent"), ("p2", "parent")},
    }
    assert records_of(result, "plays") == {(f"{EX}student/1", sport): {("s1", "child"), ("p1", "parent")}}
    assert records_of(result, "badge")[f"{EX}student/4", f"{EX}badge/4"] == {("s4", "child")}


def test_a_row_of_a_view_has_its_record_and_those_that_were_joined_to_it() -> None:
    result = run_case(FOLDERS["view"] / "mapping.ttl")
    assert records_of(result, "born")[f"{EX}0/1", "1996"] == {("1", "child"), ("2", "parent")}
    assert records_of(result, "owner")[f"{EX}2/0", "é"] == {("3", "child")}


def test_lenience_warns_of_what_it_leaves_out() -> None:
    result = run_case(FOLDERS["lenient-2014"] / "mapping.ttl")
    assert [warning.split(": ", 1)[1] for warning in result.warnings] == [
        'MAP118 the subject "https://base.example/no iri" is not a valid IRI',
        "MAP112 only an object can be a Literal; the term type is ignored",
        "MAP112 a constant cannot be a blank node",
        'MAP103 no column "nmae" in event.json',
        'MAP114 the iterator "$[*]]" is not JSONPath',
    ]


def test_an_unsafe_iri_warns(tmp_path: Path) -> None:
    path = tmp_path / "mapping.ttl"
    path.write_text(
        """@prefix rml: <http://w3id.org/rml/> .
        <https://x.example/Map> rml:logicalSource [ rml:source "a.csv" ; rml:referenceFormulation rml:CSV ] ;
          rml:subjectMap [ rml:template "urn:x:{id}" ; rml:termType rml:UnsafeIRI ; rml:class <urn:x:C> ] ."""
    )
    (tmp_path / "a.csv").write_text("id\na b\n")
    result = run_mapping(path, directory=tmp_path)
    assert [row[1] for row in result.statements] == ["urn:x:a b"]
    assert [warning.split(": ", 1)[1] for warning in result.warnings] == [
        'MAP118 the subject "urn:x:a b" is not a valid IRI'
    ]


UNNAMED = """
prefixes: {ex: 'https://example.org/'}
mappings:
  one:
    sources: [[a.csv~csv]]
    po:
      - [ex:name, $(name)]
      - [ex:other, {mapping: two}]
  two:
    sources: [[a.csv~csv]]
    po: [[ex:name, $(name)]]
"""


def test_a_blank_node_without_a_value_is_one_for_each_record_and_mapping(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yml"
    path.write_text(UNNAMED)
    (tmp_path / "a.csv").write_text("name\nx\nx\n")
    result = run_mapping(path, directory=tmp_path)
    assert len({row[1] for row in result.statements}) == 4
    named = {row[1]: row[4] for row in result.statements if row[3] == EX + "name"}
    others = {row[4] for row in result.statements if row[3] == EX + "other"}
    assert len(named) == 4
    assert others < named.keys()
    assert run_mapping(path, directory=tmp_path).statements == result.statements


def test_one_connection_runs_twice(tmp_path: Path) -> None:
    """The functions that SQL calls are gone after each run."""
    case = FOLDERS["json-path"]
    folders = Folders((case / "files",), tmp_path, working=case / "files")
    connection = connect(directories=folders.readable)
    model = load([case / "mapping.yml"])
    found = []
    for _ in range(2):
        run(model, tables={}, base=BASE, connection=connection, folders=folders, lineage=False)
        found.append(connection.table("statements").fetchall())
    assert found[0] == found[1]
    assert [row[0] for row in connection.execute("SHOW TABLES").fetchall()] == ["rules", "statements"]


def test_a_function_of_ones_own(tmp_path: Path) -> None:
    """A function that gives nothing makes no statement."""
    iri = "https://example.org/fn#firstWord"
    empty = Literal.string("")
    function_library.register(
        iri, Function(("text",), lambda text: call("nullif", call("split_part", text, *_space()), empty))
    )
    path = tmp_path / "mapping.yml"
    path.write_text(
        "prefixes: {ex: 'https://example.org/', fn: 'https://example.org/fn#'}\nmappings:\n  one:\n"
        "    sources: [[a.csv~csv]]\n    s: ex:$(id)\n"
        "    po: [{p: ex:word, o: {function: 'fn:firstWord(text = $(name))'}}]\n"
    )
    (tmp_path / "a.csv").write_text("id,name\n1,two words\n2, starts blank\n")
    try:
        result = run_mapping(path, directory=tmp_path)
    finally:
        del function_library.FUNCTIONS[iri]
    assert [(row[1], row[4]) for row in result.statements] == [(EX + "1", "two")]


def _space() -> tuple[Expression, Expression]:
    return Literal.string(" "), Literal.number(1)
