"""Validating RDF files or fact sheets, with the place of each result in them."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from nutgraf import pipeline
from nutgraf.dataset import bulk, numbered, rows
from nutgraf.dataset.places import files
from nutgraf.engine import duckdb as engine
from nutgraf.engine.staging import staging_folder
from nutgraf.problems import InputError, Problem, Span
from nutgraf.shapes import places, places_in_files, run
from nutgraf.shapes.findings import Finding, findings, unlabelled
from nutgraf.shapes.report import Report, Result, Term, display
from nutgraf.shapes.words import best
from nutgraf.terms.vocabulary import DCTERMS, RDFS, SCHEMA
from nutgraf.workspace import Workspace

LABELS: Final = (
    RDFS + "label",
    SCHEMA + "name",
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    SCHEMA + "headline",
    DCTERMS + "title",
    "http://xmlns.com/foaf/0.1/name",
)
"""Properties that say what people call a thing, the best first."""

_SOURCES: Final = """
select distinct source from statements
where subject in (select unnest($nodes)) or object in (select unnest($nodes)) order by source
"""
_NAMES: Final = """
select subject, predicate, object, language from statements
where subject in (select unnest($nodes)) and predicate in (select unnest($labels)) and object_kind = 'literal'
"""


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
    with _engine(memory) as connection:
        bulk.create(connection, data, [_base(file) for file in data])
        outcome = run.validate(
            connection,
            _distinct(quad.triple for _, quad in _read_all(shapes)),
            lambda: (quad.triple for quad in rows.stream(connection)),
            engine=engine_name,
            language=language,
            where=lambda node: _shape_span(shapes, node),
        )
        nodes = _nodes(outcome.report)
        sources = connection.execute(_SOURCES, {"nodes": sorted({n.value for n in nodes})}).fetchall()
        with _without_collection():
            located = _located(data, nodes, {int(source) for (source,) in sources})
            spans = places_in_files.Index(located).spans(outcome.report)
        return _validation(outcome, spans, _labels(connection, nodes, language), shapes, str)


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
        _distinct(quad.triple for _, quad in _read_all(shapes)),
        lambda: _distinct(quad.triple for quad in rows.quads(connection)),
        engine=engine_name,
        language=language,
        where=lambda node: _shape_span(shapes, node),
    )
    spans = places.spans(outcome.report, connection)
    labels = _labels(connection, _nodes(outcome.report), language)
    return _validation(outcome, spans, labels, shapes, lambda name: workspace.display(Path(name)))


@contextlib.contextmanager
def _engine(memory: str | None) -> Iterator[engine.Connection]:
    """A connection that spills into a folder of its own, which is removed at the end."""
    with staging_folder() as spill:
        try:
            connection = engine.connect(memory_limit=memory, spill=spill)
        except engine.EngineError as error:
            fix = 'write a number and a unit, such as "1GB"'
            raise InputError(Problem("SHP108", f'"{memory}" is no amount of memory', fix=fix)) from error
        with connection:
            try:
                yield connection
            except (engine.OutOfMemoryError, MemoryError) as error:
                fix = "allow more with --memory, or make room in the folder for temporary files (TMPDIR)"
                raise InputError(
                    Problem("SHP109", "the memory is not enough for this validation", fix=fix)
                ) from error


@contextlib.contextmanager
def _without_collection() -> Iterator[None]:
    """Python does not look for cycles meanwhile: many objects are made that all stay, and none in a cycle."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


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
    located = _located(shapes, shape_nodes, set(range(len(shapes)))) if shape_nodes else []
    shape_spans = {
        key: replace(span, file=display_file(span.file))
        for key, span in places_in_files.shape_spans(located, report.results).items()
    }
    found = findings(report, spans, shape_spans, labels)
    return Validation(report, tuple(found), _unmatched(report, located, display_file), outcome.notes)


def _read_all(paths: Sequence[Path]) -> Iterator[tuple[int, Quad]]:
    """The quads of all files; every file that cannot be read is reported at once."""
    problems: list[Problem] = []
    for number, file in enumerate(paths):
        try:
            for quad in numbered.read(file, number, _base(file)):
                yield number, quad
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(*problems)


def _base(file: Path) -> str:
    """For relative references only; it does not depend on where the folder is."""
    return f"file:///{file.name}"


def _distinct(triples: Iterable[Triple]) -> list[Triple]:
    return list(dict.fromkeys(triples))


def _nodes(report: Report) -> set[Term]:
    """The terms whose triples say where the results are."""
    nodes = {unlabelled(result.focus) for result in report.results}
    return nodes | {unlabelled(result.value) for result in report.results if result.value is not None}


def _located(paths: Sequence[Path], nodes: set[Term], numbers: set[int]) -> list[places_in_files.Located]:
    return [
        (quad, location.subject, location.predicate, location.value)
        for number in sorted(numbers)
        for quad, location in files.locate(paths[number], number, nodes, _base(paths[number]))
    ]


def _shape_span(shapes: Sequence[Path], node: Term) -> Span | None:
    """Where a shape stands first as a subject."""
    located = _located(shapes, {node}, set(range(len(shapes))))
    return next((subject for quad, subject, _, _ in located if quad.subject == node), None)


def _labels(connection: engine.Connection, nodes: set[Term], language: str) -> Mapping[Term, str]:
    names: dict[str, dict[str, list[Literal]]] = {}
    asked = {"nodes": sorted(n.value for n in nodes if isinstance(n, NamedNode)), "labels": list(LABELS)}
    for subject, predicate, text, tag in connection.execute(_NAMES, asked).fetchall():
        literal = Literal(text, language=tag) if tag else Literal(text)
        names.setdefault(subject, {}).setdefault(predicate, []).append(literal)
    found: dict[Term, str] = {}
    for subject, by in names.items():
        texts = next(by[predicate] for predicate in LABELS if predicate in by)
        found[NamedNode(subject)] = best(texts, language) or ""
    return found


def _unmatched(
    report: Report, located: Sequence[places_in_files.Located], display_file: Callable[[str], str]
) -> tuple[tuple[str, Span | None], ...]:
    spans: dict[object, Span] = {}
    for quad, subject, _, _ in located:
        spans.setdefault(quad.subject, replace(subject, file=display_file(subject.file)))
    nodes = [unlabelled(node) for node in report.unmatched]
    return tuple((display(node), spans.get(node)) for node in nodes)
