"""Look names up in an index: by their whole key, then by their words, then by their letters."""

from __future__ import annotations

import heapq
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, Self

from rapidfuzz import fuzz, process

from nutgraf.problems import InputError, Problem, Span
from nutgraf.reconcile import names
from nutgraf.reconcile.authority.build import (
    APPLICATION_ID,
    FORMAT_VERSION,
    NAME_KINDS,
    Manifest,
    SourceEntry,
)
from nutgraf.reconcile.items import Item, Name, Query
from nutgraf.reconcile.similarity import SAME, similarity

_WORD_ROWS: Final = 600
_LETTER_ROWS: Final = 12_000
_LETTER_TERMS: Final = 4
_RANKED: Final = 250
_COMPARED: Final = 60
_WEAK: Final = 0.15
"""What a weak name counts less."""
_LEAST: Final = 0.55
"""Names less alike than that are not shown."""

_ROWS: Final = """
SELECT name.key, name.name, name.language, name.kind, item.id, item.label, item.description, item.kinds,
  item.classes, item.related, item."begin", item."end", item.popularity, item.source
FROM name JOIN item ON item.id = name.item
"""
_EXACT: Final = _ROWS + "WHERE name.key = ? ORDER BY name.id LIMIT ?"


@dataclass(frozen=True, slots=True)
class Match:
    """An item that a name found.

    Attributes:
        item: with the names that matched, best first.
        name: the name that is most alike.
        similarity: of that name, 0 to 1.
        how: which step of the cascade found it.
    """

    item: Item
    name: Name
    similarity: float
    how: Literal["exact", "words", "letters"] = field(compare=False)


class Authority:
    """An index that is open for reading.

    >>> with Authority.open(Path("names.sqlite")) as index:                     # doctest: +SKIP
    ...     [match.item.id for match in index.lookup("Marrakesh")]
    ['Q101625']
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, manifest: Manifest) -> None:
        self._connection = connection
        self.path = path
        self.manifest = manifest

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open an index; it is never written.

        Raises:
            InputError: AUT105 it is not there, is no index, or one of another version.
        """
        try:
            if not path.is_file():
                raise _no_index(path, "there is no such file")
            uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
            connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
            application = connection.execute("PRAGMA application_id").fetchone()[0]
            made = connection.execute("PRAGMA user_version").fetchone()[0]
            if application != APPLICATION_ID or made != FORMAT_VERSION:
                connection.close()
                raise _no_index(path, "it is no index that this version of nutgraf made")
            connection.execute("PRAGMA mmap_size=1073741824")
            stored = json.loads(connection.execute("SELECT json FROM manifest").fetchone()[0])
            stored["sources"] = tuple(SourceEntry(**each) for each in stored["sources"])
            return cls(connection, path, Manifest(**stored))
        except (sqlite3.Error, ValueError, TypeError, KeyError) as error:
            raise _no_index(path, str(error)) from error

    def close(self) -> None:
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def lookup(self, name: str, limit: int = 50) -> list[Match]:
        """The items that have exactly this name, but for case, marks and punctuation; likely ones first."""
        key = names.key(name)
        rows = self._connection.execute(_EXACT, (key, limit))
        found = [Match(_item(row), _name(row), SAME, "exact") for row in rows] if key else []
        return sorted(found, key=rank) if len(found) > 1 else found

    def search(self, query: Query) -> list[Match]:
        """The items that go by one of the names of a query, or by a name like it.

        Returns:
            At most `query.limit` items of the kinds asked for, or of kinds that are not known; the most
            alike first, then by how much the name is meant, then the likely ones.
        """
        found: dict[str, Match] = {}
        for name in query.names:
            key = names.key(name)
            if not key:
                continue
            self._keep(found, query, self.lookup(name, 200))
            self._keep(found, query, self._by_words(key))
            if not any(match.similarity == SAME for match in found.values()):
                self._keep(found, query, self._by_letters(key))
        return sorted(found.values(), key=rank)[: query.limit]

    def item(self, qid: str) -> Item | None:
        """An item with all its names."""
        rows = self._connection.execute(
            _ROWS + "WHERE item.id = ? ORDER BY name.id", (int(qid[1:]),)
        ).fetchall()
        return _item(rows[0], tuple(_name(row) for row in rows)) if rows else None

    def starting_with(self, prefix: str, limit: int = 10) -> list[Match]:
        """Items with a name that starts so, for completion; likely ones first, each once."""
        key = names.key(prefix)
        if not key:
            return []
        rows = self._connection.execute(
            _ROWS + "WHERE name.key >= ? AND name.key < ? ORDER BY name.id LIMIT ?",
            (key, key + "\U0010ffff", limit * 10),
        )
        found: dict[str, Match] = {}
        for row in rows:
            found.setdefault(_qid(row), Match(_item(row), _name(row), similarity(key, row[0]), "words"))
        return list(found.values())[:limit]

    @staticmethod
    def _keep(found: dict[str, Match], query: Query, matches: Iterable[Match]) -> None:
        for match in matches:
            if query.kinds and match.item.kinds and not query.kinds & match.item.kinds:
                continue
            known = found.get(match.item.id)
            if known is None or rank(match) < rank(known):
                found[match.item.id] = match

    def _by_words(self, key: str) -> list[Match]:
        """Names that have all the words of a key, however they are spelt."""
        words = dict.fromkeys(names.skeletons(key))
        terms = " AND ".join(_quoted(word) for word in words)
        rows = self._connection.execute(
            "SELECT rowid FROM words WHERE words MATCH ? LIMIT ?", (terms, _WORD_ROWS)
        )
        return self._ranked(key, [number for (number,) in rows], "words")

    def _by_letters(self, key: str) -> list[Match]:
        """Names that have the rarest runs of letters of a key in common with it."""
        runs = self._rarity("letters", sorted(names.trigrams(key)))
        shared: Counter[int] = Counter()
        read = 0
        for number, (run, how_many) in enumerate(runs):
            if number >= _LETTER_TERMS and read + how_many > _LETTER_ROWS:
                break
            rows = self._connection.execute(
                "SELECT rowid FROM letters WHERE letters MATCH ? LIMIT ?", (_quoted(run), _LETTER_ROWS)
            )
            shared.update(map(itemgetter(0), rows))
            read += how_many
        # Most rows have one run in common by chance; where enough have more, those are left out unsorted.
        several = [row for row, number in shared.items() if number > 1]
        likely = several if len(several) >= _RANKED else list(shared)
        best = heapq.nsmallest(_RANKED, likely, key=lambda row: (-shared[row], row))
        return self._ranked(key, best, "letters")

    def _rarity(self, kind: str, terms: Sequence[str]) -> list[tuple[str, int]]:
        marks = ", ".join("?" * len(terms))
        rows = self._connection.execute(
            f"SELECT term, names FROM common WHERE kind = ? AND term IN ({marks})",  # noqa: S608
            (kind, *terms),
        )
        return sorted(rows, key=lambda pair: (pair[1], pair[0]))

    def _ranked(self, key: str, rows: list[int], how: Literal["words", "letters"]) -> list[Match]:
        """The names of these rows, most alike first; the details only of those that are shown."""
        if not rows:
            return []
        marks = ", ".join("?" * len(rows))
        keys = self._connection.execute(
            f"SELECT id, key FROM name WHERE id IN ({marks}) ORDER BY id",  # noqa: S608
            rows,
        ).fetchall()
        alike = sorted(
            ((similarity(key, other), number) for number, other in _likely(key, keys)),
            key=lambda pair: (-pair[0], pair[1]),
        )
        wanted = {number: score for score, number in alike if score >= _LEAST}
        if not wanted:
            return []
        marks = ", ".join("?" * len(wanted))
        found = self._connection.execute(
            f"{_ROWS.replace('SELECT', 'SELECT name.id,', 1)} WHERE name.id IN ({marks})",
            tuple(wanted),
        )
        return [Match(_item(row[1:]), _name(row[1:]), wanted[row[0]], how) for row in found]


def _likely(key: str, keys: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """The keys that are worth comparing in full: those with most letters in common, or in another script."""
    if len(keys) <= _COMPARED:
        return keys
    close = process.extract(key, [other for _, other in keys], scorer=fuzz.ratio, limit=_COMPARED)
    chosen = {at for _, _, at in close}
    foreign = [at for at, (_, other) in enumerate(keys) if other.isascii() != key.isascii()]
    return [keys[at] for at in sorted(chosen.union(foreign[:_COMPARED]))]


def rank(match: Match) -> tuple[Any, ...]:
    """The order of matches: alike, then meant as a name, then popular; the id settles ties."""
    kind = NAME_KINDS.index(match.name.kind)
    alike = match.similarity - (_WEAK if match.name.kind == "weak" else 0)
    return (-alike, kind, -match.item.popularity, int(match.item.id[1:]))


def _quoted(term: str) -> str:
    return '"' + term.replace('"', '""') + '"'


def _qid(row: Sequence[Any]) -> str:
    return f"Q{row[4]}"


def _name(row: Sequence[Any]) -> Name:
    return Name(row[1], row[2], NAME_KINDS[row[3]])


def _item(row: Sequence[Any], every: tuple[Name, ...] = ()) -> Item:
    return Item(
        id=_qid(row),
        label=row[5],
        description=row[6],
        names=every,
        kinds=frozenset(row[7].split()),
        classes=frozenset(row[8].split()),
        related=frozenset(row[9].split()),
        begin=row[10],
        end=row[11],
        popularity=row[12],
        source=row[13],
    )


def _no_index(path: Path, reason: str) -> InputError:
    fix = "build one with `nutgraf authority build SOURCE… -o FILE.sqlite`"
    return InputError(Problem("AUT105", f"cannot open the index: {reason}", Span(path.as_posix()), fix=fix))
