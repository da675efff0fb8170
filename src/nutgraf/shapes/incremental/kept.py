"""What the last validation left for the next: its statements as numbers, and its results.

It is an SQLite file of ours, changed in one transaction; each piece has its checksum. Whatever is wrong with
it means that there is none: then everything is validated.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from functools import reduce
from operator import xor
from typing import TYPE_CHECKING, Final

import numpy as np

from nutgraf.engine import duckdb as engine
from nutgraf.shapes.incremental import results
from nutgraf.shapes.incremental.graph import Graph, Predicates
from nutgraf.shapes.incremental.pieces import SUM, DamagedError, Pages, opened, seal, sound
from nutgraf.shapes.incremental.rows import Rows
from nutgraf.shapes.incremental.stated import Totals
from nutgraf.shapes.incremental.tree import Tree

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from pathlib import Path

    from nutgraf.shapes.incremental.results import Found

_TABLES: Final = """
create table about (name text primary key, content blob);
create table page (tree integer, number integer, content blob, primary key (tree, number)) without rowid;
create table result (shape text, node blob, content blob);
create index result_place on result (shape, node);
"""
_SETTINGS: Final = ("pragma trusted_schema = off", "pragma synchronous = normal")
_FRESH: Final = ("pragma journal_mode = off", "pragma synchronous = off")
"""Of a file that nobody has yet: it gets its name when it is whole."""


class Kept:
    """The file, open.

    Attributes:
        graph: the statements; changes of it are part of the transaction.
        totals: what was in each bucket.
    """

    def __init__(self, connection: sqlite3.Connection, graph: Graph, totals: Totals) -> None:
        self._connection = connection
        self.graph = graph
        self.totals = totals

    @classmethod
    def open(cls, path: Path, key: str, inverse: Collection[int]) -> Kept | None:
        """Open what the last validation left, and begin a transaction.

        Args:
            path: of the file.
            key: says which shapes and which tool it must be from.
            inverse: as for `Graph`.

        Returns:
            None when there is nothing that fits.
        """
        if _is_linked(path) or not path.is_file():
            return None
        try:
            connection = sqlite3.connect(path, isolation_level=None, timeout=0)
        except sqlite3.Error:
            return None
        with contextlib.suppress(DamagedError), sound():
            for setting in _SETTINGS:
                connection.execute(setting)
            connection.execute("begin immediate")
            if _about(connection, "key") == key.encode():
                return cls(connection, _graph(connection, inverse), _totals(connection))
        connection.close()
        return None

    def close(self) -> None:
        """Give up what was not saved, and let others open the file."""
        with contextlib.suppress(sqlite3.Error):
            self._connection.close()

    def unmatched(self) -> list[int]:
        """The shapes that no node was a target of.

        Raises:
            DamagedError: the file cannot be used.
        """
        with sound():
            return [int(number) for number in json.loads(_about(self._connection, "unmatched"))]

    def results(self) -> list[Found]:
        """The results of the last validation.

        Raises:
            DamagedError: the file cannot be used.
        """
        with sound():
            rows = self._connection.execute("select shape, node, content from result").fetchall()
            if _about(self._connection, "results") != _summary(content for *_, content in rows):
                raise DamagedError("results are missing")
            return [
                (*results.read(opened(content, (shape, node))), int.from_bytes(node))
                for shape, node, content in rows
            ]

    def save(
        self,
        totals: Totals,
        gone: Collection[tuple[str, int]],
        found: Iterable[Found],
        unmatched: Sequence[int],
    ) -> None:
        """Keep the graph as it is now, and put new results in the place of old ones: all of it, or nothing.

        Args:
            totals: what is in each bucket now.
            gone: shape and focus node of the results to remove.
            found: the results to add.
            unmatched: the shapes that no node is a target of now.

        Raises:
            DamagedError: the file cannot be used.
        """
        with sound():
            places = [(shape, node.to_bytes(8)) for shape, node in sorted(gone)]
            self._connection.executemany("delete from result where shape = ? and node = ?", places)
            _keep(self._connection, self.graph, totals, found, unmatched)
            self._connection.execute("commit")


def write(
    path: Path,
    key: str,
    graph: Callable[[Callable[[int, Iterable[Rows]], Tree]], Graph],
    totals: Totals,
    found: Iterable[Found],
    unmatched: Sequence[int],
) -> None:
    """Keep what a full validation leaves; where that cannot be done, nothing is kept.

    Args:
        path: of the file.
        key: as for `Kept.open`.
        graph: makes the graph of the statements, given what makes trees of sorted rows, 0 by subject and 1
            by object.
        totals: what is in each bucket.
        found: the results.
        unmatched: the shapes that no node is a target of.
    """
    if _is_linked(path):
        return
    forget(path)
    beside = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.closing(sqlite3.connect(beside, isolation_level=None)) as connection:
            for setting in _FRESH:
                connection.execute(setting)
            connection.executescript(_TABLES)
            connection.execute("begin")
            made = graph(lambda tree, rows: Tree.made(Pages(connection, tree), rows))
            _tell(connection, key=key.encode())
            _keep(connection, made, totals, found, unmatched)
            connection.execute("commit")
        beside.replace(path)
    except (sqlite3.Error, engine.EngineError, DamagedError, OSError):
        forget(path)


def forget(path: Path) -> None:
    """Remove the file, and what a write that was interrupted left beside it."""
    if _is_linked(path):
        return
    for name in (path.name, f"{path.name}-journal", f"{path.name}.part"):
        with contextlib.suppress(OSError):
            path.with_name(name).unlink(missing_ok=True)


def _is_linked(path: Path) -> bool:
    """A link in the workspace must not make us read, write or delete somewhere else."""
    return path.is_symlink() or path.parent.is_symlink()


def _tell(connection: sqlite3.Connection, **pieces: bytes) -> None:
    rows = [(name, seal(content, name)) for name, content in pieces.items()]
    connection.executemany("replace into about values (?, ?)", rows)


def _about(connection: sqlite3.Connection, name: str) -> bytes:
    ((content,),) = connection.execute("select content from about where name = ?", (name,)).fetchall()
    return opened(content, name)


def _keep(
    connection: sqlite3.Connection,
    graph: Graph,
    totals: Totals,
    found: Iterable[Found],
    unmatched: Sequence[int],
) -> None:
    connection.executemany("insert into result values (?, ?, ?)", map(_row, found))
    kept = connection.execute("select content from result").fetchall()
    _tell(
        connection,
        predicates=graph.predicates.numbers.tobytes(),
        counts=graph.predicates.counts.tobytes(),
        number=totals.number.tobytes(),
        total=totals.total.tobytes(),
        unmatched=json.dumps(unmatched).encode(),
        results=_summary(content for (content,) in kept),
    )
    for name, tree in (("by_subject", graph.by_subject), ("by_object", graph.by_object)):
        _tell(
            connection,
            **{name: tree.first.written(), f"{name}_pages": np.array(tree.numbers, np.int64).tobytes()},
        )


def _graph(connection: sqlite3.Connection, inverse: Collection[int]) -> Graph:
    counts = np.frombuffer(_about(connection, "counts"), np.int64)
    predicates = Predicates(_numbers(connection, "predicates"), counts)
    return Graph(predicates, _tree(connection, "by_subject", 0), _tree(connection, "by_object", 1), inverse)


def _tree(connection: sqlite3.Connection, name: str, number: int) -> Tree:
    first = Rows.read(_about(connection, name))
    pages = np.frombuffer(_about(connection, f"{name}_pages"), np.int64)
    return Tree(Pages(connection, number), first, pages.tolist())


def _totals(connection: sqlite3.Connection) -> Totals:
    return Totals(_numbers(connection, "number"), _numbers(connection, "total"))


def _numbers(connection: sqlite3.Connection, name: str) -> np.typing.NDArray[np.uint64]:
    return np.frombuffer(_about(connection, name), np.uint64)


def _summary(contents: Iterable[bytes]) -> bytes:
    """How many results there are, and their checksums together, in any order."""
    sums = [int.from_bytes(content[:SUM]) for content in contents]
    return json.dumps([len(sums), sum(sums), reduce(xor, sums, 0)]).encode()


def _row(found: Found) -> tuple[str, bytes, bytes]:
    result, detail, node = found
    place = (str(result.source_shape), node.to_bytes(8))
    return *place, seal(results.written(result, detail), place)
