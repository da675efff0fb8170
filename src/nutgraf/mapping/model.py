"""The one model that YARRRML and RML are read into: RML's nouns, each with its place.

Source: RML-Core, https://w3id.org/rml/core/spec
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nutgraf.mapping.access import BESIDE_THE_MAPPING, FileAccess, LogicalTarget
from nutgraf.problems import Span


class TermType(enum.Enum):
    """What a term map makes. IRI keeps RFC 3987 characters, URI encodes them, UNSAFE_IRI encodes nothing."""

    IRI = "IRI"
    URI = "URI"
    UNSAFE_IRI = "UnsafeIRI"
    BLANK_NODE = "BlankNode"
    LITERAL = "Literal"

    @property
    def is_iri(self) -> bool:
        return self in {TermType.IRI, TermType.URI, TermType.UNSAFE_IRI}


class ReferenceFormulation(enum.Enum):
    """The language of iterators and references."""

    CSV = "CSV"
    JSON_PATH = "JSONPath"
    SQL_TABLE = "SQL2008Table"

    @property
    def names_columns(self) -> bool:
        """Whether a reference is the name of a column, whatever characters it has."""
        return self is not ReferenceFormulation.JSON_PATH


@dataclass(frozen=True, slots=True)
class LogicalSource:
    """Where records come from.

    Attributes:
        file: as the mapping writes it, such as "event.json".
        reference_formulation: the language of the iterator and the references.
        iterator: the member names that lead to the array of records; empty when the document is the
            array, None when each row, line or document is a record. For a database, its table.
        span: no part of what the source is, so that a source written twice is read once.
        access: where the file is and how it is written.
    """

    file: str
    reference_formulation: ReferenceFormulation
    iterator: tuple[str, ...] | None
    span: Span = field(compare=False)
    access: FileAccess = BESIDE_THE_MAPPING


@dataclass(frozen=True, slots=True)
class Constant:
    """The same value for every record."""

    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class Reference:
    """The value that one column (or JSON member) of the record has."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Template:
    """Text with references in it; neighbouring texts are joined."""

    parts: tuple[str | Reference, ...]
    span: Span


ValueExpression = Constant | Reference | Template


def references(expression: ValueExpression) -> Iterator[Reference]:
    """The references of an expression, in order."""
    if isinstance(expression, Reference):
        yield expression
    elif isinstance(expression, Template):
        yield from (part for part in expression.parts if isinstance(part, Reference))


@dataclass(frozen=True, slots=True)
class DatatypeMap:
    """The datatype IRI of a literal."""

    expression: ValueExpression
    span: Span


@dataclass(frozen=True, slots=True)
class LanguageMap:
    """The language tag of a literal."""

    expression: ValueExpression
    span: Span


@dataclass(frozen=True, slots=True)
class TermMap:
    """Makes an RDF term of a record.

    Attributes:
        expression: gives the value.
        term_type: what it becomes.
        datatype_map: of a literal; the natural datatype when None.
        language_map: of a literal.
        targets: where the statements with this term go; nowhere else then.
    """

    expression: ValueExpression
    term_type: TermType
    span: Span
    datatype_map: DatatypeMap | None = None
    language_map: LanguageMap | None = None
    targets: tuple[LogicalTarget, ...] = ()

    def expressions(self) -> Iterator[ValueExpression]:
        """Everything that is worked out for each record."""
        yield self.expression
        if self.datatype_map:
            yield self.datatype_map.expression
        if self.language_map:
            yield self.language_map.expression


class PredicateMap(TermMap):
    """Makes the predicate."""


class ObjectMap(TermMap):
    """Makes the object."""


class GraphMap(TermMap):
    """Makes the graph name."""


class SubjectMap(TermMap):
    """Makes the subject."""


@dataclass(frozen=True, slots=True)
class PredicateObjectMap:
    """Each predicate with each object, in each graph."""

    predicate_maps: tuple[PredicateMap, ...]
    object_maps: tuple[ObjectMap, ...]
    graph_maps: tuple[GraphMap, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class TriplesMap:
    """What is said of each record of a logical source.

    Attributes:
        name: for people; the key in YARRRML, the end of the IRI in RML.
        base_iri: for relative IRIs, when the mapping has one of its own.
        classes: constant types of the subject.
        graph_maps: graphs of everything this map says.
    """

    name: str
    logical_source: LogicalSource
    subject_map: SubjectMap
    classes: tuple[Constant, ...]
    graph_maps: tuple[GraphMap, ...]
    predicate_object_maps: tuple[PredicateObjectMap, ...]
    base_iri: Constant | None
    span: Span


@dataclass(frozen=True, slots=True)
class RmlMapping:
    """The triples maps of all files that were loaded, in order.

    Attributes:
        folders: mapping file, as its spans name it → the folder that it is in.
    """

    triples_maps: tuple[TriplesMap, ...]
    folders: Mapping[str, Path] = field(default_factory=dict, compare=False)
