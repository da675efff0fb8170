"""The table `statements` as sorted N-Triples or N-Quads, straight from SQL: no Python object a statement.

Blank nodes keep the labels that they have in the table. Without any, the bytes are those that
`nutgraf.publish.ntriples` writes.

Source: https://www.w3.org/TR/rdf12-n-triples/#canonical-ntriples
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from nutgraf.dataset.rows import DELIVERED
from nutgraf.engine.statements import TERMS
from nutgraf.engine.texts import joined

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
_NODE: Final = "case when {0}_kind = 'bnode' then concat('_:', {0}) else concat('<', {0}, '>') end"
_OBJECT: Final = f"case when object_kind = 'literal' then {_LITERAL} else {_NODE.format('object')} end"
_GRAPH: Final = f"case when graph is null then '' else concat(' ', {_NODE.format('graph')}) end"


def count(connection: Connection, target: int | None = None, *, graphs: bool = True) -> int:
    """How many statements there are; for one target, by the table `deliveries`.

    Args:
        connection: has the table.
        target: its number.
        graphs: whether the same triple in two graphs counts twice.
    """
    table = "statements"
    if not graphs:
        table = f"(select distinct {', '.join(TERMS[:-2])} from statements)"  # noqa: S608 - nothing of the data
    query, parameters = _restricted(f"select count(*) from {table}", target)  # noqa: S608 - nothing of the data
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
    subject = _NODE.format("subject")
    line = f"concat({subject}, ' <', predicate, '> ', {_OBJECT}, {graph}, ' .\n')"
    select = f"select distinct {line} as line from statements"  # noqa: S608 - nothing of the data
    query, parameters = _restricted(select, target)
    for batch in connection.sql(f"{query} order by line", params=parameters).to_arrow_reader(_BATCH):
        yield bytes(joined(batch.column(0)))


def _restricted(query: str, target: int | None) -> tuple[str, list[int]]:
    return (query, []) if target is None else (f"{query} {DELIVERED}", [target])
