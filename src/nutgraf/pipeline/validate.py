"""Validate: the shapes of the workspace against all graphs together."""

from __future__ import annotations

from nutgraf.pipeline.state import State
from nutgraf.problems import ContentError
from nutgraf.shapes import places
from nutgraf.shapes.incremental import run as incremental
from nutgraf.shapes.load import load


def run(state: State) -> None:
    """Validate the statements; what is only a warning is kept for the end.

    Raises:
        ContentError: SHP2xx, the graph violates a shape; the report is under `.nutgraf/rejected/`.
        InputError: the shapes cannot be read or run.
    """
    assert state.connection is not None, "map comes first"
    workspace = state.workspace
    checked = incremental.validate(
        state.connection,
        load(workspace.shape_files()),
        lambda: dict.fromkeys(quad.triple for quad in state.quads),
        workspace.root / ".nutgraf" / incremental.FILE,
        afresh=state.force,
    )
    report = checked.report
    state.report, state.nodes = report, checked.nodes
    problems = places.problems(report, state.connection)
    rejected = workspace.root / ".nutgraf" / "rejected"
    if report.violates:
        rejected.mkdir(parents=True, exist_ok=True)
        (rejected / "report.ttl").write_text(report.to_turtle(), encoding="utf-8")
        raise ContentError(*problems)
    (rejected / "report.ttl").unlink(missing_ok=True)
    state.warnings.extend(problems)
