"""How much work RDFC-1.0 would have with the blank nodes of a dataset, and an end to it.

The algorithm tries the orders of blank nodes that look alike, which takes exponential time on graphs made
for it: eight blank nodes that all name each other take seconds, twelve take years. The engine has no limit,
so the algorithm is gone through here first, counting its steps. It gives the same names, which tests
compare; the engine's are used, being made much faster.

Source: RDFC-1.0 §4 and §7.1 (dataset poisoning), https://www.w3.org/TR/rdf-canon/#dataset-poisoning
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, DefaultGraph, Quad, Triple

from nutgraf.problems import InputError, Problem

STEPS: Final = 200_000
"""So many times a blank node may be gone to: a few seconds. Enough for a ring of 150 that look alike."""


def check(quads: Iterable[Quad]) -> None:
    """Refuse a dataset whose blank nodes would take too long to name.

    Raises:
        InputError: RDF105, too many blank nodes look alike.
    """
    names(quads, STEPS)


def names(quads: Iterable[Quad], steps: int) -> dict[str, str]:
    """Label → canonical label of every blank node.

    Args:
        quads: distinct quads.
        steps: how many steps there may be.

    Raises:
        InputError: RDF105, they are not enough.
    """
    state = _State(steps)
    for quad in quads:
        state.add(quad)
    return state.named()


@dataclass
class _Issuer:
    """The labels that were given out, in order."""

    prefix: str
    given: dict[str, str] = field(default_factory=dict)

    def issue(self, label: str) -> str:
        return self.given.setdefault(label, f"{self.prefix}{len(self.given)}")

    def copy(self) -> _Issuer:
        return _Issuer(self.prefix, dict(self.given))


_Result: TypeAlias = tuple[str, _Issuer]
_Asking: TypeAlias = Generator["tuple[str, _Issuer]", _Result, _Result]
"""Hash N-Degree Quads: it yields the blank node to go on to, and is sent the result for that one."""


@dataclass
class _State:
    left: int
    quads: defaultdict[str, list[Quad]] = field(default_factory=lambda: defaultdict(list))
    first: dict[str, str] = field(default_factory=dict)
    canonical: _Issuer = field(default_factory=lambda: _Issuer("c14n"))

    def add(self, quad: Quad) -> None:
        for label in dict.fromkeys(label for _, label in _blank(quad)):
            self.quads[label].append(quad)

    def named(self) -> dict[str, str]:
        """RDFC-1.0 §4.4.3."""
        alike: defaultdict[str, list[str]] = defaultdict(list)
        for label, quads in self.quads.items():
            self.first[label] = _first_degree(label, quads)
            alike[self.first[label]].append(label)
        several = []
        for _, labels in sorted(alike.items()):
            if len(labels) == 1:
                self.canonical.issue(labels[0])
            else:
                several.append(labels)
        for labels in several:
            results = []
            for label in labels:
                if label not in self.canonical.given:
                    issuer = _Issuer("b")
                    issuer.issue(label)
                    results.append(self._run(label, issuer))
            for _, issuer in sorted(results, key=lambda result: result[0]):
                for label in issuer.given:
                    self.canonical.issue(label)
        return dict(self.canonical.given)

    def _run(self, label: str, issuer: _Issuer) -> _Result:
        """Carry out a recursion of any depth without Python's stack."""
        waiting = [self._n_degree(label, issuer)]
        answer: _Result | None = None
        while True:
            try:
                asked = waiting[-1].send(answer) if answer else next(waiting[-1])
            except StopIteration as done:
                answer = done.value
                waiting.pop()
                if not waiting:
                    return done.value  # type: ignore[no-any-return] # what _n_degree returns
            else:
                waiting.append(self._n_degree(*asked))
                answer = None

    def _step(self, issuer: _Issuer) -> None:
        """A step takes as long as the labels that are copied for it are many."""
        self.left -= 1 + len(issuer.given) // 64
        if self.left < 0:
            raise InputError(_poison())

    def _n_degree(self, label: str, issuer: _Issuer) -> _Asking:
        """RDFC-1.0 §4.8.3."""
        related: defaultdict[str, list[str]] = defaultdict(list)
        for quad in self.quads[label]:
            for position, other in _blank(quad):
                if other != label:
                    related[self._related(other, quad, issuer, position)].append(other)
        data = []
        for digest, others in sorted(related.items()):
            chosen, best = "", issuer
            for order in permutations(others):
                self._step(issuer)
                found = yield from self._path(order, issuer.copy(), chosen)
                if found is not None and (not chosen or found[0] < chosen):
                    chosen, best = found
            data.append(digest + chosen)
            issuer = best
        return _sha256("".join(data)), issuer

    def _path(
        self, order: Sequence[str], issuer: _Issuer, chosen: str
    ) -> Generator[tuple[str, _Issuer], _Result, _Result | None]:
        """One order of related blank nodes; None where another was better already."""
        path, unknown = "", []
        for other in order:
            if other in self.canonical.given:
                path += f"_:{self.canonical.given[other]}"
            else:
                if other not in issuer.given:
                    unknown.append(other)
                path += f"_:{issuer.issue(other)}"
            if _is_worse(path, chosen):
                return None
        for other in unknown:
            self._step(issuer)
            digest, after = yield other, issuer
            path += f"_:{issuer.issue(other)}<{digest}>"
            issuer = after
            if _is_worse(path, chosen):
                return None
        return path, issuer

    def _related(self, label: str, quad: Quad, issuer: _Issuer, position: str) -> str:
        """RDFC-1.0 §4.7.3."""
        predicate = "" if position == "g" else f"<{quad.predicate.value}>"
        given = self.canonical.given.get(label) or issuer.given.get(label)
        return _sha256(f"{position}{predicate}{f'_:{given}' if given else self.first[label]}")


def _is_worse(path: str, chosen: str) -> bool:
    return bool(chosen) and len(path) >= len(chosen) and path > chosen


def _first_degree(label: str, quads: Iterable[Quad]) -> str:
    """RDFC-1.0 §4.6.3."""

    def shown(term: object) -> str:
        if isinstance(term, BlankNode):
            return "_:a" if term.value == label else "_:z"
        if isinstance(term, Triple):
            return f"<<( {' '.join(map(shown, term))} )>>"
        return str(term)

    def line(quad: Quad) -> str:
        terms = (
            [*quad.triple] if isinstance(quad.graph_name, DefaultGraph) else [*quad.triple, quad.graph_name]
        )
        return " ".join(map(shown, terms)) + " .\n"

    return _sha256("".join(sorted(line(quad) for quad in quads)))


def _blank(quad: Quad) -> Iterator[tuple[str, str]]:
    """Position and label of each blank node of a quad; those inside a triple term stand where it does."""
    for position, term in (("s", quad.subject), ("o", quad.object), ("g", quad.graph_name)):
        for label in _labels(term):
            yield position, label


def _labels(term: object) -> Iterator[str]:
    if isinstance(term, BlankNode):
        yield term.value
    elif isinstance(term, Triple):
        for inner in (term.subject, term.object):
            yield from _labels(inner)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _poison() -> Problem:
    return Problem(
        "RDF105",
        "the blank nodes cannot be named: too many look alike",
        why="a canonical form tries the orders of blank nodes that differ in nothing but their neighbours",
        fix="give them IRIs, or something of their own that tells them apart",
    )
