"""Triples as SPARQL Update reads them, whichever way an engine treats escapes."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, serialize

from nutgraf.publish.push.update import _sparql
from tests.publish.rdf_strategies import triples

GROUND = triples.filter(lambda triple: "_:" not in str(triple))
PIECES = st.lists(
    st.sampled_from(["\\", "u", "U", "0022", "00000022", '"', "n", "x", " } ; DROP ALL ", "é", "\x7f"])
)
A = NamedNode("https://example.org/a")


def _replaced(text: str) -> str:
    """What an engine reads that replaces code points before it parses, as §19.2 allows it."""
    text = re.sub(r"\\U([0-9A-Fa-f]{8})", lambda match: chr(int(match[1], 16)), text)
    return re.sub(r"\\u([0-9A-Fa-f]{4})", lambda match: chr(int(match[1], 16)), text)


def _stored(triples: list[Triple]) -> set[Quad]:
    store = Store()
    store.extend(Quad(*triple) for triple in triples)
    return set(store)


def _inserted(text: str) -> set[Quad]:
    store = Store()
    store.update(f"INSERT DATA {{\n{text}}}")
    return set(store)


def _lines(triples: list[Triple]) -> list[str]:
    written = (serialize(triples, format=RdfFormat.N_TRIPLES) or b"").decode()
    return [f"{line}\n" for line in written.split("\n")[:-1]]


@given(st.lists(GROUND, max_size=8))
def test_the_triples_are_the_same(triples: list[Triple]) -> None:
    assert _inserted("".join(map(_sparql, _lines(triples)))) == _stored(triples)


@given(PIECES)
@example(["\\", "u", "0022", " } ; DROP ALL "])
@example(["\\", "\\", "U", "00000022"])
def test_text_that_looks_like_an_escape_is_text(pieces: list[str]) -> None:
    triples = [Triple(A, A, Literal("".join(pieces)))]
    text = "".join(map(_sparql, _lines(triples)))
    assert _inserted(text) == _inserted(_replaced(text)) == _stored(triples)


def test_as_it_is_written_in_n_triples_it_would_not_be() -> None:
    """So the test before this one can fail."""
    triples = [Triple(A, A, Literal("\\u0022"))]
    assert _inserted(_replaced("".join(_lines(triples)))) != _stored(triples)
