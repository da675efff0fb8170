"""What decides the bytes of the output, and whether the output is made of it already."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version

from nutgraf.pipeline.state import State
from nutgraf.publish import output
from nutgraf.workspace import Workspace


def hashes(workspace: Workspace) -> dict[str, str]:
    """Input file → its hash: everything that decides the bytes of the output."""
    files = [
        *workspace.sheet_files(),
        *workspace.mapping_files(),
        *workspace.shape_files(),
        *(path for path in (workspace.links, workspace.context, workspace.vocabulary) if path.is_file()),
    ]
    hashes = {workspace.display(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    return {"base": workspace.base, **dict(sorted(hashes.items()))}


def manifest(state: State, files: Mapping[str, str]) -> str:
    """The manifest of an output: its inputs and files with their hashes, and the version of the tool."""
    content = {
        "nutgraf": version("nutgraf"),
        "triples": len(state.quads),
        "inputs": state.inputs,
        "outputs": {name: output.sha256(text.encode()) for name, text in sorted(files.items())},
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def is_up_to_date(state: State) -> bool:
    """Whether the output is of these inputs and this version, and nobody has changed it."""
    found = output.manifest(state.workspace.output)
    return (
        found.get("nutgraf") == version("nutgraf")
        and found.get("inputs") == state.inputs
        and output.is_intact(state.workspace.output, found.get("outputs", {}))
    )
