"""The W3C's test suite for SHACL as Python values, and reports in a form that compares.

Source: https://w3c.github.io/data-shapes/data-shapes-test-suite/
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlparse

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Triple, parse

from nutgraf.dataset import table
from nutgraf.engine import duckdb as engine
from nutgraf.problems import InputError
from nutgraf.shapes import reader, run
from nutgraf.shapes.index import Index
from nutgraf.shapes.paths import SH
from nutgraf.shapes.report import Report, Term
from nutgraf.shapes.sql.engine import validate
from nutgraf.terms.vocabulary import RDF_TYPE

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"

Row = tuple[str, str, str, str, str, str]


@dataclass(frozen=True)
class Case:
    """One test: two files, and the results to expect, or None where a failure is to be reported."""

    name: str
    data: Path
    shapes: Path
    expected: Counter[Row] | None


def cases(folder: Path) -> Iterator[Case]:
    """The approved cases of a suite's folder, such as "core"."""
    for path in sorted(folder.rglob("*.ttl")):
        graph = _Graph(read(path))
        for triple in graph.triples:
            if triple.predicate.value == RDF_TYPE and triple.object == NamedNode(SHT + "Validate"):
                node = triple.subject
                assert not isinstance(node, Triple)
                if graph.one(node, MF + "status") != NamedNode(SHT + "approved"):
                    continue
                action = graph.one(node, MF + "action")
                result = graph.one(node, MF + "result")
                yield Case(
                    f"{path.parent.name}/{path.stem}",
                    _path(graph.one(action, SHT + "dataGraph")),
                    _path(graph.one(action, SHT + "shapesGraph")),
                    None if result == NamedNode(SHT + "Failure") else _expected(graph, result),
                )


def read(path: Path) -> list[Triple]:
    """The triples of a file, relative IRIs resolved against its own."""
    return [q.triple for q in parse(path.read_bytes(), RdfFormat.TURTLE, base_iri=path.as_uri())]


def rows(report: Report) -> Counter[Row]:
    """A report's results, blank nodes alike, messages left out."""
    return Counter(
        (_text(r.focus), str(r.path or ""), _text(r.value), r.component, r.severity, _text(r.source_shape))
        for r in report.results
    )


class _Graph:
    def __init__(self, triples: list[Triple]) -> None:
        self.triples = triples
        self.index = Index(triples)

    def objects(self, node: Term | None, predicate: str) -> list[Term]:
        return self.index.objects(node, predicate) if node is not None else []

    def one(self, node: Term | None, predicate: str) -> Term | None:
        return next(iter(self.objects(node, predicate)), None)


def _path(node: Term | None) -> Path:
    assert isinstance(node, NamedNode)
    return Path(unquote(urlparse(node.value).path))


def _text(term: Term | None) -> str:
    return "_:" if isinstance(term, BlankNode) else str(term) if term is not None else ""


def _expected(graph: _Graph, report: Term | None) -> Counter[Row]:
    found: Counter[Row] = Counter()
    for result in graph.objects(report, SH + "result"):
        path = graph.one(result, SH + "resultPath")
        component = graph.one(result, SH + "sourceConstraintComponent")
        severity = graph.one(result, SH + "resultSeverity")
        assert component is not None
        assert severity is not None
        found[
            _text(graph.one(result, SH + "focusNode")),
            str(graph.index.path(path)) if path is not None else "",
            _text(graph.one(result, SH + "value")),
            component.value,
            severity.value,
            _text(graph.one(result, SH + "sourceShape")),
        ] += 1
    return found


def sql_report(case: Case, *, screened: bool = False) -> Counter[Row]:
    """What the SQL engine finds."""
    with engine.connect() as connection:
        table.create(connection, (Quad(*triple) for triple in read(case.data)))
        return rows(validate(connection, reader.read(read(case.shapes)), screened=screened))


def auto_report(case: Case) -> Counter[Row] | None:
    """What the engine "auto" finds; None where it reports a failure."""
    data = read(case.data)
    with engine.connect() as connection:
        table.create(connection, (Quad(*triple) for triple in data))
        try:
            return rows(run.validate(connection, read(case.shapes), lambda: data).report)
        except InputError:
            return None
