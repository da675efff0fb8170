"""Focus nodes and value nodes of all shapes, level by level.

Sources: SHACL §2.1.3 and §3.4, https://www.w3.org/TR/shacl/#targets
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from nutgraf.shapes.sql import paths
from nutgraf.shapes.sql.tables import SUBCLASS, TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from nutgraf.engine.duckdb import Connection
    from nutgraf.shapes.model import Shape, ShapesGraph
    from nutgraf.shapes.sql.facts import Terms
    from nutgraf.shapes.sql.screen.screen import Screen

# Class → its instances, of the classes that some shape names: rdf:type/rdfs:subClassOf*.
_INSTANCES: Final = """
insert into shacl_instance
with recursive subclass(class, sub) as (
    select term, term from shacl_target where kind = 'class'
    union select term, term from shacl_constraint where component = 'Class'
    union select subclass.class, t.s
        from subclass join shacl_fact t on t.o = subclass.sub and t.p = $subclass
)
select distinct t.s, subclass.class
from subclass join shacl_fact t on t.o = subclass.sub and t.p = $type
"""

_TARGETS: Final = """
insert into shacl_report
select shape, node, 1 from (
    select shape, term as node from shacl_target where kind = 'node'
    union select t.shape, i.node from shacl_target t join shacl_instance i on i.class = t.term
        where t.kind = 'class'
    union select t.shape, d.s from shacl_target t join shacl_fact d on d.p = t.term
        where t.kind = 'subjects'
    union select t.shape, d.o from shacl_target t join shacl_fact d on d.p = t.term
        where t.kind = 'objects'
)
"""

# The focus nodes of a level: what its targets select, and the value nodes of the shapes that refer here.
_FOCUS: Final = """
insert into shacl_focus
select r.shape, r.node from shacl_report r join shacl_shape s on s.shape = r.shape where s.level = $level
union
select c.child, v.value from shacl_value v
join shacl_child c on c.shape = v.shape join shacl_shape s on s.shape = c.child
where s.level = $level {flagged}
"""
# Only where the shape may fail: elsewhere it has no results, and that it has none is all that anybody asks.
_FLAGGED: Final = """
and (c.child in ({plain}) or exists (from shacl_flag f where f.shape = c.child and f.node = v.value))
"""
_NODE_VALUES: Final = """
select f.shape, f.node, f.node from shacl_focus f join shacl_shape s on s.shape = f.shape
where s.level = $level and s.kind = 'node'
"""
_PREDICATE_VALUES: Final = """
select distinct f.shape, f.node, t.o from shacl_focus f join shacl_shape s on s.shape = f.shape
join shacl_fact t on t.s = f.node and t.p = s.predicate
where s.level = $level and s.kind = 'predicate' and t.p in ({predicates})
"""
_INVERSE_VALUES: Final = """
select distinct f.shape, f.node, t.s from shacl_focus f join shacl_shape s on s.shape = f.shape
join shacl_fact t on t.o = f.node and t.p = s.predicate
where s.level = $level and s.kind = 'inverse' and t.p in ({predicates})
"""
_WALKED: Final = """
select {shape}, focus, value from {table} where focus in (select node from shacl_focus where shape = {shape})
"""
_KINDS: Final = {"node": _NODE_VALUES, "predicate": _PREDICATE_VALUES, "inverse": _INVERSE_VALUES}

# How often a shape reports what it finds at a node: once as a target, and once for each way down to it.
_REPORTED: Final = """
insert into shacl_report
select c.child, v.value, sum(r.times)
from shacl_report r join shacl_value v on v.shape = r.shape and v.focus = r.node
join shacl_child c on c.shape = r.shape join shacl_shape s on s.shape = r.shape
where c.component = 'Property' and s.level = $level {flagged}
group by c.child, v.value
"""


_MATCHED: Final = "select distinct shape from shacl_report"
_SKIP: Final = "delete from shacl_report where shape in (select unnest($shapes))"


def find(connection: Connection, terms: Terms) -> set[int]:
    """Find the targets of all shapes, and say which shapes have any in the data."""
    connection.execute(_INSTANCES, {"subclass": terms[SUBCLASS], "type": terms[TYPE]})
    connection.execute(_TARGETS)
    return {shape for (shape,) in connection.execute(_MATCHED).fetchall()}


def fill(
    connection: Connection,
    graph: ShapesGraph,
    terms: Terms,
    skip: Iterable[int],
    screen: Screen | None = None,
) -> None:
    """Fill `shacl_focus` and `shacl_value`, from the shapes that have targets down to the innermost.

    Args:
        connection: after `find`.
        graph: the shapes.
        terms: their numbers.
        skip: shapes whose own targets are left out.
        screen: what says where a shape may fail, if there was one.
    """
    connection.execute(_SKIP, {"shapes": sorted(skip)})
    flagged = _FLAGGED.format(plain=", ".join(map(str, sorted(screen.plain) or [-1]))) if screen else ""
    focus, reported = _FOCUS.format(flagged=flagged), _REPORTED.format(flagged=flagged)
    walks = screen.walks if screen else {}
    for level in range(graph.levels):
        here = [shape for shape in graph.shapes if shape.level == level]
        connection.execute(focus, {"level": level})
        values = " union all ".join(_values(here, terms, walks))
        used = {"level": level} if "$level" in values else {}
        connection.execute(f"insert into shacl_value {values}", used)
        if any(constraint.component == "Property" for shape in here for constraint in shape.constraints):
            connection.execute(reported, {"level": level})


def _values(shapes: Iterable[Shape], terms: Terms, walks: Mapping[int, str]) -> Iterator[str]:
    """The queries of the value nodes of a level."""
    kinds: set[str] = set()
    predicates: set[int] = set()
    for shape in shapes:
        kind, iri = shape.path.simple() if shape.path else ("node", None)
        if shape.path is None or kind != "complex":
            kinds.add(kind)
            predicates |= {terms[NamedNode(iri)]} if iri else set()
        elif shape.number in walks:
            yield _WALKED.format(shape=shape.number, table=walks[shape.number])
        else:
            yield paths.values(shape.number, shape.path, terms)
    listed = ", ".join(map(str, sorted(predicates)))
    yield from (_KINDS[kind].format(predicates=listed) for kind in sorted(kinds))
