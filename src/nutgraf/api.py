"""The Python API: what the commands do, as functions."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from nutgraf import pipeline, validation, workspace
from nutgraf.dataset.sparql import Graph, Solutions, query
from nutgraf.factsheet import check as sheets
from nutgraf.pipeline import BuildResult
from nutgraf.problems import Problem
from nutgraf.shapes.run import Engine
from nutgraf.validation import Validation

__all__ = ["BuildResult", "Graph", "Solutions", "Validation", "build", "check", "query", "validate"]

PathLike = str | os.PathLike[str]


def build(folder: PathLike = ".", *, texts: PathLike | None = None, force: bool = False) -> BuildResult:
    """Check, map, validate and write the workspace that a folder is in.

    Args:
        folder: a folder of the workspace.
        texts: folder of the articles' texts, against which evidence is checked.
        force: build also when nothing has changed.

    Raises:
        ContentError: the sheets have problems, or the graph violates the shapes; the output is unchanged.
        InputError: a file cannot be read.
    """
    found = workspace.find(Path(folder))
    if texts is not None:
        found = workspace.with_texts(found, Path(texts))
    return pipeline.build(found, force=force)


def check(folder: PathLike = ".", *, texts: PathLike | None = None) -> list[Problem]:
    """Every problem of the fact sheets of the workspace that a folder is in, in order of their places.

    Raises:
        InputError: a file cannot be read.
    """
    found = workspace.find(Path(folder))
    where = Path(texts) if texts is not None else found.texts
    _, problems = sheets.load(found.sheet_files(), found.schema, texts=where, display=found.display)
    return problems


def validate(
    data: PathLike | Iterable[PathLike],
    shapes: PathLike | Iterable[PathLike],
    *,
    engine: Engine = "auto",
    language: str = "en",
) -> Validation:
    """Validate RDF files against shapes files; each finding has its places in the files.

    Args:
        data: one or more files of the data graph.
        shapes: one or more files of the shapes graph.
        engine: "auto", "sql" or "pyshacl".
        language: of messages and names.

    Raises:
        InputError: a file cannot be read, or the shapes cannot be run.
    """
    return validation.validate_files(_paths(data), _paths(shapes), engine_name=engine, language=language)


def _paths(files: PathLike | Iterable[PathLike]) -> list[Path]:
    return [Path(file) for file in ([files] if isinstance(files, str | os.PathLike) else files)]
