"""The Python API: what the commands do, as functions."""

from __future__ import annotations

import os
from pathlib import Path

from nutgraf import pipeline, workspace
from nutgraf.dataset.sparql import Graph, Solutions, query
from nutgraf.evidence.compare import run
from nutgraf.evidence.compare.run import Comparison
from nutgraf.evidence.explain import names
from nutgraf.evidence.explain.model import Explanation
from nutgraf.evidence.verify.check import verify
from nutgraf.factsheet import check as sheets
from nutgraf.pipeline import BuildResult
from nutgraf.problems import Problem

__all__ = [
    "BuildResult",
    "Comparison",
    "Explanation",
    "Graph",
    "Solutions",
    "build",
    "check",
    "compare",
    "explain",
    "query",
]

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
    facts, problems = sheets.load(found.sheet_files(), found.schema, texts=where, display=found.display)
    if where is None:
        return problems
    return verify(facts.sheets, facts.index, where).added_to(problems)


def explain(node: str, predicate: str | None = None, folder: PathLike = ".") -> list[Explanation]:
    """Who says what is said of a node: articles, words, rules, places and shapes of each statement.

    Args:
        node: IRI, CURIE such as "id:morocco", or key such as "morocco" or "001/claim-x".
        predicate: IRI, CURIE or last part of a property; all when absent.
        folder: a folder of the workspace.

    Raises:
        ContentError: the sheets have problems.
        InputError: EXP101 nothing is said of the node, EXP102 no such property.
    """
    found = workspace.find(Path(folder))
    trace, _ = pipeline.trace(found)
    subject = names.node(node, found.base, trace.subjects())
    return trace.of(subject, names.predicate(predicate, trace.predicates()) if predicate else None)


def compare(folder: PathLike = ".") -> Comparison:
    """What the articles of a workspace agree on, and where they differ.

    Raises:
        ContentError: the sheets have problems.
    """
    return run.compare(pipeline.trace(workspace.find(Path(folder)))[0])
