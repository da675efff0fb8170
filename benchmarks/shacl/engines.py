"""One validation by one engine, in a process of its own: its results and what it took, as JSON.

    python benchmarks/shacl/engines.py ENGINE corpus.nt shapes.ttl … [--articles N]

ENGINE is `nutgraf`, `pyshacl`, `shacl` or `turbo`; the interpreter must have it. This file imports nothing
but the engine that it runs, so that each can live in an environment of its own.
"""

# ruff: noqa: PLC0415 - an interpreter has one of the engines only

from __future__ import annotations

import argparse
import json
import logging
import resource
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import corpus

Row = tuple[str, str, str, str, str, str]
"""Focus node, path, value, component, severity and what else tells the source shape; blank nodes as `_:`."""
SH = "http://www.w3.org/ns/shacl#"


class Clock:
    """Wall and CPU time of named steps, in seconds."""

    def __init__(self) -> None:
        self.steps: dict[str, list[float]] = {}
        self._last = (time.perf_counter(), _cpu())

    def __call__(self, step: str) -> None:
        now = (time.perf_counter(), _cpu())
        self.steps[step] = [round(b - a, 4) for a, b in zip(self._last, now, strict=True)]
        self._last = now


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def nutgraf(data: Path, shapes: list[Path], clock: Clock) -> list[Row]:
    """Read into DuckDB, validate, and make the results Python objects."""
    from nutgraf.dataset import bulk, rows
    from nutgraf.engine import duckdb as engine
    from nutgraf.shapes import run
    from nutgraf.shapes.load import load

    asked = load(shapes)
    with engine.connect() as connection:
        clock("start")
        bulk.create(connection, [data], [None])
        clock("read")
        found = run.validate(connection, asked, lambda: (quad.triple for quad in rows.stream(connection)))
        clock("validate")
    return [
        (_term(r.focus), _path(r.path), _term(r.value), r.component, r.severity, _term(r.source_shape))
        for r in found.report.results
    ]


def pyshacl(data: Path, shapes: list[Path], clock: Clock) -> list[Row]:
    """Parse with rdflib, validate."""
    import pyshacl as library
    import rdflib

    asked = rdflib.Graph()
    for file in shapes:
        asked.parse(file)
    clock("start")
    graph = rdflib.Graph().parse(data, format="nt")
    clock("read")
    _, found, _ = library.validate(graph, shacl_graph=asked, inference="none", do_owl_imports=False)
    clock("validate")
    return list(_rdflib_rows(found, asked))


def turbo(data: Path, shapes: list[Path], clock: Clock) -> list[Row]:
    """pyshacl-turbo: parse and validate."""
    import pyshacl_turbo as library
    import rdflib

    asked = rdflib.Graph()
    for file in shapes:
        asked.parse(file)
    clock("start")
    _, found, _ = library.validate(str(data), shacl_graph=asked, inference="none", do_owl_imports=False)
    clock("validate")
    return list(_rdflib_rows(found, asked))


def shacl(data: Path, shapes: list[Path], clock: Clock) -> list[Row]:
    """The Rust engine `shacl`: parse and validate."""
    import shacl as library

    asked = library.Shapes.from_file(str(shapes[0]))
    clock("start")
    found = asked.validate_file(str(data))
    clock("validate")
    return [
        (_blank(r.focus_node), _sparql(r.path), _blank(r.value or ""), r.component_iri, r.severity_iri, "")
        for r in found.results
    ]


ENGINES: dict[str, Callable[[Path, list[Path], Clock], list[Row]]] = {
    "nutgraf": nutgraf,
    "pyshacl": pyshacl,
    "turbo": turbo,
    "shacl": shacl,
}


def latency(engine: str, shapes: list[Path], number: int) -> list[float]:
    """Milliseconds from the N-Triples of an article to a report, shapes read before."""
    texts = ["".join(corpus.article(at)) for at in range(number)]
    validate = _LATENCY[engine](shapes)
    validate(texts[0])
    times = []
    for text in texts:
        start = time.perf_counter()
        validate(text)
        times.append(1000 * (time.perf_counter() - start))
    return times


def _small_nutgraf(shapes: list[Path]) -> Callable[[str], object]:
    from pyoxigraph import RdfFormat, parse

    from nutgraf.dataset import table
    from nutgraf.engine import duckdb as engine
    from nutgraf.shapes import run
    from nutgraf.shapes.load import load

    asked, connection = load(shapes), engine.connect()

    def validate(text: str) -> object:
        quads: list[Any] = list(parse(text.encode(), RdfFormat.N_TRIPLES))
        table.create(connection, quads)
        return run.validate(connection, asked, lambda: [quad.triple for quad in quads])

    return validate


def _small_pyshacl(shapes: list[Path]) -> Callable[[str], object]:
    import pyshacl as library
    import rdflib

    asked = rdflib.Graph()
    for file in shapes:
        asked.parse(file)

    def validate(text: str) -> object:
        graph = rdflib.Graph().parse(data=text, format="nt")
        return library.validate(graph, shacl_graph=asked, inference="none", do_owl_imports=False)

    return validate


def _small_turbo(shapes: list[Path]) -> Callable[[str], object]:
    import pyshacl_turbo as library
    import rdflib

    asked = rdflib.Graph()
    for file in shapes:
        asked.parse(file)
    compiled = library.compile_shapes(asked)

    def validate(text: str) -> object:
        graph = rdflib.Graph().parse(data=text, format="nt")
        return compiled.validate(graph)

    return validate


def _small_shacl(shapes: list[Path]) -> Callable[[str], object]:
    import shacl as library

    asked = library.Shapes.from_file(str(shapes[0]))

    def validate(text: str) -> object:
        return asked.validate_text(text).results

    return validate


_LATENCY = {
    "nutgraf": _small_nutgraf,
    "pyshacl": _small_pyshacl,
    "turbo": _small_turbo,
    "shacl": _small_shacl,
}


def _rdflib_rows(found: Any, shapes: Any) -> Iterator[Row]:
    import rdflib

    sh = rdflib.Namespace(SH)
    for node in found.objects(None, sh.result):
        value = {name: found.value(node, sh[name]) for name in _PARTS}
        path = value["resultPath"]
        graph = shapes if (path, None, None) in shapes else found
        yield (
            _blank(value["focusNode"].n3()),
            "" if path is None else _rdflib_path(graph, path),
            "" if value["value"] is None else _blank(value["value"].n3()).replace('+00:00"^^', 'Z"^^'),
            str(value["sourceConstraintComponent"]),
            str(value["resultSeverity"]),
            _blank(value["sourceShape"].n3()),
        )


_PARTS = ("focusNode", "resultPath", "value", "sourceConstraintComponent", "resultSeverity", "sourceShape")


def _rdflib_path(graph: Any, path: Any) -> str:
    import rdflib
    from rdflib.collection import Collection

    if isinstance(path, rdflib.URIRef):
        return path.n3()
    sh = rdflib.Namespace(SH)
    for name, form in (
        ("inversePath", "^{}"),
        ("zeroOrMorePath", "{}*"),
        ("oneOrMorePath", "{}+"),
        ("zeroOrOnePath", "{}?"),
    ):
        inner = graph.value(path, sh[name])
        if inner is not None:
            return form.format(_rdflib_path(graph, inner))
    either = graph.value(path, sh.alternativePath)
    parts = [_rdflib_path(graph, part) for part in Collection(graph, path if either is None else either)]
    return "/".join(parts) if either is None else "|".join(parts)


def _path(path: object) -> str:
    return "" if path is None else _sparql(str(path))


def _sparql(path: str | None) -> str:
    """A path without the brackets that engines put differently."""
    return (path or "").replace("(", "").replace(")", "").replace(" ", "")


def _term(term: object) -> str:
    return "" if term is None else _blank(str(term))


def _blank(term: str) -> str:
    return "_:" if term.startswith("_:") else term


def main() -> None:
    """Run one engine and write what it found."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("engine", choices=list(ENGINES))
    arguments.add_argument("data", type=Path)
    arguments.add_argument("shapes", type=Path, nargs="+")
    arguments.add_argument("--articles", type=int, default=0, help="measure the latency of so many instead")
    options = arguments.parse_args()
    logging.disable(logging.CRITICAL)
    if options.articles:
        print(json.dumps(latency(options.engine, options.shapes, options.articles)))
        return
    clock = Clock()
    rows = ENGINES[options.engine](options.data, options.shapes, clock)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"steps": clock.steps, "peak_mb": round(peak), "rows": sorted(rows)}))


if __name__ == "__main__":
    main()
