"""JSON with the line and column of every value (RFC 8259)."""

from __future__ import annotations

import bisect
import re
from json import JSONDecodeError
from json.decoder import scanstring
from typing import Any, Final, NoReturn

from nutgraf.problems import InputError, Problem, Span
from nutgraf.records.places import Places, Steps

MAX_DEPTH: Final = 60
_SPACE: Final = re.compile(r"[ \t\n\r]*")
_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORD: Final = re.compile(r"true|false|null")
_WORDS: Final = {"true": True, "false": False, "null": None}


def parse(text: str, name: str) -> tuple[Any, Places]:
    """Read one JSON document as plain data with its places.

    Raises:
        InputError: DOC104, DOC105 or DOC107, as in `nutgraf.records.document.read`.
    """
    return _Reader(text, name).read()


class _Reader:
    def __init__(self, text: str, name: str) -> None:
        self._text = text
        self._name = name
        self._at = 0
        self._places = Places()
        self._problems: list[Problem] = []
        self._lines = [0, *(match.end() for match in re.finditer("\n", text))]

    def read(self) -> tuple[Any, Places]:
        self._skip()
        data = self._value(())
        self._skip()
        if self._at < len(self._text):
            self._fail("something follows the end of the document")
        if self._problems:
            raise InputError(*self._problems)
        return data, self._places

    def _span(self, start: int, end: int | None = None) -> Span:
        line = bisect.bisect_right(self._lines, start)
        return Span(self._name, line, start - self._lines[line - 1] + 1, (end or start) - start)

    def _fail(self, message: str) -> NoReturn:
        raise InputError(Problem("DOC104", f"not valid JSON: {message}", self._span(self._at)))

    def _skip(self) -> None:
        match = _SPACE.match(self._text, self._at)
        self._at = match.end() if match else self._at

    def _take(self, character: str) -> bool:
        if not self._text.startswith(character, self._at):
            return False
        self._at += 1
        self._skip()
        return True

    def _value(self, steps: Steps) -> Any:
        if len(steps) > MAX_DEPTH:
            raise InputError(
                Problem("DOC107", f"nested deeper than {MAX_DEPTH} levels", self._span(self._at), fix="flatten it")
            )
        start = self._at
        self._places.values[steps] = self._span(start)
        if self._take("{"):
            return self._object(steps)
        if self._take("["):
            return self._array(steps)
        value = self._string() if self._text.startswith('"', start) else self._atom()
        self._places.values[steps] = self._span(start, self._at)
        self._skip()
        return value

    def _object(self, steps: Steps) -> dict[str, Any]:
        result: dict[str, Any] = {}
        if self._take("}"):
            return result
        while True:
            start = self._at
            key = self._string()
            span = self._span(start, self._at)
            self._skip()
            if not self._take(":"):
                self._fail("a colon is missing after the key")
            if key in result:
                self._problems.append(Problem("DOC105", f'the key "{key}" stands twice', span, fix="keep one of them"))
            self._places.keys[(*steps, key)] = span
            result[key] = self._value((*steps, key))
            if self._take("}"):
                return result
            if not self._take(","):
                self._fail("a comma or a closing brace is missing")

    def _array(self, steps: Steps) -> list[Any]:
        result: list[Any] = []
        if self._take("]"):
            return result
        while True:
            result.append(self._value((*steps, len(result))))
            if self._take("]"):
                return result
            if not self._take(","):
                self._fail("a comma or a closing bracket is missing")

    def _string(self) -> str:
        if not self._text.startswith('"', self._at):
            self._fail("a string in double quotes is expected")
        try:
            value, self._at = scanstring(self._text, self._at + 1, True)
        except JSONDecodeError as error:
            self._at = error.pos
            self._fail(error.msg)
        if any("\ud800" <= character <= "\udfff" for character in value):
            self._fail("half of a surrogate pair")
        return value

    def _atom(self) -> Any:
        if match := _WORD.match(self._text, self._at):
            self._at = match.end()
            return _WORDS[match.group()]
        match = _NUMBER.match(self._text, self._at)
        if not match:
            self._fail("a value is expected")
        self._at = match.end()
        return float(match.group()) if match.group(2) or match.group(3) else int(match.group())
