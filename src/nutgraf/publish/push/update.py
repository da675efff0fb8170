"""A store by SPARQL Update, for one that has no Graph Store endpoint.

A graph that fits one request is replaced, and entered in the manifest, by that request alone, which a store
with transactions carries out as a whole. A larger one is first inserted piece by piece into a graph of its
own, and then moved into place by one request; readers see the old graph until then, and an interruption
leaves it. The move happens only where the manifest still names the graph of the pieces: a store that was
wiped meanwhile has lost some.

Source: https://www.w3.org/TR/sparql11-update/, https://www.w3.org/TR/sparql11-protocol/#update-operation
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final

from nutgraf.net.address import shown
from nutgraf.problems import InputError, Problem
from nutgraf.publish.push.client import Client
from nutgraf.publish.push.graphs import LocalGraph
from nutgraf.publish.push.manifest import HASH, PART, PUSH, Manifest, Plan, entry, pieces_of
from nutgraf.publish.push.target import READ, not_there, parsed, refused

PIECE: Final = 1024 * 1024
"""Bytes of N-Triples in one request."""
_LINES: Final = 1000
"""Triples in one request: Virtuoso compiles no more than a few thousand."""
_UPDATE: Final = {"Content-Type": "application/sparql-update"}
_NOT_SPOKEN: Final = frozenset({404, 405, 415, 501})
_ESCAPE: Final = re.compile(r"\\\\([uU])|\\.")


@dataclass
class Update:
    """A store by its Update and query endpoints.

    Attributes:
        url: of SPARQL Update.
        query: of SPARQL queries.
        client: how to ask them.
        name: the manifest's graph.
        push: IRI of this push.
        piece: bytes of N-Triples in one request.
    """

    url: str
    query: str
    client: Client
    name: str
    push: str
    piece: int = PIECE

    @property
    def is_atomic(self) -> bool:
        return True

    def read(self) -> Manifest:
        """The manifest; empty where the store has no such graph.

        Raises:
            NotThereError: PSH105, this is no query endpoint.
            InputError: PSH107 the manifest cannot be read; NET102, NET103, PSH103, PSH104.
        """
        text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{self.name}> {{ ?s ?p ?o }} }}"
        answer = self.client.send("GET", self.query, parameters={"query": text}, headers=READ)
        return parsed(self.client, self.name, answer, shown(self.query), "SPARQL query")

    def claim(self, plan: Plan, remote: Manifest) -> bool:  # noqa: ARG002 - as any target
        """Say who pushes; each graph is entered with its content.

        Raises:
            NotThereError: PSH105, this is no Update endpoint.
            InputError: PSH106, the store refuses.
        """
        old = f"DELETE WHERE {{ GRAPH <{self.name}> {{ <{self.name}> <{PUSH}> ?push }} }}"
        self._manifest([old, f"INSERT DATA {{ GRAPH <{self.name}> {{ {self._me} }} }}"])
        return True

    def adopt(self, local: Mapping[str, LocalGraph]) -> None:
        """Write the manifest of a store that another tool has loaded with all of these graphs.

        The name of the push comes last: without it the hashes are not believed.

        Raises:
            NotThereError: PSH105, this is no Update endpoint.
            InputError: PSH106 the store refuses; NET102, NET103, PSH103, PSH104.
        """
        self._manifest([self._cleared(self.name)])
        entries = [entry(self.name, graph.name, graph.digest) for graph in local.values()]
        for start in range(0, len(entries), _LINES):
            some = "".join(entries[start : start + _LINES])
            self._manifest([f"INSERT DATA {{ GRAPH <{self.name}> {{\n{some}}} }}"])
        self._manifest([f"INSERT DATA {{ GRAPH <{self.name}> {{ {self._me} }} }}"])

    def _manifest(self, steps: list[str]) -> None:
        answer = self.client.send("POST", self.url, headers=_UPDATE, body=" ;\n".join(steps).encode())
        if answer.status in _NOT_SPOKEN:
            raise not_there(shown(self.url), "SPARQL Update", answer)
        if not answer.is_success:
            raise InputError(refused(self.client, "write the manifest", answer))

    def send(self, graph: LocalGraph) -> Problem | None:
        """Replace a graph and enter it.

        Raises:
            InputError: NET102, NET103, PSH103, PSH104.
        """
        doing = f"take <{graph.name}>"
        blank, pieces = _blank(graph), _pieces(graph, self.piece)
        first = next(pieces, "")
        second = next(pieces, None)
        if second is None:
            inserted = f"INSERT DATA {{ GRAPH <{graph.name}> {{\n{first}{blank}}}\n{self._entry(graph)} }}"
            return self._do(doing, [*self._forgotten(graph.name), self._cleared(graph.name), inserted])
        staging = pieces_of(self.name, self.client.now())
        named = f"GRAPH <{self.name}> {{ {self._me} <{self.name}> <{PART}> <{staging}> }}"
        problem = self._do(doing, [f"INSERT DATA {{ {named} GRAPH <{staging}> {{\n{first}}} }}"])
        for piece in chain([second], pieces):
            problem = problem or self._do(doing, [f"INSERT DATA {{ GRAPH <{staging}> {{\n{piece}}} }}"])
        if problem is not None:
            self._do(doing, [self._cleared(staging), self._unnamed(staging)])
            return problem
        return self._do(doing, self._moved(staging, graph, blank))

    def remove(self, name: str) -> Problem | None:
        """Delete a graph and its entry.

        Raises:
            InputError: as for `send`.
        """
        steps = [*self._forgotten(name), self._cleared(name), self._unnamed(name)]
        return self._do(f"delete <{name}>", steps)

    def doubt(self, graphs: dict[str, str]) -> None:
        """Nothing: content and entry came in one request, so the manifest is right whoever was last."""

    @property
    def _me(self) -> str:
        return f"<{self.name}> <{PUSH}> <{self.push}> ."

    def _entry(self, graph: LocalGraph) -> str:
        part = f"<{self.name}> <{PART}> <{graph.name}> ."
        return f'GRAPH <{self.name}> {{ {self._me} {part} <{graph.name}> <{HASH}> "{graph.digest}" }}'

    def _forgotten(self, name: str) -> list[str]:
        return [f"DELETE WHERE {{ GRAPH <{self.name}> {{ <{name}> <{HASH}> ?hash }} }}"]

    def _unnamed(self, name: str) -> str:
        return f"DELETE DATA {{ GRAPH <{self.name}> {{ <{self.name}> <{PART}> <{name}> }} }}"

    @staticmethod
    def _cleared(name: str) -> str:
        return f"DROP SILENT GRAPH <{name}>"

    def _moved(self, staging: str, graph: LocalGraph, blank: str) -> list[str]:
        """What puts the pieces into place, all of it only where the manifest still names them."""
        named = f"GRAPH <{self.name}> {{ <{self.name}> <{PART}> <{staging}> }}"
        more = [f"INSERT {{ GRAPH <{graph.name}> {{\n{blank}}} }} WHERE {{ {named} }}"] if blank else []
        target = f"GRAPH <{graph.name}> {{ ?s ?p ?o }}"
        known = f"GRAPH <{self.name}> {{ <{graph.name}> <{HASH}> ?hash }}"
        entered = f"DELETE {{ {known} }} INSERT {{ {self._entry(graph)} }}"
        return [
            f"DELETE {{ {target} }} WHERE {{ {named} {target} }}",
            f"INSERT {{ {target} }} WHERE {{ {named} GRAPH <{staging}> {{ ?s ?p ?o }} }}",
            *more,
            f"{entered} WHERE {{ {named} OPTIONAL {{ {known} }} }}",
            self._cleared(staging),
            self._unnamed(staging),
        ]

    def _do(self, doing: str, steps: list[str]) -> Problem | None:
        answer = self.client.send("POST", self.url, headers=_UPDATE, body=" ;\n".join(steps).encode())
        return None if answer.is_success else refused(self.client, doing, answer)


def _blank(graph: LocalGraph) -> str:
    """The triples with blank nodes, which have to come in one request, and in one that may be repeated.

    A blank node of one request is another than that of the next, whatever its label.
    """
    return "".join(line for line in _lines(graph) if "_:" in line) if graph.blank else ""


def _pieces(graph: LocalGraph, size: int) -> Iterator[str]:
    """The other triples, in pieces that may be inserted apart."""
    held, length = [], 0
    for line in _lines(graph):
        if graph.blank and "_:" in line:
            continue
        held.append(line)
        length += len(line)
        if length >= size or len(held) >= _LINES:
            yield "".join(held)
            held, length = [], 0
    if held:
        yield "".join(held)


def _lines(graph: LocalGraph) -> Iterator[str]:
    with graph.path.open(encoding="utf-8", newline="\n") as file:
        yield from map(_sparql, file)


def _sparql(line: str) -> str:
    r"""A line of N-Triples as SPARQL reads it.

    SPARQL lets an engine replace ``\u0022`` by a quotation mark before it parses, even where the backslash
    is itself escaped; then the text would be another. So no u follows an escaped backslash.

    >>> print(_sparql(r'<a:a> <a:a> "\\u0022 \\ \u0041" .'))
    <a:a> <a:a> "\\\u00750022 \\ \u0041" .

    Source: SPARQL 1.1 §19.2, https://www.w3.org/TR/sparql11-query/#codepointEscape
    """
    if "\\\\u" not in line and "\\\\U" not in line:
        return line
    return _ESCAPE.sub(lambda match: f"\\\\\\u{ord(match[1]):04X}" if match[1] else match[0], line)
