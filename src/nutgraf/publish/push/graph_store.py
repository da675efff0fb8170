"""A store by the Graph Store Protocol, graphs named by `?graph=`.

A graph is replaced by one PUT, which a store carries out as a whole or not at all. The manifest is written
once by PUT, when a push begins, and then only added to by POST: two pushes at once can raise doubt about a
graph, so that it is sent again, but cannot erase each other's doubt.

Source: https://www.w3.org/TR/sparql11-http-rdf-update/
"""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nutgraf.net.address import shown
from nutgraf.problems import InputError, Problem
from nutgraf.publish.push import manifest
from nutgraf.publish.push.client import Answer, Body, Client, Failure
from nutgraf.publish.push.graphs import EMPTY, LocalGraph
from nutgraf.publish.push.manifest import Manifest, Plan
from nutgraf.publish.push.target import READ, not_there, parsed, refused

TURTLE: Final = "text/turtle"
"""What every store reads; N-Triples are Turtle."""
_NO_SUCH: Final = frozenset({404, 410})
_NOT_SPOKEN: Final = frozenset({400, 404, 405, 406, 415, 501})


@dataclass
class GraphStore:
    """A store by its Graph Store endpoint.

    Attributes:
        url: the endpoint.
        client: how to ask it.
        name: the manifest's graph.
        push: IRI of this push.
        packed: whether to send graphs packed by gzip.
    """

    url: str
    client: Client
    name: str
    push: str
    packed: bool = False

    @property
    def is_atomic(self) -> bool:
        return False

    def read(self) -> Manifest:
        """The manifest; empty where the store has no such graph.

        Raises:
            NotThereError: PSH105, this is no Graph Store endpoint.
            InputError: PSH107 the manifest cannot be read; NET102, NET103, PSH103, PSH104.
        """
        answer = self.client.send("GET", self.url, parameters={"graph": self.name}, headers=READ)
        if answer.status in _NO_SUCH:
            return Manifest()
        return parsed(self.client, self.name, answer, shown(self.url), "Graph Store")

    def claim(self, plan: Plan, remote: Manifest) -> bool:
        """Say in the manifest what is going to change; false where nobody answers.

        Raises:
            NotThereError: PSH105, graphs cannot be put here.
            InputError: PSH106 the store refuses; PSH103, PSH104.
        """
        content = manifest.claimed(self.name, remote, plan, self.push).encode()
        outcome = self.client.attempt(
            "PUT", self.url, parameters={"graph": self.name}, headers={"Content-Type": TURTLE}, body=content
        )
        if isinstance(outcome, Failure):
            self.client.wait(outcome, 0, self.url)
            return False
        self._written(outcome)
        return True

    def adopt(self, local: Mapping[str, LocalGraph]) -> None:
        """Write the manifest of a store that another tool has loaded with all of these graphs.

        Raises:
            NotThereError: PSH105, graphs cannot be put here.
            InputError: PSH106 the store refuses; NET102, NET103, PSH103, PSH104.
        """
        content = manifest.whole(self.name, local, self.push).encode()
        self._written(
            self.client.send(
                "PUT",
                self.url,
                parameters={"graph": self.name},
                headers={"Content-Type": TURTLE},
                body=content,
            )
        )

    def _written(self, answer: Answer) -> None:
        if answer.status in _NOT_SPOKEN:
            raise not_there(shown(self.url), "Graph Store", answer)
        if not answer.is_success:
            raise InputError(refused(self.client, "write the manifest", answer))

    def send(self, graph: LocalGraph) -> Problem | None:
        """Replace a graph, then enter it.

        Raises:
            InputError: NET102, NET103, PSH103, PSH104; PSH106 for the manifest.
        """
        headers = {"Content-Type": TURTLE}
        body: Body = graph.path
        if self.packed:
            headers["Content-Encoding"] = "gzip"
            body = _packed(graph.path)
        answer = self.client.send(
            "PUT", self.url, parameters={"graph": graph.name}, headers=headers, body=body
        )
        if isinstance(body, Path) and body != graph.path:
            body.unlink()
        if not answer.is_success:
            return refused(self.client, f"take <{graph.name}>", answer)
        self._enter(graph.name, graph.digest)
        return None

    def remove(self, name: str) -> Problem | None:
        """Delete a graph, then enter that it is empty.

        Raises:
            InputError: as for `send`.
        """
        answer = self.client.send("DELETE", self.url, parameters={"graph": name})
        if not answer.is_success and answer.status not in _NO_SUCH:
            return refused(self.client, f"delete <{name}>", answer)
        self._enter(name, EMPTY)
        return None

    def doubt(self, graphs: dict[str, str]) -> None:
        """Enter once more what this push wrote: where another wrote something else there are two hashes."""
        for name, digest in graphs.items():
            self._enter(name, digest)

    def _enter(self, graph: str, digest: str) -> None:
        content = manifest.entry(self.name, graph, digest).encode()
        answer = self.client.send(
            "POST", self.url, parameters={"graph": self.name}, headers={"Content-Type": TURTLE}, body=content
        )
        if not answer.is_success:
            raise InputError(refused(self.client, "add to the manifest", answer))


def _packed(path: Path) -> Path:
    """The same file packed, beside it."""
    target = path.with_suffix(".nt.gz")
    with path.open("rb") as source, gzip.GzipFile(target, "wb", compresslevel=6, mtime=0) as packed:
        shutil.copyfileobj(source, packed)
    return target
