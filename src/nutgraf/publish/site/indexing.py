"""Fill the index of a dataset: one pass over its lines, a subject at a time."""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from nutgraf.publish.site.kinds import kind_of
from nutgraf.publish.site.lines import Line, NotALineError, cut, graph_of, quads, value_of
from nutgraf.publish.site.names import stem
from nutgraf.terms import schema_org
from nutgraf.terms.vocabulary import NUT, OA, RDF_TYPE, SCHEMA

_TABLES: Final = """
pragma journal_mode = off; pragma synchronous = off; pragma temp_store = file;
create table meta (key text primary key, value text) without rowid;
create table subject (h integer, offset integer, length integer);
create table part (h integer, offset integer, length integer);
create table incoming (h integer, offset integer, length integer);
create table stated (h integer, offset integer, length integer);
create table node (h integer primary key, iri text unique, stem text unique, kind text, names text,
    classes text, item text, start text, stop text, latitude real, longitude real);
create table name (tag text, node integer, sorted text, primary key (tag, node)) without rowid;
create table named_in (article integer, node integer, primary key (article, node)) without rowid;
create table located (place integer, node integer, primary key (place, node)) without rowid;
create table stated_of (node integer, article integer, primary key (node, article)) without rowid;
"""

_INDEXES: Final = """
create index subject_h on subject (h); create index part_h on part (h);
create index incoming_h on incoming (h); create index stated_h on stated (h);
create index node_kind on node (kind); create index named_in_node on named_in (node);
create index located_node on located (node);
create index node_start on node (start) where start is not null;
analyze;
"""

_BATCH: Final = 20_000
_NAMES: Final = [f"{SCHEMA}{name}" for name in ("name", "roleName", "headline", "abstract")]
"""Properties that name a thing, the best first; a claim has nothing but its abstract."""
_START: Final = (
    f"{SCHEMA}startDate",
    f"{SCHEMA}datePublished",
    f"{NUT}startMonthDay",
    f"{NUT}publishedMonthDay",
)
_END: Final = (f"{SCHEMA}endDate", f"{NUT}endMonthDay")
_PLACES: Final = frozenset(f"{SCHEMA}{name}".encode() for name in ("location", "containedInPlace"))
_DEGREES: Final = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]+)?")
_SAYS: Final = f"{OA}hasBody".encode()


def hash64(iri: str | bytes) -> int:
    """A signed number of 64 bits for an IRI, as SQLite keeps it."""
    raw = iri.encode("utf-8", "surrogatepass") if isinstance(iri, str) else iri
    return int.from_bytes(hashlib.blake2b(raw, digest_size=8).digest(), "big", signed=True)


def fill(connection: sqlite3.Connection, dataset: Path, base: str) -> None:
    """Make the tables of a new index.

    Args:
        connection: to an empty database.
        dataset: sorted N-Quads.
        base: IRI that the workspace's nodes start with.

    Raises:
        NotALineError: a line is no quad.
        sqlite3.IntegrityError: the lines of a subject do not stand together.
    """
    connection.executescript(_TABLES)
    filler = _Filler(connection, base)
    for found in _subjects(dataset):
        filler.add(found)
    filler.flush()
    connection.execute("insert into meta values ('quads', ?)", [str(filler.quads)])
    connection.executescript(_INDEXES)


class _Lines:
    """The lines of one subject: where they are, and their tokens."""

    def __init__(self, offset: int) -> None:
        self.offset = offset
        self.length = 0
        self.lines: list[tuple[int, bytes, Line]] = []

    def add(self, line: bytes, tokens: Line) -> None:
        self.lines.append((self.offset + self.length, line, tokens))
        self.length += len(line)


def _subjects(dataset: Path) -> Iterator[_Lines]:
    offset = 0
    found = _Lines(0)
    subject = b""
    with dataset.open("rb") as file:
        for number, line in enumerate(file, start=1):
            tokens = cut(line)
            if tokens is None:
                raise NotALineError(number)
            if tokens.subject != subject:
                if found.lines:
                    yield found
                found, subject = _Lines(offset), tokens.subject
            found.add(line, tokens)
            offset += len(line)
    if found.lines:
        yield found


class _Filler:
    def __init__(self, connection: sqlite3.Connection, base: str) -> None:
        self._connection = connection
        self._ids = f"<{base}id/".encode()
        self._articles = f"{base}graph/article/".encode()
        self._evidence = f"{base}graph/evidence/".encode()
        self._links = f"{base}graph/links".encode()
        self._base = base
        self._rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self._waiting = 0
        self.quads = 0

    def flush(self) -> None:
        for table, rows in self._rows.items():
            marks = ", ".join("?" * len(rows[0]))
            verb = "insert or ignore" if table in {"named_in", "located", "stated_of"} else "insert"
            self._connection.executemany(f"{verb} into {table} values ({marks})", rows)
        self._rows.clear()
        self._waiting = 0

    def _put(self, table: str, *row: Any) -> None:
        self._rows[table].append(row)
        self._waiting += 1

    def add(self, found: _Lines) -> None:
        token = found.lines[0][2].subject
        self.quads += len(found.lines)
        if self._waiting > _BATCH:
            self.flush()
        if not token.startswith(b"<"):
            return
        iri = token[1:-1]
        h = hash64(iri)
        self._put("subject", h, found.offset, found.length)
        facts = [line for line in found.lines if not line[2].graph.startswith(self._evidence)]
        for offset, line, tokens in found.lines:
            self._link(h, offset, line, tokens)
        if not token.startswith(self._ids):
            return
        parent, fragment, _ = iri.partition(b"#")
        if fragment:
            self._put("part", hash64(parent), found.offset, found.length)
        elif facts:
            self._describe(h, iri, [line for _, line, _ in facts])
        else:
            # What is known from the evidence alone, a mention, is described with its article.
            article = found.lines[0][2].graph.removeprefix(self._evidence)
            self._put("part", hash64(self._ids[1:] + article), found.offset, found.length)

    def _link(self, h: int, offset: int, line: bytes, tokens: Line) -> None:
        _, predicate, value, graph = tokens
        ours = value.startswith(self._ids)
        if graph.startswith(self._evidence):
            if predicate == _SAYS and not ours:
                self._put("incoming", hash64(value[1:-1]), offset, len(line))
            return
        if ours:
            self._put("incoming", hash64(value[1:-1]), offset, len(line))
        if ours and predicate in _PLACES:
            self._put("located", hash64(value[1:-1]), h)
        if graph.startswith(self._articles):
            article = hash64(self._ids[1:] + graph.removeprefix(self._articles))
            self._put("stated", article, offset, len(line))
            self._put("stated_of", hash64(tokens.subject[1:-1].partition(b"#")[0]), article)
            self._put("named_in", article, h)
            if ours:
                self._put("named_in", article, hash64(value[1:-1].partition(b"#")[0]))

    def _describe(self, h: int, iri: bytes, found: list[bytes]) -> None:
        values: dict[str, list[Any]] = defaultdict(list)
        item = None
        for quad in quads(found):
            values[quad.predicate.value].append(quad.object)
            if quad.predicate.value == f"{SCHEMA}sameAs" and graph_of(quad).encode() == self._links:
                item = value_of(quad.object)
        types = {each.value.removeprefix(SCHEMA) for each in values[RDF_TYPE]}
        classes = sorted(name for name in types if schema_org.is_class(name))
        names = _names(values)
        path = f"id/{stem(iri.decode().removeprefix(f'{self._base}id/'))}"
        kind = kind_of(classes)
        row = [h, iri.decode(), path, kind, json.dumps(names, ensure_ascii=False, sort_keys=True)]
        row += [" ".join(classes), item, _first(values, _START), _first(values, _END)]
        self._put("node", *row, *_degrees(values))
        for tag, text in names.items():
            self._put("name", tag, h, sort_key(text))


def _names(values: dict[str, list[Any]]) -> dict[str, str]:
    """Language → name: of several, the first by code point, so that the order of lines does not matter."""
    for predicate in _NAMES:
        found: dict[str, str] = {}
        for value in values.get(predicate, ()):
            tag = (getattr(value, "language", None) or "").lower()
            if hasattr(value, "datatype"):
                found[tag] = min(found.get(tag, value.value), value.value)
        if found:
            return found
    return {}


def _first(values: dict[str, list[Any]], predicates: tuple[str, ...]) -> str | None:
    for predicate in predicates:
        found = sorted(value.value for value in values.get(predicate, ()))
        if found:
            return str(found[0])
    return None


def _degrees(values: dict[str, list[Any]]) -> tuple[float | None, float | None]:
    latitude, longitude = (
        next(
            (value.value for value in values.get(f"{SCHEMA}{name}", ()) if _DEGREES.fullmatch(value.value)),
            None,
        )
        for name in ("latitude", "longitude")
    )
    if latitude is None or longitude is None:
        return None, None
    north, east = float(latitude), float(longitude)
    return (north, east) if abs(north) <= 90 and abs(east) <= 180 else (None, None)  # noqa: PLR2004


def sort_key(text: str) -> str:
    """How lists order names: letters without accents and case, then the name itself.

    >>> sorted(["Zoo", "Élan", "eel"], key=sort_key)
    ['eel', 'Élan', 'Zoo']
    """
    plain = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    return f"{plain.casefold()}\n{text}"
