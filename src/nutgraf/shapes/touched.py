"""Which statements a query can look at, by their predicates. Import it late: rdflib is slow to import.

An answer depends on no other statement where every predicate is an IRI, and no pattern finds a node that is
in none of these statements. Whatever is not known to be so counts as looking at everything.

Source: SPARQL 1.1 §18.2 and §18.4, https://www.w3.org/TR/sparql11-query/#sparqlDefinition
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pyparsing import ParseResults
from rdflib import URIRef
from rdflib.paths import AlternativePath, InvPath, MulPath, SequencePath
from rdflib.plugins.sparql.algebra import translatePath, translatePName, translatePrologue, traverse
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

if TYPE_CHECKING:
    from collections.abc import Iterator

_KNOWN: Final = frozenset(
    "SelectQuery SubSelect vars GroupGraphPatternSub TriplesBlock Filter OptionalGraphPattern"
    " MinusGraphPattern GroupOrUnionGraphPattern Bind InlineData ValuesClause GroupClause GroupAs"
    " HavingClause OrderClause OrderCondition LimitOffsetClauses Function UnaryNot UnaryPlus UnaryMinus"
    " RelationalExpression ConditionalAndExpression ConditionalOrExpression AdditiveExpression"
    " MultiplicativeExpression".split()
)
"""What rdflib calls the parts of a query; FROM and GRAPH are not among them, as they name other data."""
_FUNCTIONS: Final = ("Builtin_", "Aggregate_")
_LISTS: Final = (list, tuple, ParseResults)
_TRIPLE: Final = 3


class _AnyError(Exception):
    """The query may look at any statement."""


def predicates(query: str) -> frozenset[str] | None:
    """The predicates of all statements that the query can look at; None where these may be any.

    >>> sorted(predicates("SELECT $this { $this <urn:p>/<urn:q>* ?v FILTER NOT EXISTS { ?v ^<urn:r> ?w } }"))
    ['urn:p', 'urn:q', 'urn:r']
    >>> predicates("SELECT $this { $this ?p ?v }") is None
    True
    >>> predicates("SELECT $this { $this <urn:p>* ?v }") is None
    True
    """
    if "\\" in query:
        # rdflib leaves the backslash in a name such as `e:a\\-b`.
        return None
    try:
        tree = _tree(query)
    except Exception:  # noqa: BLE001 - rdflib raises bare ones; the engine that runs the query says what is wrong
        return None
    try:
        return frozenset(_walk(tree))
    except (_AnyError, RecursionError):
        return None


def _tree(query: str) -> Any:
    """The query as it is written, with whole IRIs and paths.

    Not the algebra: rdflib 7.6 loses a filter inside EXISTS on the way there.
    """
    prologue, tree = parseQuery(query)
    names = translatePrologue(prologue, None)
    named = traverse(tree, visitPost=lambda node: translatePName(node, names))
    return traverse(named, visitPost=translatePath)


def _walk(node: Any) -> Iterator[str]:
    if isinstance(node, CompValue):
        if node.name not in _KNOWN and not node.name.startswith(_FUNCTIONS):
            raise _AnyError
        for name, value in node.items():
            yield from _patterns(value) if name == "triples" else _walk(value)
    elif isinstance(node, _LISTS):
        for part in node:
            yield from _walk(part)


def _patterns(triples: Any) -> Iterator[str]:
    """The predicates of patterns, of which a list has several, one after the other."""
    for triple in triples:
        if len(triple) % _TRIPLE or any(isinstance(part, (CompValue, *_LISTS)) for part in triple):
            raise _AnyError
        for path in triple[1::_TRIPLE]:
            if _is_zero(path):
                # It leads from each node of the graph to itself, also from those of other statements.
                raise _AnyError
            yield from _steps(path)


def _steps(path: Any) -> Iterator[str]:
    match path:
        case URIRef():
            yield str(path)
        case InvPath():
            yield from _steps(path.arg)
        case MulPath():
            yield from _steps(path.path)
        case SequencePath() | AlternativePath():
            for part in path.args:
                yield from _steps(part)
        case _:
            raise _AnyError


def _is_zero(path: Any) -> bool:
    """Whether a path may lead somewhere without a statement."""
    match path:
        case InvPath():
            return _is_zero(path.arg)
        case MulPath():
            return path.zero or _is_zero(path.path)
        case SequencePath():
            return all(map(_is_zero, path.args))
        case AlternativePath():
            return any(map(_is_zero, path.args))
    return False
