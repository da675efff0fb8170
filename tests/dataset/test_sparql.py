"""Queries and their results."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Triple

from nutgraf.dataset.results import serialize_results
from nutgraf.dataset.sparql import Solutions, query
from nutgraf.dataset.store import Dataset
from nutgraf.problems import InputError

A, P, G = (NamedNode(f"https://example.org/{name}") for name in "apg")
DATASET = Dataset.of([Quad(A, P, Literal("1, é", language="en"), G), Quad(P, P, A)])
SELECT = "SELECT ?s ?o ?none { ?s <https://example.org/p> ?o } ORDER BY ?s"


def test_select_over_the_union_of_graphs() -> None:
    solutions = query(DATASET, SELECT)
    assert isinstance(solutions, Solutions)
    assert solutions.variables == ["s", "o", "none"]
    assert solutions.rows() == [(A, Literal("1, é", language="en"), None), (P, A, None)]
    assert solutions.rows() == solutions.rows()


def test_from_narrows_the_default_graph() -> None:
    solutions = query(DATASET, "SELECT ?s FROM <https://example.org/g> { ?s ?p ?o } # from here on")
    assert isinstance(solutions, Solutions)
    assert solutions.rows() == [(A,)]


def test_schema_org_in_a_query_is_https() -> None:
    dataset = Dataset.of([Quad(A, NamedNode("https://schema.org/about"), A)])
    assert query(
        dataset, "PREFIX s: <http://schema.org/> ASK { ?s s:about ?o; <http://schema.org/about> ?o }"
    )


def test_other_forms_and_substitutions() -> None:
    assert query(DATASET, "ASK { ?s ?p ?o }", substitutions={"s": A}) is True
    assert query(DATASET, "ASK { ?s ?p ?o }", substitutions={"s": G}) is False
    assert query(DATASET, "CONSTRUCT { ?s a schema:Thing } { ?s ?p ?o FILTER isIRI(?o) }") == [
        Triple(
            P,
            NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
            NamedNode("https://schema.org/Thing"),
        )
    ]
    assert query(DATASET, "DESCRIBE <https://example.org/a>") == [
        Triple(A, P, Literal("1, é", language="en"))
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("SELECT * {\n  ?s ?p }", "q.rq:2:10: QRY101 not a SPARQL query"),
        ("INSERT DATA { <a:b> <a:b> <a:b> }", "q.rq:1:10: QRY101 not a SPARQL query"),
        ("SELECT (<https://example.org/f>(1) AS ?x) {}", "q.rq:1:1: QRY103 "),
        ("SELECT * {\n SERVICE <https://example.org/> {} }", "q.rq:2:2: QRY102 the query names SERVICE"),
    ],
)
def test_problems(text: str, problem: str) -> None:
    with pytest.raises(InputError) as caught:
        query(DATASET, text, file="q.rq")
    assert str(caught.value).startswith(problem), str(caught.value)


URL = "<https://127.0.0.1:9/>"


@pytest.mark.parametrize(
    "text",
    [
        f"SELECT * {{ service silent {URL} {{ ?s ?p ?o }} }}",
        f"SELECT * {{ SERVICESILENT{URL}{{ ?s ?p ?o }} }}",
        f"SELECT * {{ ?s ?p 1SERVICE{URL}{{ ?s ?p ?o }} }}",
        f"SELECT * {{ ?s ?p a:bSERVICE{URL}{{ ?s ?p ?o }}SERVICE ?x {{}} }}",
        f"PREFIX p: {URL} SELECT * {{ SERVICEp:x{{ ?s ?p ?o }} }}",
        f"PREFIX : {URL} SELECT * {{ SERVICE:x{{ ?s ?p ?o }} }}",
        f"SELECT * {{ \u017fERVICE {URL} {{ ?s ?p ?o }} }}",
        f"SELECT * {{ S\\u0045RVICE {URL} {{ ?s ?p ?o }} }}",
        "SELECT * { VALUES ?a { 1 } VALUES ?b { 2 } FILTER(?a<?b)SERVICE?x#>\n{ ?s ?p ?o } }",
        f'SELECT * {{ VALUES ?x {{ """a"}} SERVICE{URL}{{ ?s ?p ?o }} # \\q """\n}}',
        f'SELECT * {{ VALUES ?x {{ """a"}} SERVICE{URL}{{ ?s ?p ?o }} # \\u00zz """\n}}',
        f"PREFIX e: <a:> SELECT * {{ ?s ?p e:a\\#b . SERVICE {URL} {{ ?s ?p ?o }} }}",
        f'SELECT * {{ ?a ?p ?b FILTER(?a<?b#>""" \n)SERVICE{URL}{{ ?s ?p ?o }} }} # """',
        f"SELECT * {{ ?s ?p '''a''' . SERVICE {URL} {{ ?s ?p ?o }} . ?s ?p '''b''' }}",
        f"SELECT * {{ ?s ?p 'a\\\\' . SERVICE {URL} {{ ?s ?p 'b' }} }}",
    ],
)
def test_no_service_gets_past(text: str) -> None:
    with pytest.raises(InputError) as caught:
        query(DATASET, text)
    assert [problem.code for problem in caught.value.problems] in (["QRY102"], ["QRY101"])


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?service $Service { ?service <https://example.org/service#x> $Service } # SERVICE <a>",
        'SELECT * { ?s schema:serviceType \'the secret service\', """it\'s a "service" """@en }',
        "SELECT * { ?s schema:Service ?o FILTER(?o < 3 && ?o > 1 && 'service' != '\\'service') }",
        "BASE <https://example.org/> SELECT * { <services> <service> '''a service''' }",
    ],
)
def test_the_word_alone_is_no_service(text: str) -> None:
    assert isinstance(query(DATASET, text), Solutions)


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        (
            "csv",
            's,o,none\r\nhttps://example.org/a,"1, é",\r\nhttps://example.org/p,https://example.org/a,\r\n',
        ),
        (
            "tsv",
            (
                '?s\t?o\t?none\n<https://example.org/a>\t"1, é"@en\t\n'
                "<https://example.org/p>\t<https://example.org/a>\t\n"
            ),
        ),
    ],
)
def test_tables(to: str, expected: str) -> None:
    solutions = query(DATASET, SELECT)
    assert isinstance(solutions, Solutions)
    assert serialize_results(solutions, to) == expected


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ("csv", "true"),
        ("tsv", "true"),
        ("json", '{"head":{},"boolean":true}'),
        (
            "xml",
            (
                '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#">'
                "<head></head><boolean>true</boolean></sparql>"
            ),
        ),
    ],
)
def test_answers(to: str, expected: str) -> None:
    assert serialize_results(results=True, to=to) == expected
