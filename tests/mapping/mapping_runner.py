"""Runs a mapping and gives what it made as RDF."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyoxigraph

from nutgraf.engine.duckdb import connect
from nutgraf.mapping import Folders, load, run
from nutgraf.problems import Problem, in_order

BASE = "https://base.example/"

Row = tuple[str | int | None, ...]

_SPACE_IN_IRI: Final = re.compile(r"(?<=<)[^<>\"]*(?=>)")
_INSTEAD_OF_SPACE: Final = "\u2420"


@dataclass(frozen=True)
class Result:
    """The rows of the tables that a run made."""

    statements: list[Row]
    lineage: list[Row]
    rules: list[Row]
    warnings: tuple[str, ...] = ()

    @property
    def dataset(self) -> pyoxigraph.Dataset:
        """The statements as RDF with canonical blank nodes."""
        return canonical(pyoxigraph.Dataset(quad(row) for row in self.statements))


def run_mapping(
    mapping: Path,
    tables: Mapping[str, pa.Table] | None = None,
    *,
    base: str = BASE,
    directory: Path | None = None,
) -> Result:
    """Load a mapping, run it in a new database, and read the tables."""
    model = load([mapping], display=lambda path: path.name)
    with tempfile.TemporaryDirectory() as staging:
        folders = Folders((directory,), Path(staging), working=directory) if directory else None
        connection = connect(directories=folders.readable if folders else (), threads=2)
        warnings: list[Problem] = []
        run(
            model,
            tables=tables or {},
            base=base,
            connection=connection,
            folders=folders,
            on_warning=warnings.append,
        )
    statements, lineage, rules = (
        connection.table(name).fetchall() for name in ("statements", "lineage", "rules")
    )
    connection.close()
    return Result(statements, lineage, rules, tuple(map(str, in_order(warnings))))


def quad(row: Row) -> pyoxigraph.Quad:
    """A row of `statements` as a quad."""
    texts = [None if value is None else str(value) for value in row]
    _, subject, subject_kind, predicate, object_, object_kind, datatype, language, graph, graph_kind = texts
    return pyoxigraph.Quad(
        _node(subject, subject_kind),
        pyoxigraph.NamedNode(predicate or ""),
        _literal(object_ or "", datatype, language)
        if object_kind == "literal"
        else _node(object_, object_kind),
        _node(graph, graph_kind) if graph is not None else pyoxigraph.DefaultGraph(),
    )


def readable(text: str) -> str:
    """N-Quads whose IRIs may have a space, as rml:UnsafeIRI makes them, with another character for it."""
    return _SPACE_IN_IRI.sub(lambda match: match[0].replace(" ", _INSTEAD_OF_SPACE), text)


def readable_row(row: Row) -> Row:
    """A row of `statements` with the same character for a space in an IRI."""
    kinds = {1: row[2], 3: "iri", 4: row[5], 8: row[9]}
    return tuple(
        value.replace(" ", _INSTEAD_OF_SPACE)
        if isinstance(value, str) and kinds.get(index) == "iri"
        else value
        for index, value in enumerate(row)
    )


def canonical(dataset: pyoxigraph.Dataset) -> pyoxigraph.Dataset:
    """A dataset whose blank nodes are renamed, so that equal means isomorphic."""
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def read_nquads(path: Path) -> pyoxigraph.Dataset:
    """The dataset of an N-Quads file."""
    quads = pyoxigraph.parse(path.read_bytes(), format=pyoxigraph.RdfFormat.N_QUADS)
    return canonical(pyoxigraph.Dataset(quads))


def _node(value: str | None, kind: str | None) -> pyoxigraph.NamedNode | pyoxigraph.BlankNode:
    return pyoxigraph.BlankNode(value or "") if kind == "bnode" else pyoxigraph.NamedNode(value or "")


def _literal(value: str, datatype: str | None, language: str | None) -> pyoxigraph.Literal:
    if language is not None:
        return pyoxigraph.Literal(value, language=language)
    return pyoxigraph.Literal(value, datatype=pyoxigraph.NamedNode(datatype or ""))
