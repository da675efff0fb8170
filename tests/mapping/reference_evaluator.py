"""Mappings evaluated the plain slow way, record by record, to compare the SQL engine with.

It shares the model with the engine, and nothing else: paths go to the RFC 9535 library, joins are nested
loops, and texts are encoded character by character.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final
from urllib.parse import quote

import jsonpath_rfc9535
import pyoxigraph

from nutgraf.mapping.model import (
    AbstractLogicalSource,
    Constant,
    LogicalSource,
    ObjectMap,
    ParentTriplesMap,
    Reference,
    RefObjectMap,
    RmlMapping,
    Template,
    TermMap,
    TermType,
    TriplesMap,
    ValueExpression,
)
from nutgraf.terms.vocabulary import RDF_TYPE, XSD, XSD_STRING

Term = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal

_ABSOLUTE: Final = re.compile("[A-Za-z][A-Za-z0-9+.-]*:")  # RFC 3986 §3.1: scheme
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


def evaluate(
    mapping: RmlMapping, files: Mapping[str, list[Any]], base: str = "https://base.example/"
) -> set[pyoxigraph.Quad]:
    """The quads of a mapping.

    Args:
        mapping: of JSON files that are arrays of records, of JSON Lines and of tables.
        files: name → records.
        base: goes before relative IRIs.

    Raises:
        ValueError: an IRI is not valid.
    """
    evaluator = _Evaluator(files, base)
    return {quad for triples_map in mapping.triples_maps for quad in evaluator.quads(triples_map)}


class _Evaluator:
    def __init__(self, files: Mapping[str, list[Any]], base: str) -> None:
        self._files = files
        self._base = base

    def quads(self, triples_map: TriplesMap) -> Iterator[pyoxigraph.Quad]:
        base = self._base_of(triples_map)
        for record in self._records(triples_map.logical_source):
            for subject in _nodes(triples_map.subject_map, record, base):
                of_all = triples_map.graph_maps
                for kind in triples_map.classes:
                    for graph in _graphs(of_all, record, base):
                        kind_of = pyoxigraph.NamedNode(RDF_TYPE), pyoxigraph.NamedNode(kind.value)
                        yield pyoxigraph.Quad(subject, *kind_of, graph)
                for pair in triples_map.predicate_object_maps:
                    graphs = _graphs(of_all + pair.graph_maps, record, base)
                    for predicate_map, object_map in itertools.product(pair.predicate_maps, pair.object_maps):
                        predicates = _nodes(predicate_map, record, base)
                        objects = list(self._objects(triples_map, object_map, record))
                        for predicate, made, graph in itertools.product(predicates, objects, graphs):
                            assert isinstance(predicate, pyoxigraph.NamedNode)
                            yield pyoxigraph.Quad(subject, predicate, made, graph)

    def _base_of(self, map_with_base: TriplesMap | ParentTriplesMap) -> str:
        return map_with_base.base_iri.value if map_with_base.base_iri else self._base

    def _records(self, source: AbstractLogicalSource) -> list[Any]:
        assert isinstance(source, LogicalSource)
        records = self._files[source.file]
        if source.reference_formulation.names_columns:
            return records
        if source.selector:
            query = source.selector.text
        elif source.iterator is None:
            query = "$"
        else:
            query = "$" + "".join(f"[{_quoted(name)}]" for name in source.iterator) + "[*]"
        documents = records if source.file.endswith((".jsonl", ".parquet")) else [records]
        return [value for document in documents for value in jsonpath_rfc9535.find(query, document).values()]

    def _objects(
        self, triples_map: TriplesMap, object_map: ObjectMap | RefObjectMap, child: Any
    ) -> Iterator[Term]:
        if isinstance(object_map, ObjectMap):
            yield from _terms(object_map, child, self._base_of(triples_map))
            return
        parent_map, conditions = object_map.parent, object_map.join_conditions
        same_record = not conditions and parent_map.logical_source == triples_map.logical_source
        for parent in [child] if same_record else self._records(parent_map.logical_source):
            if all(
                set(_texts(condition.child, child)) & set(_texts(condition.parent, parent))
                for condition in conditions
            ):
                yield from _nodes(parent_map.subject_map, parent, self._base_of(parent_map))


def _graphs(graph_maps: Sequence[TermMap], record: Any, base: str) -> list[Any]:
    """The graphs of a record: the default graph when none is asked for."""
    if not graph_maps:
        return [pyoxigraph.DefaultGraph()]
    return [graph for graph_map in graph_maps for graph in _nodes(graph_map, record, base)]


def _nodes(term_map: TermMap, record: Any, base: str) -> list[pyoxigraph.NamedNode | pyoxigraph.BlankNode]:
    nodes = []
    for term in _terms(term_map, record, base):
        assert not isinstance(term, pyoxigraph.Literal)
        nodes.append(term)
    return nodes


def _terms(term_map: TermMap, record: Any, base: str) -> Iterator[Term]:
    if term_map.term_type is TermType.IRI:
        for text in _texts(term_map.expression, record, encode=True):
            yield pyoxigraph.NamedNode(text if _ABSOLUTE.match(text) else base + text)
    elif term_map.term_type is TermType.BLANK_NODE:
        for text in _texts(term_map.expression, record):
            yield pyoxigraph.BlankNode("b" + text.encode().hex())
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
