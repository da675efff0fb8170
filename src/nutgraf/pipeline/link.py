"""Link: the sheets as tables, with the accepted link decisions among them."""

from __future__ import annotations

from typing import Any, Final

import pyarrow as pa

from nutgraf.factsheet import flatten, tables
from nutgraf.pipeline.state import State
from nutgraf.problems import ContentError, Problem
from nutgraf.reconcile import decisions

LINKS_GRAPH: Final = "graph/links"


def run(state: State) -> None:
    """Make the tables that the mapping reads.

    Raises:
        ContentError: LNK106, a decision on what no sheet names.
        InputError: the decisions cannot be read.
    """
    workspace = state.workspace
    found = decisions.read(workspace.links, workspace.display(workspace.links))
    assert state.facts is not None, "check comes first"
    known = {thing.node for thing in state.facts.index.register.values()}
    known |= {thing.node for things in state.facts.index.articles.values() for thing in things.values()}
    rows_: list[dict[str, Any]] = []
    records: list[dict[str, Any]] = []
    problems = []
    for decision in found:
        node = decision.subject.removeprefix(workspace.base)
        if node not in known:
            problems.append(
                Problem(
                    "LNK106",
                    f"no sheet or register names <{decision.subject}>",
                    decision.span,
                    fix="correct the key",
                )
            )
        elif decision.verdict == "accepted":
            record = f"{decision.span.file}#{decision.span.line}"
            rows_.append({"record": record, "node": node, "graph": LINKS_GRAPH, "same_as": decision.object})
            span = decision.span
            records.append(
                {
                    "record": record,
                    "source": "link",
                    "file": span.file,
                    "line": span.line,
                    "column": span.column,
                }
            )
    if problems:
        raise ContentError(*problems)
    state.tables = flatten.flatten(state.facts)
    state.tables["link"] = pa.Table.from_pylist(rows_, schema=tables.SCHEMAS["link"])
    linked = pa.Table.from_pylist(records, schema=tables.LINEAGE["record"])
    state.tables["record"] = pa.concat_tables([state.tables["record"], linked])
