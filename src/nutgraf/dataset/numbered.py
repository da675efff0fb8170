"""Quads of files with blank nodes numbered in the order in which they appear: the same each time.

pyoxigraph gives an anonymous blank node another label whenever it reads it.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import BlankNode, Quad

from nutgraf.dataset.store import PathLike, read_file


def read(file: PathLike, number: int, base_iri: str | None = None) -> Iterator[Quad]:
    """The quads of one file, in its order; `http://schema.org/` is read as `https://schema.org/`.

    Args:
        file: as for `Dataset.load`.
        number: of the file among those that are read together: its blank nodes are `f{number}b0` and on.
        base_iri: what relative IRIs are resolved against.

    Raises:
        InputError: as for `Dataset.load`.
    """
    labels: dict[BlankNode, BlankNode] = {}
    for quad in read_file(file, base_iri):
        subject, predicate, value, graph = quad
        if isinstance(subject, BlankNode) or isinstance(value, BlankNode) or isinstance(graph, BlankNode):
            terms = [
                _numbered(term, labels, number) if isinstance(term, BlankNode) else term
                for term in (subject, value, graph)
            ]
            yield Quad(terms[0], predicate, terms[1], terms[2])
        else:
            yield quad


def _numbered(label: BlankNode, labels: dict[BlankNode, BlankNode], number: int) -> BlankNode:
    if label not in labels:
        labels[label] = BlankNode(f"f{number}b{len(labels)}")
    return labels[label]
