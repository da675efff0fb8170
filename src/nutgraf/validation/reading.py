"""What the two ways of validating share: reading files, and finding the places and names of nodes."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from nutgraf.dataset import numbered
from nutgraf.dataset.places import files
from nutgraf.engine import duckdb as engine
from nutgraf.engine.staging import staging_folder
from nutgraf.problems import InputError, Problem, Span
from nutgraf.shapes import places_in_files
from nutgraf.shapes.findings import unlabelled
from nutgraf.shapes.report import Report, Result, Term, display
from nutgraf.shapes.words import best
from nutgraf.terms.vocabulary import DCTERMS, RDFS, SCHEMA

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


@contextlib.contextmanager
def opened(memory: str | None) -> Iterator[engine.Connection]:
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


def read_all(paths: Sequence[Path]) -> Iterator[tuple[int, Quad]]:
    """The quads of all files; every file that cannot be read is reported at once."""
    problems: list[Problem] = []
    for number, file in enumerate(paths):
        try:
            for quad in numbered.read(file, number, base_iri(file)):
                yield number, quad
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(*problems)


def base_iri(file: Path) -> str:
    """For relative references only; it does not depend on where the folder is."""
    return f"file:///{file.name}"


def distinct(triples: Iterable[Triple]) -> list[Triple]:
    return list(dict.fromkeys(triples))


def nodes_of(report: Report) -> set[Term]:
    """The terms whose triples say where the results are."""
    nodes = {unlabelled(result.focus) for result in report.results}
    return nodes | {unlabelled(result.value) for result in report.results if result.value is not None}


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


def spans_in_files(
    connection: engine.Connection, data: Sequence[Path], report: Report
) -> Mapping[Result, tuple[Span, ...]]:
    """The places of results in the files that the table `statements` was made of."""
    nodes = nodes_of(report)
    sources = connection.execute(_SOURCES, {"nodes": sorted({n.value for n in nodes})}).fetchall()
    with _without_collection():
        located = located_in(data, nodes, {int(source) for (source,) in sources})
        return places_in_files.Index(located).spans(report)


def located_in(paths: Sequence[Path], nodes: set[Term], numbers: set[int]) -> list[places_in_files.Located]:
    return [
        (quad, location.subject, location.predicate, location.value)
        for number in sorted(numbers)
        for quad, location in files.locate(paths[number], number, nodes, base_iri(paths[number]))
    ]


def shape_span(shapes: Sequence[Path], node: Term) -> Span | None:
    """Where a shape stands first as a subject."""
    located = located_in(shapes, {node}, set(range(len(shapes))))
    return next((subject for quad, subject, _, _ in located if quad.subject == node), None)


def labels_of(connection: engine.Connection, nodes: set[Term], language: str) -> Mapping[Term, str]:
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


def unmatched_in(
    report: Report, located: Sequence[places_in_files.Located], display_file: Callable[[str], str]
) -> tuple[tuple[str, Span | None], ...]:
    spans: dict[object, Span] = {}
    for quad, subject, _, _ in located:
        spans.setdefault(quad.subject, replace(subject, file=display_file(subject.file)))
    nodes = [unlabelled(node) for node in report.unmatched]
    return tuple((display(node), spans.get(node)) for node in nodes)
