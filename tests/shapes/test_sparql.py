"""SPARQL-based constraints: which engine runs them, and what the results say."""

from __future__ import annotations

import pytest
from pyoxigraph import Quad

from nutgraf.dataset import table
from nutgraf.engine import duckdb as engine
from nutgraf.problems import InputError
from nutgraf.shapes import prebinding, run
from nutgraf.shapes.sql import queries
from tests.shapes import fuzz

DATA = ':a :p 1 ; :q "x" . _:b :p 2 . :c :p 3 .'
PREFIX = "sh:prefixes :x ; "
DECLARE = ':x sh:declare [ sh:prefix "e" ; sh:namespace "https://example.org/" ] .\n'


def outcome(shapes: str, engine_name: run.Engine = "auto") -> run.Outcome:
    data = fuzz.triples(fuzz.PREFIXES + DATA)
    with engine.connect(threads=1) as connection:
        table.create(connection, (Quad(*triple) for triple in data))
        triples = fuzz.triples(fuzz.PREFIXES + DECLARE + shapes)
        return run.validate(connection, triples, lambda: data, engine=engine_name)


def query(select: str, more: str = "") -> str:
    return f":S sh:targetSubjectsOf :p ; sh:sparql [ {PREFIX} {more} sh:select '{select}' ] ."


def test_value_message_and_blank_nodes() -> None:
    found = outcome(
        query(
            "SELECT $this ?value { $this e:p ?value FILTER(?value > 1) }",
            'sh:message "{$this} has {?value}" ;',
        )
    )
    assert found.notes == ()
    messages = {str(result.focus): result.message for result in found.report.results}
    assert messages == {
        "<https://example.org/c>": "https://example.org/c has 3",
        "_:data_c14n0": "c14n0 has 2",
    }


def test_a_nested_query_decides_whether_a_node_conforms() -> None:
    shapes = (
        ":S sh:targetSubjectsOf :p ; sh:not :T . :T sh:sparql"
        f" [ {PREFIX} sh:select 'SELECT $this {{ $this e:q ?any }}' ] ."
    )
    found = outcome(shapes)
    assert {str(r.focus) for r in found.report.results} == {"_:data_c14n0", "<https://example.org/c>"}


def test_the_path_is_written_into_the_query() -> None:
    shapes = (
        ":S sh:targetNode :a ; sh:property [ sh:path [ sh:inversePath [ sh:inversePath :p ] ] ; sh:sparql"
        f" [ {PREFIX} sh:select 'SELECT $this ?value {{ $this $PATH ?value }}' ] ] ."
    )
    assert [r.value.value for r in outcome(shapes).report.results if r.value] == ["1"]


def test_what_pyoxigraph_does_not_pre_bind_is_run_by_pyshacl() -> None:
    shapes = query("SELECT $this { BIND ($this AS ?that) FILTER (?that = e:a) }")
    found = outcome(shapes)
    assert found.notes == ("<https://example.org/S> was run by pySHACL, for sh:sparql",)
    assert [str(r.focus) for r in found.report.results] == ["<https://example.org/a>"]
    with pytest.raises(InputError) as caught:
        outcome(shapes, "sql")
    assert [problem.code for problem in caught.value.problems] == ["SHP105"]


def test_only_the_shape_that_needs_it_is_run_by_pyshacl() -> None:
    other = ":T sh:targetNode :c ; sh:nodeKind sh:Literal ."
    found = outcome(query("SELECT $this { BIND ($this AS ?that) FILTER (?that = e:a) }") + other)
    assert len(found.notes) == 1
    assert sorted(str(r.source_shape)[-3:-1] for r in found.report.results) == ["/S", "/T"]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT $this { VALUES ?x { 1 } }",
        "SELECT $this { $this ?p ?o MINUS { ?o ?p 1 } }",
        "SELECT $this { SERVICE <https://example.org/> { ?s ?p ?o } }",
        "SELECT $this { s\\u0045rvice <https://example.org/> { ?s ?p ?o } }",
        "SELECT $this { BIND (1 AS $this) }",
        "SELECT $this { $this ?p ?o { SELECT ?o { ?o ?q ?r } } }",
    ],
)
def test_what_a_query_must_not_do(text: str) -> None:
    assert prebinding.forbidden(text)


@pytest.mark.parametrize(
    "text",
    [
        'SELECT $this { $this ?p "minus { values }" } # minus',
        "SELECT $this { $this <https://example.org/values> ?o }",
        "SELECT $this { { SELECT $this { $this ?p ?o } } }",
        "SELECT $this ?values { $this e:values ?values }",
    ],
)
def test_what_a_query_may_do(text: str) -> None:
    assert prebinding.forbidden(text) is None
    assert prebinding.is_safe(text)


@pytest.mark.parametrize(
    ("select", "at_once"),
    [
        ("SELECT $this ?value { $this e:p ?value FILTER(?value > 1) }", True),
        ("SELECT $this { ?value e:p ?x ; e:q ?y . FILTER (?x > 0 && ?y < 9) $this e:p ?x }", True),
        ('SELECT $this ?value { $this e:q ?value . FILTER regex(?value, "^x") }', True),
        ("SELECT DISTINCT $this { $this e:p ?value , ?other }", True),
        ("SELECT $this ?value { $this e:p* ?value }", False),
        ("SELECT $this ?value { $this (e:p?) ?value }", False),
        ("SELECT $this ?value { $this e:p ?value } LIMIT 1", False),
        ("SELECT $this (1 AS ?value) { $this e:p ?x }", False),
        ("SELECT $this { FILTER (bound($this)) }", False),
        ("SELECT $this ?value { $this e:p ?value OPTIONAL { $this e:q ?x } }", False),
        ("SELECT $this ?value { $this e:p ?value FILTER NOT EXISTS { $this e:q ?x } }", False),
    ],
)
def test_once_for_all_nodes_is_the_same(select: str, at_once: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    assert prebinding.is_set_at_a_time(select) == at_once
    one_by_one = outcome(query(select)).report
    monkeypatch.setattr(queries, "_MANY", 1)
    assert outcome(query(select)).report == one_by_one
