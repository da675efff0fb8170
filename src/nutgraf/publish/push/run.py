"""A push, from the built file to a manifest that says the same."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from nutgraf.net.address import host, is_local
from nutgraf.problems import InputError, Problem, Span
from nutgraf.publish.push import manifest
from nutgraf.publish.push.client import Client
from nutgraf.publish.push.credentials import Credentials
from nutgraf.publish.push.graph_store import GraphStore
from nutgraf.publish.push.graphs import EMPTY, LocalGraph, LocalGraphs, split
from nutgraf.publish.push.manifest import Plan
from nutgraf.publish.push.stores import Endpoints
from nutgraf.publish.push.target import NotThereError, Target
from nutgraf.publish.push.update import PIECE, Update

_ROUNDS: Final = 3
"""So often what a store lost meanwhile is sent anew."""


@dataclass(frozen=True)
class PushResult:
    """What a push did, or with a dry run would do.

    Attributes:
        sent: the names of the graphs that were sent, sorted.
        removed: the names of those that were deleted, sorted.
        unchanged: how many stayed as they were.
        triples: how many triples were sent.
        requests: how many requests were made.
        problems: what the store refused (errors), and what else is to be known (warnings).
        protocol: "graph-store" or "update".
    """

    sent: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    triples: int
    requests: int
    problems: tuple[Problem, ...] = ()
    protocol: str = "graph-store"


@dataclass(frozen=True)
class Options:
    """How to push.

    Attributes:
        force: send what has not changed, too.
        prune: delete the graphs of ours that are no longer here.
        dry_run: only say what would be done.
        loaded: another tool has loaded all of it: only write the manifest.
        packed: send graphs packed by gzip, which not every store takes.
        piece: bytes of triples in one request of SPARQL Update.
        on_warning: told each warning before anything is sent.
        on_step: told what is done and how many of how many graphs are done.
    """

    force: bool = False
    prune: bool = True
    dry_run: bool = False
    loaded: bool = False
    packed: bool = False
    piece: int = PIECE
    on_warning: Callable[[Problem], None] = lambda _problem: None
    on_step: Callable[[str, int, int], None] = lambda _what, _done, _all: None


def push(file: Path, base: str, endpoints: Endpoints, client: Client, options: Options) -> PushResult:
    """Make the graphs of a store those of a file.

    Args:
        file: the built quads.
        base: of the workspace; names the manifest's graph.
        endpoints: where the store takes them.
        client: how to ask it.
        options: what to send.

    Raises:
        InputError: the file cannot be read; the store does not answer, denies access, is none, loses what it
            is sent, or is pushed to by somebody else at the same time: NET1xx and PSH1xx in docs/errors.md.
    """
    with tempfile.TemporaryDirectory(prefix="nutgraf-push-") as folder:
        options.on_step("reading the graphs", 0, 0)
        local = split(file, Path(folder))
        name = manifest.name_of(base)
        if name in local.named:
            raise InputError(_taken(name, file))
        run = _Run(local, name, f"urn:uuid:{uuid.uuid4()}", endpoints, client, options)
        warnings = _warnings(local, endpoints, client.credentials)
        for warning in warnings:
            options.on_warning(warning)
        result = run.whole()
        return replace(result, problems=(*warnings, *run.problems))


@dataclass
class _Run:
    local: LocalGraphs
    name: str
    id: str
    endpoints: Endpoints
    client: Client
    options: Options
    sent: dict[str, LocalGraph] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    refused: dict[str, Problem] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(self.refused.values())

    def whole(self) -> PushResult:
        """Push by the Graph Store Protocol, or by Update where that is not there."""
        if self.endpoints.graph_store is None:
            return self.by(self._update(), "update")
        store = GraphStore(self.endpoints.graph_store, self.client, self.name, self.id, self.options.packed)
        try:
            return self.by(store, "graph-store")
        except NotThereError:
            if self.endpoints.update is None:
                raise
            return self.by(self._update(), "update")

    def _update(self) -> Update:
        update, query = self.endpoints.update, self.endpoints.query
        assert update is not None, "Endpoints has one or the other"
        assert query is not None, "Endpoints has both or none"
        return Update(update, query, self.client, self.name, self.id, self.options.piece)

    def by(self, target: Target, protocol: str) -> PushResult:
        if self.options.loaded and not self.options.dry_run:
            target.adopt(self.local.named)
        for number in range(_ROUNDS):
            plan = self._begun(target, first=number == 0)
            if not plan or self.options.dry_run:
                return self._result(plan, protocol)
            self._carry_out(plan, target)
        if self._planned(target, first=False)[0]:
            raise InputError(_lossy(self.endpoints))
        return self._result(Plan((), (), frozenset()), protocol)

    def _begun(self, target: Target, *, first: bool) -> Plan:
        """Read, compare and claim at one go: what was read may be old by the next attempt."""
        for _ in range(self.client.attempts):
            plan, remote = self._planned(target, first=first)
            if not plan or self.options.dry_run or target.claim(plan, remote):
                return plan
        fix = "run the command again when it does: what has arrived is not sent again"
        raise InputError(Problem("NET102", "the store answers, but does not take the manifest", fix=fix))

    def _planned(self, target: Target, *, first: bool) -> tuple[Plan, manifest.Manifest]:
        remote = target.read()
        plan = manifest.plan(
            self.local.named,
            remote,
            force=self.options.force and first,
            prune=self.options.prune,
            leave=self.refused,
        )
        if plan.remove and not self.local.named and not self.options.force:
            raise InputError(_nothing(len(plan.remove)))
        crossed = not first and bool(remote.pushes) and self.id not in remote.pushes
        if crossed and (plan or not target.is_atomic):
            written = {name: graph.digest for name, graph in self.sent.items()}
            target.doubt(written | dict.fromkeys(self.removed, EMPTY))
            raise InputError(_crossed())
        return plan, remote

    def _carry_out(self, plan: Plan, target: Target) -> None:
        total = len(plan.send) + len(plan.remove)
        for number, graph in enumerate(plan.send):
            self.options.on_step(f"sending <{graph.name}>", number, total)
            problem = target.send(graph)
            if problem is None:
                self.sent[graph.name] = graph
            else:
                self.refused[graph.name] = problem
        for number, name in enumerate(plan.remove, len(plan.send)):
            self.options.on_step(f"deleting <{name}>", number, total)
            problem = target.remove(name)
            if problem is None:
                self.removed.add(name)
            else:
                self.refused[name] = problem

    def _result(self, plan: Plan, protocol: str) -> PushResult:
        """What was done; with a dry run, what would be."""
        sent = self.sent | {graph.name: graph for graph in plan.send}
        untouched = len(self.local.named.keys() - sent.keys() - self.refused.keys())
        return PushResult(
            tuple(sorted(sent)), tuple(sorted(self.removed | set(plan.remove))), untouched,
            sum(graph.triples for graph in sent.values()), self.client.made, (), protocol,
        )  # fmt: skip


def _warnings(local: LocalGraphs, endpoints: Endpoints, credentials: Credentials) -> list[Problem]:
    found = []
    addresses = (endpoints.graph_store, endpoints.update, endpoints.query)
    for url in dict.fromkeys(url for url in addresses if url and credentials.are_there):
        if url.startswith("http://") and not is_local(url):
            message = f"the credentials travel to {host(url)} unencrypted"
            found.append(Problem("PSH111", message, fix="push to an https address", severity="warning"))
            break
    if local.unnamed:
        message = f"{local.unnamed} statements are in no named graph, and stay here"
        why = "the default graph of a store is everybody's: replacing it could take what is not ours"
        fix = "let the mapping give them a graph"
        found.append(Problem("PSH112", message, why=why, fix=fix, severity="warning"))
    return found


def _taken(name: str, file: Path) -> Problem:
    why = "a push keeps there what the store has been sent"
    return Problem(
        "PSH113", f"the data has a graph called <{name}>", Span(file.as_posix()), why=why, fix="rename it"
    )


def _nothing(count: int) -> Problem:
    message = f"the output has no graphs, and {count} in the store would be deleted"
    fix = "look whether the last build is what it should be; --force if it is, --no-prune to keep them"
    return Problem("PSH115", message, fix=fix)


def _crossed() -> Problem:
    why = "either may have replaced graphs of the other; both will be sent again"
    return Problem("PSH108", "somebody else pushed to this store at the same time", why=why,
                   fix="run the command again when the other has ended")  # fmt: skip


def _lossy(endpoints: Endpoints) -> Problem:
    where = host(endpoints.graph_store or endpoints.update or "")
    return Problem("PSH109", f"{where} does not keep what it is sent",
                   why="its manifest says something else after each of three pushes",
                   fix="look whether the store is restarted without its data, or read-only")  # fmt: skip
