"""The tables of the shapes: shapes, targets and constraints as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pyoxigraph import NamedNode

from nutgraf.engine import duckdb as engine
from nutgraf.shapes.model import ShapesGraph
from nutgraf.shapes.sql import facts
from nutgraf.shapes.sql.facts import Terms, lowered
from nutgraf.terms.vocabulary import RDF_TYPE, RDFS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nutgraf.shapes.report import Term

TYPE: Final = NamedNode(RDF_TYPE)
SUBCLASS: Final = NamedNode(RDFS + "subClassOf")

_TABLES: Final = """fact node asked term triple constant shape child constraint member target focus value
    result failed report comparable ill_typed instance listed""".split()
_PREDICATES: Final = frozenset({"subjects", "objects"})
_PAIRS: Final = frozenset({"Equals", "Disjoint", "LessThan", "LessThanOrEquals"})


def create(connection: engine.Connection, graph: ShapesGraph) -> Terms:
    """Make the facts of the table `statements`, and the tables of the shapes; the rest is empty.

    Raises:
        InputError: SHP104 nodes of the data have the same number, whatever the numbering.
    """
    terms = facts.create(connection, sorted(set(map(lowered, _constants(graph))), key=str), _asked(graph))
    _create_shapes(connection, graph, terms)
    return terms


def _asked(graph: ShapesGraph) -> list[str] | None:
    """The predicates that the shapes speak of; None when a closed shape asks for all."""
    if any(constraint.component == "Closed" for constraint in graph.constraints):
        return None
    paths = [iri for shape in graph.shapes if shape.path is not None for iri in shape.path.predicates()]
    targets = [t.term.value for shape in graph.shapes for t in shape.targets if t.kind in _PREDICATES]
    others = [c.term.value for c in graph.constraints if c.term is not None and c.component in _PAIRS]
    return sorted({TYPE.value, SUBCLASS.value, *paths, *targets, *others})


def drop(connection: engine.Connection) -> None:
    """Remove what `create` and the validation made."""
    connection.execute("".join(f"drop table if exists shacl_{name};" for name in _TABLES))


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
    "shape": "integer",
    "level": "integer",
    "kind": "varchar",
    "predicate": "ubigint",
}
_CONSTRAINT_COLUMNS: Final = {
    "id": "integer",
    "shape": "integer",
    "level": "integer",
    "component": "varchar",
    "term": "ubigint",
    "lexical": "varchar",
    "count": "bigint",
}
_CHILD_COLUMNS: Final = {
    "id": "integer",
    "shape": "integer",
    "level": "integer",
    "component": "varchar",
    "position": "integer",
    "child": "integer",
    "sibling": "boolean",
}
_MEMBER_COLUMNS: Final = {"id": "integer", "term": "ubigint", "lexical": "varchar"}
_TARGET_COLUMNS: Final = {"shape": "integer", "kind": "varchar", "term": "ubigint"}

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
        term = {} if c.term is None else {"term": terms[c.term], "lexical": facts.short(c.term.value)}
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
    connection: engine.Connection, name: str, rows: Iterable[dict[str, Any]], columns: dict[str, str]
) -> None:
    """A table `shacl_…` of some rows; a column that a row does not have is NULL."""
    found = list(rows)
    lists = {column: [row.get(column) for row in found] for column in columns}
    parts = [f'unnest(${column}::{kind}[]) as "{column}"' for column, kind in columns.items()]
    connection.execute(f'create or replace temp table "shacl_{name}" as select {", ".join(parts)}', lists)
