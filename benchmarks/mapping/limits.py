"""What the machine itself can do, so that an engine's time can be seen beside it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

_BLOCK: Final = 1 << 20


def read(files: Iterable[Path]) -> float:
    """Seconds to read some files once, from whatever cache holds them."""
    buffer = bytearray(_BLOCK)
    started = time.perf_counter()
    for file in files:
        with file.open("rb", buffering=0) as source:
            while source.readinto(buffer):
                pass
    return time.perf_counter() - started


def write(size: int, file: Path) -> float:
    """Seconds to write as many bytes to a new file as an engine wrote; the file is removed."""
    block = bytes(_BLOCK)
    started = time.perf_counter()
    with file.open("wb", buffering=0) as target:
        for _ in range(size // _BLOCK):
            target.write(block)
        target.write(bytes(size % _BLOCK))
    elapsed = time.perf_counter() - started
    file.unlink()
    return elapsed


def null_sink(folder: Path) -> Path:
    """A link to the null device, for an output that nobody keeps.

    A link, because a program that moves its output into place replaces what it is given: here only the link.
    """
    link = folder / "null.nt"
    link.unlink(missing_ok=True)
    link.symlink_to(os.devnull)
    return link
