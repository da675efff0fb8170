"""How the build made what it made, as PROV: inputs with their hashes, and the lines behind each statement.

It has no times: a build's own clock says nothing of the facts, and would change every file each time. The
tool's version is in the output's manifest.

Source: PROV-O, https://www.w3.org/TR/prov-o/.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple

from nutgraf.evidence.explain.model import Explanation, Support
from nutgraf.evidence.explain.trace import Trace
from nutgraf.problems import Span
from nutgraf.terms.vocabulary import NUT, PROV, RDF_TYPE, RDFS

_LABEL: Final = f"{RDFS}label"


def provenance(trace: Trace, article: str | None = None) -> list[Triple]:
    """The provenance of the build, and of every statement outside the evidence graphs.

    Args:
        trace: the lineage of a workspace.
        article: only the statements that this article makes.

    Returns:
        Distinct triples. `{base}build` used the files `{base}file/{path}`; `{base}stmt/{hash}` was derived
        from the line of a record (`{base}file/{path}#L7C11`) and by the line of a rule of the mapping,
        which is a prov:Plan.
    """
    return list(dict.fromkeys(_Provenance(trace, article).all()))


class _Provenance:
    def __init__(self, trace: Trace, article: str | None) -> None:
        self._trace = trace
        self._article = article

    def all(self) -> Iterator[Triple]:
        build = self._node("build")
        yield _triple(build, RDF_TYPE, _prov("Activity"))
        for name, digest in sorted(self._trace.inputs.items()):
            file = self._file(name)
            yield _triple(build, f"{PROV}used", file)
            yield _triple(file, RDF_TYPE, _prov("Entity"))
            yield _triple(file, _LABEL, Literal(name))
            yield _triple(file, f"{NUT}sha256", Literal(digest))
        for article in sorted(self._trace.texts):
            if self._article in {None, article}:
                graph = self._node(f"graph/article/{article}")
                yield _triple(graph, RDF_TYPE, _prov("Entity"))
                yield _triple(graph, f"{PROV}wasGeneratedBy", build)
                yield _triple(graph, f"{PROV}wasDerivedFrom", self._node(f"id/{article}"))
        for found in self._trace.facts():
            for support in found.supports:
                if self._article in {None, support.article}:
                    yield from self._statement(found, support)

    def _statement(self, found: Explanation, support: Support) -> Iterator[Triple]:
        statement = self._node(f"stmt/{found.id}")
        yield _triple(statement, RDF_TYPE, _prov("Entity"))
        yield _triple(statement, f"{PROV}wasGeneratedBy", self._node("build"))
        if support.place:
            record = self._line(support.place)
            yield _triple(statement, f"{PROV}wasDerivedFrom", record)
            yield from self._part(record, support.place, "Entity")
            yield _triple(NamedNode(support.graph), f"{PROV}wasDerivedFrom", self._file(support.place.file))
        if support.rule:
            rule = self._line(support.rule.span)
            yield _triple(statement, f"{PROV}wasInfluencedBy", rule)
            yield from self._part(rule, support.rule.span, "Plan")

    def _part(self, node: NamedNode, span: Span, kind: str) -> Iterator[Triple]:
        yield _triple(node, RDF_TYPE, _prov(kind))
        yield _triple(node, _LABEL, Literal(str(span)))
        yield _triple(node, f"{PROV}wasDerivedFrom", self._file(span.file))

    def _node(self, path: str) -> NamedNode:
        return NamedNode(self._trace.base + path)

    def _file(self, name: str) -> NamedNode:
        return self._node(f"file/{quote(name)}")

    def _line(self, span: Span) -> NamedNode:
        return NamedNode(f"{self._file(span.file).value}#L{span.line}C{span.column}")


def _prov(name: str) -> NamedNode:
    return NamedNode(PROV + name)


def _triple(subject: NamedNode, predicate: str, value: NamedNode | Literal) -> Triple:
    return Triple(subject, NamedNode(predicate), value)
