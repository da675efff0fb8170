"""SPARQL-based constraints: read from a shape, and run by pyoxigraph at each focus node.

Source: SHACL §5, https://www.w3.org/TR/shacl/#sparql-constraints
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Variable

from nutgraf.problems import InputError, Problem
from nutgraf.shapes import prebinding
from nutgraf.shapes.index import IllFormedError, Index, shown

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from pyoxigraph import QuerySolution, Store

    from nutgraf.shapes.paths import PropertyPath
    from nutgraf.shapes.report import Term

_IMPORTS: Final = "http://www.w3.org/2002/07/owl#imports"
COMPONENT: Final = "SPARQL"
_THIS: Final = Variable("this")
_PREFIX: Final = re.compile(r"(?:[^\W\d_](?:[\w.-]*[\w-])?)?")
_NAMESPACE: Final = re.compile(r"[^<>\"{}|^`\\\x00-\x20]*")


@dataclass(frozen=True, slots=True)
class Query:
    """A SPARQL-based constraint.

    Attributes:
        text: the query, with its prefixes and the shape's path written in.
        messages: the constraint's messages, else none.
    """

    text: str
    messages: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Solution:
    """One result of a query at a focus node.

    Attributes:
        value: the value at fault, if the query says one.
        path: the result path, if the query says one.
        bindings: name of variable → what stands for it in a message.
    """

    value: Term | None
    path: str | None
    bindings: dict[str, str]


def read(index: Index, shape: Term, path: PropertyPath | None) -> Iterator[Query]:
    """The SPARQL-based constraints of a shape.

    Raises:
        IllFormedError: a constraint without one sh:select, with a prefix that is declared twice, or with a
            query that cannot have pre-bound variables.
    """
    for node in index.values(shape, "sparql"):
        if index.is_true(node, "deactivated"):
            continue
        selects = [value for value in index.values(node, "select") if isinstance(value, Literal)]
        if len(selects) != 1:
            raise IllFormedError(f"the constraint {shown(node)} needs one sh:select")
        select = selects[0].value
        why = prebinding.forbidden(select)
        if why:
            raise IllFormedError(f"the query of {shown(node)} has {why}, with which no variable is pre-bound")
        if path is not None:
            select = select.replace("$PATH", str(path))
        yield Query(_prefixes(index, node) + select, index.texts(node, "message"))


def is_safe(query: Query) -> bool:
    """Whether pyoxigraph may run the query: its variables are pre-bound, and it can be read."""
    return prebinding.is_safe(query.text)


def run(store: Store, query: Query, focus: Term, shape: str) -> list[Solution]:
    """The results of a query at a focus node, in a fixed order.

    Args:
        store: the data graph.
        query: what to ask.
        focus: the node that `$this` is.
        shape: the shape, for messages.

    Raises:
        InputError: SHP107, the query cannot be run or reports a failure.
    """
    try:
        solutions = store.query(query.text, substitutions={_THIS: focus})
        if not isinstance(solutions, QuerySolutions):
            raise InputError(_failed(shape, "it is not a SELECT query"))
        names = [variable.value for variable in solutions.variables]
        found = [_solution(solution, names, shape) for solution in solutions]
    except (SyntaxError, ValueError, RuntimeError, OSError) as error:
        raise InputError(_failed(shape, str(error))) from error
    return sorted(found, key=_order)


def run_for_all(
    store: Store, query: Query, wanted: Container[Term], shape: str
) -> dict[Term, list[Solution]] | None:
    """The results of a query at all wanted nodes at once; None where each has to be asked for.

    Args:
        store: the data graph.
        query: what to ask.
        wanted: the focus nodes; literals are never found.
        shape: the shape, for messages.

    Raises:
        InputError: as for `run`.
    """
    if not prebinding.is_set_at_a_time(query.text):
        return None
    found: dict[Term, list[Solution]] = defaultdict(list)
    try:
        solutions = store.query(query.text)
        if not isinstance(solutions, QuerySolutions):
            raise InputError(_failed(shape, "it is not a SELECT query"))
        names = [variable.value for variable in solutions.variables]
        for solution in solutions:
            node = solution[_THIS]
            if isinstance(node, NamedNode | BlankNode) and node in wanted:
                found[node].append(_solution(solution, names, shape))
    except (SyntaxError, ValueError, RuntimeError, OSError) as error:
        raise InputError(_failed(shape, str(error))) from error
    return {node: sorted(at, key=_order) for node, at in found.items()}


def message(text: str, solution: Solution) -> str:
    """A message with `{?name}` and `{$name}` replaced by what the query found.

    Source: SHACL §5.3.2, https://www.w3.org/TR/shacl/#sparql-constraints-validation
    """
    for name, value in solution.bindings.items():
        text = text.replace(f"{{?{name}}}", value).replace(f"{{${name}}}", value)
    return text


def _order(solution: Solution) -> tuple[str, str, str]:
    return str(solution.value), solution.path or "", str(solution.bindings)


def _solution(solution: QuerySolution, names: list[str], shape: str) -> Solution:
    bound = {name: solution[name] for name in names if solution[name] is not None}
    failure = bound.get("failure")
    if isinstance(failure, Literal) and failure.value == "true":
        raise InputError(_failed(shape, "it reports a failure"))
    value, path = bound.get("value"), bound.get("path")
    return Solution(
        value if isinstance(value, NamedNode | BlankNode | Literal) else None,
        path.value if isinstance(path, NamedNode) else None,
        {name: getattr(term, "value", str(term)) for name, term in bound.items()},
    )


def _prefixes(index: Index, node: Term) -> str:
    declared: dict[str, str] = {}
    waiting, seen = list(index.values(node, "prefixes")), set[object]()
    while waiting:
        holder = waiting.pop()
        if holder in seen:
            continue
        seen.add(holder)
        waiting += index.objects(holder, _IMPORTS)
        for declaration in index.values(holder, "declare"):
            for prefix in index.values(declaration, "prefix"):
                for namespace in index.values(declaration, "namespace"):
                    if declared.setdefault(prefix.value, namespace.value) != namespace.value:
                        raise IllFormedError(f'the prefix "{prefix.value}" is declared twice')
    if not all(_PREFIX.fullmatch(label) and _NAMESPACE.fullmatch(iri) for label, iri in declared.items()):
        raise IllFormedError("a prefix or its namespace is not well-formed")
    return "".join(f"PREFIX {label}: <{iri}>\n" for label, iri in sorted(declared.items()))


def _failed(shape: str, why: str) -> Problem:
    return Problem(
        "SHP107", f"the query of the shape {shape} cannot be run", why=why, fix="correct the query"
    )
