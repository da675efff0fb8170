"""Property paths as SQL: a relation (focus, value) extended step by step.

A path without a star is one query. A star is a recursive query over the pairs that its inner path gives,
which ends on circles because its union is of sets.

Source: SHACL §2.3.1, https://www.w3.org/TR/shacl/#property-paths
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import NamedNode

from nutgraf.shapes.paths import PropertyPath

if TYPE_CHECKING:
    from nutgraf.shapes.sql.facts import Terms

_START: Final = "select node as focus, node as value from shacl_focus where shape = {shape}"
_ANYWHERE: Final = "select s as focus, s as value from shacl_fact union select o, o from shacl_fact"
_FORWARD: Final = (
    "select f.focus, t.o as value from ({start}) f join shacl_fact t on t.s = f.value and t.p = {predicate}"
)
_BACKWARD: Final = (
    "select f.focus, t.s as value from ({start}) f join shacl_fact t on t.o = f.value and t.p = {predicate}"
)
_FORWARD_EDGES: Final = "select s as focus, o as value from shacl_fact where p = {predicate}"
_BACKWARD_EDGES: Final = "select o as focus, s as value from shacl_fact where p = {predicate}"
_EITHER: Final = "with start{n} as materialized ({start}) {branches}"
_CLOSURE: Final = """
with recursive edge{n}(focus, value) as materialized ({edge}), walk{n}(focus, value) as (
    ({start}) union select w.focus, e.value from walk{n} w join edge{n} e on e.focus = w.value
)
from walk{n}
"""
_REPEATED: Final = frozenset({"zeroOrOne", "zeroOrMore", "oneOrMore"})
_VALUES: Final = "select distinct {shape}, focus, value from ({query})"


def values(shape: int, path: PropertyPath, terms: Terms) -> str:
    """The query of (shape, focus, value) of one shape with a complex path, for `shacl_value`."""
    return _VALUES.format(shape=shape, query=query(path, terms, _START.format(shape=shape)))


def query(path: PropertyPath, terms: Terms, start: str) -> str:
    """The query that follows a path from the values of `start`, a query of (focus, value)."""
    return _Steps(terms).follow(_pushed(path, inverse=False), start)


class _Steps:
    """Writes the query of a path; the names in it are numbered."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._count = 0

    def follow(self, path: PropertyPath, start: str) -> str:
        """The query that follows a path from the values of `start`."""
        match path.kind:
            case "predicate":
                return _FORWARD.format(start=start, predicate=self._terms[NamedNode(path.iri)])
            case "inverse":
                return _BACKWARD.format(start=start, predicate=self._terms[NamedNode(path.parts[0].iri)])
            case "sequence":
                for part in path.parts:
                    start = self.follow(part, start)
                return start
            case "alternative":
                return self._either(path.parts, start, branches=[])
            case "zeroOrOne":
                return self._either(path.parts, start, branches=["from {start}"])
            case "oneOrMore":
                start = self.follow(path.parts[0], start)
            case "zeroOrMore":
                pass
        step = path.parts[0]
        while step.kind in _REPEATED:  # (x?)* and (x+)* are x*
            step = step.parts[0]
        return _CLOSURE.format(n=self._number(), edge=self._edges(step), start=start)

    def _edges(self, path: PropertyPath) -> str:
        """The query of all (focus, value) of a path, wherever it starts."""
        match path.kind:
            case "predicate":
                return _FORWARD_EDGES.format(predicate=self._terms[NamedNode(path.iri)])
            case "inverse":
                return _BACKWARD_EDGES.format(predicate=self._terms[NamedNode(path.parts[0].iri)])
            case "sequence":
                first, *rest = path.parts
                return self.follow(PropertyPath("sequence", parts=tuple(rest)), self._edges(first))
            case "alternative":
                return " union ".join(f"({self._edges(part)})" for part in path.parts)
        return self.follow(path, _ANYWHERE)

    def _either(self, parts: tuple[PropertyPath, ...], start: str, branches: list[str]) -> str:
        n = self._number()
        here = f"from start{n}"
        branches = [branch.format(start=f"start{n}") for branch in branches]
        branches += [f"({self.follow(part, here)})" for part in parts]
        return _EITHER.format(n=n, start=start, branches=" union ".join(branches))

    def _number(self) -> int:
        self._count += 1
        return self._count


def _pushed(path: PropertyPath, *, inverse: bool) -> PropertyPath:
    """The same path with `^` only before predicates.

    Source: SPARQL 1.1 §18.4, https://www.w3.org/TR/sparql11-query/#PropertyPathPatterns
    """
    if path.kind == "predicate":
        return PropertyPath("inverse", parts=(path,)) if inverse else path
    if path.kind == "inverse":
        return _pushed(path.parts[0], inverse=not inverse)
    parts = [_pushed(part, inverse=inverse) for part in path.parts]
    if inverse and path.kind == "sequence":
        parts.reverse()
    return PropertyPath(path.kind, parts=tuple(parts))
