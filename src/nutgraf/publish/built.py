"""The quads that the last build of a workspace wrote."""

from __future__ import annotations

from pathlib import Path

from nutgraf.problems import InputError, Problem, Span
from nutgraf.publish import output
from nutgraf.workspace import Workspace


def quads(workspace: Workspace) -> Path:
    """The file of the built quads; a build that was interrupted while it moved files is finished first.

    Raises:
        InputError: WSP108 there is none.
    """
    output.finish(workspace.output, workspace.staging)
    path = workspace.output / "dataset.nq"
    if not path.is_file():
        place = Span(workspace.display(path))
        raise InputError(Problem("WSP108", "nothing has been built yet", place, fix="run `nutgraf build`"))
    return path
