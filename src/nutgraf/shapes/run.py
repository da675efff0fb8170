"""Validation with the engine that fits: SQL for SHACL Core, pySHACL for what is more, shape by shape."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from pyoxigraph import NamedNode, Triple

from nutgraf.problems import InputError, Problem
from nutgraf.shapes import core, reader, words
from nutgraf.shapes.index import shown
from nutgraf.shapes.model import component_iri
from nutgraf.shapes.paths import SH
from nutgraf.shapes.report import Report
from nutgraf.terms.vocabulary import RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping, Sequence

    from nutgraf.engine.duckdb import Connection
    from nutgraf.shapes.model import Constraint, Shape, ShapesGraph
    from nutgraf.shapes.report import Detail, Result
    from nutgraf.shapes.watch import Asked

Engine = Literal["auto", "sql", "pyshacl"]
ENGINES: Final[tuple[Engine, ...]] = ("auto", "sql", "pyshacl")

_TARGETS: Final = frozenset(
    SH + name for name in ("target", "targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf")
)
_SHAPE_CLASSES: Final = frozenset({SH + "NodeShape", SH + "PropertyShape"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """A report, and how it came about.

    Attributes:
        report: the results of all engines.
        graph: the shapes.
        notes: which shapes another engine than SQL ran, and why.
    """

    report: Report
    graph: ShapesGraph
    notes: tuple[str, ...] = ()


def validate(
    connection: Connection,
    shapes: Sequence[Triple],
    triples: Callable[[], Iterable[Triple]],
    *,
    engine: Engine = "auto",
    language: str = "en",
    where: reader.Where = reader.nowhere,
) -> Outcome:
    """Validate the table `statements`.

    Args:
        connection: with the table.
        shapes: the shapes graph, as `load` gave it.
        triples: gives the same data as triples, for an engine that needs them.
        engine: "sql" refuses shapes that are more than SHACL Core; "auto" runs those alone by pySHACL.
        language: of the messages, where the shapes have them in several.
        where: gives the place of a shape, for messages.

    Raises:
        InputError: SHP102 to SHP105 and SHP107, see docs/errors.md.
    """
    plan = _planned(shapes, engine, where)
    report = core.validate(
        connection, plan.graph, language=language, skip=plan.others.keys(), triples=triples
    )
    if not plan.others:
        return Outcome(report, plan.graph)
    second = _by_pyshacl(plan, triples, language)
    details = dict(second.details) | dict(report.details)
    merged = Report.of([*report.results, *second.results], details, report.unmatched)
    return Outcome(merged, plan.graph, plan.notes())


@dataclass(frozen=True, slots=True)
class Stream:
    """A validation whose results come some at a time.

    Attributes:
        parts: a report of each lot of results; the first also has the shapes without targets.
        notes: as of `Outcome`.
    """

    parts: Generator[Report]
    notes: tuple[str, ...]


def stream(
    connection: Connection,
    shapes: Sequence[Triple],
    triples: Callable[[], Iterable[Triple]],
    asked: Asked,
    *,
    engine: Engine = "auto",
    where: reader.Where = reader.nowhere,
    size: int = 50_000,
) -> Stream:
    """As `validate`, but never with more than some results in memory.

    Args:
        connection: as for `validate`; it can be used between the reports.
        shapes: as for `validate`.
        triples: as for `validate`.
        asked: the language, who watches, and whether the first violation is enough.
        engine: as for `validate`. What pySHACL finds comes at once.
        where: as for `validate`.
        size: of how many results a lot of the SQL engine is.

    Raises:
        InputError: as for `validate`, also while the reports are read.
    """
    plan = _planned(shapes, engine, where)

    def parts() -> Generator[Report]:
        skip = plan.others.keys()
        violates = False
        for report in core.parts(connection, plan.graph, asked, skip=skip, triples=triples, size=size):
            violates = violates or report.violates
            yield report
        if plan.others and not (asked.first and violates):
            yield _by_pyshacl(plan, triples, asked.language)

    return Stream(parts(), plan.notes())


@dataclass(frozen=True, slots=True)
class _Plan:
    """Which engine runs which shape.

    Attributes:
        shapes: the shapes graph.
        graph: the same, read.
        others: indices of the shapes that pySHACL runs, each with what it has beyond SHACL Core.
    """

    shapes: Sequence[Triple]
    graph: ShapesGraph
    others: Mapping[int, str]

    def notes(self) -> tuple[str, ...]:
        """Which shapes another engine than SQL runs, and why."""
        return tuple(_note(self.graph.shapes[n], why) for n, why in self.others.items() if why)


def _planned(shapes: Sequence[Triple], engine: Engine, where: reader.Where) -> _Plan:
    graph = reader.read_cached(shapes, where)
    more = {s.number: _more(graph, s) for s in graph.shapes if s.targets}
    others = {number: why for number, why in more.items() if why}
    if engine == "sql" and others:
        raise InputError(*(_not_core(graph.shapes[number], why, where) for number, why in others.items()))
    return _Plan(shapes, graph, dict.fromkeys(more, "") if engine == "pyshacl" else others)


def _by_pyshacl(plan: _Plan, triples: Callable[[], Iterable[Triple]], language: str) -> Report:
    # Imported here: pyshacl and rdflib take most of a second to import, and SHACL Core needs neither.
    from nutgraf.shapes import pyshacl_engine  # noqa: PLC0415

    silent = [shape for shape in plan.graph.shapes if shape.targets and shape.number not in plan.others]
    asked = without_targets(plan.shapes, silent)
    report = pyshacl_engine.validate_graph(triples(), asked, language=language)
    return Report.of(report.results, _details(plan.graph, report.results))


def _details(graph: ShapesGraph, results: Iterable[Result]) -> dict[Result, Detail]:
    """What the shapes say of another engine's results, where one constraint alone can have made them."""
    constraints: dict[tuple[str, str], list[Constraint]] = defaultdict(list)
    for constraint in graph.constraints:
        node = str(graph.shapes[constraint.shape].node)
        constraints[node, component_iri(constraint.component)].append(constraint)
    details: dict[Result, Detail] = {}
    for result in results:
        node = str(result.source_shape).replace("_:shape_", "_:", 1)
        found = constraints.get((node, result.component), [])
        if len(found) == 1:
            details[result] = words.detail(graph, found[0])
    return details


def _more(graph: ShapesGraph, shape: Shape) -> str:
    """What a shape, or one that it refers to, has beyond SHACL Core."""
    found = {name for number in graph.reached(shape.number) for name in graph.shapes[number].beyond}
    return ", ".join(sorted(found))


def _note(shape: Shape, why: str) -> str:
    return f"{shown(shape.node)} was run by pySHACL, for {why}"


def _not_core(shape: Shape, why: str, where: reader.Where) -> Problem:
    return Problem(
        "SHP105",
        f"the shape {shown(shape.node)} is more than SHACL Core",
        where(shape.node),
        why=f"it has {why}",
        fix="use --engine auto, which runs this shape by pySHACL",
    )


def without_targets(shapes: Iterable[Triple], nodes: Iterable[Shape]) -> list[Triple]:
    """The shapes graph in which some shapes have no targets of their own.

    Args:
        shapes: the shapes graph.
        nodes: the shapes that keep silent unless another refers to them.
    """
    silent = {shape.node for shape in nodes}

    def is_target(triple: Triple) -> bool:
        implicit = triple.predicate.value == RDF_TYPE and (
            isinstance(triple.object, NamedNode) and triple.object.value not in _SHAPE_CLASSES
        )
        return triple.predicate.value in _TARGETS or implicit

    return [triple for triple in shapes if triple.subject not in silent or not is_target(triple)]
