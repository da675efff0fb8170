"""The table written as N-Triples gives the quads that its rows are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad

from nutgraf.dataset import rows, table
from nutgraf.engine import duckdb as engine
from nutgraf.shapes.sql import written

IRIS = st.sampled_from(["urn:a", "https://a.example/é?q=%41#f", "https://schema.org/name"]).map(NamedNode)
BLANKS = st.sampled_from(["a", "b1", "f0b12", "c14n0", "0", "é", "a.b", "a-b"]).map(BlankNode)
TEXTS = st.one_of(st.text(max_size=8), st.text(alphabet='a\\"\n\r\t<>^@_: .\x00\x7f\u0085\u2028', max_size=8))
LITERALS = st.one_of(
    st.builds(Literal, TEXTS),
    st.builds(lambda text, iri: Literal(text, datatype=iri), TEXTS, IRIS),
    st.builds(lambda text, tag: Literal(text, language=tag), TEXTS, st.sampled_from(["en", "EN-gb", "x-a"])),
)
QUADS = st.builds(
    Quad,
    st.one_of(IRIS, BLANKS),
    IRIS,
    st.one_of(IRIS, BLANKS, LITERALS),
    st.one_of(st.just(DefaultGraph()), IRIS, BLANKS),
)


@given(st.lists(QUADS, max_size=8), st.one_of(st.none(), st.sets(IRIS)))
def test_written_and_read_again_it_is_the_same(quads: list[Quad], wanted: set[NamedNode] | None) -> None:
    with engine.connect(threads=1) as connection:
        table.create(connection, quads)
        names = None if wanted is None else [iri.value for iri in wanted]
        found = sorted(written.quads(connection, names), key=str)
        expected = [
            Quad(*quad.triple)
            for quad in rows.quads(connection)
            if wanted is None or quad.predicate in wanted
        ]
    assert found == sorted(expected, key=str)


def test_a_batch_is_whole_and_the_labels_are_the_same_in_the_next() -> None:
    node, link = BlankNode("one"), NamedNode("urn:p")
    quads = [Quad(node, link, Literal("x" * (number % 7) + f"é{number}")) for number in range(120_000)]
    with engine.connect() as connection:
        table.create(connection, quads)
        assert set(written.quads(connection)) == set(quads)
