"""Which triple of the data a result is about, and so where in a file it is mended."""

from __future__ import annotations

import heapq
import itertools
import operator
from collections import defaultdict
from typing import TYPE_CHECKING, Final, TypeAlias

from pyoxigraph import Literal

from nutgraf.shapes.findings import component_name, parameter, unlabelled
from nutgraf.shapes.report import Detail

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pyoxigraph import Quad

    from nutgraf.problems import Span
    from nutgraf.shapes.paths import PropertyPath
    from nutgraf.shapes.report import Report, Result, Term

Located: TypeAlias = "tuple[Quad, Span, Span, Span]"
"""A quad, and where its subject, predicate and object stand."""

_MOST: Final = 8


class Index:
    """Quads with their places, by subject and by object."""

    def __init__(self, located: Iterable[Located]) -> None:
        self._by_subject: dict[Term, list[Located]] = defaultdict(list)
        self._by_object: dict[Term, dict[str, list[tuple[int, Located]]]] = defaultdict(
            lambda: defaultdict(list)
        )
        for number, item in enumerate(located):
            self._by_subject[item[0].subject].append(item)  # type: ignore[index]
            self._by_object[_key(item[0].object)][item[0].predicate.value].append((number, item))  # type: ignore[arg-type]

    def spans(self, report: Report) -> dict[Result, tuple[Span, ...]]:
        """The places of each result, the one to mend first."""
        return {
            result: tuple(dict.fromkeys(self._spans(result, report.details.get(result, Detail()))))[:_MOST]
            for result in dict.fromkeys(report.results)
        }

    def _spans(self, result: Result, detail: Detail) -> list[Span]:
        component = component_name(result.component)
        focus = unlabelled(result.focus)
        if component == "Closed" and result.path is not None and result.value is not None:
            found = self._closed(focus, result.path.iri, unlabelled(result.value))
        elif component in {"MaxCount", "QualifiedMaxCount", "UniqueLang"} and result.path is not None:
            found = self._too_many(focus, result.path, detail.count, component)
        elif result.path is not None and result.value is not None:
            found = self._value(focus, result.path, unlabelled(result.value), detail.other)
        else:
            found = []
        return [*found, *(self._node(focus) if not found else [])]

    def _closed(self, focus: Term, predicate: str, value: Term) -> list[Span]:
        own = (
            item
            for item in self._by_subject.get(focus, ())
            if item[0].predicate.value == predicate and _key(item[0].object) == _key(value)  # type: ignore[arg-type]
        )
        items = itertools.chain(own, self._leading(value, [predicate]))
        return [predicate_span for _, _, predicate_span, _ in itertools.islice(items, 1)]

    def _too_many(self, focus: Term, path: PropertyPath, most: int | None, component: str) -> list[Span]:
        """The first value that is too much, then the others; of a language, the second text in it."""
        first: dict[Term, Span] = {}
        for quad, _, _, value in self._along(focus, path):
            far = quad.subject if path.kind == "inverse" else quad.object
            first.setdefault(_key(far), value)  # type: ignore[arg-type]
        if component == "UniqueLang":
            languages = [term.language for term in first if isinstance(term, Literal)]
            first = {
                term: span
                for term, span in first.items()
                if isinstance(term, Literal) and term.language and languages.count(term.language) > 1
            }
            most = 1
        spans = list(first.values())
        excess = min(most or 0, len(spans) - 1)
        return spans[excess:] + spans[:excess] if spans else []

    def _value(self, focus: Term, path: PropertyPath, value: Term, other: str | None) -> list[Span]:
        """Where the value is given: to the focus node if it is one step away, else by what leads to it."""
        predicates = set(path.predicates())
        near = [
            item
            for item in self._along(focus, path)
            if _key(item[0].object) == _key(value)  # type: ignore[arg-type]
            or item[0].subject == value
        ]
        last = itertools.islice(self._leading(value, sorted(predicates)), _MOST)
        others = [
            item
            for item in self._by_subject.get(focus, [])
            if item[0].predicate.value == other and _key(item[0].object) == _key(value)  # type: ignore[arg-type]
        ]
        back = [item for item in self._by_subject.get(value, []) if item[0].predicate.value in predicates]
        return [value_span for _, _, _, value_span in [*near, *others, *last, *back]]

    def _along(self, focus: Term, path: PropertyPath) -> list[Located]:
        """The triples at the focus node that are a step of the path, forwards first."""
        predicates = set(path.predicates())
        ahead = [item for item in self._by_subject.get(focus, []) if item[0].predicate.value in predicates]
        if path.kind == "predicate":
            return ahead
        back = list(self._leading(focus, sorted(predicates)))
        return back if path.kind == "inverse" else [*ahead, *back]

    def _leading(self, node: Term, predicates: Iterable[str] | None = None) -> Iterator[Located]:
        """The triples that have a node as object, those with some predicates alone if these are given."""
        by = self._by_object.get(_key(node), {})
        found = [by[name] for name in (by if predicates is None else predicates) if name in by]
        return (item for _, item in heapq.merge(*found, key=operator.itemgetter(0)))

    def _node(self, focus: Term) -> list[Span]:
        """Where the node stands: as a subject, else as an object."""
        own = [subject for _, subject, _, _ in self._by_subject.get(focus, [])]
        return own or [value for _, _, _, value in self._leading(focus)]


def shape_spans(located: Sequence[Located], results: Iterable[Result]) -> dict[tuple[Term, str], Span]:
    """Shape and name of a component → where the shape asks for it: at the parameter, else at the shape."""
    parameters: dict[tuple[Term, str], Span] = {}
    nodes: dict[Term, Span] = {}
    for quad, subject, predicate, _ in located:
        parameters.setdefault((quad.subject, quad.predicate.value), predicate)  # type: ignore[arg-type]
        nodes.setdefault(quad.subject, subject)  # type: ignore[arg-type]
    found: dict[tuple[Term, str], Span] = {}
    for result in results:
        node, name = unlabelled(result.source_shape), component_name(result.component)
        span = parameters.get((node, parameter(name)), nodes.get(node))
        if span is not None:
            found[node, name] = span
    return found


def _key(term: Term) -> Term:
    """Language tags compare in lower case."""
    if isinstance(term, Literal) and term.language:
        return Literal(term.value, language=term.language.lower())
    return term
