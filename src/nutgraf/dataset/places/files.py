"""The places of the triples of a file that was read before, as far as they are asked for."""

from __future__ import annotations

import gzip
import os
from collections import defaultdict, deque
from collections.abc import Collection, Iterator
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from nutgraf.dataset import numbered
from nutgraf.dataset.places import jsonld, lines, turtle
from nutgraf.dataset.places.location import Location
from nutgraf.dataset.store import FORMATS, PathLike, open_file
from nutgraf.problems import InputError, Span
from nutgraf.records.places import Lines

_LINES = (".nt", ".nq")
_TURTLE = (".ttl", ".trig", *_LINES)


def locate(
    file: PathLike, number: int, wanted: Collection[object], base_iri: str | None = None
) -> Iterator[tuple[Quad, Location]]:
    """The quads of a file that have a wanted subject or object, each with its place.

    Args:
        file: a file that could be read.
        number: as for `numbered.read`.
        wanted: terms, blank nodes by their numbers.
        base_iri: what relative IRIs are resolved against.

    Yields:
        In the order of the file. Where the places of a format or a text cannot be found, the place of all
        is the file's first line.
    """
    name = os.fspath(file)
    if _extension(name) in _LINES:
        try:
            with open_file(name) as stream:
                found = list(lines.locate(stream, name, number, wanted, FORMATS[_extension(name)]))
        except (lines.NotPlainError, SyntaxError, KeyError, ValueError):
            pass  # then the whole text is read
        else:
            yield from found
            return
    quads = list(numbered.read(file, number, base_iri))
    for quad, location in zip(quads, _locations(name, quads, base_iri), strict=True):
        if quad.subject in wanted or quad.object in wanted:
            yield quad, location or _nowhere(name)


def _extension(name: str) -> str:
    return Path(name.removesuffix(".gz")).suffix


def _nowhere(name: str) -> Location:
    span = Span(name)
    return Location(span, span, span)


def _locations(name: str, quads: list[Quad], base_iri: str | None) -> Iterator[Location | None]:
    extension = _extension(name)
    text = _text(name)
    try:
        if extension in _TURTLE:
            return _from_turtle(text, name, quads, base_iri)
        if extension == ".jsonld":
            return iter(jsonld.locate(text, name, quads))
    except (turtle.PlacesError, InputError, RecursionError):
        pass
    return iter([None] * len(quads))


def _text(name: str) -> str:
    data = Path(name).read_bytes()
    return (gzip.decompress(data) if name.endswith(".gz") else data).decode("utf-8")


def _from_turtle(text: str, name: str, quads: list[Quad], base_iri: str | None) -> Iterator[Location | None]:
    """The places in the order of the quads: of triples with the same key, the first stands first."""
    text_lines = Lines(text, name)
    by_key: dict[tuple[str, str, str], deque[turtle.Stated]] = defaultdict(deque)
    for stated in turtle.read(text, base_iri or ""):
        by_key[_https(stated.key)].append(stated)
    for quad in quads:
        waiting = by_key.get((_key(quad.subject), _key(quad.predicate), _key(quad.object)))
        if not waiting:
            yield None
            continue
        stated = waiting.popleft()
        parts = (stated.subject, stated.predicate, stated.value)
        yield Location(*(text_lines.span(part.start, part.end) for part in parts))


def _https(key: tuple[str, str, str]) -> tuple[str, str, str]:
    """The key with `https://schema.org/` for `http://schema.org/`, as the quads have it."""
    subject, predicate, value = (
        part.replace("<http://schema.org/", "<https://schema.org/", 1)
        if part.startswith("<")
        else part.replace('"^^http://schema.org/', '"^^https://schema.org/')
        for part in key
    )
    return subject, predicate, value


def _key(term: object) -> str:
    match term:
        case BlankNode():
            return turtle.BLANK
        case Literal():
            return turtle.literal(term.value, term.datatype.value, term.language or "")
        case NamedNode():
            return f"<{term.value}>"
    return ""
