"""Check: the fact sheets, or every problem of every file."""

from __future__ import annotations

from nutgraf.evidence.verify.check import verify
from nutgraf.factsheet import check
from nutgraf.pipeline import inputs
from nutgraf.pipeline.state import State
from nutgraf.problems import ContentError, InputError, Problem, Span


def run(state: State) -> None:
    """Read and check the sheets.

    Raises:
        ContentError: the sheets have problems.
        InputError: WSP105 there is no sheet, or a file cannot be read.
    """
    workspace = state.workspace
    facts, problems = check.load(
        workspace.sheet_files(), workspace.schema, texts=workspace.texts, display=workspace.display
    )
    if not facts.sheets and not problems:
        raise InputError(
            Problem(
                "WSP105",
                f"no fact sheet in {workspace.display(workspace.seeds)}",
                Span(workspace.display(workspace.seeds)),
                fix="start one with `nutgraf new ID --text FILE`",
            )
        )
    if workspace.texts is not None:
        problems = verify(facts.sheets, facts.index, workspace.texts).added_to(problems)
    if any(problem.severity == "error" for problem in problems):
        raise ContentError(*problems)
    state.facts, state.warnings = facts, problems
    state.inputs = inputs.hashes(workspace)
