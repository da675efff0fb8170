"""Focus nodes and value nodes of all shapes, level by level.

Sources: SHACL §2.1.3 and §3.4, https://www.w3.org/TR/shacl/#targets
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nutgraf.shapes.sql import paths
from nutgraf.shapes.sql.tables import SUBCLASS, TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nutgraf.engine.duckdb import Connection
    from nutgraf.shapes.model import ShapesGraph
    from nutgraf.shapes.sql.facts import Terms

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
{flagged}
where s.level = $level
"""
_FLAGGED: Final = "semi join shacl_flag f on f.shape = c.child and f.node = v.value"
"""Only those at which the shape may fail: at others it has no results, and nobody misses any."""
_NODE_VALUES: Final = """
insert into shacl_value
select f.shape, f.node, f.node from shacl_focus f join shacl_shape s on s.shape = f.shape
where s.level = $level and s.kind = 'node'
"""
_PREDICATE_VALUES: Final = """
insert into shacl_value
select distinct f.shape, f.node, t.o from shacl_focus f join shacl_shape s on s.shape = f.shape
join shacl_fact t on t.s = f.node and t.p = s.predicate
where s.level = $level and s.kind = 'predicate'
"""
_INVERSE_VALUES: Final = """
insert into shacl_value
select distinct f.shape, f.node, t.s from shacl_focus f join shacl_shape s on s.shape = f.shape
join shacl_fact t on t.o = f.node and t.p = s.predicate
where s.level = $level and s.kind = 'inverse'
"""
_WALKED: Final = """
insert into shacl_value select $shape, focus, value from {table}
where focus in (select node from shacl_focus where shape = $shape)
"""
_KINDS: Final = {"node": _NODE_VALUES, "predicate": _PREDICATE_VALUES, "inverse": _INVERSE_VALUES}

# How often a shape reports what it finds at a node: once as a target, and once for each way down to it.
_REPORTED: Final = """
insert into shacl_report
select c.child, v.value, sum(r.times)
from shacl_report r join shacl_value v on v.shape = r.shape and v.focus = r.node
join shacl_child c on c.shape = r.shape join shacl_shape s on s.shape = r.shape
{flagged}
where c.component = 'Property' and s.level = $level
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
    walks: Mapping[int, str] | None,
) -> None:
    """Fill `shacl_focus` and `shacl_value`, from the shapes that have targets down to the innermost.

    Args:
        connection: after `find`.
        graph: the shapes.
        terms: their numbers.
        skip: shapes whose own targets are left out.
        walks: after a screen: shape with a complex path → a table of all its (focus, value).
    """
    connection.execute(_SKIP, {"shapes": sorted(skip)})
    flagged = "" if walks is None else _FLAGGED
    focus, reported = _FOCUS.format(flagged=flagged), _REPORTED.format(flagged=flagged)
    for level in range(graph.levels):
        here = [shape for shape in graph.shapes if shape.level == level]
        connection.execute(focus, {"level": level})
        kinds = {shape.path.simple()[0] if shape.path else "node" for shape in here}
        for kind in sorted(kinds & _KINDS.keys()):
            connection.execute(_KINDS[kind], {"level": level})
        for shape in here:
            if shape.path is not None and shape.path.simple()[0] == "complex":
                if walks is not None:
                    connection.execute(_WALKED.format(table=walks[shape.number]), {"shape": shape.number})
                else:
                    paths.fill(connection, shape.number, shape.path, terms)
        connection.execute(reported, {"level": level})
