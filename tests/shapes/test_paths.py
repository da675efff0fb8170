"""Property paths against SPARQL's, as pyoxigraph follows them."""

from __future__ import annotations

import random

import pytest
from pyoxigraph import NamedNode, Quad, QuerySolutions, Store, Triple

from nutgraf.dataset import table
from nutgraf.engine import duckdb as engine
from nutgraf.problems import InputError
from nutgraf.shapes import reader
from nutgraf.shapes.load import canonical
from nutgraf.shapes.paths import PropertyPath
from nutgraf.shapes.sql.engine import validate
from tests.shapes import fuzz

EX = "https://example.org/"
NODES = [NamedNode(EX + name) for name in "abcdef"]
PREDICATES = [NamedNode(EX + name) for name in "pqr"]


def _path(chance: random.Random, depth: int = 0) -> PropertyPath:
    if depth > 2 or chance.random() < 0.3:
        return PropertyPath("predicate", chance.choice(PREDICATES).value)
    kind = chance.choice(["inverse", "sequence", "alternative", "zeroOrMore", "oneOrMore", "zeroOrOne"])
    count = chance.randint(2, 3) if kind in {"sequence", "alternative"} else 1
    return PropertyPath(kind, parts=tuple(_path(chance, depth + 1) for _ in range(count)))  # type: ignore[arg-type]


def _triples(chance: random.Random) -> list[Triple]:
    return list(
        {
            Triple(chance.choice(NODES), chance.choice(PREDICATES), chance.choice(NODES)): None
            for _ in range(12)
        }
    )


def _by_sparql(triples: list[Triple], path: PropertyPath) -> set[tuple[str, str]]:
    store = Store()
    store.bulk_extend(Quad(*triple) for triple in triples)
    values = " ".join(map(str, NODES))
    found = store.query(f"SELECT DISTINCT ?s ?o {{ VALUES ?s {{ {values} }} ?s {path} ?o }}")
    assert isinstance(found, QuerySolutions)
    return {(row["s"].value, row["o"].value) for row in found}


def _by_shapes(triples: list[Triple], path: PropertyPath) -> set[tuple[str, str]]:
    """A shape that each value violates reports all values."""
    targets = " , ".join(map(str, NODES))
    text = f"{fuzz.PREFIXES} :S sh:targetNode {targets} ; sh:path {path.turtle()} ; sh:nodeKind sh:Literal ."
    with engine.connect(threads=1) as connection:
        table.create(connection, (Quad(*triple) for triple in triples))
        report = validate(connection, reader.read(fuzz.triples(text)))
    return {(r.focus.value, r.value.value) for r in report.results if r.value}


@pytest.mark.parametrize("first", range(0, 120, 20))
def test_paths_lead_where_those_of_sparql_lead(first: int) -> None:
    for seed in range(first, first + 20):
        chance = random.Random(seed)  # noqa: S311
        path, triples = _path(chance), canonical(_triples(chance))
        # SPARQL's variable is no node that the graph does not have; SHACL's focus node may be one.
        here = {term.value for triple in triples for term in (triple.subject, triple.object)}  # type: ignore[union-attr]
        ours = {pair for pair in _by_shapes(triples, path) if pair[0] in here}
        assert ours == _by_sparql(triples, path), (seed, str(path))


def test_a_path_that_would_explode_is_refused() -> None:
    lines = [f"_:p{n} sh:zeroOrMorePath ( _:p{n + 1} _:p{n + 1} ) ." for n in range(40)]
    text = f"{fuzz.PREFIXES} :S sh:targetNode :a ; sh:path _:p0 . {' '.join(lines)} _:p40 sh:inversePath :p ."
    with pytest.raises(InputError, match="ill-formed"):
        reader.read(fuzz.triples(text))


def test_names_of_shapes_that_would_explode_are_short() -> None:
    lines = [f"_:s{n} sh:or ( _:s{n + 1} _:s{n + 1} ) ." for n in range(40)]
    text = f"{fuzz.PREFIXES} :S sh:targetNode :a ; sh:node _:s0 . {' '.join(lines)} _:s40 sh:class :A ."
    with engine.connect(threads=1) as connection:
        table.create(connection, [])
        report = validate(connection, reader.read(fuzz.triples(text)))
    assert len(report.results) == 1
    assert len(report.results[0].message) < 500
