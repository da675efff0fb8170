"""Evidence: what supports each statement, as statements of its own."""

from __future__ import annotations

from pyoxigraph import NamedNode, RdfFormat, parse

from nutgraf.dataset import rows
from nutgraf.evidence import graph as evidence
from nutgraf.pipeline.state import State
from nutgraf.problems import InputError, Problem, Span
from nutgraf.terms.vocabulary import NUT
from nutgraf.workspace import Workspace


def run(state: State) -> None:
    """Class the statements, and add the evidence graphs.

    Raises:
        InputError: WSP107, the vocabulary cannot be read.
    """
    assert state.connection is not None, "map comes first"
    base = state.workspace.base
    state.classes = evidence.classify(state.connection, base, _metadata(state.workspace))
    evidence.add(state.connection, base)
    state.quads = rows.quads(state.connection)


def _metadata(workspace: Workspace) -> list[str]:
    """The properties that the vocabulary lists as build metadata."""
    path = workspace.vocabulary
    try:
        found = [
            quad.subject.value
            for quad in parse(path.read_bytes(), RdfFormat.TURTLE)
            if quad.predicate.value == f"{NUT}statementClass"
            and quad.object == NamedNode(f"{NUT}BuildMetadata")
            and isinstance(quad.subject, NamedNode)
        ]
    except (OSError, SyntaxError) as error:
        place = Span(workspace.display(path), getattr(error, "lineno", None) or 1)
        raise InputError(Problem("WSP107", f"cannot read the vocabulary: {error}", place)) from error
    return sorted(found)
