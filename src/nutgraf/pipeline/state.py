"""What a build knows while it runs, and what it says when it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa
from pyoxigraph import Quad

from nutgraf.engine import duckdb as engine
from nutgraf.factsheet import check
from nutgraf.problems import Problem
from nutgraf.publish import output
from nutgraf.shapes.report import Report
from nutgraf.workspace import Workspace


@dataclass(frozen=True)
class BuildResult:
    """What a build made.

    Attributes:
        articles: number of fact sheets.
        facts: number of facts in them.
        spans: number of evidence spans, and whether they were verified against the texts.
        verified: whether the texts were at hand.
        triples: number of quads of the dataset.
        classes: class of statement → number of published statements; empty when nothing had changed.
        warnings: problems that do not stop a build.
        revalidated: how many focus nodes of shapes were validated, where the last build had validated the
            rest; None where everything was.
        written: files that are new or differ, below the output folder.
        removed: files that are there no longer.
        total: number of files that the output has.
    """

    articles: int
    facts: int
    spans: int
    verified: bool
    triples: int
    classes: Mapping[str, int] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()
    revalidated: int | None = None
    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    total: int = 0


@dataclass
class State:
    """What the steps of a build hand on: each adds to what those before it left.

    Attributes:
        workspace: what is built.
        force: whether to do again what the last build did.
        facts: the sheets and the register, of `check`.
        inputs: file → its hash, of `check`: everything that decides the bytes of the output.
        tables: the sheets and the links as tables, of `link`.
        connection: with `statements`, `lineage` and `record`, of `map`.
        quads: the dataset, of `evidence`.
        classes: class of statement → number of statements, of `evidence`.
        report: of `validate`.
        nodes: how many focus nodes were validated again, of `validate`; None for all.
        warnings: problems that do not stop the build, of any step.
        change: what was written, of `write`.
    """

    workspace: Workspace
    force: bool = False
    facts: check.Facts | None = None
    inputs: dict[str, str] = field(default_factory=dict)
    tables: dict[str, pa.Table] = field(default_factory=dict)
    connection: engine.Connection | None = None
    quads: list[Quad] = field(default_factory=list)
    classes: dict[str, int] = field(default_factory=dict)
    report: Report | None = None
    nodes: int | None = None
    warnings: list[Problem] = field(default_factory=list)
    change: output.Change = field(default_factory=output.Change)
