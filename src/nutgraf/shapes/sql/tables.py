"""The tables that validation works on: terms and triples of the data, shapes and constraints as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
from pyoxigraph import BlankNode, Literal, NamedNode

from nutgraf.engine import duckdb as engine
from nutgraf.problems import InputError, Problem
from nutgraf.shapes.model import ShapesGraph
from nutgraf.terms.vocabulary import RDF_LANG_STRING, RDF_TYPE, RDFS, XSD_STRING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nutgraf.shapes.report import Term

TYPE: Final = NamedNode(RDF_TYPE)
SUBCLASS: Final = NamedNode(RDFS + "subClassOf")

_TABLES: Final = """term triple constant shape child constraint member target focus value result failed report
    comparable ill_typed class_asked instance step""".split()
_CONSTANTS: Final = "shacl_constants"

# A literal's datatype is never absent, and its language tag is in lower case.
_TERM_MACRO: Final = """
create or replace temp macro shacl_term_of(kind, lexical, datatype, language) as {
    'kind': kind,
    'lexical': lexical,
    'datatype': case when kind <> 'literal' then '' when coalesce(language, '') <> '' then $lang_string
        else coalesce(nullif(datatype, ''), $string) end,
    'language': case when kind <> 'literal' then '' else lower(coalesce(language, '')) end
}
"""
_NUMBER_MACRO: Final = """
create or replace temp macro shacl_number(term, salt) as
    hash(term.kind, term.lexical, term.datatype, term.language, salt)
"""

_RAW: Final = """
create or replace temp table shacl_raw as
select shacl_term_of(subject_kind, subject, null, null) as s,
    shacl_term_of('iri', predicate, null, null) as p,
    shacl_term_of(object_kind, object, datatype, language) as o
from statements
"""
_TERMS: Final = """
create or replace temp table shacl_term as
select shacl_number(term, $salt) as id, term.kind, term.lexical, term.datatype, term.language
from (
    select distinct term from (
        select s as term from shacl_raw
        union all select p from shacl_raw
        union all select o from shacl_raw
        union all select term from shacl_constant
    )
)
"""
_TRIPLES: Final = """
create or replace temp table shacl_triple as
select distinct shacl_number(s, $salt) as s, shacl_number(p, $salt) as p, shacl_number(o, $salt) as o
from shacl_raw
"""
_CONSTANT: Final = """
create or replace temp table shacl_constant as
select shacl_term_of(kind, lexical, datatype, language) as term from shacl_constants
"""
_COLLISIONS: Final = "select count(*) - count(distinct id) from shacl_term"
_NUMBERS: Final = """
select shacl_number(shacl_term_of(kind, lexical, datatype, language), $salt)
from shacl_constants order by position
"""
_MORE_TERMS: Final = """
insert into shacl_term
select id, term.kind, term.lexical, term.datatype, term.language from (
    select shacl_number(term, $salt) as id, term
    from (select shacl_term_of(kind, lexical, datatype, language) as term from shacl_constants)
)
where id not in (select id from shacl_term)
"""
_SALTS: Final = 8


class Terms:
    """Terms of the shapes graph → their numbers."""

    def __init__(self, numbers: dict[Term, int], salt: int) -> None:
        self._numbers = numbers
        self.salt = salt

    def __getitem__(self, term: Term) -> int:
        return self._numbers[_lowered(term)]

    def add(self, numbers: dict[Term, int]) -> None:
        """Add terms that were found later."""
        self._numbers |= numbers


def create(connection: engine.Connection, graph: ShapesGraph) -> Terms:
    """Make the tables of the data, of the table `statements`, and of the shapes; the rest is empty.

    Raises:
        InputError: SHP104 terms of the data have the same number, whatever the numbering.
    """
    _execute(connection, _TERM_MACRO, lang_string=RDF_LANG_STRING, string=XSD_STRING)
    connection.execute(_NUMBER_MACRO)
    terms = _create_terms(connection, sorted(set(map(_lowered, _constants(graph))), key=str))
    _create_shapes(connection, graph, terms)
    return terms


def add_terms(connection: engine.Connection, terms: Terms, found: Iterable[Term]) -> None:
    """Give numbers to terms that a query found, and add those to `shacl_term` that are not there."""
    more = sorted(set(map(_lowered, found)), key=str)
    _register_constants(connection, more)
    try:
        numbers = connection.execute(_NUMBERS, {"salt": terms.salt}).fetchall()
        connection.execute(_MORE_TERMS, {"salt": terms.salt})
    finally:
        engine.unregister(connection, _CONSTANTS)
    terms.add({term: row[0] for term, row in zip(more, numbers, strict=True)})


def drop(connection: engine.Connection) -> None:
    """Remove what `create` and the validation made."""
    for name in (*_TABLES, "raw"):
        engine.drop(connection, "TABLE", f"shacl_{name}")


def term_columns(term: Term) -> dict[str, str | None]:
    """A term as columns."""
    if isinstance(term, Literal):
        return {
            "kind": "literal",
            "lexical": term.value,
            "datatype": term.datatype.value,
            "language": term.language,
        }
    kind = "bnode" if isinstance(term, BlankNode) else "iri"
    return {"kind": kind, "lexical": term.value, "datatype": None, "language": None}


def term_from(kind: str, lexical: str, datatype: str, language: str) -> Term:
    """The term of a row of `shacl_term`."""
    match kind:
        case "iri":
            return NamedNode(lexical)
        case "bnode":
            return BlankNode(lexical)
        case _ if language:
            return Literal(lexical, language=language)
        case _:
            return Literal(lexical, datatype=NamedNode(datatype))


def _create_terms(connection: engine.Connection, constants: list[Term]) -> Terms:
    _register_constants(connection, constants)
    try:
        connection.execute(_RAW)
        connection.execute(_CONSTANT)
        for salt in range(_SALTS):
            connection.execute(_TERMS, {"salt": salt})
            collisions = connection.execute(_COLLISIONS).fetchall()
            if collisions == [(0,)]:
                connection.execute(_TRIPLES, {"salt": salt})
                numbers = connection.execute(_NUMBERS, {"salt": salt}).fetchall()
                return Terms({term: row[0] for term, row in zip(constants, numbers, strict=True)}, salt)
        raise InputError(
            Problem(
                "SHP104",
                "the terms of the data cannot be told apart by their hashes",
                why=f"{_SALTS} ways of numbering them gave two terms the same number",
                fix="validate with --engine pyshacl",
            )
        )
    finally:
        engine.unregister(connection, _CONSTANTS)
        engine.drop(connection, "TABLE", "shacl_raw")


def _register_constants(connection: engine.Connection, constants: Iterable[Term]) -> None:
    names = ("kind", "lexical", "datatype", "language")
    rows = [{"position": n} | term_columns(term) for n, term in enumerate(constants)]
    schema = pa.schema([("position", pa.int64()), *((name, pa.string()) for name in names)])
    engine.register(connection, _CONSTANTS, pa.Table.from_pylist(rows, schema=schema))


def _lowered(term: Term) -> Term:
    """Language tags compare in lower case."""
    if isinstance(term, Literal) and term.language and not term.language.islower():
        return Literal(term.value, language=term.language.lower())
    return term


def _constants(graph: ShapesGraph) -> Iterator[Term]:
    yield TYPE
    yield SUBCLASS
    for shape in graph.shapes:
        yield from (target.term for target in shape.targets)
        if shape.path is not None:
            yield from (NamedNode(iri) for iri in shape.path.predicates())
    for constraint in graph.constraints:
        if constraint.term is not None:
            yield constraint.term
        yield from constraint.members


_SHAPE_COLUMNS: Final = {
    "shape": pa.int32(),
    "level": pa.int32(),
    "kind": pa.string(),
    "predicate": pa.uint64(),
}
_CONSTRAINT_COLUMNS: Final = {
    "id": pa.int32(),
    "shape": pa.int32(),
    "level": pa.int32(),
    "component": pa.string(),
    "term": pa.uint64(),
    "lexical": pa.string(),
    "count": pa.int64(),
}
_CHILD_COLUMNS: Final = {
    "id": pa.int32(),
    "shape": pa.int32(),
    "level": pa.int32(),
    "component": pa.string(),
    "position": pa.int32(),
    "child": pa.int32(),
    "sibling": pa.bool_(),
}
_MEMBER_COLUMNS: Final = {"id": pa.int32(), "term": pa.uint64(), "lexical": pa.string()}
_TARGET_COLUMNS: Final = {"shape": pa.int32(), "kind": pa.string(), "term": pa.uint64()}

_WORKING: Final = """
create or replace temp table shacl_focus (shape integer, node ubigint);
create or replace temp table shacl_value (shape integer, focus ubigint, value ubigint);
create or replace temp table shacl_result (id integer, focus ubigint, value ubigint, path ubigint);
create or replace temp table shacl_failed (shape integer, node ubigint, failures bigint);
create or replace temp table shacl_report (shape integer, node ubigint, times bigint);
create or replace temp table shacl_instance (node ubigint, class ubigint);
create or replace temp table shacl_ill_typed (id ubigint);
create or replace temp table shacl_comparable (id ubigint);
"""


def _create_shapes(connection: engine.Connection, graph: ShapesGraph, terms: Terms) -> None:
    level = [shape.level for shape in graph.shapes]
    shapes: list[dict[str, Any]] = []
    targets: list[dict[str, Any]] = []
    for shape in graph.shapes:
        kind, predicate = "node", None
        if shape.path is not None:
            kind, iri = shape.path.simple()
            predicate = terms[NamedNode(iri)] if iri else None
        shapes.append({"shape": shape.number, "level": shape.level, "kind": kind, "predicate": predicate})
        targets += [{"shape": shape.number, "kind": t.kind, "term": terms[t.term]} for t in shape.targets]
    constraints: list[dict[str, Any]] = []
    members: list[dict[str, Any]] = []
    children: list[dict[str, Any]] = []
    for c in graph.constraints:
        head = {"id": c.number, "shape": c.shape, "level": level[c.shape], "component": c.component}
        term = {} if c.term is None else {"term": terms[c.term], "lexical": c.term.value}
        constraints.append(head | term | {"count": c.count})
        members += [{"id": c.number, "term": terms[m], "lexical": m.value} for m in c.members]
        for sibling, numbers in ((False, c.shapes), (True, c.siblings)):
            children += [
                head | {"position": n, "child": number, "sibling": sibling}
                for n, number in enumerate(numbers)
            ]
    _create(connection, "shape", shapes, _SHAPE_COLUMNS)
    _create(connection, "target", targets, _TARGET_COLUMNS)
    _create(connection, "constraint", constraints, _CONSTRAINT_COLUMNS)
    _create(connection, "member", members, _MEMBER_COLUMNS)
    _create(connection, "child", children, _CHILD_COLUMNS)
    connection.execute(_WORKING)


def _create(
    connection: engine.Connection, name: str, rows: Iterable[dict[str, Any]], columns: dict[str, pa.DataType]
) -> None:
    """A table `shacl_…` of some rows; a column that a row does not have is NULL."""
    arrow = pa.Table.from_pylist(list(rows), schema=pa.schema(columns))
    engine.register(connection, "shacl_rows", arrow)
    try:
        connection.execute(f'create or replace temp table "shacl_{name}" as from shacl_rows')
    finally:
        engine.unregister(connection, "shacl_rows")


def _execute(connection: engine.Connection, sql: str, **constants: str) -> None:
    """Run a statement that cannot have parameters: write the constants in as SQL strings."""
    for name, value in constants.items():
        sql = sql.replace(f"${name}", "'" + value.replace("'", "''") + "'")
    connection.execute(sql)
