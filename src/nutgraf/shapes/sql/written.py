"""The table `statements` written as N-Triples by SQL, for a reader that is quicker at text than Python is.

Source: RDF 1.1 N-Triples, https://www.w3.org/TR/n-triples/#n-triples-grammar
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import RdfFormat, parse

from nutgraf.engine.texts import joined

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pyoxigraph import Quad

    from nutgraf.engine.duckdb import Connection

_LINES: Final = r"""
select concat(
    if(subject_kind = 'bnode', '_:' || subject, '<' || subject || '>'), ' <', predicate, '> ',
    case object_kind when 'iri' then '<' || object || '>' when 'bnode' then '_:' || object
    else concat(
        '"',
        replace(replace(replace(replace(object, '\', '\\'), '"', '\"'), chr(10), '\n'), chr(13), '\r'),
        '"',
        case when coalesce(language, '') <> '' then '@' || language
        when coalesce(datatype, '') <> '' then '^^<' || datatype || '>' end
    ) end,
    ' .', chr(10)
) as line
from statements
"""
_WITH_PREDICATES: Final = "where predicate in (select unnest($predicates::varchar[]))"
_BATCH: Final = 50_000


def quads(connection: Connection, predicates: Collection[str] | None = None) -> Iterator[Quad]:
    """The statements of all graphs together, as quads of the default graph, in no order.

    Blank nodes keep their labels. A statement of two graphs comes twice.

    Args:
        connection: with the table; it must run nothing else before the last quad.
        predicates: only the statements with these; all when None.
    """
    if predicates is None:
        found = connection.sql(_LINES)
    else:
        found = connection.sql(_LINES + _WITH_PREDICATES, params={"predicates": sorted(predicates)})
    for batch in found.to_arrow_reader(_BATCH):
        yield from parse(bytes(joined(batch.column(0))), RdfFormat.N_TRIPLES)
