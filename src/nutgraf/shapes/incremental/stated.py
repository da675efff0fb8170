"""The table `statements` as numbers and digests, in DuckDB."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from nutgraf.engine import duckdb as engine
from nutgraf.engine.statements import (
    BUCKET_BITS,
    DIGEST,
    OBJECT_NUMBER,
    PREDICATE_NUMBER,
    SUBJECT_NUMBER,
    TERMS,
    node_number,
    statement_digest,
)
from nutgraf.shapes.incremental.graph import Predicates, Triples
from nutgraf.shapes.incremental.rows import Rows
from nutgraf.shapes.sql.facts import term_columns

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from nutgraf.shapes.incremental.rows import Numbers
    from nutgraf.shapes.report import Term

_SHIFT: Final = 64 - BUCKET_BITS
_NUMBERS: Final = f"{SUBJECT_NUMBER} as s, {PREDICATE_NUMBER} as p, {OBJECT_NUMBER} as o"

_IS_DIGESTED: Final = """
select 1 from duckdb_columns() where table_name = 'statements' and column_name = 'digest'
    and data_type = 'UBIGINT'
"""
_IS_MISSING: Final = "select 1 from statements where digest is null limit 1"
_GIVEN: Final = "create or replace temp view changed_row as select digest, rowid as row from statements"
_MADE: Final = (
    f"create or replace temp table changed_row as select {DIGEST} as digest, rowid as row from statements"  # noqa: S608 - of ours
)
# DuckDB's sums of 64-bit numbers are exact. A digest is hashed once more, so that sums of digests that have
# parts in common are as good as sums of others.
_TOTALS: Final = f"""
select digest >> {_SHIFT} as bucket, count(*) as number,
    (sum(hash(digest)) % 18446744073709551616)::ubigint as total
from changed_row group by bucket
"""  # noqa: S608 - a constant of ours
_IN_BUCKETS: Final = f"""
select digest, min(row) as row from changed_row
where (digest >> {_SHIFT}) in (select unnest($buckets)) group by digest order by digest
"""  # noqa: S608
_NUMBERED: Final = f"select {_NUMBERS} from statements where rowid in (select row from changed_rows)"  # noqa: S608
_DIGESTS: Final = f"select {statement_digest('s', 'p', 'o')} as digest from changed_rows order by place"  # noqa: S608
_READ: Final = f"""
select distinct {", ".join(TERMS[:-2])} from statements where rowid in (
    select row from changed_row where digest in (
        select {statement_digest("s", "p", "o")} from changed_rows))
"""  # noqa: S608
_TERMS: Final = f"""
select {node_number("lexical", "kind", "datatype", "language")} as number from changed_rows order by place
"""  # noqa: S608
_IRIS: Final = "select hash(iri) as number from changed_rows order by place"
_ALL: Final = f"create or replace temp table changed_number as select {_NUMBERS} from statements"  # noqa: S608
_PREDICATES: Final = "select p, count(*) as n from changed_number group by p order by p"
_BY_SUBJECT: Final = """
select s as key, o as value, c.place as code from changed_number join changed_rows c using (p)
order by all
"""
_BY_OBJECT: Final = """
select xor(o, p) as key, s as value, c.place as code from changed_number join changed_rows c using (p)
where c.inverse order by all
"""
_KINDS: Final = """
select table_name, 'TABLE' from duckdb_tables() where temporary and starts_with(table_name, 'changed_')
union all select view_name, 'VIEW' from duckdb_views() where temporary and starts_with(view_name, 'changed_')
"""
_BATCH: Final = 1_000_000
_TABLES: Final = ("number", "row")


@dataclass(frozen=True, slots=True)
class Totals:
    """What is in each bucket.

    Attributes:
        number: how many statements.
        total: the sum of the hashes of their digests, modulo 2⁶⁴.
    """

    number: Numbers
    total: Numbers

    def different(self, other: Totals) -> list[int]:
        """The buckets in which others are."""
        is_other = (self.number != other.number) | (self.total != other.total)
        found: list[int] = np.flatnonzero(is_other).tolist()
        return found

    def count(self) -> int:
        """How many statements there are."""
        return int(self.number.sum())


class Stated:
    """The table `statements`."""

    def __init__(self, connection: engine.Connection) -> None:
        """Open the table: who made it may have given each statement its digest."""
        self._connection = connection
        execute = connection.execute
        self.drop()
        given = execute(_IS_DIGESTED).fetchall() and not execute(_IS_MISSING).fetchall()
        execute(_GIVEN if given else _MADE)

    def totals(self) -> Totals:
        """What is in each bucket."""
        found = engine.table(self._connection, _TOTALS)
        number, total = np.zeros(2**BUCKET_BITS, np.uint64), np.zeros(2**BUCKET_BITS, np.uint64)
        bucket = _column(found, "bucket").astype(np.int64)
        number[bucket], total[bucket] = _column(found, "number"), _column(found, "total")
        return Totals(number, total)

    def in_buckets(self, buckets: Sequence[int]) -> tuple[Numbers, Numbers]:
        """The distinct digests in some buckets, and a row of each."""
        found = engine.table(self._connection, _IN_BUCKETS, {"buckets": list(buckets)})
        return _column(found, "digest"), _column(found, "row").astype(np.uint64)

    def numbered(self, rows: Numbers) -> Triples:
        """Some rows as numbers, in any order."""
        with self._registered(row=rows.astype(np.int64)):
            found = engine.table(self._connection, _NUMBERED)
        return Triples(*(_column(found, name) for name in "spo"))

    def digests(self, triples: Triples) -> Numbers:
        """The digest of each of some statements."""
        with self._registered(s=triples.s, p=triples.p, o=triples.o):
            digests: Numbers = _column(engine.table(self._connection, _DIGESTS), "digest")
        return digests

    def read(self, triples: Triples) -> pa.Table:
        """The terms of some statements, as far as they are stated."""
        with self._registered(s=triples.s, p=triples.p, o=triples.o):
            return engine.table(self._connection, _READ)

    def terms(self, terms: Iterable[Term]) -> list[int]:
        """The number of each term."""
        rows = [term_columns(term) for term in terms]
        names = ("kind", "lexical", "datatype", "language")
        columns = {name: pa.array([row[name] for row in rows], pa.string()) for name in names}
        with self._registered(**columns):
            return [int(n) for n in _column(engine.table(self._connection, _TERMS), "number")]

    def predicates(self, iris: Collection[str]) -> dict[str, int]:
        """IRI → its number as a predicate."""
        with self._registered(iri=pa.array(iris, pa.string())):
            found = _column(engine.table(self._connection, _IRIS), "number")
        return dict(zip(iris, found.tolist(), strict=True))

    def number(self) -> Predicates:
        """Make what `by_subject` and `by_object` read; and the predicates, none counted yet."""
        self._connection.execute(_ALL)
        found = engine.table(self._connection, _PREDICATES)
        numbers = _column(found, "p")
        return Predicates(numbers, np.zeros(len(numbers), np.int64))

    def by_subject(self, predicates: Predicates) -> Iterator[Rows]:
        """Subject, object and code of each statement, sorted, some at a time."""
        yield from self._rows(_BY_SUBJECT, predicates, frozenset())

    def by_object(self, predicates: Predicates, inverse: Collection[int]) -> Iterator[Rows]:
        """Object and predicate together, subject and code, of the statements with some predicates."""
        yield from self._rows(_BY_OBJECT, predicates, inverse)

    def drop(self) -> None:
        """Remove what was made."""
        kinds = dict(self._connection.execute(_KINDS).fetchall())
        for name in _TABLES:
            if f"changed_{name}" in kinds:
                engine.drop(self._connection, kinds[f"changed_{name}"], f"changed_{name}")

    def _rows(self, query: str, predicates: Predicates, inverse: Collection[int]) -> Iterator[Rows]:
        asked = np.isin(predicates.numbers, np.array(sorted(inverse), np.uint64))
        with self._registered(p=predicates.numbers, inverse=asked):
            for batch in engine.lots(self._connection, query, _BATCH):
                yield Rows(
                    _column(batch, "key"),
                    _column(batch, "value"),
                    _column(batch, "code").astype(np.uint32),
                )

    @contextlib.contextmanager
    def _registered(self, **columns: Any) -> Iterator[None]:
        """Let SQL read some columns as the table `changed_rows`, with the place of each row."""
        length = len(next(iter(columns.values())))
        table = pa.table(columns | {"place": pa.array(np.arange(length))})
        engine.register(self._connection, "changed_rows", table)
        try:
            yield
        finally:
            engine.unregister(self._connection, "changed_rows")


def _column(table: pa.Table | pa.RecordBatch, name: str) -> Any:
    return table[name].to_numpy()
