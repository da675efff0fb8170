"""Which record of a fact sheet an answer rests on, found by taking records out.

A record is an entry of a block of a sheet, with all that stands in it. Taking it out removes the statements
that no other record makes, and their evidence. What only names a thing stays: the question is who states it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from duckdb import DuckDBPyConnection
from pyoxigraph import Dataset as Quads
from pyoxigraph import Literal, NamedNode, Quad

from nutgraf.dataset.store import Dataset

_STATEMENTS = """
select l.statement, l.graph, l.record, s.subject, s.predicate, s.object, s.object_kind, s.datatype, s.language
from lineage l
join statements s on s.id = l.statement and s.graph = l.graph
join record r on r.record = l.record and r.source = 'article'
"""

_RECORDS = "select record from record where article = ? order by line, record"

_BLOCKS = ("events/", "roles/", "claims/", "quantities/", "relations/", "article/published"), ("mentions/",)
"""The entries that state something; mentions last, for they only say that an article names a thing."""

Item: TypeAlias = tuple[str, tuple[str, ...]]
"""A run of a query, and a row of its answer."""


@dataclass(frozen=True)
class Built:
    """What the build made, up to its evidence.

    Attributes:
        connection: with the tables `statements`, `lineage` and `record`.
        base: IRI that the nodes start with.
        quads: all quads.
    """

    connection: DuckDBPyConnection
    base: str
    quads: list[Quad]

    def dataset(self) -> Dataset:
        """A dataset of the quads with a store of its own."""
        return Dataset.of(self.quads)


@dataclass(frozen=True)
class _Statement:
    id: str
    quad: Quad


class SupportingRecords:
    """Finds the records that answers rest on.

    Args:
        built: the whole dataset.
        answers: gives the items that a dataset answers, out of some.
    """

    def __init__(self, built: Built, answers: Callable[[Dataset, set[Item]], set[Item]]) -> None:
        self._built = built
        self._answers = answers
        self._dataset = built.dataset()

    def find(self, items: set[Item], article: str) -> dict[Item, str]:
        """For each item a record of the article without which it is no answer, if there is one."""
        paths = self._built.connection.execute(_RECORDS, [article]).fetchall()
        records = [
            record
            for record in dict.fromkeys(_record(path) for (path,) in paths)
            if record in self._statements
        ]
        found: dict[Item, str] = {}
        for blocks in _BLOCKS:
            stating = [record for record in records if record.partition("#/")[2].startswith(blocks)]
            found |= self._search(stating, items - found.keys())
        return found

    def _search(self, records: Sequence[str], items: set[Item]) -> dict[Item, str]:
        """Halve the records as long as taking them all out spoils an item."""
        with self._without(records):
            lost = items - self._answers(self._dataset, items)
        if not lost or len(records) == 1:
            return dict.fromkeys(lost, records[0])
        half = len(records) // 2
        found = self._search(records[:half], lost)
        return found | self._search(records[half:], lost - found.keys())

    @contextmanager
    def _without(self, records: Sequence[str]) -> Iterator[None]:
        gone = self._quads_of(set(records))
        store = self._dataset.store
        for quad in gone:
            store.remove(quad)
        try:
            yield
        finally:
            store.extend(gone)

    def _quads_of(self, records: set[str]) -> set[Quad]:
        """The quads that only these records make, with their evidence."""
        return {
            quad
            for record in records
            for statement in self._statements[record]
            if self._makers[statement] <= records
            for quad in (statement.quad, *self._evidence[statement.id, _name(statement.quad)])
        }

    @cached_property
    def _statements(self) -> dict[str, list[_Statement]]:
        """Record → what it makes."""
        found: dict[str, dict[_Statement, None]] = {}
        for key, graph, path, subject, predicate, *value in self._built.connection.execute(
            _STATEMENTS
        ).fetchall():
            quad = Quad(NamedNode(subject), NamedNode(predicate), _term(*value), NamedNode(graph))
            found.setdefault(_record(path), {})[_Statement(key, quad)] = None
        return {record: list(statements) for record, statements in found.items()}

    @cached_property
    def _makers(self) -> dict[_Statement, set[str]]:
        found: dict[_Statement, set[str]] = {}
        for record, statements in self._statements.items():
            for statement in statements:
                found.setdefault(statement, set()).add(record)
        return found

    @cached_property
    def _evidence(self) -> dict[tuple[str, str], list[Quad]]:
        """Statement and its graph → the quads of the evidence graph that are about it."""
        quads = Quads(self._built.quads)
        found = {}
        for statement in self._makers:
            node = NamedNode(f"{self._built.base}stmt/{statement.id}")
            name = _name(statement.quad)
            graph = NamedNode(name.replace("/graph/article/", "/graph/evidence/"))
            about = [*quads.quads_for_subject(node), *quads.quads_for_object(node)]
            found[statement.id, name] = [quad for quad in about if quad.graph_name == graph]
        return found


def _record(path: str) -> str:
    """The entry that a path leads into: `seeds/a.yaml#/events/0/time` is in `seeds/a.yaml#/events/0`."""
    file, _, pointer = path.partition("#")
    return f"{file}#{'/'.join(pointer.split('/')[:3])}"


def _name(quad: Quad) -> str:
    assert isinstance(quad.graph_name, NamedNode)
    return quad.graph_name.value


def _term(value: str, kind: str, datatype: str | None, language: str | None) -> NamedNode | Literal:
    if kind == "iri":
        return NamedNode(value)
    if language is not None:
        return Literal(value, language=language)
    return Literal(value, datatype=NamedNode(datatype)) if datatype else Literal(value)
