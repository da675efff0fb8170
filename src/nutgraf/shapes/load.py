"""Reading shapes files into one shapes graph. Nothing is fetched: `owl:imports` is not followed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar, cast

from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode, Quad, RdfFormat, parse

from nutgraf.problems import InputError, Problem, Span
from nutgraf.terms import poison
from nutgraf.terms.vocabulary import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from pyoxigraph import Triple

_Term = TypeVar("_Term")
_HTTP_SCHEMA: Final = "http://schema.org/"


def load(files: Sequence[Path]) -> list[Triple]:
    """Read shapes files into one shapes graph.

    Args:
        files: in any order; Turtle unless the extension says otherwise.

    Returns:
        The distinct triples in the order of their N-Triples lines, blank nodes named by RDFC-1.0, with
        `http://schema.org/` written as `https://schema.org/`. Blank nodes of different files stay
        different.

    Raises:
        InputError: SHP101, a file cannot be read or is not well-formed, with its line and column.

    Source: SHACL §3.1, https://www.w3.org/TR/shacl/#shapes-graph
    """
    quads: set[Quad] = set()
    problems: list[Problem] = []
    for file in files:
        try:
            quads.update(_read(file))
        except SyntaxError as error:
            problems.append(_broken(file, error))
        except (OSError, ValueError) as error:
            problems.append(
                Problem("SHP101", "cannot read the shapes file", Span(file.as_posix()), why=str(error))
            )
    if problems:
        raise InputError(*problems)
    return canonical(quad.triple for quad in quads)


def canonical(triples: Iterable[Triple]) -> list[Triple]:
    """The distinct triples in the order of their N-Triples lines, blank nodes named by RDFC-1.0.

    A graph without blank nodes is only sorted.

    Raises:
        InputError: RDF105, so many blank nodes look alike that it would take too long.

    Source: RDFC-1.0 §4.4, https://www.w3.org/TR/rdf-canon/#canon-algorithm
    """
    lines = {str(triple): triple for triple in triples}
    if any(line.startswith("_:") or " _:" in line for line in lines):
        poison.check(quads := [Quad(*triple) for triple in lines.values()])
        dataset = Dataset(quads)
        dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
        lines = {str(quad.triple): quad.triple for quad in dataset}
    return [lines[line] for line in sorted(lines)]


def _read(file: Path) -> list[Quad]:
    rdf_format = RdfFormat.from_extension(file.suffix.removeprefix(".")) or RdfFormat.TURTLE
    # The base IRI is for relative references only, and does not depend on where the folder is.
    parsed = parse(
        file.read_bytes(), format=rdf_format, base_iri=f"file:///{file.name}", rename_blank_nodes=True
    )
    return [
        Quad(_https(quad.subject), cast("NamedNode", _https(quad.predicate)), _https(quad.object))
        for quad in parsed
    ]


def _https(term: _Term) -> _Term | NamedNode:
    if isinstance(term, NamedNode) and term.value.startswith(_HTTP_SCHEMA):
        return NamedNode(SCHEMA + term.value.removeprefix(_HTTP_SCHEMA))
    return term


def _broken(file: Path, error: SyntaxError) -> Problem:
    width = 0
    if error.lineno == error.end_lineno and error.offset and error.end_offset:
        width = max(0, error.end_offset - error.offset)
    span = Span(file.as_posix(), error.lineno or 1, error.offset or 1, width)
    return Problem("SHP101", "the shapes file is not well-formed", span, why=error.msg)
