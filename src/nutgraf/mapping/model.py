"""The one model that YARRRML and RML are read into: RML's nouns, each with its place.

Source: RML-Core, https://w3id.org/rml/core/spec
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nutgraf.mapping.access import BESIDE_THE_MAPPING, FileAccess, LogicalTarget
from nutgraf.mapping.json_path import JsonPath
from nutgraf.problems import Problem, Span


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
    FIELDS = "fields"
    """The names of a logical view's fields; no mapping writes it."""

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
        selector: what selects the records in each of those, when names alone do not.
    """

    file: str
    reference_formulation: ReferenceFormulation
    iterator: tuple[str, ...] | None
    span: Span = field(compare=False)
    access: FileAccess = BESIDE_THE_MAPPING
    selector: JsonPath | None = None

    @property
    def label(self) -> str:
        """What messages call it."""
        return self.file


@dataclass(frozen=True, slots=True)
class Constant:
    """The same value for every record."""

    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class Reference:
    """The value that one column (or JSON member) of the record has, or the values of a JSONPath query.

    Attributes:
        name: of the column or member; the query's text when there is one.
        path: the query, for what is more than the name of a member.
    """

    name: str
    span: Span
    path: JsonPath | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """Text with references in it; neighbouring texts are joined."""

    parts: tuple[str | Reference, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Generated:
    """A key of the record's own: what a blank node without expression has.

    Attributes:
        key: no other term map of a mapping has it.
    """

    key: str
    span: Span


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """What a function gives of each combination of its arguments' values.

    Attributes:
        function: its IRI.
        arguments: in the order of the function's parameters.
    """

    function: str
    arguments: tuple[ValueExpression, ...]
    span: Span


ValueExpression = Constant | Reference | Template | Generated | FunctionCall


def references(expression: ValueExpression) -> Iterator[Reference]:
    """The references of an expression, in order."""
    if isinstance(expression, Reference):
        yield expression
    elif isinstance(expression, Template):
        yield from (part for part in expression.parts if isinstance(part, Reference))
    elif isinstance(expression, FunctionCall):
        for argument in expression.arguments:
            yield from references(argument)


@dataclass(frozen=True, slots=True)
class JoinCondition:
    """Holds of a child and a parent record when both expressions give the same text."""

    child: ValueExpression
    parent: ValueExpression
    span: Span


@dataclass(frozen=True, slots=True)
class ExpressionField:
    """A field with the values of an expression over the parent's record.

    Attributes:
        name: declared name, without its parents'.
        fields: those below it, over each of its values.
    """

    name: str
    expression: ValueExpression
    fields: tuple[Field, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class IterableField:
    """A field that iterates over the parent's record: it has an index, and fields below it, but no value.

    Attributes:
        name: declared name, without its parents'.
        reference_formulation: how the parent's record is read, and the references below.
        iterator: selects the records; None where each row is one.
        fields: those below it, over each record.
    """

    name: str
    reference_formulation: ReferenceFormulation
    iterator: JsonPath | None
    fields: tuple[Field, ...]
    span: Span


Field = ExpressionField | IterableField


@dataclass(frozen=True, slots=True)
class ViewJoin:
    """Adds fields of another view to each row that meets all conditions.

    Attributes:
        parent: the other view.
        left: whether a row without a partner stays.
    """

    parent: LogicalView
    left: bool
    join_conditions: tuple[JoinCondition, ...]
    fields: tuple[ExpressionField, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class LogicalView:
    """A table made of a logical source or another view: a row for each combination of its fields' values.

    Source: RML-LV, https://w3id.org/rml/lv/spec
    """

    name: str
    view_on: AbstractLogicalSource
    fields: tuple[Field, ...]
    joins: tuple[ViewJoin, ...]
    span: Span

    @property
    def label(self) -> str:
        """What messages call it."""
        return self.name


AbstractLogicalSource = LogicalSource | LogicalView


def logical_sources(source: AbstractLogicalSource) -> Iterator[LogicalSource]:
    """The logical sources that a view is made of; a logical source is one itself."""
    if isinstance(source, LogicalSource):
        yield source
        return
    yield from logical_sources(source.view_on)
    for join in source.joins:
        yield from logical_sources(join.parent)


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
        expression: gives the value, or several values.
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
class ParentTriplesMap:
    """What an object takes of another triples map: its subjects.

    Attributes:
        base_iri: of the parent, when it has one of its own.
        conditions: that the parent's record meets.
    """

    name: str
    logical_source: AbstractLogicalSource
    subject_map: SubjectMap
    base_iri: Constant | None
    conditions: tuple[FunctionCall, ...] = ()


@dataclass(frozen=True, slots=True)
class RefObjectMap:
    """Makes an object of each subject of another triples map whose record meets all conditions.

    Source: https://w3id.org/rml/core/spec#referencing-object-map
    """

    parent: ParentTriplesMap
    join_conditions: tuple[JoinCondition, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class PredicateObjectMap:
    """Each predicate with each object, in each graph, of the records that meet all conditions."""

    predicate_maps: tuple[PredicateMap, ...]
    object_maps: tuple[ObjectMap | RefObjectMap, ...]
    graph_maps: tuple[GraphMap, ...]
    span: Span
    conditions: tuple[FunctionCall, ...] = ()


@dataclass(frozen=True, slots=True)
class TriplesMap:
    """What is said of each record of a logical source.

    Attributes:
        name: for people; the key in YARRRML, the end of the IRI in RML.
        base_iri: for relative IRIs, when the mapping has one of its own.
        classes: constant types of the subject.
        graph_maps: graphs of everything this map says.
        lenient: whether a mistake of the data skips the statement and is a warning, as the notation of
            2014 has it; RML-Core and YARRRML make it an error.
    """

    name: str
    logical_source: AbstractLogicalSource
    subject_map: SubjectMap
    classes: tuple[Constant, ...]
    graph_maps: tuple[GraphMap, ...]
    predicate_object_maps: tuple[PredicateObjectMap, ...]
    base_iri: Constant | None
    span: Span
    lenient: bool = False


@dataclass(frozen=True, slots=True)
class RmlMapping:
    """The triples maps of all files that were loaded, in order.

    Attributes:
        folders: mapping file, as its spans name it → the folder that it is in.
        warnings: what is odd in the files and does not stop a run.
    """

    triples_maps: tuple[TriplesMap, ...]
    folders: Mapping[str, Path] = field(default_factory=dict, compare=False)
    warnings: tuple[Problem, ...] = ()
