"""Validates the table `statements`, all of it or only what a change since the last time can touch."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Final, cast

import pyarrow as pa
import pyarrow.compute as pc
from pyoxigraph import BlankNode, NamedNode, Triple

from nutgraf.engine import duckdb as engine
from nutgraf.shapes import reader, run
from nutgraf.shapes.incremental import kept as files
from nutgraf.shapes.incremental.automaton import Dependence, dependence, queried, reporters
from nutgraf.shapes.incremental.kept import DamagedError, Found, Kept
from nutgraf.shapes.incremental.walk import TooMuchError, Triples
from nutgraf.shapes.report import Detail, Report
from nutgraf.shapes.sql.facts import term_from
from nutgraf.terms.vocabulary import XSD_STRING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from pathlib import Path

    from nutgraf.shapes.model import ShapesGraph
    from nutgraf.shapes.report import Result, Term

FILE: Final = "validation.duckdb"
"""What the file is called that one validation leaves for the next."""
_FORMAT: Final = "1"
_SHARE: Final = 10
"""Where a change reaches more than a tenth of the statements, everything is validated."""
_FEW: Final = 10_000


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
    graph = reader.read(shapes)
    work = _Work(connection, shapes, graph, triples, path)
    if afresh or not work.own:
        return work.everything()
    kept = Kept.open(path, work.key)
    if kept is None:
        return work.everything()
    try:
        return work.changes(kept)
    except (DamagedError, TooMuchError):
        kept.close()
        return work.everything()
    finally:
        kept.close()


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
        graph: ShapesGraph,
        triples: Callable[[], Iterable[Triple]],
        path: Path,
    ) -> None:
        self.connection = connection
        self.shapes = shapes
        self.graph = graph
        self.triples = triples
        self.path = path
        self.others = queried(graph)
        self.own = frozenset(s.number for s in graph.shapes if s.targets) - self.others
        self.numbers = {_reported(shape.node): shape.number for shape in graph.shapes}

    @property
    def key(self) -> str:
        """Says which shapes and which programs a kept file is from."""
        parts = (_FORMAT, version("nutgraf"), version("duckdb"), *map(str, self.shapes))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def everything(self) -> Checked:
        report = run.validate(self.connection, self.shapes, self.triples).report
        files.forget(self.path)
        if self.own:
            table = Triples(self.connection)
            try:
                found = _numbered(table, report, self._own_results(report))
                unmatched = {self.numbers[node] for node in report.unmatched} & self.own
                files.write(self.path, self.key, table.all(), table.buckets(), found, sorted(unmatched))
            finally:
                table.drop()
        return Checked(report)

    def changes(self, kept: Kept) -> Checked:
        table = Triples(self.connection)
        try:
            counts = table.buckets()
            buckets = kept.different(counts)
            new = table.in_buckets(buckets)
            changed = kept.changed(buckets, new)
            most = max(_FEW, table.count() // _SHARE)
            if changed.num_rows > most:
                raise TooMuchError
            again = self._again(table, changed, most)
            old = [item for item in kept.results() if self._place(item) not in again.places]
            unmatched = self._unmatched(table, changed, kept.unmatched(), again)
            gone = {(str(_reported(self.graph.shapes[shape].node)), node) for shape, node in again.places}
            kept.update(buckets, new, counts, gone, again.found, unmatched)
        finally:
            table.drop()
        return Checked(self._merged([*old, *again.found], unmatched), again.nodes)

    def _again(self, table: Triples, changed: pa.Table, most: int) -> _Again:
        """Validate what a change touches."""
        on = dependence(self.graph)
        table.add_removed(changed.filter(pc.invert(changed["stated"])))
        affected = table.walk(on.reads.reversed(), table.touched(on.reads, changed), most)
        # From each target that is affected, down to all that it reports; from there, up to all targets that
        # report the same: how often a result stands in the report is the sum over them.
        below = table.walk(on.reports, self._at(on, affected, self.own), most)
        results = self._at(on, below, reporters(self.graph, self.own))
        above = table.walk(on.reports.reversed(), results, most)
        targets = self._at(on, above, self.own)
        if not targets.num_rows:
            return _Again()
        shape_of = dict(zip(on.focus, range(len(on.focus)), strict=True))
        places = {(shape_of[row["state"]], row["node"]) for row in results.to_pylist()}
        roots = {shape_of[state] for state in targets["state"].unique().to_pylist()}
        table.walk(on.reads, targets, most)
        report = self._part(table.read(), roots)
        found = [item for item in _numbered(table, report, report.results) if self._place(item) in places]
        matched = roots - {self.numbers[node] for node in report.unmatched}
        return _Again(places, targets.num_rows, found, matched)

    def _unmatched(
        self, table: Triples, changed: pa.Table, before: Iterable[int], again: _Again
    ) -> list[int]:
        """The shapes of our own that no node is a target of.

        Only a statement that makes targets makes a difference; where the part that was validated again has
        a target, there is one.
        """
        predicates = set(changed["p"].to_pylist())
        shapes = [self.graph.shapes[number] for number in sorted(self.own.difference(again.matched))]
        asked = [shape for shape in shapes if predicates & table.target_predicates(shape)]
        numbers = {shape.number for shape in asked}
        found = numbers - table.matched(asked) if asked else set[int]()
        return sorted(found | set(before).difference(numbers, again.matched))

    def _place(self, found: Found) -> tuple[int | None, int]:
        """Shape and focus node of a result."""
        return self.numbers.get(found[0].source_shape), found[2]

    @staticmethod
    def _at(on: Dependence, pairs: pa.Table, shapes: Collection[int]) -> pa.Table:
        """Of the questions, those about what one of the shapes finds at a focus node."""
        states = pa.array([on.focus[number] for number in shapes], pa.int32())
        return pairs.filter(pc.is_in(pairs["state"], states))

    def _part(self, statements: pa.Table, roots: Collection[int]) -> Report:
        """The report of some statements, by some shapes."""
        with engine.connect() as connection:
            engine.register(connection, "part", statements)
            connection.execute("create table statements as from part")
            engine.unregister(connection, "part")
            return run.validate(connection, self._shapes_for(roots), lambda: _triples(statements)).report

    def _shapes_for(self, targeted: Collection[int]) -> list[Triple]:
        """The shapes graph in which only some shapes have targets."""
        silent = [shape for shape in self.graph.shapes if shape.targets and shape.number not in targeted]
        return run.without_targets(self.shapes, silent)

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
        other = run.validate(self.connection, self._shapes_for(self.others), self.triples).report
        return Report.of(
            [*results, *other.results], details | dict(other.details), [*nodes, *other.unmatched]
        )


def _triples(statements: pa.Table) -> list[Triple]:
    """The distinct triples of some statements."""
    found = {
        Triple(
            cast("NamedNode | BlankNode", term_from(row["subject_kind"], row["subject"], "", "")),
            NamedNode(row["predicate"]),
            term_from(
                row["object_kind"], row["object"], row["datatype"] or XSD_STRING, row["language"] or ""
            ),
        ): None
        for row in statements.to_pylist()
    }
    return list(found)


def _numbered(table: Triples, report: Report, results: Iterable[Result]) -> list[Found]:
    """Results with the number of their focus node."""
    chosen = list(results)
    numbers = table.numbers([_stated(result.focus) for result in chosen])
    return [
        (result, report.details.get(result, Detail()), number)
        for result, number in zip(chosen, numbers, strict=True)
    ]


def _stated(term: Term) -> Term:
    """A term of a report as the table has it."""
    return BlankNode(term.value.removeprefix("data_")) if isinstance(term, BlankNode) else term


def _reported(node: NamedNode | BlankNode) -> NamedNode | BlankNode:
    """A shape as a report names it."""
    return BlankNode(f"shape_{node.value}") if isinstance(node, BlankNode) else node
