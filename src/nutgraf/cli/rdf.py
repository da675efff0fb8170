"""What `query` and `export` share: the built dataset, the vocabulary of the writers, writing to a file."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from nutgraf import workspace as workspaces
from nutgraf.dataset.store import Dataset
from nutgraf.problems import InputError, Problem, Span
from nutgraf.publish import built
from nutgraf.publish.context import load as load_context
from nutgraf.publish.files import write_all
from nutgraf.publish.formats import Vocabulary
from nutgraf.publish.sinks import is_special
from nutgraf.terms.vocabulary import PREFIXES
from nutgraf.workspace import Workspace


def built_dataset(workspace: Workspace) -> Dataset:
    """The dataset that the last build of a workspace wrote.

    Raises:
        InputError: WSP108 there is none.
    """
    return Dataset.load(built.quads(workspace))


def vocabulary(workspace: Workspace | None) -> Vocabulary:
    """Prefixes and context: the workspace's, or the defaults outside one."""
    path = workspace.context if workspace else workspaces.defaults() / "ontology" / "context.jsonld"
    context = load_context(path, workspace.display(path) if workspace else path.as_posix())
    prefixes = PREFIXES | ({"id": f"{workspace.base}id/"} if workspace else {})
    return Vocabulary(prefixes, context)


def deliver(content: str, target: Path | None) -> None:
    """Write to a file, whole or not at all, or to standard output."""
    deliver_bytes(content.encode(), target)


def deliver_parts(parts: Iterable[str], target: Path | None) -> None:
    """Write bit by bit: to a file, whole or not at all, or to standard output."""
    encoded = (part.encode() for part in parts)
    if target is None or target == Path("-"):
        for part in encoded:
            sys.stdout.buffer.write(part)
        sys.stdout.buffer.flush()
    else:
        write_all({target: encoded})


def deliver_bytes(content: bytes, target: Path | None) -> None:
    """Write bytes to a file, whole or not at all, or to standard output."""
    if target is None or target == Path("-"):
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    beside = target.with_name(f".{target.name}.part")
    try:
        if is_special(target):  # a pipe or a device is written to, and never moved over
            target.write_bytes(content)
            return
        beside.write_bytes(content)
        beside.replace(target)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise InputError(
            Problem("OUT101", f"cannot write the file: {error.strerror or error}", Span(target.as_posix()))
        ) from error
