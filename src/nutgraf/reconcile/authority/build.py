"""Build an index: names under their keys, the words of names, and runs of three letters.

```text
item     one row an item; its id is the number of the QID
name     one row a name of an item, the items that most people wrote of first
words    full-text index of the skeletons of a name's words        contentless; rowid is the name's
letters  full-text index of runs of three characters of its key    contentless; rowid is the name's
common   how many names have a word or a run: the rarest are asked first
```

Names come in the order of their items' popularity, so that a search that stops early has seen the likely
ones. The file is written beside and moved into place.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, get_args

from nutgraf.problems import InputError, Problem, Span
from nutgraf.reconcile import classes as wikidata_classes
from nutgraf.reconcile import names
from nutgraf.reconcile.authority import sources
from nutgraf.reconcile.items import KINDS, Item, NameKind
from nutgraf.reconcile.wikidata import entity

APPLICATION_ID: Final = 0x6E757467  # "nutg"
FORMAT_VERSION: Final = 1
NAME_KINDS: Final[tuple[NameKind, ...]] = get_args(NameKind)
_BATCH: Final = 20_000

_STAGING: Final = """
CREATE TABLE item(
  id INTEGER PRIMARY KEY, label TEXT NOT NULL, description TEXT NOT NULL, kinds TEXT NOT NULL,
  classes TEXT NOT NULL, related TEXT NOT NULL, "begin" INTEGER, "end" INTEGER, popularity INTEGER NOT NULL,
  source TEXT NOT NULL);
CREATE TABLE staged(item INTEGER, key TEXT, name TEXT, language TEXT, kind INTEGER, rank INTEGER);
CREATE TABLE subclass(class INTEGER, super INTEGER, PRIMARY KEY (class, super)) WITHOUT ROWID;
"""

_ADD: Final = """
INSERT INTO item VALUES (?, '', ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET
  description = CASE WHEN item.description = '' THEN excluded.description ELSE item.description END,
  kinds = trim(item.kinds || ' ' || excluded.kinds),
  classes = trim(item.classes || ' ' || excluded.classes),
  related = trim(item.related || ' ' || excluded.related),
  "begin" = coalesce(item."begin", excluded."begin"), "end" = coalesce(item."end", excluded."end"),
  popularity = max(item.popularity, excluded.popularity)
WHERE excluded.description || excluded.classes || excluded.related <> ''
   OR excluded.popularity > item.popularity OR instr(item.kinds, excluded.kinds) = 0
"""

_NAMES: Final = """
CREATE TABLE name(
  id INTEGER PRIMARY KEY, key TEXT NOT NULL, item INTEGER NOT NULL, name TEXT NOT NULL,
  language TEXT NOT NULL, kind INTEGER NOT NULL);
UPDATE item SET
  popularity = popularity + (SELECT count(DISTINCT key || language) FROM staged WHERE item = item.id);
INSERT INTO name(key, item, name, language, kind)
  SELECT key, item, name, language, kind FROM (
    SELECT key, item, name, language, kind, min(rank) FROM staged GROUP BY item, key)
  JOIN item ON item.id = item ORDER BY item.popularity DESC, item, kind, key;
CREATE INDEX name_key ON name(key);
CREATE INDEX name_item ON name(item);
UPDATE item SET label = coalesce(
  (SELECT name FROM (SELECT name, min(rank) FROM staged WHERE item = item.id)), 'Q' || id);
DROP TABLE staged;
"""

_SEARCH: Final = """
CREATE VIRTUAL TABLE words USING fts5(keys, content='', columnsize=0, detail=none, tokenize='ascii');
CREATE VIRTUAL TABLE letters USING fts5(key, content='', columnsize=0, detail=none, tokenize='trigram');
"""

_COMMON: Final = """
INSERT INTO words(words) VALUES ('optimize');
INSERT INTO letters(letters) VALUES ('optimize');
CREATE VIRTUAL TABLE temp.word_rows USING fts5vocab(main, words, row);
CREATE VIRTUAL TABLE temp.letter_rows USING fts5vocab(main, letters, row);
CREATE TABLE common(kind TEXT, term TEXT, names INTEGER, PRIMARY KEY (kind, term)) WITHOUT ROWID;
INSERT INTO common SELECT 'word', term, doc FROM word_rows;
INSERT INTO common SELECT 'letters', term, doc FROM letter_rows;
DROP TABLE temp.word_rows;
DROP TABLE temp.letter_rows;
"""


@dataclass(frozen=True, slots=True)
class Source:
    """One file to build from.

    Attributes:
        path: the file.
        display: as messages and the manifest name it.
        format: one of `sources.FORMATS`; None to tell from the file.
        licence: of its data, as the user states it.
    """

    path: Path
    display: str
    format: str | None = None
    licence: str = "not stated"


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """What the manifest says of a source."""

    name: str
    format: str
    licence: str
    date: str
    sha256: str
    items: int
    names: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an index is made of.

    Attributes:
        version: of nutgraf.
        items: number of items.
        names: number of distinct names.
        kinds: kind of item → number of items; "" where no source says.
        sources: what was read.
        filters: classes and languages that were asked for.
    """

    version: str
    items: int
    names: int
    kinds: dict[str, int]
    sources: tuple[SourceEntry, ...]
    filters: dict[str, list[str]]


def build(
    files: Sequence[Source],
    target: Path,
    *,
    classes: frozenset[str] = frozenset(),
    languages: frozenset[str] = frozenset(),
    on_progress: Callable[[str, int], None] = lambda _source, _items: None,
) -> Manifest:
    """Build an index from sources.

    Args:
        files: what to read; items that several have are merged.
        target: the SQLite file; replaced as a whole.
        classes: keep only items of dumps that are instances of these or of their subclasses, which the
            dumps themselves state; empty for all.
        languages: of the names to keep, besides "mul" and "und"; empty for all.
        on_progress: told the source and the number of items read so far.

    Raises:
        InputError: AUT101 a source cannot be read, AUT102 it is malformed, AUT103 nothing was in them,
            AUT104 the target cannot be written.
    """
    part = target.with_name(f".{target.name}.part")
    try:
        part.unlink(missing_ok=True)
        connection = sqlite3.connect(part, isolation_level=None)
        try:
            manifest = _Builder(connection, classes, languages, on_progress).build(files)
        finally:
            connection.close()
        part.replace(target)
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(
            Problem("AUT104", f"cannot write the index: {reason}", Span(target.as_posix()))
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return manifest


class _Builder:
    def __init__(
        self,
        connection: sqlite3.Connection,
        classes: frozenset[str],
        languages: frozenset[str],
        on_progress: Callable[[str, int], None],
    ) -> None:
        self._connection = connection
        self._classes = classes
        self._languages = languages
        self._on_progress = on_progress

    def build(self, files: Sequence[Source]) -> Manifest:
        execute = self._connection.execute
        for setting in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-65536", "page_size=8192"):
            execute(f"PRAGMA {setting}")
        execute(f"PRAGMA application_id={APPLICATION_ID}")
        execute(f"PRAGMA user_version={FORMAT_VERSION}")
        self._connection.executescript(_STAGING)
        execute("BEGIN")
        entries = tuple(self._load(file) for file in files)
        if not any(entry.items for entry in entries):
            fix = "check the sources, and the filters"
            raise InputError(Problem("AUT103", "no item with a name is in the sources", fix=fix))
        execute("CREATE INDEX staged_item ON staged(item)")
        execute("COMMIT")
        self._connection.executescript(_NAMES)
        self._fill_search()
        self._settle_kinds()
        manifest = self._manifest(entries)
        execute("CREATE TABLE manifest(json TEXT NOT NULL)")
        execute("INSERT INTO manifest VALUES (?)", (json.dumps(asdict(manifest), ensure_ascii=False),))
        execute("DROP TABLE subclass")
        execute("ANALYZE")
        execute("VACUUM")
        return manifest

    def _load(self, file: Source) -> SourceEntry:
        to = file.format or sources.format_of(file.path, file.display)
        allowed = self._read_classes(file) if to == "wikidata" else None
        counts = [0, 0]
        batch: list[Item] = []
        for item in sources.read(file.path, file.display, to, self._languages):
            if not item.names or (allowed is not None and not item.classes & allowed):
                continue
            batch.append(item)
            if len(batch) == _BATCH:
                self._add(batch, counts)
                self._on_progress(file.display, counts[0])
                batch = []
        self._add(batch, counts)
        self._on_progress(file.display, counts[0])
        changed = dt.datetime.fromtimestamp(file.path.stat().st_mtime, dt.UTC).date().isoformat()
        return SourceEntry(file.display, to, file.licence, changed, _sha256(file.path), *counts)

    def _read_classes(self, file: Source) -> frozenset[str] | None:
        """The subclasses that a dump states; then which classes are asked for, None for all."""
        rows = (
            (int(document["id"][1:]), int(above[1:]))
            for _, document in sources.documents(file.path, file.display, b'"P279"')
            if isinstance(document, dict) and str(document.get("id", "")).startswith("Q")
            for above in entity.values(document, entity.SUBCLASS_OF)
        )
        self._connection.executemany("INSERT OR IGNORE INTO subclass VALUES (?, ?)", rows)
        if not self._classes:
            return None
        below = """WITH RECURSIVE below(class) AS (
                   SELECT ? UNION SELECT subclass.class FROM subclass JOIN below ON super = below.class)
                   SELECT class FROM below"""
        found: set[str] = set()
        # Without an index by superclass every step would read the whole table.
        self._connection.execute("CREATE INDEX IF NOT EXISTS subclass_super ON subclass(super)")
        for name in self._classes:
            found.update(f"Q{number}" for (number,) in self._connection.execute(below, (int(name[1:]),)))
        return frozenset(found)

    def _add(self, items: list[Item], counts: list[int]) -> None:
        rows = [_item_row(item) for item in items]
        staged = [row for item in items for row in _name_rows(item)]
        self._connection.executemany(_ADD, rows)
        self._connection.executemany("INSERT INTO staged VALUES (?, ?, ?, ?, ?, ?)", staged)
        counts[0] += len(rows)
        counts[1] += len(staged)

    def _fill_search(self) -> None:
        self._connection.executescript(_SEARCH)
        self._connection.execute("BEGIN")
        # Reading and writing by one connection while its statement is open is what SQLite documents as safe
        # for other tables than the one that is read.
        for batch in _batches(self._connection.execute("SELECT id, key FROM name ORDER BY id")):
            words = [(number, " ".join(names.skeletons(key))) for number, key in batch]
            self._connection.executemany("INSERT INTO words(rowid, keys) VALUES (?, ?)", words)
            letters = [(number, f" {key} ") for number, key in batch]
            self._connection.executemany("INSERT INTO letters(rowid, key) VALUES (?, ?)", letters)
        self._connection.execute("COMMIT")
        self._connection.executescript(_COMMON)

    def _settle_kinds(self) -> None:
        """Each item's kinds and classes once, with the superclasses that mean something here."""
        above = """WITH RECURSIVE above(class) AS (
                   SELECT ? UNION SELECT super FROM subclass JOIN above ON subclass.class = above.class)
                   SELECT class FROM above"""
        known: dict[str, frozenset[str]] = {}

        def ancestors(name: str) -> frozenset[str]:
            if name not in known:
                found = {f"Q{number}" for (number,) in self._connection.execute(above, (int(name[1:]),))}
                known[name] = frozenset(found & set(wikidata_classes.ROOTS)) | {name}
            return known[name]

        updates = []
        query = "SELECT DISTINCT kinds, classes FROM item WHERE kinds || classes <> ''"
        for kinds, text in self._connection.execute(query).fetchall():
            whole = frozenset().union(*(ancestors(name) for name in text.split()))
            both = frozenset(kinds.split()) | wikidata_classes.kinds_of_classes(whole)
            updates.append((_joined(both), _joined(whole), kinds, text))
        self._connection.execute("CREATE INDEX item_class ON item(kinds, classes)")
        self._connection.executemany(
            "UPDATE item SET kinds = ?, classes = ? WHERE kinds = ? AND classes = ?", updates
        )
        self._connection.execute("DROP INDEX item_class")

    def _manifest(self, entries: tuple[SourceEntry, ...]) -> Manifest:
        execute = self._connection.execute
        kinds = dict.fromkeys((*KINDS, ""), 0)
        for text, number in execute("SELECT kinds, count(*) FROM item GROUP BY kinds"):
            for kind in text.split() or [""]:
                kinds[kind] += number
        return Manifest(
            version=version("nutgraf"),
            items=execute("SELECT count(*) FROM item").fetchone()[0],
            names=execute("SELECT count(*) FROM name").fetchone()[0],
            kinds={kind: number for kind, number in kinds.items() if number},
            sources=entries,
            filters={"classes": sorted(self._classes), "languages": sorted(self._languages)},
        )


def _item_row(item: Item) -> tuple[Any, ...]:
    return (
        int(item.id[1:]),
        item.description,
        _joined(item.kinds),
        _joined(item.classes),
        _joined(item.related),
        item.begin,
        item.end,
        max(0, item.popularity - len(item.names)),  # the names are counted when all sources are read
        item.source,
    )


def _name_rows(item: Item) -> Iterator[tuple[Any, ...]]:
    number = int(item.id[1:])
    for name in item.names:
        key = names.key(name.text)
        if key:
            kind = NAME_KINDS.index(name.kind)
            rank = kind * 4 + {"en": 0, "mul": 1, "und": 2}.get(name.language, 3)
            yield number, key, name.text[: names.MAX_LENGTH], name.language, kind, rank


def _joined(values: frozenset[str]) -> str:
    return " ".join(sorted(values))


def _batches(rows: sqlite3.Cursor) -> Iterator[list[tuple[int, str]]]:
    while batch := rows.fetchmany(_BATCH):
        yield batch


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
