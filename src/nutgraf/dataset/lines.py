"""The table `statements` as sorted N-Triples or N-Quads, straight from SQL: no Python object a statement.

The bytes are those that `nutgraf.publish.ntriples` writes. Blank nodes need canonical labels, which SQL
does not give: a table with one is not written here.

Source: https://www.w3.org/TR/rdf12-n-triples/#canonical-ntriples
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from nutgraf.dataset.rows import DELIVERED

if TYPE_CHECKING:
    from nutgraf.engine.duckdb import Connection

_BATCH: Final = 100_000
_QUOTED: Final = (
    "replace(replace(replace(json_quote(object), chr(127), '\\u007F'), chr(65534), '\\uFFFE'),"
    " chr(65535), '\\uFFFF')"
)
_LITERAL: Final = f"""concat({_QUOTED}, case
  when language is not null then concat('@', language)
  when datatype = 'http://www.w3.org/2001/XMLSchema#string' then ''
  else concat('^^<', datatype, '>') end)"""
_OBJECT: Final = f"case when object_kind = 'literal' then {_LITERAL} else concat('<', object, '>') end"
_GRAPH: Final = "case when graph is null then '' else concat(' <', graph, '>') end"
_BLANK: Final = """
select 1 from statements
where subject_kind = 'bnode' or object_kind = 'bnode' or coalesce(graph_kind, '') = 'bnode' limit 1
"""


def can_write(connection: Connection) -> bool:
    """Whether no statement has a blank node."""
    return connection.execute(_BLANK).fetchone() is None


def count(connection: Connection, target: int | None = None) -> int:
    """How many statements there are; for one target, by the table `deliveries`."""
    query, parameters = _restricted("select count(*) from statements", target)
    row = connection.execute(query, parameters).fetchone()
    return int(row[0]) if row else 0


def lines(connection: Connection, *, graphs: bool, target: int | None = None) -> Iterator[bytes]:
    """The lines of all statements, distinct and sorted by code point, many at a time.

    Args:
        connection: has the table.
        graphs: whether to write N-Quads, and not N-Triples.
        target: only what goes there, by the table `deliveries`.
    """
    graph = _GRAPH if graphs else "''"
    line = f"concat('<', subject, '> <', predicate, '> ', {_OBJECT}, {graph}, ' .\n')"
    select = f"select distinct {line} as line from statements"  # noqa: S608 - nothing of the data
    query, parameters = _restricted(select, target)
    for batch in connection.sql(f"{query} order by line", params=parameters).to_arrow_reader(_BATCH):
        column = batch.column(0).cast("string")
        _, offsets, data = column.buffers()
        if len(column):
            numbers = memoryview(offsets).cast("i")
            yield bytes(memoryview(data)[numbers[column.offset] : numbers[column.offset + len(column)]])


def _restricted(query: str, target: int | None) -> tuple[str, list[int]]:
    return (query, []) if target is None else (f"{query} {DELIVERED}", [target])
