"""The lines that SQL writes are the bytes that the writers of the package write."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from nutgraf.dataset import lines, rows
from nutgraf.publish.ntriples import nquads, ntriples
from tests.mapping.mapping_runner import read_nquads

OUTPUTS = sorted((Path(__file__).parent / "cases").glob("*/output.nq"))
CASES = [path for path in OUTPUTS if "_:" not in path.read_text()]
"""Blank nodes need canonical labels."""
COLUMNS = "id subject subject_kind predicate object object_kind datatype language graph graph_kind".split()
XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"


def connection(table: Sequence[tuple[str | None, ...]]) -> duckdb.DuckDBPyConnection:
    made = duckdb.connect()
    text = pa.schema([(name, pa.string()) for name in COLUMNS])
    rows_ = [dict(zip(COLUMNS, row, strict=True)) for row in table]
    made.register("given", pa.Table.from_pylist(rows_, schema=text))
    made.execute("create table statements as from given")
    return made


def row(number: int, quad: Quad) -> tuple[str | None, ...]:
    value, graph = quad.object, quad.graph_name
    assert isinstance(quad.subject, NamedNode)
    assert isinstance(value, NamedNode | Literal)
    kind: tuple[str, str | None, str | None] = ("iri", None, None)
    if isinstance(value, Literal):
        kind = ("literal", value.datatype.value, value.language)
    name = graph.value if isinstance(graph, NamedNode) else None
    terms = (quad.subject.value, "iri", quad.predicate.value, value.value, *kind)
    return (str(number), *terms, name, name and "iri")


def check(made: duckdb.DuckDBPyConnection) -> None:
    quads = rows.quads(made)
    assert b"".join(lines.lines(made, graphs=True)).decode() == nquads(quads)
    assert b"".join(lines.lines(made, graphs=False)).decode() == ntriples(quad.triple for quad in quads)


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.parent.name)
def test_cases(case: Path) -> None:
    quads = list(read_nquads(case))
    check(connection([row(number, quad) for number, quad in enumerate(quads)]))


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.text(), min_size=1))
def test_any_text(texts: list[str]) -> None:
    table = [
        (str(n), "x:s", "iri", "x:p", text, "literal", XSD_STRING, None, None, None)
        for n, text in enumerate(texts)
    ]
    check(connection(table))


def test_blank_nodes_keep_their_labels() -> None:
    made = connection([("1", "b", "bnode", "x:p", "x:o", "iri", None, None, None, None)])
    assert list(lines.lines(made, graphs=False)) == [b"_:b <x:p> <x:o> .\n"]


def test_nothing() -> None:
    made = connection([])
    assert list(lines.lines(made, graphs=True)) == []
    assert lines.count(made) == 0
