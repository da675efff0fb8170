"""Validating with all findings in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nutgraf import pipeline
from nutgraf.dataset import bulk, rows
from nutgraf.problems import Span
from nutgraf.shapes import places, places_in_files, run
from nutgraf.shapes.findings import Finding, findings, unlabelled
from nutgraf.shapes.report import Report, Result, Term
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
class Validation:
    """What a validation found.

    Attributes:
        report: the W3C's report.
        findings: its distinct results with their places, by rule and place.
        unmatched: the shapes that no node of the data is a target of, as people read them, with their place.
        notes: which shapes pySHACL ran, and why.
    """

    report: Report
    findings: tuple[Finding, ...]
    unmatched: tuple[tuple[str, Span | None], ...] = ()
    notes: tuple[str, ...] = ()


def validate_files(
    data: Sequence[Path],
    shapes: Sequence[Path],
    *,
    engine_name: run.Engine = "auto",
    language: str = "en",
    memory: str | None = None,
) -> Validation:
    """Validate RDF files against shapes files.

    Args:
        data: the files of the data graph; a dataset's graphs are taken together.
        shapes: the files of the shapes graph.
        engine_name: which engine runs, see `nutgraf.shapes.run`.
        language: of messages and labels, where there are several.
        memory: what the engine may use before it spills to disk, such as "1GB"; default: most of it.

    Raises:
        InputError: RDF101 to RDF104 a file that cannot be read, SHP102 to SHP105 shapes that cannot be run,
            SHP108 the memory is no amount, SHP109 it is not enough.
    """
    with opened(memory) as connection:
        bulk.create(connection, data, [base_iri(file) for file in data])
        outcome = run.validate(
            connection,
            distinct(quad.triple for _, quad in read_all(shapes)),
            lambda: (quad.triple for quad in rows.stream(connection)),
            engine=engine_name,
            language=language,
            where=lambda node: shape_span(shapes, node),
        )
        spans = spans_in_files(connection, data, outcome.report)
        labels = labels_of(connection, nodes_of(outcome.report), language)
        return _validation(outcome, spans, labels, shapes, str)


def validate_workspace(
    workspace: Workspace, shapes: Sequence[Path], *, engine_name: run.Engine = "auto", language: str = "en"
) -> Validation:
    """Validate what a workspace's fact sheets state; the places are those of the sheets.

    Args:
        workspace: whose sheets.
        shapes: the files of the shapes graph.
        engine_name: as for `validate_files`.
        language: as for `validate_files`.

    Raises:
        ContentError: the sheets have problems.
        InputError: a file cannot be read, or the shapes cannot be run.
    """
    connection = pipeline.statements(workspace)
    outcome = run.validate(
        connection,
        distinct(quad.triple for _, quad in read_all(shapes)),
        lambda: distinct(quad.triple for quad in rows.quads(connection)),
        engine=engine_name,
        language=language,
        where=lambda node: shape_span(shapes, node),
    )
    spans = places.spans(outcome.report, connection)
    labels = labels_of(connection, nodes_of(outcome.report), language)
    return _validation(outcome, spans, labels, shapes, lambda name: workspace.display(Path(name)))


def _validation(
    outcome: run.Outcome,
    spans: Mapping[Result, tuple[Span, ...]],
    labels: Mapping[Term, str],
    shapes: Sequence[Path],
    display_file: Callable[[str], str],
) -> Validation:
    """Adds where the shapes stand, which is looked up only when there is something to say of them."""
    report = outcome.report
    shape_nodes = {unlabelled(result.source_shape) for result in report.results}
    shape_nodes |= {unlabelled(node) for node in report.unmatched}
    located = located_in(shapes, shape_nodes, set(range(len(shapes)))) if shape_nodes else []
    shape_spans = {
        key: replace(span, file=display_file(span.file))
        for key, span in places_in_files.shape_spans(located, report.results).items()
    }
    found = findings(report, spans, shape_spans, labels)
    return Validation(report, tuple(found), unmatched_in(report, located, display_file), outcome.notes)
