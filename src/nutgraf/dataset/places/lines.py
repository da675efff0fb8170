"""The places of N-Triples and N-Quads: a statement a line, of which only the wanted ones are parsed."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Iterator
from typing import Final, NamedTuple, cast

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse

from nutgraf.dataset.places.location import Location
from nutgraf.dataset.schema_values import HTTP_SCHEMA
from nutgraf.dataset.store import https_quad
from nutgraf.problems import Span
from nutgraf.terms.vocabulary import SCHEMA, XSD_STRING

_PARTS: Final = 3
_HTTPS: Final = f"<{SCHEMA}".encode()
_HTTP: Final = f"<{HTTP_SCHEMA}".encode()
_SURE: Final = re.compile(rb"<[^<> \\\t]*>|_:[^<> \\\t]*")
_SURE_IN_TRIPLES: Final = re.compile(
    rb'"[^\\\t]*"(?:@[a-z0-9-]+|\^\^<(?!%b)[^<> \\\t]*>)?' % re.escape(HTTP_SCHEMA.encode())
)
"""Objects that are the token of their term: no escape, no graph, no tag in capitals, no other spelling."""


class NotPlainError(Exception):
    """A line is not a statement that can be taken apart at its spaces."""


def locate(
    lines: Iterable[bytes], name: str, number: int, wanted: Iterable[object], rdf_format: RdfFormat
) -> Iterator[tuple[Quad, Location]]:
    """The quads of the lines that have a wanted subject or object, each with its place.

    Args:
        lines: of a file that could be read.
        name: of the file.
        number: of the file, as for `numbered.read`.
        wanted: terms, blank nodes by their numbers.
        rdf_format: of the lines.

    Raises:
        NotPlainError: the lines have to be read otherwise.
    """
    terms = frozenset(wanted)
    labels: dict[bytes, BlankNode] = {}
    found = list(_candidates(lines, number, terms, labels, rdf_format))
    # All at once: a parser for each line takes longer than the line.
    quads = cast("list[Quad]", list(parse(b"".join(candidate.text for candidate in found), rdf_format)))
    if len(quads) != len(found):
        raise NotPlainError
    for candidate, read in zip(found, quads, strict=True):
        quad = _numbered(read, labels)
        if quad.subject in terms or quad.object in terms:
            line, first, second = candidate.line, candidate.subject, candidate.predicate
            yield (
                quad,
                Location(
                    Span(name, line, 1, first),
                    Span(name, line, first + 2, second),
                    Span(name, line, first + second + 3, _width(candidate.value, read)),
                ),
            )


class _Candidate(NamedTuple):
    """A line that may be wanted.

    Attributes:
        line: its number.
        text: the line.
        subject: how many characters the subject has.
        predicate: how many the predicate has.
        value: the object, and the graph if there is one.
    """

    line: int
    text: bytes
    subject: int
    predicate: int
    value: bytes


def _candidates(
    lines: Iterable[bytes],
    number: int,
    wanted: Collection[object],
    labels: dict[bytes, BlankNode],
    rdf_format: RdfFormat,
) -> Iterator[_Candidate]:
    """The lines that may have a wanted subject or object; numbers the blank nodes of all lines."""
    tokens = {token for term in wanted for token in _tokens(term)}
    predicates: set[bytes] = set()
    last = b""
    """The subject of the line before: it is often the same."""
    for line, text in enumerate(lines, start=1):
        parts = text.split(b" ", _PARTS - 1)
        if len(parts) < _PARTS or not (parts[0] == last or _is_node(parts[0])):
            if not (stripped := text.strip()) or stripped.startswith(b"#"):
                continue
            raise NotPlainError
        last, predicate, rest = parts
        if predicate not in predicates:
            if not _is_node(predicate):
                raise NotPlainError
            predicates.add(predicate)
        value = rest.rstrip().removesuffix(b".").rstrip()
        blank = b"_:" in text and _number(last, value, labels, number, wanted)
        if blank or last in tokens or value in tokens or _is_other(value, rdf_format):
            yield _Candidate(line, text, len(last.decode()), len(predicate.decode()), value)


def _tokens(term: object) -> Iterator[bytes]:
    """How a term may be written without escapes; blank nodes are known by their labels."""
    match term:
        case NamedNode():
            token = str(term).encode()
            yield token
            if token.startswith(_HTTPS):
                yield _HTTP + token.removeprefix(_HTTPS)
        case Literal():
            yield str(term).encode()
            if term.datatype.value == XSD_STRING:
                yield f"{term}^^<{XSD_STRING}>".encode()


def _is_node(token: bytes) -> bool:
    """Whether a token is one IRI without escapes, or one blank node."""
    if b"\\" in token:
        return False
    return token.startswith(b"_:") or (token.startswith(b"<") and token.find(b">") == len(token) - 1)


def _is_other(value: bytes, rdf_format: RdfFormat) -> bool:
    """Whether an object may stand for a wanted term without being its token."""
    if _SURE.fullmatch(value):
        return False
    return rdf_format == RdfFormat.N_QUADS or not _SURE_IN_TRIPLES.fullmatch(value)


def _number(
    subject: bytes, value: bytes, labels: dict[bytes, BlankNode], number: int, wanted: Container[object]
) -> bool:
    """Number the blank nodes of a line, and say whether one is wanted."""
    nodes = [subject] + ([value.partition(b" ")[0]] if not value.startswith(b'"') else [])
    graph = value.rpartition(b" ")[2]
    nodes += [graph] if b'"' not in graph else []
    found = False
    for node in nodes:
        if node.startswith(b"_:"):
            if node not in labels:
                labels[node] = BlankNode(f"f{number}b{len(labels)}")
            found = found or labels[node] in wanted
    return found


def _numbered(quad: Quad, labels: dict[bytes, BlankNode]) -> Quad:
    """The quad, blank nodes by their numbers."""
    if "_:" not in str(quad):
        return https_quad(quad)
    subject, predicate, item, graph = quad
    if isinstance(subject, BlankNode):
        subject = labels[str(subject).encode()]
    if isinstance(item, BlankNode):
        item = labels[str(item).encode()]
    if isinstance(graph, BlankNode):
        graph = labels[str(graph).encode()]
    return https_quad(Quad(subject, predicate, item, graph))


def _width(value: bytes, quad: Quad) -> int:
    """How many characters the object has, of which the graph is no part."""
    graph = quad.graph_name
    if not isinstance(graph, DefaultGraph):
        value = value[: value.rindex(b"<" if isinstance(graph, NamedNode) else b"_:")].rstrip()
    return len(value.decode())
