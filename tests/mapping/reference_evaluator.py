"""Mappings evaluated the plain slow way, record by record, to compare the SQL engine with.

It shares the model with the engine, and nothing else: paths go to the RFC 9535 library, joins are nested
loops, and texts are encoded character by character.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote

import jsonpath_rfc9535
import pyoxigraph

from nutgraf.mapping.model import (
    Constant,
    LogicalSource,
    ObjectMap,
    Reference,
    RefObjectMap,
    RmlMapping,
    Template,
    TermMap,
    TermType,
    TriplesMap,
    ValueExpression,
)
from nutgraf.terms.vocabulary import XSD, XSD_STRING

Term = pyoxigraph.NamedNode | pyoxigraph.Literal

# RFC 3987 §2.2: iunreserved = ALPHA / DIGIT / "-" / "." / "_" / "~" / ucschar
_UCSCHAR: Final = [
    (0xA0, 0xD7FF),
    (0xF900, 0xFDCF),
    (0xFDF0, 0xFFEF),
    *(
        (plane * 0x10000 + (0x1000 if plane == 0xE else 0), plane * 0x10000 + 0xFFFD)
        for plane in range(1, 0xF)
    ),
]


def encode_as_rfc_3987_says(text: str) -> str:
    """Percent-encode everything but iunreserved."""

    def kept(character: str) -> bool:
        return bool(re.fullmatch(r"[A-Za-z0-9._~-]", character)) or any(
            first <= ord(character) <= last for first, last in _UCSCHAR
        )

    return "".join(character if kept(character) else quote(character, safe="") for character in text)


def evaluate(mapping: RmlMapping, files: Mapping[str, list[Any]]) -> set[pyoxigraph.Quad]:
    """The quads of a mapping.

    Args:
        mapping: of JSON files that are arrays of records.
        files: name → records.
    """
    return {quad for triples_map in mapping.triples_maps for quad in _quads(triples_map, files)}


def _quads(triples_map: TriplesMap, files: Mapping[str, list[Any]]) -> Iterator[pyoxigraph.Quad]:
    for record in _records(triples_map, files):
        for subject in _terms(triples_map.subject_map, record):
            assert isinstance(subject, pyoxigraph.NamedNode)
            for pair in triples_map.predicate_object_maps:
                graph_maps = triples_map.graph_maps + pair.graph_maps
                graphs: list[Any] = [graph for item in graph_maps for graph in _terms(item, record)]
                for predicate_map, object_map in itertools.product(pair.predicate_maps, pair.object_maps):
                    for predicate in _terms(predicate_map, record):
                        assert isinstance(predicate, pyoxigraph.NamedNode)
                        for made in _objects(triples_map, object_map, record, files):
                            for graph in graphs if graph_maps else [pyoxigraph.DefaultGraph()]:
                                yield pyoxigraph.Quad(subject, predicate, made, graph)


def _records(triples_map: TriplesMap, files: Mapping[str, list[Any]]) -> list[Any]:
    assert isinstance(triples_map.logical_source, LogicalSource)
    return files[triples_map.logical_source.file]


def _objects(
    triples_map: TriplesMap,
    object_map: ObjectMap | RefObjectMap,
    child: Any,
    files: Mapping[str, list[Any]],
) -> Iterator[Term]:
    if isinstance(object_map, ObjectMap):
        yield from _terms(object_map, child)
        return
    source, conditions = object_map.parent.logical_source, object_map.join_conditions
    assert isinstance(source, LogicalSource)
    same_record = not conditions and source == triples_map.logical_source
    for parent in [child] if same_record else files[source.file]:
        if all(
            set(_texts(condition.child, child)) & set(_texts(condition.parent, parent))
            for condition in conditions
        ):
            yield from _terms(object_map.parent.subject_map, parent)


def _terms(term_map: TermMap, record: Any) -> Iterator[Term]:
    if term_map.term_type is TermType.IRI:
        for text in _texts(term_map.expression, record, encode=True):
            yield pyoxigraph.NamedNode(text)
    elif term_map.language_map:
        for value, language in itertools.product(
            _values(term_map.expression, record), _texts(term_map.language_map.expression, record)
        ):
            yield pyoxigraph.Literal(_text(value), language=language)
    elif term_map.datatype_map:
        for value, datatype in itertools.product(
            _values(term_map.expression, record), _texts(term_map.datatype_map.expression, record)
        ):
            yield pyoxigraph.Literal(_text(value), datatype=pyoxigraph.NamedNode(datatype))
    else:
        for value in _values(term_map.expression, record):
            yield pyoxigraph.Literal(_text(value), datatype=pyoxigraph.NamedNode(_datatype(value)))


def _texts(expression: ValueExpression, record: Any, *, encode: bool = False) -> list[str]:
    return [_text(value) for value in _values(expression, record, encode=encode)]


def _values(expression: ValueExpression, record: Any, *, encode: bool = False) -> list[Any]:
    """The values of an expression: JSON's own for a reference, texts otherwise."""
    if isinstance(expression, Constant):
        return [expression.value]
    if isinstance(expression, Reference):
        query = expression.path.text if expression.path else f"$[{_quoted(expression.name)}]"
        return [value for value in jsonpath_rfc9535.find(query, record).values() if value is not None]
    assert isinstance(expression, Template)
    choices = [
        [part]
        if isinstance(part, str)
        else [encode_as_rfc_3987_says(text) if encode else text for text in _texts(part, record)]
        for part in expression.parts
    ]
    return ["".join(combination) for combination in itertools.product(*choices)]


def _quoted(name: str) -> str:
    return "'" + name.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _text(value: Any) -> str:
    assert not isinstance(value, list | dict), "no single value"
    if isinstance(value, bool):
        return str(value).lower()
    return _canonical(value) if isinstance(value, float) else str(value)


def _canonical(number: float) -> str:
    """The canonical form of xsd:double.

    Source: https://www.w3.org/TR/xmlschema-2/#double-canonical-representation
    """
    sign, digits, _ = Decimal(repr(number)).as_tuple()
    text = "".join(map(str, digits)).lstrip("0")
    if not text:
        return "-0.0E0" if sign else "0.0E0"
    exponent = Decimal(repr(number)).adjusted()
    return f"{'-' if sign else ''}{text[0]}.{text[1:].rstrip('0') or '0'}E{exponent}"


def _datatype(value: Any) -> str:
    if isinstance(value, bool):
        return XSD + "boolean"
    if isinstance(value, int):
        return XSD + "integer"
    return XSD + "double" if isinstance(value, float) else XSD_STRING
