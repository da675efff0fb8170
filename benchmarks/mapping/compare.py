"""Whether two N-Triples or N-Quads files say the same: sorted and compared out of core.

Lines that occur in both are the same statement. Only the others are parsed, because writers differ in which
characters they escape, and compared again. A file that spells one triple in two ways may be called different
when it is not; it is never called the same when it is not.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph

_BYTEWISE: Final = {**os.environ, "LC_ALL": "C"}
_EXAMPLES: Final = 3

Rewrite = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Difference:
    """What one file has and the other has not.

    Attributes:
        missing: number of statements of the reference that the other file has not.
        extra: number of statements that only the other file has.
        examples: some of both, with - and + before them.
    """

    missing: int
    extra: int
    examples: tuple[str, ...]


def sort(file: Path) -> Path:
    """The distinct lines of a file, sorted, in a file beside it."""
    target = file.with_suffix(".sorted")
    command = ["sort", "-u", "-S", "1G", "-T", file.parent, "-o", target, file]
    subprocess.run(command, check=True, env=_BYTEWISE)
    return target


def count(file: Path) -> int:
    """The number of lines of a file."""
    result = subprocess.run(["wc", "-l", file], check=True, capture_output=True, text=True)
    return int(result.stdout.split()[0])


def compare(reference: Path, other: Path, rewrite: Rewrite = bytes) -> Difference:
    """What differs between two files that `sort` gave.

    Args:
        reference: what should be there.
        other: what is there.
        rewrite: undoes, in a line of either, what is known to be spelled otherwise in `other`.
    """
    missing = _canonical(_only(reference, other, "missing"), rewrite)
    extra = _canonical(_only(other, reference, "extra"), rewrite)
    try:
        lost, new = _only(missing, extra, "lost"), _only(extra, missing, "new")
        shown = (*_head(lost, "- "), *_head(new, "+ "))
        return Difference(count(lost), count(new), shown)
    finally:
        for name in ("missing", "extra"):
            for suffix in (".lines", ".canonical", ".sorted"):
                with suppress(FileNotFoundError):
                    (other.parent / f"{name}{suffix}").unlink()


def _only(file: Path, other: Path, name: str) -> Path:
    """The lines that only the first of two sorted files has."""
    target = other.parent / f"{name}.lines"
    with target.open("wb") as lines:
        subprocess.run(["comm", "-23", file, other], check=True, stdout=lines, env=_BYTEWISE)
    return target


def _canonical(file: Path, rewrite: Rewrite) -> Path:
    """The statements of a file, each spelled in one way, sorted."""
    target = file.with_suffix(".canonical")
    with target.open("wb") as lines:
        for statement in pyoxigraph.parse(path=file, format=pyoxigraph.RdfFormat.N_QUADS):
            lines.write(rewrite(str(statement).encode().replace(b"\n", b"\\n")) + b"\n")
    return sort(target)


def _head(file: Path, mark: str) -> Iterator[str]:
    with file.open(encoding="utf-8", newline="\n") as lines:
        for _, line in zip(range(_EXAMPLES), lines, strict=False):
            yield mark + line.rstrip("\n")
