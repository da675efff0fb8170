"""The RDF formats that `query` and `export` write, by their names on the command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Quad, RdfFormat, Triple, serialize

from nutgraf.dataset.canonical import canonical_triples
from nutgraf.publish.jsonld import jsonld, jsonld_dataset
from nutgraf.publish.ntriples import nquads, ntriples
from nutgraf.publish.turtle import trig, turtle


@dataclass(frozen=True)
class Vocabulary:
    """What the writers shorten IRIs with.

    Attributes:
        prefixes: label → namespace, for Turtle and TriG.
        context: what the JSON-LD documents' `@context` says.
    """

    prefixes: Mapping[str, str]
    context: Mapping[str, Any]


def _rdfxml(triples: Sequence[Triple], vocabulary: Vocabulary) -> str:
    ordered = sorted(canonical_triples(triples), key=str)
    return (serialize(ordered, format=RdfFormat.RDF_XML, prefixes=dict(vocabulary.prefixes)) or b"").decode()


GRAPH_FORMATS: Final[dict[str, Callable[[Sequence[Triple], Vocabulary], str]]] = {
    "ttl": lambda triples, vocabulary: turtle(triples, vocabulary.prefixes),
    "nt": lambda triples, _: ntriples(triples),
    "jsonld": lambda triples, vocabulary: jsonld(triples, vocabulary.context),
    "rdfxml": _rdfxml,
}
"""Name → the writer of one graph."""

DATASET_FORMATS: Final[dict[str, Callable[[Sequence[Quad], Vocabulary], str]]] = {
    "nq": lambda quads, _: nquads(quads),
    "trig": lambda quads, vocabulary: trig(quads, vocabulary.prefixes),
    "jsonld": lambda quads, vocabulary: jsonld_dataset(quads, vocabulary.context),
}
"""Name → the writer of a dataset with its named graphs."""


def write(quads: Sequence[Quad], to: str, vocabulary: Vocabulary) -> str:
    """Write a dataset: with its graphs where the format has graphs, else their union.

    Raises:
        KeyError: `to` names no format.
    """
    if to in DATASET_FORMATS:
        return DATASET_FORMATS[to](quads, vocabulary)
    return GRAPH_FORMATS[to]([quad.triple for quad in quads], vocabulary)
