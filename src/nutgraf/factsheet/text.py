"""The text of an article as evidence points into it: normalised, counted in code points, hashed."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nutgraf.problems import InputError, Problem, Span

MAX_BYTES: Final = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Selector:
    """A span of an article's text.

    Attributes:
        start: first code point, from 0.
        end: code point after the last.
        sha256: hexadecimal SHA-256 of the span in UTF-8.
    """

    start: int
    end: int
    sha256: str

    def __str__(self) -> str:
        return f"{{start: {self.start}, end: {self.end}, sha256: {self.sha256}}}"


def normalise(text: str) -> str:
    """NFC with line feeds only: what offsets count in."""
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def sha256(text: str) -> str:
    """Hexadecimal SHA-256 of a text in UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def read(path: Path) -> str:
    """The normalised text of a file.

    Raises:
        InputError: TXT101 unreadable, TXT102 not UTF-8, TXT103 too large.
    """
    span = Span(path.as_posix())
    try:
        if path.exists() and not path.is_file():  # reading a pipe may never end
            raise InputError(Problem("TXT101", "cannot read the text: it is not a file", span))
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise InputError(Problem("TXT103", f"the text is larger than {MAX_BYTES} bytes", span))
        return normalise(raw.decode("utf-8-sig"))
    except OSError as error:
        raise InputError(
            Problem("TXT101", f"cannot read the text: {error.strerror or error}", span)
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(Problem("TXT102", "the text is not UTF-8", span, fix="save it as UTF-8")) from error


def select(text: str, start: int, end: int) -> Selector:
    """The selector of a span of a normalised text."""
    return Selector(start, end, sha256(text[start:end]))


# What a keyboard types first, then what a typesetter prints for it.
_KIN: Final = ("'\u2018\u2019\u02bc", '"\u201c\u201d\u00ab\u00bb', "-\u2010\u2011\u2013")
_ALIKE: Final = {char: f"[{re.escape(kin)}]" for kin in _KIN for char in kin}
_PLAIN: Final = str.maketrans({char: kin[0] for kin in _KIN for char in kin})


def fold(text: str) -> str:
    """A text as words are compared: one space between them, plain quotation marks, apostrophes, hyphens.

    >>> fold("It\u2019s\u00a0here")
    "It's here"
    """
    return " ".join(normalise(text).translate(_PLAIN).split())


def find(text: str, words: str) -> Iterator[Selector]:
    """Every place where words stand in a normalised text.

    White space (also no-break spaces and line ends), quotation marks and apostrophes match their kin;
    " ... " stands for everything between the words before it and the next words after it.

    >>> [found.end for found in find("It\u2019s here.", "It's")]
    [4]
    >>> [found.end for found in find("It rained on Monday and Tuesday.", "It ... Monday")]
    [19]
    """
    parts = [_pattern(part) for part in normalise(words).split(" ... ") if part.strip()]
    if not parts:
        return
    for match in re.finditer(r".*?".join(parts), text, re.DOTALL):
        yield select(text, match.start(), match.end())


def _pattern(words: str) -> str:
    return r"\s+".join("".join(_ALIKE.get(char, re.escape(char)) for char in word) for word in words.split())
