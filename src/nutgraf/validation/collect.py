"""Validating with the findings on disk: however many there are, only some are in memory."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from nutgraf import pipeline
from nutgraf.dataset import bulk, rows
from nutgraf.engine import duckdb as engine
from nutgraf.problems import Span
from nutgraf.shapes import places, places_in_files, run
from nutgraf.shapes.findings import Finding, component_name, findings, fingerprint, level, unlabelled
from nutgraf.shapes.report import Detail, Report, Result, Term
from nutgraf.shapes.spool import Spool
from nutgraf.shapes.watch import Asked, Seen, Watch
from nutgraf.validation.reading import (
    base_iri,
    distinct,
    labels_of,
    located_in,
    nodes_of,
    opened,
    read_all,
    shape_span,
    spans_in_files,
    unmatched_in,
)
from nutgraf.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a validation is wanted, where there may be too much of it.

    Attributes:
        language: of messages and labels, where there are several.
        most: how many findings to collect; None for all.
        first: whether the first violation is enough.
        accepted: fingerprints of results that are known and left out.
        watch: is told how far it is.
    """

    language: str = "en"
    most: int | None = None
    first: bool = False
    accepted: frozenset[str] = frozenset()
    watch: Watch | None = None


@dataclass(slots=True)
class Collected:
    """What a validation found, on disk.

    Attributes:
        spool: the findings.
        conforms: whether there was no result at all, accepted or not.
        accepted: how many results were known and left out.
        left_out: how many results were not collected, as there were too many.
        left_out_fails: whether one of them is a violation.
        partial: whether it stopped at the first violation.
        unmatched: as of `Validation`.
        notes: as of `Validation`.
    """

    spool: Spool
    conforms: bool = True
    accepted: int = 0
    left_out: int = 0
    left_out_fails: bool = False
    partial: bool = False
    unmatched: tuple[tuple[str, Span | None], ...] = ()
    notes: tuple[str, ...] = ()


@contextlib.contextmanager
def collect_files(
    data: Sequence[Path],
    shapes: Sequence[Path],
    wanted: Wanted,
    *,
    engine_name: run.Engine = "auto",
    memory: str | None = None,
) -> Iterator[Collected]:
    """Validate RDF files; as `validate_files`, with the findings on disk and never all in memory.

    Args:
        data: as for `validate_files`.
        shapes: as for `validate_files`.
        wanted: how much of it.
        engine_name: as for `validate_files`.
        memory: as for `validate_files`.

    Raises:
        InputError: as for `validate_files`.
    """
    with Spool() as spool, opened(memory) as connection:
        bulk.create(connection, data, [base_iri(file) for file in data])
        stream = _stream(connection, shapes, wanted, engine_name)
        yield _Collector(
            connection, shapes, wanted, lambda part: spans_in_files(connection, data, part), str
        ).collect(stream, spool)


@contextlib.contextmanager
def collect_workspace(
    workspace: Workspace, shapes: Sequence[Path], wanted: Wanted, *, engine_name: run.Engine = "auto"
) -> Iterator[Collected]:
    """Validate the fact sheets of a workspace; as `validate_workspace`, with the findings on disk.

    Args:
        workspace: whose sheets.
        shapes: as for `validate_workspace`.
        wanted: how much of it.
        engine_name: as for `validate_workspace`.

    Raises:
        ContentError: the sheets have problems.
        InputError: as for `validate_workspace`.
    """
    connection = pipeline.statements(workspace)
    stream = _stream(connection, shapes, wanted, engine_name)
    with Spool() as spool:
        yield _Collector(
            connection,
            shapes,
            wanted,
            lambda part: places.spans(part, connection),
            lambda name: workspace.display(Path(name)),
        ).collect(stream, spool)


def _stream(
    connection: engine.Connection, shapes: Sequence[Path], wanted: Wanted, engine_name: run.Engine
) -> run.Stream:
    return run.stream(
        connection,
        distinct(quad.triple for _, quad in read_all(shapes)),
        lambda: (quad.triple for quad in rows.stream(connection)),
        Asked(wanted.language, wanted.first, wanted.watch),
        engine=engine_name,
        where=lambda node: shape_span(shapes, node),
    )


@dataclass(slots=True)
class _Collector:
    """Takes results some at a time, finds their places, and puts them on disk."""

    connection: engine.Connection
    shapes: Sequence[Path]
    wanted: Wanted
    spans: Callable[[Report], Mapping[Result, tuple[Span, ...]]]
    display_file: Callable[[str], str]
    shape_spans: dict[tuple[Term, str], Span] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)

    def collect(self, stream: run.Stream, spool: Spool) -> Collected:
        found = Collected(spool, notes=stream.notes)
        with contextlib.closing(stream.parts) as parts:
            for part in parts:
                self._add(part, found)
                if self.wanted.watch is not None:
                    done = len(spool) + found.left_out + len(self.known)
                    self.wanted.watch(Seen("located", done, None, results=done))
                if found.partial:
                    break
        found.accepted = len(self.known)
        return found

    def _add(self, part: Report, found: Collected) -> None:
        found.conforms = found.conforms and part.conforms
        if part.unmatched:
            nodes = {unlabelled(node) for node in part.unmatched}
            located = located_in(self.shapes, nodes, set(range(len(self.shapes))))
            found.unmatched = (*found.unmatched, *unmatched_in(part, located, self.display_file))
        times = Counter(part.results)
        results = []
        for result in times:
            if self._is_known(result):
                found.spool.add(Finding(result, (), None, None, Detail()), times[result], hidden=True)
            else:
                results.append(result)
        if self.wanted.first and any(map(_violates, results)):
            results = [next(filter(_violates, results))]
            found.partial = True
            found.spool.clear()
        if self.wanted.most is not None:
            room = max(0, self.wanted.most - len(found.spool))
            found.left_out += len(results[room:])
            found.left_out_fails = found.left_out_fails or any(map(_violates, results[room:]))
            results = results[:room]
        for finding in self._findings(Report.of(results, part.details)):
            found.spool.add(finding, times[finding.result])

    def _is_known(self, result: Result) -> bool:
        if not self.wanted.accepted:
            return False
        name = fingerprint(result)
        if name in self.wanted.accepted:
            self.known.add(name)
        return name in self.wanted.accepted

    def _findings(self, part: Report) -> list[Finding]:
        if not part.results:
            return []
        keys = {(unlabelled(r.source_shape), component_name(r.component)): r for r in part.results}
        new = [result for key, result in keys.items() if key not in self.shape_spans]
        if new:
            nodes = {unlabelled(result.source_shape) for result in new}
            located = located_in(self.shapes, nodes, set(range(len(self.shapes))))
            self.shape_spans |= {
                key: replace(span, file=self.display_file(span.file))
                for key, span in places_in_files.shape_spans(located, new).items()
            }
        labels = labels_of(self.connection, nodes_of(part), self.wanted.language)
        return findings(part, self.spans(part), self.shape_spans, labels)


def _violates(result: Result) -> bool:
    return level(result) == "error"
