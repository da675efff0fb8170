"""The places of N-Triples and N-Quads: a statement a line, of which only the wanted ones are parsed."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import Final, cast

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse

from nutgraf.dataset.places.location import Location
from nutgraf.dataset.schema_values import HTTP_SCHEMA
from nutgraf.dataset.store import https_quad
from nutgraf.problems import Span
from nutgraf.terms.vocabulary import SCHEMA, XSD_STRING

_PARTS: Final = 3
_HTTPS: Final = f"<{SCHEMA}".encode()
_HTTP: Final = f"<{HTTP_SCHEMA}".encode()


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
    tokens = {token for term in terms for token in _tokens(term)}
    labels: dict[bytes, BlankNode] = {}
    for line, text in enumerate(lines, start=1):
        if not (stripped := text.strip()) or stripped.startswith(b"#"):
            continue
        parts = text.split(b" ", _PARTS - 1)
        if len(parts) < _PARTS or not (_is_node(parts[0]) and _is_node(parts[1])):
            raise NotPlainError
        subject, predicate, value = parts[0], parts[1], parts[2].rstrip().removesuffix(b".").rstrip()
        blank = b"_:" in text and _number(subject, value, labels, number, terms)
        if blank or subject in tokens or value in tokens or _is_other(value, rdf_format):
            quad, width = _read(text, value, labels, rdf_format)
            if quad.subject in terms or quad.object in terms:
                first, second = len(subject.decode()), len(predicate.decode())
                yield (
                    quad,
                    Location(
                        Span(name, line, 1, first),
                        Span(name, line, first + 2, second),
                        Span(name, line, first + second + 3, width),
                    ),
                )


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
    if b"\\" in value or b"\t" in value:
        return True
    if value.startswith(b'"'):
        tag = value.rpartition(b'"')[2]
        if tag.startswith(b"@") and tag != tag.lower():
            return True
        return rdf_format == RdfFormat.N_QUADS or b'"^^<' + _HTTP[1:] in value
    return b" " in value or b"<" in value[1:]


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


def _read(
    text: bytes, value: bytes, labels: dict[bytes, BlankNode], rdf_format: RdfFormat
) -> tuple[Quad, int]:
    """The quad of a line, blank nodes by their numbers, and how many characters its object has."""
    quads = cast("list[Quad]", list(parse(text, rdf_format)))
    if len(quads) != 1:
        raise NotPlainError
    subject, predicate, item, graph = quads[0]
    if not isinstance(graph, DefaultGraph):
        value = value[: value.rindex(b"<" if isinstance(graph, NamedNode) else b"_:")].rstrip()
    terms = [
        labels[str(term).encode()] if isinstance(term, BlankNode) else term for term in (subject, item, graph)
    ]
    return https_quad(Quad(terms[0], predicate, terms[1], terms[2])), len(value.decode())
