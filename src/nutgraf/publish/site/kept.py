"""What former runs have found out of the dataset, so that nobody has to read again what has not changed.

Findings are in a database in the workspace's own folder. They are of one state of the dataset, which is
kept beside it. Each has the questions that it was read by: when the dataset is another, both states are read
side by side, and the findings with a question that has another answer now are dropped. Whatever is not as
it should be (the database damaged, the former dataset gone or not the same, other code) drops them all.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
from array import array
from pathlib import Path
from typing import Final

from nutgraf.publish.site.changes import changed
from nutgraf.publish.site.index import Index, state_of

_NAME: Final = "kept.db"
_TABLES: Final = """
create table if not exists meta (key text primary key, value text) without rowid;
create table if not exists finding (name text primary key, value text, asked blob) without rowid;
"""
_BATCH: Final = 2000
_IS_OURS: Final = "(select value from meta where key = 'state') = ?"
"""Another run may have gone on to another state meanwhile."""


class Kept:
    """What was found out of one state of a dataset. Safe to use from several threads.

    What cannot be read or written counts as not kept: nothing is lost but time.

    Args:
        index: the state.
        folder: where it is kept.
        dataset: the file of that state.
        base: IRI that the workspace's nodes start with.
        code: hash of what else decides what is found.
    """

    def __init__(self, index: Index, folder: Path, dataset: Path, base: str, code: str) -> None:
        self._state = f"{index.key} {code}"
        self._waiting: dict[str, tuple[str, bytes]] = {}
        self._database: sqlite3.Connection | None = None
        self._lock = threading.Lock()
        for _ in range(2):  # once more, where it was damaged
            try:
                self._database = _opened(folder / _NAME)
                self._adopt(self._database, index, folder, dataset, base)
            except sqlite3.OperationalError:
                self._drop()
            except sqlite3.DatabaseError:
                self._drop()
                (folder / _NAME).unlink(missing_ok=True)
            else:
                return

    def _adopt(
        self, database: sqlite3.Connection, index: Index, folder: Path, dataset: Path, base: str
    ) -> None:
        """Make what is kept true of this state."""
        if _state(database) == self._state:
            return
        database.execute("begin immediate")
        former = _state(database)  # again: now nobody else can change it
        key, _, code = former.partition(" ")
        _keep_dataset(index, folder, dataset)
        if code != self._state.partition(" ")[2] or not self._follow(database, index, folder, base, key):
            database.execute("delete from finding")
        database.execute("insert or replace into meta values ('state', ?)", [self._state])
        database.execute("commit")
        for other in folder.glob("*.nq"):
            if other.stem != index.key:
                other.unlink(missing_ok=True)

    def _follow(
        self, database: sqlite3.Connection, index: Index, folder: Path, base: str, former: str
    ) -> bool:
        """Drop what has changed since a former state; False where that cannot be told."""
        kept = folder / f"{former}.nq"
        try:
            if not former or state_of(kept, base) != former:
                return False
            with kept.open("rb") as before, index.stream() as after:
                found = changed(before, after, base)
        except OSError:
            return False
        if found is None:
            return False
        gone = []
        for name, blob in database.execute("select name, asked from finding"):
            asked = array("q")
            asked.frombytes(blob)
            if not found.isdisjoint(asked):
                gone.append((name,))
        database.executemany("delete from finding where name = ?", gone)
        return True

    def find(self, name: str) -> str | None:
        """A finding, if it is kept."""
        with self._lock:
            if name in self._waiting:
                return self._waiting[name][0]
            if self._database is None:
                return None
            try:
                row = self._database.execute(
                    f"select value from finding where name = ? and {_IS_OURS}",  # noqa: S608 - our own clause
                    [name, self._state],
                ).fetchone()
            except sqlite3.Error:
                self._drop()
                return None
            return str(row[0]) if row else None

    def keep(self, name: str, value: str, asked: array[int]) -> None:
        """Keep a finding.

        Args:
            name: what it is called.
            value: what was found.
            asked: the questions that it was read by, and nothing else.
        """
        with self._lock:
            self._waiting[name] = value, asked.tobytes()
            if len(self._waiting) >= _BATCH:
                self._flush()

    def _flush(self) -> None:
        if self._database is not None and self._waiting:
            try:
                self._database.execute("begin immediate")
                self._database.executemany(
                    f"insert or replace into finding select ?, ?, ? where {_IS_OURS}",
                    [(name, *kept, self._state) for name, kept in self._waiting.items()],
                )
                self._database.execute("commit")
            except sqlite3.Error:
                self._drop()
        self._waiting.clear()

    def forget(self) -> None:
        """Drop all findings."""
        with self._lock:
            self._waiting.clear()
            if self._database is not None:
                try:
                    self._database.execute("delete from finding")
                except sqlite3.Error:
                    self._drop()

    def close(self) -> None:
        """Write what is waiting, and close the database."""
        with self._lock:
            self._flush()
            self._drop()

    def _drop(self) -> None:
        if self._database is not None:
            self._database.close()
        self._database = None


def _opened(path: Path) -> sqlite3.Connection:
    path.parent.mkdir(parents=True, exist_ok=True)
    database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    database.executescript(_TABLES)
    return database


def _state(database: sqlite3.Connection) -> str:
    """Of what the findings are; empty where there are none."""
    found = database.execute("select value from meta where key = 'state'").fetchone()
    return str(found[0]) if found else ""


def _keep_dataset(index: Index, folder: Path, dataset: Path) -> None:
    """Have the dataset of a state beside what was read from it; it costs no room until the next build.

    Whoever uses it looks whether it is still the same.
    """
    kept = folder / f"{index.key}.nq"
    if kept.is_file():
        return
    beside = folder / f"{index.key}.{os.getpid()}.part"
    try:
        beside.unlink(missing_ok=True)
        try:
            os.link(dataset, beside)
        except OSError:
            with index.stream() as source, beside.open("wb") as target:
                shutil.copyfileobj(source, target, 1 << 20)
        beside.replace(kept)
    except OSError:
        beside.unlink(missing_ok=True)
