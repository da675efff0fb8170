"""Triples as a tree that a person can read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from nutgraf.publish.page.model import Term, key_order
from nutgraf.terms.vocabulary import RDF_TYPE, SCHEMA, shorten

_WIDEST: Final = 100
_DEEPEST: Final = 20


def outline(triples: Iterable[Triple]) -> str:
    """One line a value, indented below what it belongs to; a node is described where it comes first.

    >>> from pyoxigraph import Literal, NamedNode, Triple
    >>> fair = NamedNode("https://example.org/fair")
    >>> kind = Triple(fair, NamedNode(RDF_TYPE), NamedNode("https://schema.org/Event"))
    >>> print(outline([kind, Triple(fair, NamedNode("https://schema.org/name"), Literal("Fair"))]), end="")
    Event <https://example.org/fair>
      name "Fair"
    """
    return "".join(f"{line}\n" for line in _Outline(triples).lines())


class _Outline:
    def __init__(self, triples: Iterable[Triple]) -> None:
        self._of: dict[Term, list[Triple]] = defaultdict(list)
        self._reached: set[Term] = set()
        self._shown: set[Term] = set()
        for triple in triples:
            self._of[triple.subject].append(triple)
            if triple.object != triple.subject:
                self._reached.add(triple.object)

    def lines(self) -> Iterator[str]:
        nodes = sorted(self._of, key=lambda node: (node in self._reached, str(node)))
        for node in nodes:
            if node not in self._shown:
                yield self._label(node)
                yield from self._below(node, 1)

    def _below(self, node: Term, depth: int) -> Iterator[str]:
        self._shown.add(node)
        rows = [triple for triple in self._of[node] if triple.predicate.value != RDF_TYPE]
        for triple in sorted(rows, key=lambda row: (key_order(_name(row.predicate)), str(row.object))):
            yield "  " * depth + f"{_name(triple.predicate)} {self._label(triple.object)}"
            described = triple.object in self._of and triple.object not in self._shown
            if described and depth < _DEEPEST:
                yield from self._below(triple.object, depth + 1)

    def _label(self, term: Term) -> str:
        if isinstance(term, Literal):
            return _cut(str(term).replace("<http://www.w3.org/2001/XMLSchema#", "xsd:").rstrip(">"))
        kinds = [
            _name(triple.object)
            for triple in self._of.get(term, ())
            if triple.predicate.value == RDF_TYPE and isinstance(triple.object, NamedNode)
        ]
        return _cut(" ".join([*sorted(kinds), str(term)]))


def _name(term: Term) -> str:
    iri = term.value if isinstance(term, NamedNode) else str(term)
    return iri[len(SCHEMA) :] if iri.startswith(SCHEMA) else shorten(iri)


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"
