"""The manifest of a target: which graphs we put there, and the canonical hash of each.

It is a graph of the store itself, `{base}graph/manifest`, and so tells the truth after the store was
wiped, restored or pushed to from another machine. What a graph holds is *known* when the manifest has one
hash of it. It has none while the graph is being replaced, and two after two pushes at once; then the graph
is sent again. A manifest that names no push was made by the rest of one whose beginning the store lost: its
hashes are not believed.

An entry is only ever added (`entry`) while graphs are sent; a removed graph has the hash of no triples.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, cast

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from nutgraf.publish.ntriples import ntriples
from nutgraf.publish.push.graphs import EMPTY, LocalGraph
from nutgraf.terms.vocabulary import DCTERMS, NUT

_PART: Final = NamedNode(f"{DCTERMS}hasPart")
_HASH: Final = NamedNode(f"{NUT}canonicalHash")
_PUSH: Final = NamedNode(f"{NUT}push")
HASH: Final = _HASH.value
PART: Final = _PART.value
PUSH: Final = _PUSH.value
_ABANDONED: Final = dt.timedelta(days=1)
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Manifest:
    """What a target says of itself.

    Attributes:
        names: the graphs that are ours.
        hashes: graph name → the hashes that it may have.
        pushes: the pushes under way, or the last one.
    """

    names: frozenset[str] = frozenset()
    hashes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    pushes: frozenset[str] = frozenset()

    def digest(self, name: str) -> str | None:
        """The hash of a graph where it is known."""
        found = self.hashes.get(name, frozenset())
        return next(iter(found)) if len(found) == 1 and self.pushes else None


@dataclass(frozen=True)
class Plan:
    """What a push has to do.

    Attributes:
        send: the graphs that are new or differ, sorted by name.
        remove: the names of those that are no longer there, sorted.
        kept: the names of those that stay as they are.
    """

    send: tuple[LocalGraph, ...]
    remove: tuple[str, ...]
    kept: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.send or self.remove)


def name_of(base: str) -> str:
    """The name of the manifest's graph."""
    return f"{base}graph/manifest"


def pieces_of(name: str, now: dt.datetime) -> str:
    """A name for the graph that pieces of a large graph are gathered in.

    Args:
        name: the manifest's graph.
        now: the time, by which pieces that were left behind can be told.
    """
    return f"{name}/pieces/{now:%Y%m%dT%H%M%SZ}-{uuid.uuid4()}"


def _is_in_use(piece: str, name: str, now: dt.datetime) -> bool:
    """Whether a graph holds the pieces of a push that may still go on."""
    match = re.fullmatch(rf"{re.escape(name)}/pieces/(\d{{8}}T\d{{6}})Z-[0-9a-f-]+", piece)
    if match is None:
        return False
    try:
        made = dt.datetime.strptime(f"{match[1]}+0000", "%Y%m%dT%H%M%S%z")
    except ValueError:
        return False
    return now - made < _ABANDONED


def plan(
    local: Mapping[str, LocalGraph],
    remote: Manifest,
    *,
    force: bool = False,
    prune: bool = True,
    leave: Iterable[str] = (),
) -> Plan:
    """Compare what is here with what the target has.

    Args:
        local: name → graph.
        remote: the target's manifest.
        force: send also what has not changed.
        prune: remove what is no longer here.
        leave: names to do nothing about.
    """
    left = frozenset(leave)
    send = tuple(
        graph
        for name, graph in sorted(local.items())
        if name not in left and (force or remote.digest(name) != graph.digest)
    )
    gone = (name for name in remote.names - local.keys() - left if remote.digest(name) != EMPTY)
    sent = {graph.name for graph in send}
    return Plan(send, tuple(sorted(gone)) if prune else (), frozenset(local.keys() - sent - left))


def read(name: str, turtle: bytes, now: dt.datetime) -> Manifest:
    """Read a manifest; whatever else its graph holds is passed over, and pieces that may be in use, too.

    Args:
        name: the manifest's graph.
        turtle: what it holds.
        now: the time.

    Raises:
        SyntaxError: it is not Turtle.
    """
    node = NamedNode(name)
    names: set[str] = set()
    pushes: set[str] = set()
    hashes: defaultdict[str, set[str]] = defaultdict(set)
    for quad in cast("Iterable[Quad]", parse(turtle, RdfFormat.TURTLE)):
        subject, predicate, value = quad.triple
        if predicate == _HASH and isinstance(subject, NamedNode) and isinstance(value, Literal):
            # What is no hash is like none of ours.
            hashes[subject.value].add(value.value if _DIGEST.fullmatch(value.value) else "")
        elif subject == node and isinstance(value, NamedNode):
            if predicate == _PART:
                names.add(value.value)
            elif predicate == _PUSH:
                pushes.add(value.value)
    names.discard(name)
    known = {each: frozenset(found) for each, found in hashes.items()}
    ours = frozenset(each for each in names if not _is_in_use(each, name, now))
    return Manifest(ours, known, frozenset(pushes))


def claimed(name: str, remote: Manifest, plan: Plan, push: str) -> str:
    """The manifest at the start of a push, as N-Triples: what is going to change has no hash any more.

    Args:
        name: the manifest's graph.
        remote: what it says now.
        plan: what is going to be done.
        push: IRI of this push.
    """
    touched = {graph.name for graph in plan.send} | set(plan.remove)
    gone = {each for each in remote.names if remote.digest(each) == EMPTY} - touched
    triples = [Triple(NamedNode(name), _PUSH, NamedNode(push))]
    for each in (remote.names | touched | plan.kept) - gone:
        triples.append(Triple(NamedNode(name), _PART, NamedNode(each)))
        if each not in touched and (digest := remote.digest(each)) is not None:
            triples.append(Triple(NamedNode(each), _HASH, Literal(digest)))
    return ntriples(triples)


def whole(name: str, local: Mapping[str, LocalGraph], push: str) -> str:
    """The manifest of a store that holds all of these graphs, as N-Triples."""
    have = Manifest(
        frozenset(local), {each.name: frozenset({each.digest}) for each in local.values()}, frozenset({push})
    )
    return claimed(name, have, Plan((), (), frozenset(local)), push)


def entry(name: str, graph: str, digest: str) -> str:
    """What is added when a graph has arrived, as N-Triples.

    Args:
        name: the manifest's graph.
        graph: name of the graph.
        digest: its canonical hash; `EMPTY` when it was removed.
    """
    node = NamedNode(graph)
    return ntriples([Triple(NamedNode(name), _PART, node), Triple(node, _HASH, Literal(digest))])
