"""A dump as it was measured, kept in a temporary file until it is written where it belongs."""

from __future__ import annotations

import hashlib
import threading
import weakref
from collections.abc import Iterable, Iterator
from tempfile import TemporaryFile
from typing import Final

from nutgraf.publish.description.dumps import Dump, Kind

_PIECE: Final = 1 << 20


class Spool:
    """A dump's bytes. Several threads may read them.

    Args:
        kind: which dump it is.
        pieces: its bytes.

    Attributes:
        dump: how large it is, and its hash.
    """

    def __init__(self, kind: Kind, pieces: Iterable[bytes]) -> None:
        self._file = TemporaryFile()  # noqa: SIM115 - it lives as long as this
        weakref.finalize(self, self._file.close)
        self._lock = threading.Lock()
        size, digest = 0, hashlib.sha256()
        for piece in pieces:
            size += self._file.write(piece)
            digest.update(piece)
        self.dump = Dump(kind, size, digest.hexdigest())

    def pieces(self) -> Iterator[bytes]:
        """The bytes, in pieces."""
        for offset in range(0, self.dump.size, _PIECE):
            with self._lock:
                self._file.seek(offset)
                piece = self._file.read(_PIECE)
            yield piece
