"""The named graphs of a file of quads, each as a file of sorted N-Triples with its canonical hash.

The quads pass through once, so that what is pushed may be larger than memory; only a graph with blank
nodes is held as a whole, since its canonical form needs that.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Final, cast

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse, serialize

from nutgraf.dataset.canonical import canonical_triples, sorted_lines
from nutgraf.dataset.store import PathLike, read_file

_HELD: Final = 200_000
"""So many triples are held at once, of all graphs together."""
EMPTY: Final = hashlib.sha256().hexdigest()
"""The canonical hash of a graph without triples."""


@dataclass(frozen=True, slots=True)
class LocalGraph:
    """One named graph.

    Attributes:
        name: its IRI.
        path: its canonical N-Triples.
        digest: SHA-256 of them, which is the graph's RDFC-1.0 hash.
        triples: how many there are.
        blank: whether there may be blank nodes among them.

    Source: RDFC-1.0 §5, https://www.w3.org/TR/rdf-canon/#canonical-quads
    """

    name: str
    path: Path
    digest: str
    triples: int
    blank: bool


@dataclass(frozen=True, slots=True)
class LocalGraphs:
    """What a file of quads holds.

    Attributes:
        named: graph name → graph, sorted by name.
        unnamed: the number of quads outside named graphs, which belong to nobody's graph and are not sent.
    """

    named: dict[str, LocalGraph]
    unnamed: int


def split(file: PathLike, folder: Path) -> LocalGraphs:
    """Cut a file of quads into its named graphs.

    Args:
        file: RDF of any format; N-Quads that are sorted, as `build` writes them, are quickest.
        folder: an empty folder of our own for the graphs.

    Raises:
        InputError: the file cannot be read, as for `Dataset.load`.
    """
    paths: dict[str, Path] = {}
    held: defaultdict[str, list[Triple]] = defaultdict(list)
    count = unnamed = 0
    for quad in read_file(file):
        name = _name(quad)
        if name is None:
            unnamed += 1
            continue
        held[name].append(quad.triple)
        count += 1
        if count == _HELD:
            _flush(held, paths, folder)
            count = 0
    _flush(held, paths, folder)
    return LocalGraphs({name: _graph(name, paths[name]) for name in sorted(paths)}, unnamed)


def _name(quad: Quad) -> str | None:
    """The name of a quad's graph; a blank node names nothing that a store could be told."""
    return quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else None


def _flush(held: defaultdict[str, list[Triple]], paths: dict[str, Path], folder: Path) -> None:
    for name, triples in held.items():
        path = paths.setdefault(name, folder / f"{len(paths):06}.nt")
        with path.open("ab") as file:
            serialize(triples, file, format=RdfFormat.N_TRIPLES)
    held.clear()


def _graph(name: str, path: Path) -> LocalGraph:
    blank = _has_blank_nodes(path)
    if blank or not _is_sorted(path):
        triples = cast("Iterable[Quad]", parse(path.read_bytes(), RdfFormat.N_TRIPLES))
        canonical = canonical_triples(quad.triple for quad in triples)
        path.write_text(
            sorted_lines(serialize(canonical, format=RdfFormat.N_TRIPLES) or b""),
            encoding="utf-8",
            newline="",
        )
    digest, count = hashlib.sha256(), 0
    for line in _lines(path):
        digest.update(line)
        count += 1
    return LocalGraph(name, path, digest.hexdigest(), count, blank)


def _has_blank_nodes(path: Path) -> bool:
    """Whether there may be some: `_:` also occurs in texts."""
    return any(b"_:" in line for line in _lines(path))


def _is_sorted(path: Path) -> bool:
    """Whether the lines ascend, none twice."""
    return all(first < second for first, second in pairwise(_lines(path)))


def _lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from file
