"""A dataset in memory: read from files, asked in SPARQL, seen through pyoxigraph or rdflib."""

from __future__ import annotations

import gzip
import os
import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, TypeAlias, cast

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    parse,
)
from pyoxigraph import Dataset as OxDataset

from nutgraf.dataset.canonical import canonical_hash
from nutgraf.dataset.jsonld_input import read_jsonld
from nutgraf.dataset.schema_values import HTTP_SCHEMA, https_term, normalized
from nutgraf.problems import InputError, Problem, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import rdflib

PathLike: TypeAlias = str | os.PathLike[str]
Term: TypeAlias = NamedNode | BlankNode | Literal | Triple

_FETCHES: Final = "LoadDocumentCallback"
"""What pyoxigraph says of a context that it would have to fetch."""
FORMATS: Final[dict[str, RdfFormat]] = {
    ".jsonld": RdfFormat.JSON_LD,
    ".nq": RdfFormat.N_QUADS,
    ".nt": RdfFormat.N_TRIPLES,
    ".owl": RdfFormat.RDF_XML,
    ".rdf": RdfFormat.RDF_XML,
    ".trig": RdfFormat.TRIG,
    ".ttl": RdfFormat.TURTLE,
    ".xml": RdfFormat.RDF_XML,
}
"""File name extension → format; each may be followed by `.gz`."""


@dataclass(frozen=True)
class Dataset:
    """An RDF dataset, lexical forms verbatim.

    Attributes:
        exact: the quads, as a pyoxigraph dataset.

    Source: RDF 1.1 Concepts §4, https://www.w3.org/TR/rdf11-concepts/#section-dataset
    """

    exact: OxDataset

    @classmethod
    def of(cls, quads: Iterable[Quad]) -> Dataset:
        """The dataset of some quads."""
        return cls(OxDataset(quads))

    @classmethod
    def load(
        cls,
        paths: PathLike | Iterable[PathLike],
        *,
        base_iri: str | None = None,
        normalize_schema_org: bool = True,
    ) -> Dataset:
        """Read RDF files into one dataset.

        Nothing is fetched: a JSON-LD file that names a remote context is refused, save schema.org's,
        which is known. Blank nodes of different files stay different.

        Args:
            paths: one or more files; the extension tells the format, see `FORMATS`; `.gz` is unpacked.
            base_iri: what relative IRIs are resolved against; without it they are a syntax error.
            normalize_schema_org: read `http://schema.org/` as `https://schema.org/` in every position.

        Raises:
            InputError: the problems of all files that could not be read: RDF101 syntax, RDF102 unknown
                extension, RDF103 unreadable, RDF104 a remote JSON-LD context.
        """
        files = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
        problems: list[Problem] = []
        quads = _read_all(files, base_iri, problems)
        dataset = cls.of(map(https_quad, quads) if normalize_schema_org else quads)
        if problems:
            raise InputError(*problems)
        return dataset

    def __len__(self) -> int:
        return len(self.exact)

    def quads(self) -> Iterator[Quad]:
        """All quads, in no order."""
        return iter(self.exact)

    @cached_property
    def store(self) -> Store:
        """The quads as a pyoxigraph store in memory, for SPARQL; made when it is first asked for.

        A store keeps numbers, dates and booleans as values: `"01"^^xsd:integer` comes out of it, and so
        out of a query, as `"1"^^xsd:integer`. All else here reads from `exact`.
        """
        store = Store()
        store.bulk_extend(self.quads())
        return store

    def graph(self, name: str | None) -> list[Triple]:
        """The triples of the graph of that IRI, of the default graph for None, in no order."""
        graph_name = DefaultGraph() if name is None else NamedNode(name)
        return [quad.triple for quad in self.exact.quads_for_graph_name(graph_name)]

    def merged(self) -> list[Triple]:
        """The distinct triples of all graphs together, in no order."""
        return list(dict.fromkeys(quad.triple for quad in self.exact))

    def canonical_hash(self) -> str:
        """SHA-256 of the canonical N-Quads: the dataset's fingerprint, see `canonical`."""
        return canonical_hash(self.quads())

    def to_rdflib(self) -> rdflib.Dataset:
        """A copy as `rdflib.Dataset`, literals with their lexical forms untouched.

        Raises:
            ValueError: a triple term or a base direction, which rdflib's model does not have.
        """
        # Imported here and not above: it takes a third of a second, which a command line should not pay
        # for a method that only callers with rdflib code use.
        from nutgraf.dataset.rdflib_view import to_rdflib  # noqa: PLC0415

        return to_rdflib(self.quads())


def read_file(file: PathLike, base_iri: str | None = None) -> Iterator[Quad]:
    """The quads of one file, in its order; `http://schema.org/` is read as `https://schema.org/`.

    Raises:
        InputError: as for `Dataset.load`.
    """
    return map(https_quad, _read(file, base_iri, rename_blank_nodes=False))


def _read_all(files: Sequence[PathLike], base_iri: str | None, problems: list[Problem]) -> Iterator[Quad]:
    """The quads of the files that can be read; what is wrong with the others is added to `problems`."""
    for file in files:
        try:
            yield from _read(file, base_iri, rename_blank_nodes=len(files) > 1)
        except InputError as error:
            problems += error.problems


def _read(file: PathLike, base_iri: str | None, *, rename_blank_nodes: bool) -> Iterator[Quad]:
    name = os.fspath(file)
    rdf_format = _format(name)
    try:
        with open_file(name) as stream:
            if rdf_format == RdfFormat.JSON_LD:
                yield from _read_jsonld(stream.read(), name, base_iri, rename_blank_nodes=rename_blank_nodes)
                return
            quads = parse(stream, rdf_format, base_iri=base_iri, rename_blank_nodes=rename_blank_nodes)
            yield from cast("Iterator[Quad]", quads)
    except SyntaxError as error:
        raise InputError(_syntax_problem(name, error)) from error
    except UnicodeDecodeError as error:
        raise InputError(Problem("RDF103", f"not UTF-8: {error.reason}", Span(name))) from error
    except (OSError, EOFError, zlib.error) as error:
        reason = (isinstance(error, OSError) and error.strerror) or str(error)
        raise InputError(Problem("RDF103", f"cannot be read: {reason}", Span(name))) from error


def _read_jsonld(data: bytes, name: str, base_iri: str | None, *, rename_blank_nodes: bool) -> Iterable[Quad]:
    """JSON-LD; where it names the official schema.org context, its values take the form of our graphs."""
    try:
        return list(
            cast(
                "Iterator[Quad]",
                parse(data, RdfFormat.JSON_LD, base_iri=base_iri, rename_blank_nodes=rename_blank_nodes),
            )
        )
    except SyntaxError as error:
        if _FETCHES not in error.msg:
            raise
    quads = read_jsonld(data, base_iri=base_iri, file=name, rename_blank_nodes=rename_blank_nodes)
    return (
        Quad(triple.subject, triple.predicate, triple.object, quad.graph_name)
        for quad in quads
        for triple in normalized([quad.triple])
    )


def _format(name: str) -> RdfFormat:
    extension = Path(name.removesuffix(".gz")).suffix
    if extension not in FORMATS:
        raise InputError(
            Problem(
                "RDF102",
                f'unknown extension "{extension}"',
                Span(name),
                fix=f"name the file with one of {', '.join(FORMATS)}, or such a name and .gz",
            )
        )
    return FORMATS[extension]


def open_file(name: str) -> IO[bytes]:
    """A file's bytes, unpacked where its name ends in .gz."""
    return cast("IO[bytes]", gzip.open(name)) if name.endswith(".gz") else Path(name).open("rb")


def _syntax_problem(name: str, error: SyntaxError) -> Problem:
    """One of pyoxigraph's errors, whose position is in attributes and, once more, in its message."""
    message = error.msg
    if message.startswith("Parser error at ") and ": " in message:
        message = message.partition(": ")[2]
    same_line = error.end_lineno == error.lineno
    width = max(0, (error.end_offset or 0) - (error.offset or 0)) if same_line else 0
    return Problem("RDF101", message, Span(name, error.lineno or 1, error.offset or 1, width))


def https_quad(quad: Quad) -> Quad:
    """The quad with `http://schema.org/` read as `https://schema.org/`."""
    if HTTP_SCHEMA not in str(quad):
        return quad
    subject, predicate, value = (https_term(term) for term in quad.triple)
    graph = quad.graph_name
    name = graph if isinstance(graph, DefaultGraph) else https_term(graph)
    return Quad(subject, predicate, value, name)  # type: ignore[arg-type]
