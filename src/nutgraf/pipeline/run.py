"""Runs the steps of a build, or some of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pyarrow as pa

from nutgraf.engine import duckdb as engine
from nutgraf.evidence.explain.shapes import Shapes
from nutgraf.evidence.explain.trace import Trace
from nutgraf.factsheet import counts, tables
from nutgraf.pipeline import check, evidence, inputs, link, validate, write
from nutgraf.pipeline import map as mapped
from nutgraf.pipeline.state import BuildResult, State
from nutgraf.publish import output
from nutgraf.workspace import Workspace

STEPS: Final[tuple[tuple[str, Callable[[State], None]], ...]] = (
    ("check", check.run),
    ("link", link.run),
    ("map", mapped.run),
    ("evidence", evidence.run),
    ("validate", validate.run),
    ("write", write.run),
)
"""The steps of a build, in order."""


def build(
    workspace: Workspace, *, force: bool = False, on_step: Callable[[str], None] = lambda _: None
) -> BuildResult:
    """Check, map, validate and write a workspace.

    Args:
        workspace: what to build.
        force: build also when no input has changed, and validate everything.
        on_step: told the name of each step before it runs.

    Returns:
        What was made and written.

    Raises:
        ContentError: the sheets have problems, or the graph violates the shapes; the output is unchanged.
        InputError: a file cannot be read.
    """
    state = State(workspace, force)
    output.finish(workspace.output, workspace.staging)
    for name, step in STEPS:
        on_step(name)
        step(state)
        if name == "check" and not force and inputs.is_up_to_date(state):
            return _unchanged(state)
    return _result(state, triples=len(state.quads))


def sheet_tables(workspace: Workspace) -> dict[str, pa.Table]:
    """The tables of the fact sheets of a workspace, as mappings read them.

    Raises:
        ContentError: the sheets have problems.
        InputError: a file cannot be read.
    """
    state = through("link", workspace)
    return {name: state.tables[name] for name in tables.SCHEMAS}


def statements(workspace: Workspace) -> engine.Connection:
    """The tables of a workspace's fact sheets, as a build makes them before it validates.

    Returns:
        A connection with `statements`, `lineage` and `record`.

    Raises:
        ContentError: the sheets have problems.
        InputError: a file cannot be read.
    """
    state = through("evidence", workspace)
    assert state.connection is not None, "map comes before evidence"
    return state.connection


def trace(workspace: Workspace) -> tuple[Trace, bool]:
    """The lineage of a workspace, made afresh from its sheets: which words and rules support what.

    Returns:
        What can be asked, and whether the output is of this very state, so that it has been validated.

    Raises:
        ContentError: the sheets have problems.
        InputError: a file cannot be read.
    """
    state = through("evidence", workspace)
    assert state.connection is not None, "map comes before evidence"
    assert state.facts is not None, "check comes first"
    state.connection.register("span", state.tables["span"])
    texts = {sheet.id: sheet.document.data["article"]["text"] for sheet in state.facts.sheets}
    hashes = {article: str(text["sha256"]) for article, text in texts.items()}
    files = {article: str(text["file"]) for article, text in texts.items()}
    shapes = Shapes.load(workspace.shape_files(), workspace.display)
    sources = {name: digest for name, digest in state.inputs.items() if name != "base"}
    return Trace(state.connection, workspace.base, shapes, hashes, files, sources), inputs.is_up_to_date(
        state
    )


def through(last: str, workspace: Workspace) -> State:
    """The state after the step of that name, from the start."""
    state = State(workspace)
    for name, step in STEPS:
        step(state)
        if name == last:
            return state
    raise ValueError(last)


def _unchanged(state: State) -> BuildResult:
    return _result(state, triples=output.manifest(state.workspace.output)["triples"])


def _result(state: State, triples: int) -> BuildResult:
    assert state.facts is not None, "check comes first"
    sheets = state.facts.sheets
    return BuildResult(
        articles=len(sheets),
        facts=sum(counts.facts(sheet) for sheet in sheets),
        spans=sum(counts.spans(sheet) for sheet in sheets),
        verified=state.workspace.texts is not None,
        triples=triples,
        classes=state.classes,
        warnings=tuple(state.warnings),
        revalidated=state.nodes,
        written=state.change.written,
        removed=state.change.removed,
        total=len(output.manifest(state.workspace.output).get("outputs", {})) + 1,
    )
