"""Graphs that are made to keep a canonicalization busy are refused, and no others."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, DefaultGraph, Literal, NamedNode, Quad

from nutgraf.dataset.canonical import canonical_hash, canonical_quads
from nutgraf.problems import InputError
from nutgraf.terms import poison

P, Q = NamedNode("https://example.org/p"), NamedNode("https://example.org/q")
BLANK = [BlankNode(f"n{number}") for number in range(2000)]


def clique(count: int) -> list[Quad]:
    """Blank nodes that all name each other."""
    return [Quad(first, P, second) for first, second in permutations(BLANK[:count], 2)]


def ring(count: int) -> list[Quad]:
    return [Quad(BLANK[number], P, BLANK[(number + 1) % count]) for number in range(count)]


def double_ring(count: int) -> list[Quad]:
    """Two rings, each node of the one joined with one of the other, both ways."""
    joined = [Quad(BLANK[number], Q, BLANK[number + count]) for number in range(count)]
    back = [Quad(quad.object, Q, quad.subject) for quad in joined]  # type: ignore[arg-type]
    second = [Quad(BLANK[number + count], P, BLANK[(number + 1) % count + count]) for number in range(count)]
    return [*ring(count), *second, *joined, *back]


def renamed(quads: list[Quad], names: dict[str, str]) -> Dataset:
    def new(term: object) -> object:
        return BlankNode(names[term.value]) if isinstance(term, BlankNode) else term

    return Dataset(
        Quad(new(quad.subject), quad.predicate, new(quad.object), new(quad.graph_name))  # type: ignore[arg-type]
        for quad in quads
    )


@pytest.mark.parametrize(
    "quads",
    [clique(9), clique(40), ring(1000), double_ring(200),
     [*clique(10), *(Quad(node, Q, Literal(str(number))) for number, node in enumerate(BLANK[50:90]))]],
    ids=["clique of 9", "clique of 40", "ring of 1000", "double ring", "clique and others"],
)  # fmt: skip
def test_poison_is_refused(quads: list[Quad]) -> None:
    with pytest.raises(InputError, match="RDF105"):
        canonical_hash(quads)


@pytest.mark.parametrize(
    "quads",
    [clique(6), ring(150), double_ring(20), [Quad(node, P, Q) for node in BLANK],
     [Quad(node, P, Literal(str(number))) for number, node in enumerate(BLANK)],
     [Quad(Q, P, node) for node in BLANK],
     [quad for node in BLANK[:400] for quad in (Quad(Q, P, node), Quad(node, P, Literal("1")))]],
    ids=["clique", "ring", "double ring", "alike", "told apart", "listed", "values"],
)  # fmt: skip
def test_what_has_an_answer_gets_it(quads: list[Quad]) -> None:
    assert len(set(canonical_quads(quads))) == len(set(quads))


NODES = st.sampled_from([*BLANK[:5], P, Q])
GRAPHS = st.sampled_from([DefaultGraph(), P, BLANK[0], BLANK[9]])
QUADS = st.lists(
    st.builds(Quad, NODES, st.sampled_from([P, Q]), NODES | st.just(Literal("a")), GRAPHS), max_size=14
)


@given(QUADS)
def test_the_names_are_those_of_the_engine(quads: list[Quad]) -> None:
    """So the steps that are counted are those of the algorithm."""
    expected = Dataset(quads)
    expected.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    distinct = list(dict.fromkeys(quads))
    assert renamed(distinct, poison.names(distinct, 10**6)) == expected


def test_one_step_less_is_not_enough() -> None:
    quads = clique(4)
    least = next(steps for steps in range(10_000) if _is_enough(quads, steps))
    assert least > 24
    assert not _is_enough(quads, least - 1)


def _is_enough(quads: list[Quad], steps: int) -> bool:
    try:
        poison.names(quads, steps)
    except InputError:
        return False
    return True
