"""Runs the screen: focus nodes from the outermost shapes inwards, failures from the innermost outwards."""

# ruff: noqa: S608 - what stands in these queries is numbers and names of ours; the rest are parameters

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from nutgraf.shapes.sql import facts, paths
from nutgraf.shapes.sql.screen import conditions
from nutgraf.shapes.sql.screen.part import ALL, Part, Source

if TYPE_CHECKING:
    from nutgraf.engine.duckdb import Connection
    from nutgraf.shapes.model import Shape, ShapesGraph, Target
    from nutgraf.shapes.sql.facts import Terms

_DIRECT: Final = "select s as focus, o as value, lexical, datatype, language from shacl_fact where p = {p}"
_OBJECTS: Final = "select o as focus, o as value, lexical, datatype, language from shacl_fact where p = {p}"
_INVERSE: Final = "select o as focus, s as value from shacl_fact where p = {p}"
_WITH_TEXT: Final = """
select v.focus, v.value, t.lexical, t.datatype, t.language
from ({values}) v join shacl_term t on t.id = v.value
"""
_NOBODY: Final = "select shape, node from shacl_report where false"
_KEEP: Final = """
create or replace temp table shacl_report as
select r.shape, r.node, r.times from shacl_report r
semi join shacl_flag f on f.shape = r.shape and f.node = r.node
"""
_BOTH: Final = frozenset({"Not", "Xone", "QualifiedMinCount", "QualifiedMaxCount"})
"""Components that ask also at which nodes a shape must fail."""


def run(connection: Connection, graph: ShapesGraph, terms: Terms) -> Screen:
    """Keep in `shacl_report` only the targets at which their shape may fail, and make `shacl_flag`.

    That table has all shapes and nodes, targets or not, where the shape may fail at the node.

    Args:
        connection: after `targets.find`.
        graph: the shapes.
        terms: their numbers.

    Returns:
        The screen, whose tables stay until they are dropped.
    """
    screen = Screen(connection, graph, terms)
    try:
        screen.find_nodes()
        screen.find_failures()
        screen.keep()
    except BaseException:
        screen.drop()
        raise
    return screen


class Screen:
    """A screen that is run, with its tables.

    Attributes:
        walks: shape with a complex path → the table of all its (focus, value).
        plain: shapes that have no tables: whether a node fails is asked where its row is.
    """

    def __init__(self, connection: Connection, graph: ShapesGraph, terms: Terms) -> None:
        self.connection = connection
        self.graph = graph
        self.terms = terms
        self.tables: list[str] = []
        self.walks: dict[int, str] = {}
        self.focus: dict[int, str] = {}
        self.values: dict[int, str] = {}
        self.literals: dict[int, str] = {}
        self.may: dict[int, str | None] = {}
        self.must: dict[int, str | None] = {}
        self.flags: list[str] = []
        self.parameters: dict[str, object] = {}
        self.plain = frozenset(shape.number for shape in graph.shapes if conditions.is_plain(shape))
        self.by_level = sorted(
            (shape for shape in graph.shapes if shape.number not in self.plain), key=lambda shape: shape.level
        )
        self.asked = _asked_for_certain(graph)
        self.own = _own_properties(graph) - self.asked

    def find_nodes(self) -> None:
        """The focus nodes and value nodes of all shapes, and the texts of those that have some looked at."""
        sources: dict[int, list[str]] = defaultdict(list)
        texts: list[str] = []
        nodes: dict[int, list[str | None]] = defaultdict(list)
        for shape in self.by_level:
            number = shape.number
            nodes[number] += [self._targeted(target) for target in shape.targets]
            if shape.targets:
                sources[number].append(f"select node from shacl_report where shape = {number}")
            self.focus[number] = self._focus(number, sources[number])
            self.values[number] = self._values(shape)
            children = {n for c in shape.constraints for n in (*c.shapes, *c.siblings)}
            for child in children - self.plain:
                sources[child].append(self._below(shape))
                nodes[child] += self._texts_below(shape, nodes[number])
            looked = [c for n in children & self.plain for c in self.graph.shapes[n].constraints]
            if not conditions.looks_at_text([*shape.constraints, *looked]) or _is_direct(shape):
                self.literals[number] = self.values[number]
            elif shape.path is None and None not in nodes[number]:
                self.literals[number] = " union all ".join(dict.fromkeys(filter(None, nodes[number])))
            else:
                texts.append(f"select value as id from ({self.values[number]})")
                self.literals[number] = _WITH_TEXT.format(values=self.values[number])
        if texts:
            self.connection.execute(f"create or replace temp table shacl_asked as {' union '.join(texts)}")
            facts.name(self.connection)

    def find_failures(self) -> None:
        """The nodes at which each shape may fail, and those at which it must where that is asked."""
        plain: dict[int, tuple[str, str]] = {}
        for number in sorted(self.plain):
            may, must = self._parts(self.graph.shapes[number], self._source(None, plain))
            plain[number] = conditions.either(may), conditions.either(must)
        inlined: dict[int, list[str]] = {}
        for shape in reversed(self.by_level):
            number = shape.number
            source = self._source(shape, plain)
            may, must = self._parts(shape, source)
            if number in self.own and (queries := _queries(source, may)) is not None:
                inlined[number] = [f"select {number}, * from ({query})" for query in queries]
                self.may[number] = self.must[number] = None
                continue
            below = [query for c in shape.constraints for n in c.shapes for query in inlined.get(n, ())]
            self.may[number] = self._table(f"shacl_may_{number}", number, source, may, below)
            if number not in self.asked:
                self.must[number] = None
            elif may == must:
                self.must[number] = self.may[number]
            else:
                self.must[number] = self._table(f"shacl_must_{number}", number, source, must, [])
            if table := self.may[number]:
                self.flags.append(f"select {number} as shape, node from {table}")
            if below:
                self.flags.append(f"select shape, node from shacl_may_{number}")

    def keep(self) -> None:
        """Make `shacl_flag` of all shapes and nodes that may fail, and leave only such targets."""
        self._create("shacl_flag", " union ".join(self.flags or [_NOBODY]))
        self.connection.execute(_KEEP)

    def _source(self, shape: Shape | None, plain: dict[int, tuple[str, str]]) -> Source:
        """Where the nodes of a shape stand; nowhere in particular for a plain one."""
        number = None if shape is None else shape.number
        return Source(
            self.terms,
            "" if number is None else self.focus[number],
            "" if number is None else self.values[number],
            "" if number is None else self.literals[number],
            shape is None or shape.path is None,
            self.may,
            self.must,
            plain,
            self.parameters,
        )

    def _parts(self, shape: Shape, source: Source) -> tuple[list[Part], list[Part]]:
        """What may be wrong by each constraint of a shape, and what surely is."""
        parts = [conditions.of(source, constraint) for constraint in shape.constraints]
        return [part for part, _ in parts], [part for _, part in parts]

    def drop(self) -> None:
        """Remove the tables of the screen."""
        self.connection.execute("".join(f"drop table if exists {table};" for table in self.tables))

    def _focus(self, number: int, sources: list[str]) -> str:
        """The table of a shape's focus nodes; that of the shape that leads here, where it is the same."""
        distinct = list(dict.fromkeys(sources))
        if len(distinct) == 1 and distinct[0].startswith("from "):
            return distinct[0].removeprefix("from ")
        return self._create(f"shacl_focus_{number}", " union ".join(distinct))

    def _targeted(self, target: Target) -> str | None:
        """A query of the targets with their texts, where the statements that make them targets have these."""
        return _OBJECTS.format(p=self.terms[target.term]) if target.kind == "objects" else None

    def _texts_below(self, shape: Shape, own: list[str | None]) -> list[str | None]:
        """Queries of the value nodes of a shape with their texts; None where more has to be read for them."""
        if shape.path is None:
            return own
        kind, iri = shape.path.simple()
        return [_OBJECTS.format(p=self.terms[NamedNode(iri)]) if kind == "predicate" else None]

    def _below(self, shape: Shape) -> str:
        """A query of the value nodes of a shape, the focus nodes of those that it refers to."""
        focus = self.focus[shape.number]
        if shape.path is None:
            return f"from {focus}"
        values = self.values[shape.number]
        return f"select value as node from ({values}) where focus in (select node from {focus})"

    def _values(self, shape: Shape) -> str:
        """A query of a shape's value nodes, also at nodes that are none of its focus nodes."""
        focus = self.focus[shape.number]
        if shape.path is None:
            return f"select node as focus, node as value from {focus}"
        kind, iri = shape.path.simple()
        if kind == "predicate":
            return _DIRECT.format(p=self.terms[NamedNode(iri)])
        if kind == "inverse":
            return _INVERSE.format(p=self.terms[NamedNode(iri)])
        start = f"select node as focus, node as value from {focus}"
        walked = paths.query(shape.path, self.terms, start)
        self.walks[shape.number] = self._create(
            f"shacl_walk_{shape.number}", f"select distinct focus, value from ({walked})"
        )
        return f"from {self.walks[shape.number]}"

    def _table(
        self, name: str, number: int, source: Source, parts: list[Part], below: list[str]
    ) -> str | None:
        """The table of the nodes that some parts find, and of what is found at its own property shapes."""
        own = _queries(source, parts)
        queries = [f"select {number}, * from ({query})" for query in own or ()] + below
        if own is None and not below:
            return source.focus
        if own is None:
            queries.append(f"select {number}, node from {source.focus}")
        if not queries:
            return None
        # Sets have no order: that lets all of these run at the same time.
        found = " union all ".join(f"({query})" for query in queries)
        query = (
            f"select distinct shape, node from ({found}) as found(shape, node)"
            f" where node in (select node from {source.focus})"
        )
        used = {name: value for name, value in self.parameters.items() if f"${name}" in query}
        return self._create(name, query, used)

    def _create(self, name: str, query: str, parameters: dict[str, object] | None = None) -> str:
        self.connection.execute(f"create or replace temp table {name} as {query}", parameters or {})
        self.tables.append(name)
        return name


def _queries(source: Source, parts: list[Part]) -> list[str] | None:
    """The queries of the nodes that some parts find; None when these are all focus nodes."""
    values = list(dict.fromkeys(condition for part in parts for condition in part.values))
    if ALL in values:
        return None
    queries = [query for part in parts for query in part.nodes]
    if values:
        queries.append(f"select focus from ({source.literals}) where {' or '.join(values)}")
    return queries


def _own_properties(graph: ShapesGraph) -> set[int]:
    """The property shapes without targets that one node shape alone has."""
    references: dict[int, list[bool]] = defaultdict(list)
    for c in graph.constraints:
        is_property = c.component == "Property" and graph.shapes[c.shape].path is None
        for number in (*c.shapes, *c.siblings):
            references[number].append(is_property)
    return {
        number for number, kinds in references.items() if kinds == [True] and not graph.shapes[number].targets
    }


def _is_direct(shape: Shape) -> bool:
    return shape.path is not None and shape.path.simple()[0] == "predicate"


def _asked_for_certain(graph: ShapesGraph) -> set[int]:
    """The shapes of which it is asked at which nodes they must fail."""
    found: set[int] = set()
    for constraint in graph.constraints:
        if constraint.component in _BOTH:
            for number in (*constraint.shapes, *constraint.siblings):
                found |= graph.reached(number)
    return found
