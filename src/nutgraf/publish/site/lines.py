"""Lines of canonical N-Quads, cut into tokens without making terms of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple, cast

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse

_LINE: Final = re.compile(
    rb"(<[^<>\s]*>|_:\S+) <([^<>\s]*)> (<[^<>\s]*>|_:\S+|\"(?:[^\"\\\n]|\\.)*\"\S*)(?: <([^<>\s]*)>)? \.\n?"
)


class Line(NamedTuple):
    """The tokens of a quad: subject and object as in N-Quads, predicate and graph as bare IRIs."""

    subject: bytes
    predicate: bytes
    object: bytes
    graph: bytes


class NotALineError(ValueError):
    """A line that is not canonical N-Quads.

    Attributes:
        number: of the line, from 1.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__("this line is no quad")


def cut(line: bytes) -> Line | None:
    """The tokens of a line; None when it is not one of canonical N-Quads.

    >>> cut(b'<x:a> <x:b> "c <d> ."@en <x:g> .')
    Line(subject=b'<x:a>', predicate=b'x:b', object=b'"c <d> ."@en', graph=b'x:g')

    Source: N-Quads §2, https://www.w3.org/TR/n-quads/#simple-triples
    """
    match = _LINE.fullmatch(line)
    return Line(match[1], match[2], match[3], match[4] or b"") if match else None


def quads(lines: Iterable[bytes]) -> list[Quad]:
    """The distinct quads of some lines, in their order."""
    return cast("list[Quad]", list(dict.fromkeys(parse(b"".join(lines), RdfFormat.N_QUADS))))


def value_of(term: NamedNode | BlankNode | Literal | Triple) -> str:
    """A term's IRI, label or lexical form."""
    return str(term) if isinstance(term, Triple) else term.value


def graph_of(quad: Quad) -> str:
    """The IRI of a quad's graph; empty for the default graph."""
    return "" if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name.value
