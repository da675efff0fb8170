"""Validates the table `statements`, all of it or only what a change since the last time can touch."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

import numpy as np
from pyoxigraph import BlankNode

from nutgraf.shapes import reader, run
from nutgraf.shapes.incremental import kept as files
from nutgraf.shapes.incremental import parts
from nutgraf.shapes.incremental.automaton import Dependence, dependence, queried, reporters
from nutgraf.shapes.incremental.graph import Graph
from nutgraf.shapes.incremental.kept import Kept
from nutgraf.shapes.incremental.pieces import DamagedError
from nutgraf.shapes.incremental.rows import are_among
from nutgraf.shapes.incremental.stated import Stated
from nutgraf.shapes.incremental.targets import Targets
from nutgraf.shapes.incremental.walk import TooMuchError, Walks
from nutgraf.shapes.report import Detail, Report
from nutgraf.shapes.sql.tables import SUBCLASS, TYPE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from pathlib import Path

    from pyoxigraph import NamedNode, Triple

    from nutgraf.engine import duckdb as engine
    from nutgraf.shapes.incremental.graph import Triples
    from nutgraf.shapes.incremental.results import Found
    from nutgraf.shapes.incremental.rows import Rows
    from nutgraf.shapes.incremental.tree import Tree
    from nutgraf.shapes.incremental.walk import Asked
    from nutgraf.shapes.report import Result, Term

FILE: Final = "validation.sqlite"
"""What the file is called that one validation leaves for the next."""
_FORMAT: Final = "2"
_SHARE: Final = 20
"""Where a change leads to more questions than a twentieth of the statements, everything is validated."""
_FEW: Final = 10_000
_BY_PREDICATE: Final = frozenset({"subjects", "objects"})


@dataclass(frozen=True, slots=True)
class Checked:
    """A report, and how much was done for it.

    Attributes:
        report: the same, whether all was validated or only what changed.
        nodes: how many focus nodes were validated again, each counted for each shape that has it as a
            target; None where everything was validated.
    """

    report: Report
    nodes: int | None = None


def validate(
    connection: engine.Connection,
    shapes: Sequence[Triple],
    triples: Callable[[], Iterable[Triple]],
    path: Path,
    *,
    afresh: bool = False,
) -> Checked:
    """Validate the table `statements`, and keep at `path` what makes the next time quick.

    Args:
        connection: with the table.
        shapes: the shapes graph, as `load` gave it.
        triples: gives the same data as triples, blank nodes with the labels of the table.
        path: the file that the last validation left, and that this one leaves.
        afresh: validate everything.

    Raises:
        InputError: as `nutgraf.shapes.run.validate`.
    """
    work = _Work(connection, shapes, triples, path)
    try:
        return work.done(afresh=afresh)
    finally:
        work.stated.drop()


@dataclass(frozen=True, slots=True)
class _Again:
    """What was validated again.

    Attributes:
        places: the shapes and focus nodes whose results may differ from those before.
        nodes: how many targets were validated.
        found: the results at these places.
        matched: shapes that have a target among them.
    """

    places: Collection[tuple[int, int]] = frozenset()
    nodes: int = 0
    found: Sequence[Found] = ()
    matched: Collection[int] = frozenset()


class _Work:
    def __init__(
        self,
        connection: engine.Connection,
        shapes: Sequence[Triple],
        triples: Callable[[], Iterable[Triple]],
        path: Path,
    ) -> None:
        self.connection = connection
        self.shapes = shapes
        self.graph = reader.read_cached(shapes)
        self.triples = triples
        self.path = path
        self.others = queried(self.graph)
        self.own = frozenset(s.number for s in self.graph.shapes if s.targets) - self.others
        self.numbers = {_reported(shape.node): shape.number for shape in self.graph.shapes}
        self.stated = Stated(connection)
        self.on = dependence(self.graph)
        self.predicates = self.stated.predicates(sorted(self._named()))

    def done(self, *, afresh: bool) -> Checked:
        kept = None if afresh or not self.own else Kept.open(self.path, self.key, self._inverse())
        if kept is None:
            return self.everything()
        try:
            return self.changes(kept)
        except (DamagedError, TooMuchError):
            kept.close()
            return self.everything()
        finally:
            kept.close()

    @property
    def key(self) -> str:
        """Says which shapes and which programs a kept file is from."""
        parts = (_FORMAT, version("nutgraf"), version("duckdb"), *map(str, self.shapes))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def everything(self) -> Checked:
        report = run.validate(self.connection, self.shapes, self.triples).report
        files.forget(self.path)
        if self.own:
            found = self._numbered(report, self._own_results(report))
            unmatched = {self.numbers[node] for node in report.unmatched} & self.own
            totals = self.stated.totals()
            files.write(self.path, self.key, self._made, totals, found, sorted(unmatched))
        return Checked(report)

    def changes(self, kept: Kept) -> Checked:
        graph = kept.graph
        totals = self.stated.totals()
        most = max(_FEW, totals.count() // _SHARE)
        came, gone = self._difference(kept, kept.totals.different(totals))
        if len(came) + len(gone) > most:
            raise TooMuchError
        graph.add(came)
        again = self._again(graph, came, gone, most)
        graph.remove(gone)
        old = [item for item in kept.results() if self._place(item) not in again.places]
        changed = {*came.p.tolist(), *gone.p.tolist()}
        unmatched = self._unmatched(graph, changed, kept.unmatched(), again)
        places = {(str(_reported(self.graph.shapes[shape].node)), node) for shape, node in again.places}
        kept.save(totals, places, again.found, unmatched)
        return Checked(self._merged([*old, *again.found], unmatched), again.nodes)

    def _difference(self, kept: Kept, buckets: Sequence[int]) -> tuple[Triples, Triples]:
        """The statements that came and those that went, all of them in some buckets."""
        digests, rows = self.stated.in_buckets(buckets)
        before = kept.graph.in_buckets(buckets)
        known = self.stated.digests(before)
        came = self.stated.numbered(rows[~are_among(digests, np.sort(known))])
        return came, before.of(~are_among(known, digests))

    def _again(self, graph: Graph, came: Triples, gone: Triples, most: int) -> _Again:
        """Validate what a change touches; the graph has what came and what went."""
        on, walks = self.on, Walks(graph, self.predicates)
        touched = walks.touched(on.reads, type(came).joined([came, gone]))
        affected = walks.walk(on.reads.reversed(), touched, most)
        # From each target that is affected, down to all that it reports; from there, up to all targets that
        # report the same: how often a result stands in the report is the sum over them.
        below = walks.walk(on.reports, self._at(on, affected, self.own), most)
        results = self._at(on, below, reporters(self.graph, self.own))
        above = walks.walk(on.reports.reversed(), results, most)
        targets = self._at(on, above, self.own)
        if not targets:
            return _Again()
        shape_of = {state: shape for shape, state in enumerate(on.focus)}
        places = {(shape_of[state], node) for state, nodes in results.items() for node in nodes}
        roots = {shape_of[state] for state in targets}
        part = walks.read(on.reads, walks.walk(on.reads, targets, most))
        report = parts.validate(self.stated.read(part), self.shapes, self.graph, roots)
        found = [item for item in self._numbered(report, report.results) if self._place(item) in places]
        matched = roots - {self.numbers[node] for node in report.unmatched}
        return _Again(places, sum(map(len, targets.values())), found, matched)

    def _unmatched(
        self, graph: Graph, changed: Collection[int], before: Iterable[int], again: _Again
    ) -> list[int]:
        """The shapes of our own that no node is a target of.

        Only a statement that makes targets makes a difference; where the part that was validated again has
        a target, there is one.
        """
        targets = Targets(graph, self.predicates, self.stated)
        shapes = [self.graph.shapes[number] for number in sorted(self.own.difference(again.matched))]
        asked = [shape for shape in shapes if not targets.predicates(shape).isdisjoint(changed)]
        numbers = {shape.number for shape in asked}
        found = numbers - targets.matched(asked)
        return sorted(found | set(before).difference(numbers, again.matched))

    def _made(self, tree: Callable[[int, Iterable[Rows]], Tree]) -> Graph:
        """The graph of all statements."""
        predicates = self.stated.number()
        inverse = self._inverse()
        by_subject = tree(0, predicates.counted(self.stated.by_subject(predicates)))
        return Graph(predicates, by_subject, tree(1, self.stated.by_object(predicates, inverse)), inverse)

    def _named(self) -> set[str]:
        """The predicates that the shapes name."""
        targets = {t.term.value for s in self.graph.shapes for t in s.targets if t.kind in _BY_PREDICATE}
        named = {edge.predicate for edge in self.on.reads.edges if edge.predicate is not None}
        return {TYPE.value, SUBCLASS.value, *targets, *named}

    def _inverse(self) -> set[int]:
        """The predicates that any walk goes along from the object to the subject."""
        ways = (self.on.reads, self.on.reads.reversed(), self.on.reports, self.on.reports.reversed())
        named = {edge.predicate for way in ways for edge in way.edges if not edge.forward}
        asked = {TYPE.value, SUBCLASS.value, *(iri for iri in named if iri is not None)}
        return {self.predicates[iri] for iri in asked}

    def _numbered(self, report: Report, results: Iterable[Result]) -> list[Found]:
        """Results with the number of their focus node."""
        chosen = list(results)
        numbers = self.stated.terms(_stated(result.focus) for result in chosen)
        return [
            (result, report.details.get(result, Detail()), number)
            for result, number in zip(chosen, numbers, strict=True)
        ]

    def _place(self, found: Found) -> tuple[int | None, int]:
        """Shape and focus node of a result."""
        return self.numbers.get(found[0].source_shape), found[2]

    @staticmethod
    def _at(on: Dependence, asked: Asked, shapes: Collection[int]) -> Asked:
        """Of the questions, those about what one of the shapes finds at a focus node."""
        states = {on.focus[number] for number in shapes}
        return {state: nodes for state, nodes in asked.items() if state in states}

    def _own_results(self, report: Report) -> list[Result]:
        """The results of the shapes whose reads are known."""
        others = reporters(self.graph, self.others)
        return [result for result in report.results if self.numbers.get(result.source_shape) not in others]

    def _merged(self, found: Sequence[Found], unmatched: Iterable[int]) -> Report:
        """The report of what was kept and found, and of the shapes that are always run in full."""
        results = [result for result, _, _ in found]
        details = {result: detail for result, detail, _ in found}
        nodes = [_reported(self.graph.shapes[number].node) for number in unmatched]
        if not self.others:
            return Report.of(results, details, nodes)
        chosen = parts.shapes_for(self.shapes, self.graph, self.others)
        other = run.validate(self.connection, chosen, self.triples).report
        return Report.of(
            [*results, *other.results], details | dict(other.details), [*nodes, *other.unmatched]
        )


def _stated(term: Term) -> Term:
    """A term of a report as the table has it."""
    return BlankNode(term.value.removeprefix("data_")) if isinstance(term, BlankNode) else term


def _reported(node: NamedNode | BlankNode) -> NamedNode | BlankNode:
    """A shape as a report names it."""
    return BlankNode(f"shape_{node.value}") if isinstance(node, BlankNode) else node
