"""Validation with pySHACL. Import it late: pySHACL and rdflib are slow to import.

Source: SHACL §3.4, https://www.w3.org/TR/shacl/#validation
"""

from __future__ import annotations

import logging
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, cast

import pyshacl
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode
from pyshacl.errors import ReportableRuntimeError
from rdflib.namespace import RDF

from nutgraf.problems import InputError, Problem, Span
from nutgraf.shapes.load import canonical, load
from nutgraf.shapes.paths import SH, Kind, PropertyPath
from nutgraf.shapes.report import Report, Result, Term
from nutgraf.shapes.words import best
from nutgraf.terms.vocabulary import XSD_STRING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pyoxigraph import Triple

_SH: Final = rdflib.Namespace(SH)
_PATH_KINDS: Final[dict[rdflib.URIRef, Kind]] = {
    _SH.inversePath: "inverse",
    _SH.zeroOrMorePath: "zeroOrMore",
    _SH.oneOrMorePath: "oneOrMore",
    _SH.zeroOrOnePath: "zeroOrOne",
}
_NUMBERS: Final = frozenset(rdflib.term._NUMERIC_LITERAL_TYPES)  # noqa: SLF001
_BOOLEAN: Final = rdflib.XSD.boolean


class _Literal(rdflib.Literal):
    """A literal that says no where two values cannot be compared, which pySHACL takes for a crash.

    Source: SHACL §4.5.3 and §4.5.4, https://www.w3.org/TR/shacl/#LessThanConstraintComponent
    """

    __slots__ = ()

    def __lt__(self, other: Any) -> bool:
        return self._comparable(other) and super().__lt__(other) is True

    def __le__(self, other: Any) -> bool:
        return self < other or (self._comparable(other) and self._same(other))

    def _comparable(self, other: Any) -> bool:
        if not isinstance(other, rdflib.Literal):
            return False
        return self.datatype == other.datatype or {self.datatype, other.datatype} <= _NUMBERS

    def _same(self, other: rdflib.Literal) -> bool:
        try:
            return bool(self.eq(other))
        except TypeError:
            return False


def validate(triples: Iterable[Triple], shapes: Sequence[Path]) -> Report:
    """Validate a data graph against shapes files.

    Not thread-safe: pySHACL changes settings of rdflib while it runs, which are restored afterwards.

    Args:
        triples: the data graph, in any order.
        shapes: the files of the shapes graph.

    Returns:
        The report, which depends on the two graphs alone. No inference is made: a subclass is a class of
        its own unless the data graph says `rdfs:subClassOf`.

    Raises:
        InputError: SHP101 as in `load`, or SHP102, the shapes cannot be evaluated.

    Source: SHACL §3.4, https://www.w3.org/TR/shacl/#validation
    """
    file = shapes[0].as_posix() if len(shapes) == 1 else None
    return validate_graph(canonical(triples), load(shapes), file=file)


def validate_graph(
    triples: Iterable[Triple], shapes: Iterable[Triple], *, language: str = "en", file: str | None = None
) -> Report:
    """Validate a data graph against a shapes graph; blank nodes keep their labels, after a prefix.

    Args:
        triples: the data graph.
        shapes: the shapes graph.
        language: of the messages, where the shapes have them in several.
        file: where the shapes are from, for messages.

    Raises:
        InputError: SHP102, the shapes cannot be evaluated.
    """
    graph = _run(_to_rdflib(triples, "data_"), _to_rdflib(shapes, "shape_"), file)
    results = graph.objects(None, _SH.result)
    return Report.of(_result(graph, node, language) for node in results)


def _run(data_graph: rdflib.Graph, shapes_graph: rdflib.Graph, file: str | None) -> rdflib.Graph:
    try:
        with _pyshacl_settings():
            _, graph, _ = pyshacl.validate(
                data_graph,
                shacl_graph=shapes_graph,
                inference="none",
                advanced=False,
                meta_shacl=False,
                do_owl_imports=False,
            )
    except (ReportableRuntimeError, NotImplementedError) as error:
        raise InputError(_not_evaluated(error, file)) from error
    if isinstance(graph, ReportableRuntimeError):
        raise InputError(_not_evaluated(graph, file))
    return cast("rdflib.Graph", graph)


def _not_evaluated(error: Exception, file: str | None) -> Problem:
    span = Span(file) if file else None
    return Problem("SHP102", "the shapes cannot be evaluated", span, why=" ".join(str(error).split()))


@contextmanager
def _pyshacl_settings() -> Iterator[None]:
    """Undoes what pySHACL sets globally, and keeps rdflib from warning of each ill-typed literal."""
    mapping = cast("dict[Any, Any]", rdflib.term._toPythonMapping)  # noqa: SLF001
    normalize, boolean = rdflib.NORMALIZE_LITERALS, mapping[_BOOLEAN]
    logger = logging.getLogger("rdflib.term")
    disabled, logger.disabled = logger.disabled, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        rdflib.NORMALIZE_LITERALS = normalize
        mapping[_BOOLEAN] = boolean
        logger.disabled = disabled


def _to_rdflib(triples: Iterable[Triple], prefix: str) -> rdflib.Graph:
    """The graph, its literals as they are written and its blank nodes labelled with `prefix`."""
    graph = rdflib.Graph(bind_namespaces="none")
    terms: dict[Term, rdflib.term.Node] = {}
    with _pyshacl_settings():
        for triple in triples:
            graph.add(tuple(_cached(terms, term, prefix) for term in triple))  # type: ignore[arg-type]
    return graph


def _cached(terms: dict[Term, rdflib.term.Node], term: Term, prefix: str) -> rdflib.term.Node:
    node = terms.get(term)
    if node is None:
        node = terms[term] = _node(term, prefix)
    return node


def _node(term: Term, prefix: str) -> rdflib.term.Node:
    match term:
        case NamedNode():
            return rdflib.URIRef(term.value)
        case BlankNode():
            return rdflib.BNode(prefix + term.value)
        case Literal(language=str()):
            return _Literal(term.value, lang=term.language)
        case Literal() if term.datatype.value == XSD_STRING:
            return _Literal(term.value)
        case Literal():
            return _Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)
    raise ValueError(f"rdflib has no term for {term}")


def _term(node: Any) -> Term:
    if isinstance(node, rdflib.URIRef):
        return NamedNode(str(node))
    if isinstance(node, rdflib.BNode):
        return BlankNode(str(node))
    if node.language is not None:
        return Literal(str(node), language=node.language)
    return Literal(str(node), datatype=NamedNode(str(node.datatype or XSD_STRING)))


def _result(graph: rdflib.Graph, node: rdflib.term.Node, language: str) -> Result:
    path, value = graph.value(node, _SH.resultPath), graph.value(node, _SH.value)
    return Result(
        focus=_term(graph.value(node, _SH.focusNode)),
        path=None if path is None else _path(graph, path),
        value=None if value is None else _term(value),
        component=str(graph.value(node, _SH.sourceConstraintComponent)),
        severity=str(graph.value(node, _SH.resultSeverity)),
        source_shape=cast("NamedNode | BlankNode", _term(graph.value(node, _SH.sourceShape))),
        message=_message(graph, node, language),
    )


def _message(graph: rdflib.Graph, node: rdflib.term.Node, language: str) -> str:
    messages = [_term(message) for message in graph.objects(node, _SH.resultMessage)]
    return best((message for message in messages if isinstance(message, Literal)), language) or ""


def _path(graph: rdflib.Graph, node: rdflib.term.Node) -> PropertyPath:
    if isinstance(node, rdflib.URIRef):
        return PropertyPath("predicate", str(node))
    if (node, RDF.first, None) in graph:
        return PropertyPath("sequence", parts=_paths(graph, node))
    alternatives = graph.value(node, _SH.alternativePath)
    if alternatives is not None:
        return PropertyPath("alternative", parts=_paths(graph, alternatives))
    for predicate, kind in _PATH_KINDS.items():
        inner = graph.value(node, predicate)
        if inner is not None:
            return PropertyPath(kind, parts=(_path(graph, inner),))
    raise ValueError("pySHACL gave a result path that is none")


def _paths(graph: rdflib.Graph, node: rdflib.term.Node) -> tuple[PropertyPath, ...]:
    return tuple(_path(graph, item) for item in graph.items(node))
