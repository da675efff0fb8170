"""Which statements a query looks at: by the query's text, and by what leaving the others out changes."""

from __future__ import annotations

import random

import pytest
from pyoxigraph import Quad

from nutgraf.dataset import table
from nutgraf.engine import duckdb as engine
from nutgraf.shapes import run, touched
from nutgraf.shapes.report import Report
from nutgraf.shapes.sql import queries
from tests.shapes import fuzz

E = "https://example.org/"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
KNOWN = {
    "$this e:p ?value": "p",
    "$this a/^e:p ?value": "a p",
    "$this e:p/e:q* ?value": "p q",
    "$this e:q*/e:p ?value": "p q",
    "$this (e:p/e:q?)+ ?value": "p q",
    "$this e:p|e:r ?value": "p r",
    "$this e:p ?value FILTER NOT EXISTS { $this e:q/^e:r ?z ; e:r ?value OPTIONAL { ?z a e:A } }": "p q r a",
    "$this e:p ?value FILTER EXISTS { $this e:q ?z FILTER NOT EXISTS { ?z e:r ?y } }": "p q r",
    "$this e:p ?value FILTER (EXISTS { $this e:q [ e:r ?value ] } || ?value IN (1, 2))": "p q r",
    "{ $this e:p ?value } UNION { $this ^e:q ?value . BIND (str(?value) AS ?text) }": "p q",
    "$this e:p ?value . OPTIONAL { ?value e:q ?z } FILTER (!bound(?z))": "p q",
    "{ SELECT $this (count(?z) AS ?value) { $this e:p ?z } GROUP BY $this HAVING (count(?z) > 1) }": "p",
}
ANY = [
    "$this ?p ?value",
    "$this e:p* ?value",
    "$this e:p? ?value",
    "$this (e:p|e:q?) ?value",
    "$this e:p*/e:q? ?value",
    "$this !e:p ?value",
    "$this (e:p|!(e:q|^e:r)) ?value",
    "GRAPH ?g { $this e:p ?value }",
    "$this e:p ?value FILTER NOT EXISTS { ?value ?any $this }",
    "$this e:p ?value FILTER NOT EXISTS { GRAPH ?g { $this e:q ?value } }",
    r"$this e:p\-q ?value",
    "$this e:p",
    "$this unknown:p ?value",
]


def text(body: str) -> str:
    return f"PREFIX e: <{E}>\nSELECT $this ?value WHERE {{ {body} }}"


@pytest.mark.parametrize("body", KNOWN)
def test_the_predicates_of_all_patterns(body: str) -> None:
    names = KNOWN[body].split()
    assert touched.predicates(text(body)) == frozenset({TYPE if name == "a" else E + name for name in names})


@pytest.mark.parametrize("body", ANY)
def test_what_may_look_at_anything(body: str) -> None:
    assert touched.predicates(text(body)) is None


def test_another_dataset_may_be_anything() -> None:
    assert touched.predicates("SELECT $this FROM <urn:g> { $this <urn:p> ?value }") is None


@pytest.mark.parametrize("body", [body for body in [*KNOWN, *ANY[:9]] if "GRAPH" not in body])
def test_what_is_left_out_changes_nothing(body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = fuzz.triples(
        fuzz.PREFIXES + ':x sh:declare [ sh:prefix "e" ; sh:namespace "https://example.org/" ] .\n'
        ":S sh:targetNode :a, :b, :nowhere ; sh:targetSubjectsOf :q ; sh:targetObjectsOf :p ; sh:sparql"
        f" [ sh:prefixes :x ; sh:select '''SELECT $this ?value {{ {body} }}''' ] ."
    )
    results = 0
    for seed in range(8):
        chance = random.Random(seed)  # noqa: S311 - the same data for the same seed
        nodes = [*fuzz.NODES, ":A"]
        lines = [
            f"{chance.choice(nodes)} {chance.choice([*fuzz.PREDICATES, 'a', ':s'])} {chance.choice(nodes)} ."
            for _ in range(30)
        ]
        data = [Quad(*triple) for triple in fuzz.triples(fuzz.PREFIXES + "\n".join(lines))]

        def report(data: list[Quad] = data) -> Report:
            with engine.connect(threads=1) as connection:
                table.create(connection, data)
                found = run.validate(connection, shapes, lambda: [quad.triple for quad in data])
                assert found.notes == ()
                return found.report

        everything = report()
        with monkeypatch.context() as patch:
            patch.setattr(queries, "_CHOSEN_FROM", 1)
            assert report() == everything
        results += len(everything.results)
    assert results
