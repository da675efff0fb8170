"""What a push needs of a store, whichever way it speaks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Protocol

from nutgraf.problems import InputError, Problem
from nutgraf.publish.push import manifest
from nutgraf.publish.push.client import Answer, Client
from nutgraf.publish.push.graphs import LocalGraph
from nutgraf.publish.push.manifest import Manifest, Plan


class Target(Protocol):
    """A store, seen by one push.

    Attributes:
        is_atomic: whether a graph and its entry in the manifest change together.
    """

    @property
    def is_atomic(self) -> bool: ...

    def read(self) -> Manifest:
        """The manifest that it holds; an empty one where it holds none."""

    def claim(self, plan: Plan, remote: Manifest) -> bool:
        """Begin; false where the manifest has to be read again, for it may have changed meanwhile."""

    def adopt(self, local: Mapping[str, LocalGraph]) -> None:
        """Write the manifest of a store that another tool has loaded with all of these graphs."""

    def send(self, graph: LocalGraph) -> Problem | None:
        """Replace a graph and enter it in the manifest; what is wrong with it for the store, if anything."""

    def remove(self, name: str) -> Problem | None:
        """Delete a graph, and say so in the manifest."""

    def doubt(self, graphs: dict[str, str]) -> None:
        """Make sure that graphs which another push may have written too are not taken for known."""


READ: Final = {"Accept": "text/turtle, application/n-triples;q=0.9", "Cache-Control": "no-cache"}
"""What to ask for a manifest with; N-Triples are Turtle."""
_READABLE: Final = frozenset({"text/turtle", "application/n-triples", "text/plain", "application/x-turtle"})


class NotThereError(InputError):
    """An address does not speak the protocol that it is spoken to in."""


def parsed(client: Client, name: str, answer: Answer, address: str, what: str) -> Manifest:
    """The manifest that a store answers.

    Args:
        client: whose time it is read at.
        name: the manifest's graph.
        answer: of the store.
        address: the endpoint, as a message may show it.
        what: the kind of endpoint that it should be.

    Raises:
        NotThereError: PSH105, it is no such endpoint.
        InputError: PSH107, what it answers is not Turtle.
    """
    if not answer.is_success or (answer.body and answer.media_type not in _READABLE):
        raise not_there(address, what, answer)
    try:
        return manifest.read(name, answer.body, client.now())
    except SyntaxError as error:
        message = f"the store's manifest cannot be read: {error.msg}"
        fix = f"delete the graph <{name}> in the store and push again: then everything is sent"
        raise InputError(Problem("PSH107", message, fix=fix)) from error


def not_there(address: str, what: str, answer: Answer) -> NotThereError:
    """The error for an address that speaks another protocol."""
    why = f"it answers HTTP {answer.status}" + (f" and {answer.media_type}" if answer.media_type else "")
    fix = "check the address; --store NAME knows where each product has its endpoints"
    return NotThereError(Problem("PSH105", f"{address} is no {what} endpoint", why=why, fix=fix))


def refused(client: Client, doing: str, answer: Answer) -> Problem:
    """What a store has against one graph."""
    why = client.excerpt(answer)
    fix = "mend the graph or the store's settings, and push again: the rest is not sent again"
    return Problem("PSH106", f"the store refuses to {doing}: HTTP {answer.status}", why=why, fix=fix)
