"""Runs SPARQL-based constraints at the focus nodes, and puts what they find among the other results."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode, Store

from nutgraf.shapes import sparql, words
from nutgraf.shapes.index import shown
from nutgraf.shapes.sql import facts, written

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nutgraf.engine.duckdb import Connection
    from nutgraf.shapes.model import Constraint, ShapesGraph
    from nutgraf.shapes.report import Term

_FOCUS: Final = """
select f.node, t.kind, t.lexical, t.datatype, t.language
from shacl_focus f join shacl_term t on t.id = f.node where f.shape = $shape order by all
"""
_MANY: Final = 20
"""From how many focus nodes on a query is asked once for all, where it may be."""
_CHOSEN_FROM: Final = 100_000
"""From how many statements on it pays to read out of the queries which of them they look at."""
_COUNT: Final = "select 1 from (from statements limit $from) having count(*) >= $from"
_INSERT: Final = """
insert into shacl_result
select unnest($id::integer[]), unnest($focus::ubigint[]), unnest($value::ubigint[]), unnest($path::ubigint[])
"""

_Key = tuple[int, int, int | None, int | None]


class Queries:
    """The SPARQL-based constraints of a shapes graph, and the messages of what they found."""

    def __init__(
        self,
        connection: Connection,
        graph: ShapesGraph,
        terms: facts.Terms,
        language: str,
    ) -> None:
        self._connection = connection
        self._graph = graph
        self._terms = terms
        self._language = language
        self._messages: dict[_Key, list[str]] = defaultdict(list)

    def run(self) -> None:
        """Run all queries; the data is read only when there are any.

        Raises:
            InputError: SHP107, a query cannot be run.
        """
        constraints = [c for c in self._graph.constraints if c.query is not None]
        if not constraints:
            return
        store = Store()
        store.bulk_extend(written.quads(self._connection, self._predicates(constraints)))
        for constraint in constraints:
            self._run(store, constraint)

    def _predicates(self, constraints: Iterable[Constraint]) -> frozenset[str] | None:
        """The predicates of all statements that the queries look at; None where these may be any."""
        if not self._connection.execute(_COUNT, {"from": _CHOSEN_FROM}).fetchall():
            return None
        # Imported here: rdflib's parser takes a quarter of a second to import.
        from nutgraf.shapes import touched  # noqa: PLC0415

        texts = sorted({c.query.text for c in constraints if c.query is not None})
        found = [touched.predicates(text) for text in texts]
        return None if None in found else frozenset().union(*(names for names in found if names))

    def message(self, constraint: int, focus: int, value: int | None, path: int | None) -> str | None:
        """The message of a result, if a query made it."""
        found = self._messages.get((constraint, focus, value, path))
        return (found.pop(0) if len(found) > 1 else found[0]) if found else None

    def _run(self, store: Store, constraint: Constraint) -> None:
        assert constraint.query is not None, "only those with a query are run"
        shape = self._graph.shapes[constraint.shape]
        found: list[tuple[int, Term | None, str | None, sparql.Solution]] = []
        rows = [
            (node, facts.term_from(*columns))
            for node, *columns in self._connection.execute(_FOCUS, {"shape": constraint.shape}).fetchall()
        ]
        at_all: dict[Term, list[sparql.Solution]] | None = None
        if len(rows) >= _MANY:
            wanted = frozenset(focus for _, focus in rows)
            at_all = sparql.run_for_all(store, constraint.query, wanted, shown(shape.node))
        for node, focus in rows:
            if at_all is None or isinstance(focus, Literal):
                # A store writes numbers and dates its own way: what it found may not be spelt as the focus.
                solutions = sparql.run(store, constraint.query, focus, shown(shape.node))
            else:
                solutions = at_all.get(focus, [])
            for solution in solutions:
                value = solution.value
                if value is None and shape.path is None:
                    value = focus
                found.append((node, value, solution.path, solution))
        self._add(constraint, found)

    def _add(
        self, constraint: Constraint, found: list[tuple[int, Term | None, str | None, sparql.Solution]]
    ) -> None:
        values = [value for _, value, _, _ in found if value is not None]
        paths = [NamedNode(path) for _, _, path, _ in found if path is not None]
        facts.add_terms(self._connection, self._terms, [*values, *paths])
        rows = []
        for focus, value, path, solution in found:
            value_number = None if value is None else self._terms[value]
            path_number = None if path is None else self._terms[NamedNode(path)]
            rows.append({"id": constraint.number, "focus": focus, "value": value_number, "path": path_number})
            text = self._text(constraint, solution)
            if text is not None:
                self._messages[constraint.number, focus, value_number, path_number].append(text)
        columns = {name: [row[name] for row in rows] for name in ("id", "focus", "value", "path")}
        self._connection.execute(_INSERT, columns)

    def _text(self, constraint: Constraint, solution: sparql.Solution) -> str | None:
        """The query's own message, else the constraint's, else the shape's.

        Source: SHACL §5.3.2, https://www.w3.org/TR/shacl/#sparql-constraints-validation
        """
        assert constraint.query is not None, "it has found something"
        own = words.best(constraint.query.messages, self._language)
        if own is None:
            own = words.best(self._graph.shapes[constraint.shape].messages, self._language)
        return solution.bindings.get("message") or (None if own is None else sparql.message(own, solution))
