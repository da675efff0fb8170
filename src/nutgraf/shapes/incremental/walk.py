"""The statements as numbers, and walks of an automaton over them, in DuckDB.

A term is a 64-bit hash here. Two terms with the same hash count as one node, so a walk never misses what it
should meet; it may meet more.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final

import pyarrow as pa
from pyoxigraph import NamedNode

from nutgraf.engine import duckdb as engine
from nutgraf.engine.statements import TERMS
from nutgraf.shapes.incremental.automaton import SINK
from nutgraf.shapes.sql.facts import term_columns
from nutgraf.shapes.sql.tables import SUBCLASS, TYPE
from nutgraf.terms.vocabulary import XSD_STRING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nutgraf.shapes.incremental.automaton import Automaton
    from nutgraf.shapes.model import Shape, Target
    from nutgraf.shapes.report import Term

BUCKETS: Final = 4096
"""Into how many parts the statements are cut, by their subject, to find out which parts changed."""

# Language tags compare in lower case, and a text without a datatype is an xsd:string.
_NODE: Final = """
create or replace temp macro changed_node(lexical, datatype, language) as
    xor(hash(lexical), hash(coalesce(lower(language), datatype)))
"""
_TRIPLES: Final = f"""
create or replace temp table changed_triple as
select changed_node(subject, null, null) as s, changed_node(predicate, null, null) as p,
    changed_node(object, case when object_kind = 'literal' and datatype is null and language is null
        then '{XSD_STRING}' else datatype end, language) as o, rowid as row
from statements
"""  # noqa: S608
_BUCKETS: Final = f"""
select (s % {BUCKETS})::usmallint as bucket, count(*) as number, sum(hash(s, p, o)) as total
from changed_triple group by bucket
"""  # noqa: S608 - a constant of ours
_ALL: Final = f"""
select (s % {BUCKETS})::usmallint as bucket, s, p, o from changed_triple order by bucket
"""  # noqa: S608
_IN_BUCKETS: Final = f"""
select distinct (s % {BUCKETS})::usmallint as bucket, s, p, o from changed_triple
where (s % {BUCKETS}) in (select unnest($buckets)) order by all
"""  # noqa: S608
_ADD_REMOVED: Final = "insert into changed_triple select s, p, o, null from changed_rows"
_NUMBERS: Final = """
select changed_node(lexical, datatype, language) from changed_rows order by position
"""
_TABLES: Final = ("triple", "edge", "jump", "seen", "frontier", "next")

# What asks at a node for triples of which one changed.
_TOUCHED: Final = """
select distinct e.state, if(e.forward, c.s, c.o) as node from changed_edge e
join changed_rows c on e.predicate is null or e.predicate = c.p
"""
_BEGIN: Final = """
create or replace temp table changed_seen as
select distinct j.next as state, f.node from changed_rows f join changed_jump j on j.state = f.state
"""
_STEP: Final = f"""
create or replace temp table changed_next as
select distinct j.next as state, found.node from (
    select e.next, t.o as node from changed_frontier f
    join changed_edge e on e.state = f.state and e.forward and e.next <> {SINK}
    join changed_triple t on t.s = f.node and t.p = e.predicate
    union
    select e.next, t.s from changed_frontier f
    join changed_edge e on e.state = f.state and not e.forward and e.next <> {SINK}
    join changed_triple t on t.o = f.node and t.p = e.predicate
) found
join changed_jump j on j.state = found.next
where not exists (from changed_seen x where x.state = j.next and x.node = found.node)
"""  # noqa: S608
_ROWS: Final = """
select distinct t.row from changed_seen f join changed_edge e on e.state = f.state and e.forward
    join changed_triple t on t.s = f.node and t.p = e.predicate where t.row is not null
union
select t.row from changed_seen f join changed_edge e on e.state = f.state and not e.forward
    join changed_triple t on t.o = f.node and t.p = e.predicate where t.row is not null
union
select t.row from changed_seen f
    join changed_edge e on e.state = f.state and e.predicate is null
    join changed_triple t on t.s = f.node where t.row is not null
"""
_STATEMENTS: Final = f"""
select {", ".join(TERMS)} from statements join changed_rows on changed_rows.row = statements.rowid
"""  # noqa: S608
# The classes of which something is an instance, by its own type or over subclasses.
_CLASSES: Final = """
with recursive class(node) as (
    select distinct o from changed_triple where p = $type and row is not null
    union select t.o from class join changed_triple t on t.s = class.node
    where t.p = $subclass and t.row is not null
)
from class
"""
_PREDICATES: Final = """
select distinct p from changed_triple where row is not null and p in (select unnest($named))
"""
_PAIRS: Final = pa.schema([("state", pa.int32()), ("node", pa.uint64())])


class TooMuchError(Exception):
    """A change reaches so many nodes that a full run is no more work."""


class Triples:
    """The table `statements` as numbers, and what is reached in it."""

    def __init__(self, connection: engine.Connection) -> None:
        self._connection = connection
        self._predicates: dict[str, int] = {}
        connection.execute(_NODE)
        connection.execute(_TRIPLES)

    def count(self) -> int:
        """How many statements there are."""
        (row,) = self._connection.execute("select count(*) from changed_triple").fetchall()
        return int(row[0])

    def all(self) -> pa.Table:
        """All statements as numbers, by bucket."""
        return engine.table(self._connection, _ALL)

    def buckets(self) -> pa.Table:
        """What is in each bucket: how many statements, and the sum of their hashes."""
        return engine.table(self._connection, _BUCKETS)

    def in_buckets(self, buckets: Sequence[int]) -> pa.Table:
        """The distinct statements of some buckets, as numbers."""
        return engine.table(self._connection, _IN_BUCKETS, {"buckets": list(buckets)})

    def add_removed(self, rows: pa.Table) -> None:
        """Let walks pass over statements that are there no longer."""
        with self._registered(rows):
            self._connection.execute(_ADD_REMOVED)

    def numbers(self, terms: Sequence[Term]) -> list[int]:
        """The number of each term."""
        names = ("kind", "lexical", "datatype", "language")
        rows = [{"position": n} | term_columns(term) for n, term in enumerate(terms)]
        schema = pa.schema([("position", pa.int64()), *((name, pa.string()) for name in names)])
        with self._registered(pa.Table.from_pylist(rows, schema=schema)):
            return [int(row[0]) for row in self._connection.execute(_NUMBERS).fetchall()]

    def touched(self, automaton: Automaton, changed: pa.Table) -> pa.Table:
        """The questions (state, node) that read a changed triple."""
        self._use(automaton)
        with self._registered(changed):
            return engine.table(self._connection, _TOUCHED).cast(_PAIRS)

    def walk(self, automaton: Automaton, start: pa.Table, most: int) -> pa.Table:
        """The questions that some questions lead to, themselves among them.

        Args:
            automaton: what leads where.
            start: the questions to start from: state and node.
            most: how many there may be.

        Raises:
            TooMuchError: there are more.
        """
        execute = self._connection.execute
        self._use(automaton)
        with self._registered(start):
            execute(_BEGIN)
        execute("create or replace temp table changed_frontier as from changed_seen")
        while True:
            (counted,) = execute("select count(*) from changed_seen").fetchall()
            if counted[0] > most:
                raise TooMuchError
            execute(_STEP)
            (more,) = execute("select count(*) from changed_next").fetchall()
            if not more[0]:
                return engine.table(self._connection, "select state, node from changed_seen").cast(_PAIRS)
            execute("insert into changed_seen from changed_next")
            execute("create or replace temp table changed_frontier as from changed_next")

    def read(self) -> pa.Table:
        """The statements that the questions of the last walk read, as rows of `statements`."""
        rows = engine.table(self._connection, _ROWS)
        with self._registered(rows):
            return engine.table(self._connection, _STATEMENTS)

    def target_predicates(self, shape: Shape) -> set[int]:
        """The numbers of the predicates of the triples that make nodes targets of a shape."""
        named = {SUBCLASS.value, TYPE.value} if any(t.kind == "class" for t in shape.targets) else set[str]()
        named |= {t.term.value for t in shape.targets if t.kind in {"subjects", "objects"}}
        return {self._predicate(iri) for iri in named}

    def matched(self, shapes: Iterable[Shape]) -> set[int]:
        """Of some shapes, the indices of those that some node is a target of."""
        known = list(shapes)
        terms = [TYPE, SUBCLASS, *(target.term for shape in known for target in shape.targets)]
        number = dict(zip(terms, self.numbers(terms), strict=True))
        asked = {"type": number[TYPE], "subclass": number[SUBCLASS]}
        classes = {row[0] for row in self._connection.execute(_CLASSES, asked).fetchall()}
        named = {"named": sorted(set(number.values()))}
        predicates = {row[0] for row in self._connection.execute(_PREDICATES, named).fetchall()}

        def is_matched(target: Target) -> bool:
            return target.kind == "node" or number[target.term] in (
                classes if target.kind == "class" else predicates
            )

        return {shape.number for shape in known if any(map(is_matched, shape.targets))}

    def drop(self) -> None:
        """Remove the tables."""
        for name in _TABLES:
            engine.drop(self._connection, "TABLE", f"changed_{name}")

    def _predicate(self, iri: str) -> int:
        if iri not in self._predicates:
            (self._predicates[iri],) = self.numbers([NamedNode(iri)])
        return self._predicates[iri]

    def _use(self, automaton: Automaton) -> None:
        named = {edge.predicate for edge in automaton.edges if edge.predicate is not None}
        more = sorted(named - self._predicates.keys())
        self._predicates |= zip(more, self.numbers([NamedNode(iri) for iri in more]), strict=True)
        edges = [
            (edge.state, edge.forward, self._predicates.get(edge.predicate or ""), edge.next)
            for edge in automaton.edges
        ]
        columns = (pa.int32(), pa.bool_(), pa.uint64(), pa.int32())
        names = ("state", "forward", "predicate", "next")
        self._keep("edge", edges, dict(zip(names, columns, strict=True)))
        jumps = [(state, other) for state, others in automaton.closed().items() for other in sorted(others)]
        self._keep("jump", jumps, {"state": pa.int32(), "next": pa.int32()})

    def _keep(self, name: str, rows: Iterable[tuple[object, ...]], columns: dict[str, pa.DataType]) -> None:
        table = pa.Table.from_pylist(
            [dict(zip(columns, row, strict=True)) for row in rows], schema=pa.schema(columns)
        )
        with self._registered(table):
            self._connection.execute(f"create or replace temp table changed_{name} as from changed_rows")

    @contextlib.contextmanager
    def _registered(self, rows: pa.Table) -> Iterator[None]:
        engine.register(self._connection, "changed_rows", rows)
        try:
            yield
        finally:
            engine.unregister(self._connection, "changed_rows")
