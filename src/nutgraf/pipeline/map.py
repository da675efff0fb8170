"""Map: from tables to `statements` and their lineage."""

from __future__ import annotations

from nutgraf import mapping
from nutgraf.engine import duckdb as engine
from nutgraf.factsheet import tables
from nutgraf.pipeline.state import State


def run(state: State) -> None:
    """Run the mappings of the workspace.

    Raises:
        InputError: a mapping cannot be read or run.
    """
    workspace = state.workspace
    model = mapping.load(workspace.mapping_files(), display=workspace.display)
    state.connection = engine.connect()
    for name in tables.LINEAGE:
        state.connection.register(name, state.tables[name])
    mapping.run(model, tables=state.tables, base=workspace.base, connection=state.connection, digested=True)
