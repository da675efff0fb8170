"""The tables of a workspace's fact sheets, as sources of a mapping."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyarrow as pa

from nutgraf.workspace import Workspace


class SheetTables(Mapping[str, pa.Table]):
    """The tables of a workspace's fact sheets, which are read when one is asked for."""

    def __init__(self, space: Workspace) -> None:
        from nutgraf.factsheet.tables import SCHEMAS  # noqa: PLC0415 - slow, and only workspaces have sheets

        self._space = space
        self._schemas = SCHEMAS
        self._tables: dict[str, pa.Table] | None = None

    def __contains__(self, name: object) -> bool:
        return name in self._schemas

    def __getitem__(self, name: str) -> pa.Table:
        if name not in self._schemas:
            raise KeyError(name)
        if self._tables is None:
            from nutgraf import pipeline  # noqa: PLC0415 - slow, and only where a sheet's table is read

            self._tables = pipeline.sheet_tables(self._space)
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._schemas)

    def __len__(self) -> int:
        return len(self._schemas)
