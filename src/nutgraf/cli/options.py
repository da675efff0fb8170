"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from nutgraf import workspace
from nutgraf.workspace import Workspace

_Command = TypeVar("_Command", bound=Callable[..., Any])


def in_workspace(command: _Command) -> _Command:
    """Add `--workspace DIR`: the folder to find the workspace from."""
    option = click.option(
        "-w",
        "--workspace",
        "start",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        default=Path(),
        help="A folder of the workspace; default: the current one.",
    )
    return option(command)


def find_workspace(start: Path, texts: Path | None = None) -> Workspace:
    """The workspace around a folder, with the texts that an option names."""
    found = workspace.find(start)
    return workspace.with_texts(found, texts) if texts else found
