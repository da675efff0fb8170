"""A file of quads, cut into its graphs."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Dataset, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from nutgraf.dataset.canonical import canonical_hash
from nutgraf.problems import InputError
from nutgraf.publish.push import graphs
from tests.publish.rdf_strategies import triples

NAMES = st.sampled_from([NamedNode(f"https://example.org/g{number}") for number in range(3)])
QUADS = st.lists(st.builds(lambda triple, name: Quad(*_terms(triple), name), triples, NAMES), max_size=12)


def _terms(triple: Triple) -> tuple[Any, Any, Any]:
    return triple.subject, triple.predicate, triple.object


@given(QUADS, st.integers(1, 5))
def test_each_graph_has_its_triples_and_its_canonical_hash(quads: list[Quad], held: int) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(graphs, "_HELD", held)
        file = Path(folder) / "dataset.nq"
        file.write_bytes(serialize(quads, format=RdfFormat.N_QUADS) or b"")
        parts = Path(folder) / "parts"
        parts.mkdir()
        found = graphs.split(file, parts).named
        # Read back, as `split` does: the file's own labels of blank nodes, and https for schema.org.
        read = Dataset(quad for quad in parse(file.read_bytes(), RdfFormat.N_QUADS) if isinstance(quad, Quad))
        assert list(found) == sorted({quad.graph_name.value for quad in quads})  # type: ignore[union-attr]
        for name, graph in found.items():
            own = [Quad(*quad.triple) for quad in read.quads_for_graph_name(NamedNode(name))]
            if "http://schema.org/" not in file.read_text(encoding="utf-8"):
                assert graph.digest == canonical_hash(own)
            written = [
                quad for quad in parse(graph.path.read_bytes(), RdfFormat.N_TRIPLES) if isinstance(quad, Quad)
            ]
            assert graph.digest == canonical_hash(written)
            assert graph.triples == len(written) == len(set(own))


def test_no_triples_have_the_hash_of_an_empty_graph() -> None:
    assert canonical_hash([]) == graphs.EMPTY


def test_a_broken_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "dataset.nq"
    file.write_text("<https://example.org/a> .", encoding="utf-8")
    parts = tmp_path / "parts"
    parts.mkdir()
    with pytest.raises(InputError, match="RDF101"):
        graphs.split(file, parts)
