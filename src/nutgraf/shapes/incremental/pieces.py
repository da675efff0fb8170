"""Pieces of the kept file, each with its checksum; and the pages of its trees."""

from __future__ import annotations

import contextlib
import sqlite3
import zlib
from typing import TYPE_CHECKING, Final

from nutgraf.shapes.incremental.rows import Rows

if TYPE_CHECKING:
    from collections.abc import Iterator

SUM: Final = 4
"""The bytes of a checksum, which a piece begins with."""


class DamagedError(Exception):
    """The file cannot be used."""


@contextlib.contextmanager
def sound() -> Iterator[None]:
    """Whatever goes wrong with what is read means that the file is damaged.

    Raises:
        DamagedError: the file cannot be used.
    """
    try:
        yield
    except (sqlite3.Error, OSError, ValueError, TypeError, LookupError, RecursionError) as error:
        raise DamagedError(str(error)) from error


def seal(content: bytes, place: object = None) -> bytes:
    """A piece with its checksum, which also says where it is."""
    return zlib.crc32(repr(place).encode(), zlib.crc32(content)).to_bytes(SUM) + content


def opened(piece: bytes, place: object = None) -> bytes:
    """What `seal` was given.

    Raises:
        ValueError: it is not as it was.
    """
    content = piece[SUM:]
    if seal(content, place) != piece:
        raise ValueError("a checksum is wrong")
    return content


class Pages:
    """The pages of one tree in the file."""

    def __init__(self, connection: sqlite3.Connection, tree: int) -> None:
        self._connection = connection
        self._tree = tree

    def load(self, page: int) -> Rows:
        """The rows of a page.

        Raises:
            DamagedError: they are not as they were.
        """
        place = (self._tree, page)
        with sound():
            asked = "select content from page where tree = ? and number = ?"
            ((content,),) = self._connection.execute(asked, place).fetchall()
            return Rows.read(opened(content, place))

    def save(self, page: int, rows: Rows) -> None:
        """Keep a page, in the place of what it was."""
        place = (self._tree, page)
        content = seal(rows.written(), place)
        with sound():
            self._connection.execute("replace into page values (?, ?, ?)", (*place, content))

    def drop(self, page: int) -> None:
        """Remove a page."""
        with sound():
            self._connection.execute("delete from page where tree = ? and number = ?", (self._tree, page))
