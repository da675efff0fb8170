"""Logical targets: the files that statements go to.

Source: https://w3id.org/rml/io/spec
"""

from __future__ import annotations

import dataclasses
from typing import Final
from urllib.parse import unquote, urlsplit

import pyoxigraph

from nutgraf.mapping.access import FileAccess, LogicalTarget
from nutgraf.mapping.rml.csvw import TYPE
from nutgraf.mapping.rml.graph import Graph, Subject, Value, current
from nutgraf.mapping.rml.sources import file_access, file_compression, file_encoding
from nutgraf.mapping.rml.terms import AnyTermMap
from nutgraf.mapping.rml.vocabulary import RML

_FORMATS: Final = "http://www.w3.org/ns/formats/"
_SERIALIZATIONS: Final = {
    _FORMATS + name: to
    for name, to in {
        "JSON-LD": "jsonld",
        "N-Quads": "nq",
        "N-Triples": "nt",
        "N3": "ttl",  # each Turtle document is an N3 document
        "RDF_XML": "rdfxml",
        "TriG": "trig",
        "Turtle": "ttl",
    }.items()
}
_TARGET: Final = frozenset({"target", "serialization", "encoding", "compression"})
_FILE: Final = frozenset({"root", "path", "encoding", "compression"})
_DATA_DUMP: Final = "http://rdfs.org/ns/void#dataDump"
_NESTED: Final = ("languageMap", "datatypeMap")


def with_targets(graph: Graph, term_map: AnyTermMap | None, value: Value) -> AnyTermMap | None:
    """A term map with its targets, and those of its language map and its datatype map."""
    if term_map is None or isinstance(value.term, pyoxigraph.Literal):
        return term_map
    nodes = [value.term]
    for name in _NESTED:
        nodes += [
            nested.term
            for nested in graph.values(value.term, name)
            if not isinstance(nested.term, pyoxigraph.Literal)
        ]
    found = [
        target
        for node in nodes
        for written in graph.values(node, "logicalTarget")
        if (target := _logical_target(graph, written))
    ]
    return dataclasses.replace(term_map, targets=tuple(dict.fromkeys(found))) if found else term_map


def _logical_target(graph: Graph, value: Value) -> LogicalTarget | None:
    node = graph.resource(value, "logicalTarget")
    if node is None:
        return None
    graph.refuse_others(node, "a logical target", _TARGET, value.span)
    file = _file(graph, node, value)
    serialization = _serialization(graph, node)
    if file is None or serialization is None:
        return None
    path, access = file
    return LogicalTarget(path, access, serialization, value.span)


def _serialization(graph: Graph, node: Subject) -> str | None:
    """The format; N-Quads when none is named."""
    value = graph.one(node, "serialization")
    if value is None:
        return "nq"
    found = _SERIALIZATIONS.get(current(value.term))
    if found is None:
        known = ", ".join(sorted(iri.removeprefix(_FORMATS) for iri in _SERIALIZATIONS))
        graph.report(
            "MAP106",
            f"the serialization {value.term} is not supported yet",
            value.span,
            why=f"the serializations are {known}",
        )
    return found


def _file(graph: Graph, node: Subject, place: Value) -> tuple[str, FileAccess] | None:
    """The file: an rml:path, or a void:dataDump with a file: IRI."""
    value = graph.one(node, "target")
    target = graph.resource(value, "target") if value else None
    if value is None or target is None:
        graph.report("MAP107", "the logical target has no target", place.span, fix="add rml:target")
        return None
    graph.refuse_others(target, "a target", _FILE, value.span)
    path = graph.one(target, "path")
    dump = graph.foreign(target, _DATA_DUMP)
    if path is None and not dump:
        types = [kind.term for kind in graph.foreign(target, TYPE) if not kind.term.value.startswith(RML)]
        what = f"of the type {types[0]}" if types else "without a path"
        graph.report(
            "MAP106" if types else "MAP107",
            f"a target {what} is not supported yet" if types else f"the target is {what}",
            value.span,
            why="a target is a file",
            fix="add rml:path",
        )
        return None
    access = dataclasses.replace(
        file_access(graph, target, place.span),
        encoding=file_encoding(graph, node if graph.values(node, "encoding") else target),
        compression=file_compression(graph, node if graph.values(node, "compression") else target),
    )
    return path.term.value if path else unquote(urlsplit(dump[0].term.value).path), access
