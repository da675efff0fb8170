"""An index of the built dataset on disk, so that memory does not grow with it.

`dataset.nq` is sorted, so the lines of a subject stand together: the index (SQLite) knows where, which
lines lead to a node, which lines an article states, and what lists need of a node. The lines themselves
are read from the file, which stays open: a build that replaces it does not disturb those who read.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import threading
import weakref
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, Final

from nutgraf.problems import InputError, Problem, Span
from nutgraf.publish.site import indexing, lines
from nutgraf.publish.site.kinds import Kind

_FORMAT: Final = "2"


@dataclass(frozen=True, slots=True)
class Node:
    """What lists and links need of a thing.

    Attributes:
        iri: its IRI.
        stem: path of its pages and files without extension, below the site's or a language's root.
        kind: which kind of page it has.
        names: language tag, or "" → name.
        classes: its classes of schema.org.
        item: IRI of the Wikidata item of its accepted link.
        start: first day, as far as it is known; "--MM-DD" without a year.
        end: last day.
        latitude: in degrees, where the graph knows it.
        longitude: in degrees.
    """

    iri: str
    stem: str
    kind: Kind
    names: dict[str, str]
    classes: tuple[str, ...]
    item: str | None = None
    start: str | None = None
    end: str | None = None
    latitude: float | None = None
    longitude: float | None = None


_COLUMNS: Final = (
    "n.iri, n.stem, n.kind, n.names, n.classes, n.item, n.start, n.stop, n.latitude, n.longitude"
)


class Index:
    """The index of one state of a dataset. Safe to use from several threads."""

    def __init__(self, dataset: Path, database: Path) -> None:
        self._file = dataset.open("rb")
        self._database = sqlite3.connect(database, check_same_thread=False)
        self._lock = threading.Lock()
        # Also when nobody calls `close`: a server drops an index that a rebuild has replaced.
        self.close = weakref.finalize(self, _close, self._database, self._file)
        """Close the files."""
        self.node = lru_cache(maxsize=50_000)(self._node)
        # The files of a thing are made one after another.
        self.at = lru_cache(maxsize=64)(self._at)

    @classmethod
    def open(cls, dataset: Path, folder: Path, base: str, display: str) -> Index:
        """The index of a dataset; made when there is none of this very state.

        Args:
            dataset: `dataset.nq` as a build writes it.
            folder: where indexes are kept; those of former states are removed.
            base: IRI that the workspace's nodes start with.
            display: the dataset as messages name it.

        Raises:
            InputError: SIT102, the file is not as a build writes it.
        """
        database = folder / f"{state_of(dataset, base)}.sqlite"
        if not database.is_file():
            _make(dataset, database, base, display)
            for former in folder.glob("*.sqlite"):
                if former != database:
                    former.unlink(missing_ok=True)
        return cls(dataset, database)

    @property
    def key(self) -> str:
        """What tells this state of the dataset from all others."""
        return str(self.rows("select value from meta where key = 'key'")[0][0])

    @property
    def size(self) -> int:
        """Bytes of the dataset."""
        return os.fstat(self._file.fileno()).st_size

    def stream(self) -> IO[bytes]:
        """The dataset from its beginning, of this state. One reader at a time."""
        file = os.fdopen(os.dup(self._file.fileno()), "rb")
        file.seek(0)
        return file

    def rows(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with self._lock:
            return self._database.execute(query, values).fetchall()

    def pages_of_rows(self, query: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, a portion at a time; others may ask in between."""
        with self._lock:
            cursor = self._database.execute(query, values)
        while True:
            with self._lock:
                found = cursor.fetchmany(1000)
            if not found:
                return
            yield from found

    def _read(self, places: Iterable[tuple[int, int]]) -> Iterator[bytes]:
        for offset, length in places:
            yield from self._piece(offset, length).splitlines(keepends=True)

    def _piece(self, offset: int, length: int) -> bytes:
        """Some bytes of the dataset, without moving on the file under another thread."""
        # The number of a closed file may be that of another by now: `fileno` refuses.
        if hasattr(os, "pread"):
            return os.pread(self._file.fileno(), length, offset)
        with self._lock:  # on Windows
            self._file.seek(offset)
            return self._file.read(length)

    def about(self, iri: str) -> list[bytes]:
        """The lines whose subject is a node."""
        token = f"<{iri}> ".encode()
        places = self.rows("select offset, length from subject where h = ?", [indexing.hash64(iri)])
        return [line for line in self._read(places) if line.startswith(token)]

    def parts(self, iri: str) -> list[bytes]:
        """The lines about the fragments of a node; of an article also its spans and its mentions."""
        places = self.rows("select offset, length from part where h = ?", [indexing.hash64(iri)])
        return list(self._read(places))

    def to(self, iri: str) -> list[bytes]:
        """The lines whose object is a node, without those of mentions and of statement nodes."""
        token = f" <{iri}> ".encode()
        places = self.rows("select offset, length from incoming where h = ?", [indexing.hash64(iri)])
        return [line for line in self._read(places) if token in line]

    def of_article(self, iri: str) -> list[bytes]:
        """The lines of an article's graph."""
        places = self.rows("select offset, length from stated where h = ?", [indexing.hash64(iri)])
        return list(self._read(places))

    def _node(self, iri: str) -> Node | None:
        """The thing of that IRI, if it has a page."""
        found = self.rows(f"select {_COLUMNS} from node n where n.h = ?", [indexing.hash64(iri)])  # noqa: S608 - our own clauses
        nodes = [_as_node(row) for row in found]
        return next((node for node in nodes if node.iri == iri), None)

    def _at(self, stem: str) -> Node | None:
        """The thing whose pages have that stem."""
        found = self.rows(f"select {_COLUMNS} from node n where n.stem = ?", [stem])  # noqa: S608 - our own clauses
        return _as_node(found[0]) if found else None

    def nodes(
        self, joined: str = "", where: str = "true", values: Sequence[Any] = (), *, order: str = "n.stem"
    ) -> list[Node]:
        """Things, chosen and ordered by clauses of our own."""
        query = f"select {_COLUMNS} from node n {joined} where {where} order by {order}"  # noqa: S608 - our own clauses
        return [_as_node(row) for row in self.rows(query, values)]

    def said(self, hashes: Sequence[int]) -> str:
        """All that is known of some things as text, for keys; of `Node` without making one."""
        numbers = ", ".join(map(str, hashes))
        found = self.rows(f"select {_COLUMNS} from node n where n.h in ({numbers}) order by n.h")  # noqa: S608 - numbers
        return repr((list(hashes), found))

    def count(self, joined: str = "", where: str = "true", values: Sequence[Any] = ()) -> int:
        """How many things those clauses choose."""
        return int(self.rows(f"select count(*) from node n {joined} where {where}", values)[0][0])  # noqa: S608 - our own clauses


def state_of(dataset: Path, base: str) -> str:
    """What tells a state of a dataset from all others: an index's `key`."""
    digest = hashlib.sha256(f"{_FORMAT} {base} ".encode())
    with dataset.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()[:32]


def _close(database: sqlite3.Connection, file: IO[bytes]) -> None:
    database.close()
    file.close()


def _as_node(row: tuple[Any, ...]) -> Node:
    iri, stem, kind, names, classes, *rest = row
    return Node(iri, stem, kind, json.loads(names), tuple(classes.split()), *rest)


def _make(dataset: Path, database: Path, base: str, display: str) -> None:
    database.parent.mkdir(parents=True, exist_ok=True)
    beside = database.with_suffix(f".{os.getpid()}.part")
    beside.unlink(missing_ok=True)
    connection = sqlite3.connect(beside)
    try:
        indexing.fill(connection, dataset, base)
        connection.execute("insert into meta values ('key', ?)", [database.stem])
        connection.commit()
        connection.close()
        beside.replace(database)
    except (lines.NotALineError, sqlite3.IntegrityError) as error:
        raise InputError(
            Problem(
                "SIT102",
                f"the dataset is not as a build writes it: {error}",
                Span(display, getattr(error, "number", 1)),
                fix="run `nutgraf build --force`",
            )
        ) from error
    finally:
        connection.close()
        beside.unlink(missing_ok=True)
