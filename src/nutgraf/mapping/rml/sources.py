"""Logical sources: files, as RML-IO and CSV on the Web describe them.

What is no file is refused by name, since nothing is ever fetched.

Source: https://w3id.org/rml/io/spec and https://w3id.org/rml/io/registry
"""

from __future__ import annotations

import dataclasses
from typing import Final

import pyoxigraph

from nutgraf.mapping.access import Compression, FileAccess, Root, encoding
from nutgraf.mapping.json_path import JsonPath
from nutgraf.mapping.model import LogicalSource, ReferenceFormulation
from nutgraf.mapping.references import parse_iterator
from nutgraf.mapping.rml import csvw
from nutgraf.mapping.rml.graph import Graph, Subject, Value, current
from nutgraf.mapping.rml.vocabulary import RML
from nutgraf.problems import Problem, Span

_LOGICAL_SOURCE: Final = frozenset({"source", "referenceFormulation", "iterator"})
_SOURCE: Final = frozenset({"root", "path", "encoding", "compression", "null"})
_CSVW_SOURCE: Final = frozenset({"encoding", "compression", "null"})
_ROOTS: Final = {RML + root.value: root for root in Root}
_READ: Final = (ReferenceFormulation.CSV, ReferenceFormulation.JSON_PATH, ReferenceFormulation.SQL_TABLE)
_FORMULATIONS: Final = {RML + formulation.value: formulation for formulation in _READ}
_COMPRESSIONS: Final = {
    **{RML + kind.value: kind for kind in Compression},
    RML + "targzip": Compression.TAR_GZIP,
}


def logical_source(graph: Graph, source: Subject, span: Span) -> LogicalSource | None:
    """The logical source that a node is; None, and a problem, when it is none that is read.

    Codes: MAP104, MAP106 to MAP108, MAP114.
    """
    graph.refuse_others(source, "a logical source", _LOGICAL_SOURCE, span)
    file = _file(graph, source, span)
    formulation = _formulation(graph, source, span)
    if file is None or formulation is None:
        return None
    path, access, place = file
    iterator = _iterator(graph, source, formulation, span)
    if isinstance(iterator, Problem):
        graph.tolerate(iterator)
        return None
    names, selector = iterator
    return LogicalSource(path, formulation, names, place, access, selector)


def file_access(graph: Graph, node: Subject, span: Span) -> FileAccess:
    """What a node says of a file: where its path starts, its encoding and its compression."""
    return FileAccess(
        mapping=span.file,
        root=_root(graph, node),
        encoding=file_encoding(graph, node),
        compression=file_compression(graph, node),
    )


def file_encoding(graph: Graph, node: Subject) -> str:
    """The rml:encoding, UTF-8 when there is none."""
    value = graph.one(node, "encoding")
    if value is None:
        return "utf-8"
    return known_encoding(graph, current(value.term).removeprefix(RML), value.span)


def known_encoding(graph: Graph, name: str, span: Span) -> str:
    """An encoding as Python spells it; UTF-8, and a problem, for one that is not read."""
    found = encoding(name)
    if found is None:
        graph.report("MAP106", f'the encoding "{name}" is not supported yet', span, fix="save it as UTF-8")
    return found or "utf-8"


def file_compression(graph: Graph, node: Subject) -> Compression | None:
    """The rml:compression."""
    value = graph.one(node, "compression")
    if value is None:
        return None
    found = _COMPRESSIONS.get(current(value.term))
    if found is None:
        known = ", ".join(sorted(f"rml:{kind.value}" for kind in Compression))
        graph.report(
            "MAP106",
            f"the compression {value.term} is not supported yet",
            value.span,
            why=f"the compressions are {known}",
        )
    return found


def _root(graph: Graph, node: Subject) -> Root | str:
    """rml:MappingDirectory, rml:CurrentWorkingDirectory, or a folder."""
    value = graph.one(node, "root")
    if value is None:
        return Root.MAPPING_DIRECTORY
    term = current(value.term)
    if term in _ROOTS:
        return _ROOTS[term]
    if isinstance(value.term, pyoxigraph.Literal):
        return value.term.value
    if term.startswith("file://"):
        return term.removeprefix("file://")
    graph.report(
        "MAP106",
        f"the root {value.term} is not supported yet",
        value.span,
        fix="write rml:MappingDirectory, or a folder as text",
    )
    return Root.MAPPING_DIRECTORY


def _file(graph: Graph, source: Subject, span: Span) -> tuple[str, FileAccess, Span] | None:
    """The path as it is written, how to read the file, and where that is said."""
    value = graph.one(source, "source")
    if value is None:
        graph.report("MAP107", "the logical source has no source", span, fix="add rml:source")
        return None
    nulls = ("",) if graph.is_2014 else ()
    if isinstance(value.term, pyoxigraph.Literal):
        return value.term.value, FileAccess(mapping=value.span.file, nulls=nulls), value.span
    node = value.term
    url = graph.foreign(node, csvw.URL)
    if url:
        return _csvw(graph, node, url[0], value)
    path = graph.one(node, "path")
    if path is None:
        _refuse(graph, node, value)
        return None
    graph.refuse_others(node, "a source", _SOURCE, value.span)
    written = tuple(null.term.value for null in graph.values(node, "null"))
    access = dataclasses.replace(file_access(graph, node, path.span), nulls=written or nulls)
    return path.term.value, access, path.span


def _csvw(graph: Graph, node: Subject, url: Value, value: Value) -> tuple[str, FileAccess, Span] | None:
    """A csvw:Table. Its csvw:url is resolved like a path, and never fetched."""
    graph.refuse_others(node, "a source", _CSVW_SOURCE, value.span)
    path = url.term.value
    if "://" in path:
        graph.report(
            "MAP106",
            f'the source "{path}" is not supported yet',
            url.span,
            why="it is on the network, and nothing is fetched",
            fix="download the file and name it",
        )
        return None
    dialect, name = csvw.dialect(graph, node)
    written = [*graph.foreign(node, csvw.NULL), *graph.values(node, "null")]
    access = FileAccess(
        mapping=url.span.file,
        encoding=known_encoding(graph, name.term.value, name.span) if name else file_encoding(graph, node),
        compression=file_compression(graph, node),
        nulls=tuple(null.term.value for null in written),
        dialect=dialect,
    )
    return path, access, url.span


def _refuse(graph: Graph, node: Subject, value: Value) -> None:
    types = [kind.term.value for kind in graph.foreign(node, csvw.TYPE)]
    names = [name for name in types if not name.startswith(RML)]
    if names:
        graph.report(
            "MAP106",
            f"a source of the type <{names[0]}> is not supported yet",
            value.span,
            why="a source is a file; nothing is fetched",
            fix="save the data as a file",
        )
    else:
        graph.report("MAP107", "the source has no path", value.span, fix="add rml:path")


def _formulation(graph: Graph, source: Subject, span: Span) -> ReferenceFormulation | None:
    value = graph.one(source, "referenceFormulation")
    if value is None:
        graph.report(
            "MAP107",
            "the logical source has no reference formulation",
            span,
            fix="add rml:referenceFormulation",
        )
        return None
    formulation = _FORMULATIONS.get(current(value.term))
    if formulation is None:
        known = ", ".join(f"rml:{formulation.value}" for formulation in _READ)
        graph.report(
            "MAP106",
            f"the reference formulation {_name(graph, value)} is not supported yet",
            value.span,
            why=f"a source is read as one of {known}",
        )
    return formulation


def _name(graph: Graph, value: Value) -> str:
    """A reference formulation, or the type of one that is described."""
    if isinstance(value.term, pyoxigraph.BlankNode):
        types = graph.foreign(value.term, csvw.TYPE)
        return str(types[0].term) if types else "without a name"
    return str(value.term)


def _iterator(
    graph: Graph, source: Subject, formulation: ReferenceFormulation, span: Span
) -> tuple[tuple[str, ...] | None, JsonPath | None] | Problem:
    written = graph.one(source, "iterator")
    place = written.span if written else span
    text = written.term.value if written else None
    if formulation is not ReferenceFormulation.SQL_TABLE:
        return parse_iterator(text, formulation, place)
    if not text:
        return Problem("MAP107", "the logical source names no table", place, fix='add rml:iterator "table"')
    return (text,), None
