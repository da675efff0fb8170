"""Canonical N-Quads as a view of DuckDB: terms as they are written; each query reads the file anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlglot import exp

from nutgraf.engine import duckdb
from nutgraf.engine.staging import staging_folder

_LINES: Final = """
create view quads as
with lines as (
  select line, split_part(line, ' ', 1) as s, split_part(line, ' ', 2) as p
  from read_csv({file}, columns = {{'line': 'VARCHAR'}}, delim = '\x01', quote = '', escape = '',
                header = false, auto_detect = false, compression = 'none',
                max_line_size = 16777216, buffer_size = 16777216)
  where line <> ''
), rests as (
  select s, p, substr(line, length(s) + length(p) + 3, length(line) - length(s) - length(p) - 4) as rest
  from lines
), parts as (
  select s, p, rest, regexp_extract(rest, ' (<[^<>" ]*>|_:[^ "]+)$', 1) as g from rests
)
select s, p, case when g = '' then rest else substr(rest, 1, length(rest) - length(g) - 1) end as o, g
from parts
"""
"""In the canonical form a subject and a predicate have no space, and a control character is escaped.

Unless it is told, DuckDB reads sixteen of the longest lines at once: 256 MB, or the whole of a smaller file.
A part of what it reads at once may be no shorter than a line, and it takes 8 MB to a part.
"""
_MEMORY: Final = "256MB"
"""What is sorted or told apart beyond this goes to disk."""


@contextmanager
def load(file: Path) -> Iterator[duckdb.Connection]:
    """A database with the view `quads(s, p, o, g)`; `g` is empty for the default graph.

    Args:
        file: a quad a line, as `nutgraf build` writes it.

    Source: https://www.w3.org/TR/rdf12-n-quads/#canonical-quads
    """
    with staging_folder() as spill:
        # One thread: the order of the lines is kept, and windows over them need no memory.
        connection = duckdb.connect(
            directories=[file.parent], threads=1, memory_limit=_MEMORY, spill=spill / "spill"
        )
        try:
            connection.execute(_LINES.format(file=exp.Literal.string(file.as_posix()).sql("duckdb")))
            yield connection
        finally:
            connection.close()
