"""JSON with the line and column of every value (RFC 8259)."""

from __future__ import annotations

import re
from json import JSONDecodeError, JSONDecoder
from typing import Any, Final, NoReturn

from nutgraf.problems import InputError, Problem
from nutgraf.records import findings, scalars
from nutgraf.records.places import Lines, Places, Steps

_SPACE: Final = re.compile(r"[ \t\n\r]*")
_NUMBER: Final = re.compile(r"(-?(?:0|[1-9][0-9]*))((?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)")
_WORD: Final = re.compile(r"true|false|null")
_WORDS: Final = {"true": True, "false": False, "null": None}
_DECODER: Final = JSONDecoder()


def parse(text: str, name: str) -> tuple[Any, Places]:
    """Read one JSON document as plain data with its places.

    Raises:
        InputError: DOC104, DOC105, DOC107, DOC108 or DOC109, as in `nutgraf.records.document.read`.
    """
    return _Reader(text, name).read()


class _Reader:
    def __init__(self, text: str, name: str) -> None:
        self._text = text
        self._lines = Lines(text, name)
        self._at = 0
        self._places = Places()
        self._problems: list[Problem] = []

    def read(self) -> tuple[Any, Places]:
        self._skip()
        if self._at == len(self._text):
            self._fail("the file is empty")
        data = self._value(())
        if self._at < len(self._text):
            self._fail("something follows the end of the document")
        if self._problems:
            raise InputError(*self._problems)
        return data, self._places

    def _fail(self, message: str) -> NoReturn:
        raise InputError(Problem("DOC104", f"not valid JSON: {message}", self._lines.span(self._at)))

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
        start = self._at
        value: Any
        if self._text.startswith(("{", "["), start):
            if len(steps) >= findings.MAX_DEPTH:
                raise InputError(findings.too_deep(self._lines.span(start)))
            value, end = self._object(steps) if self._take("{") else self._array(steps)
        else:
            value = self._string() if self._text.startswith('"', start) else self._atom()
            end = self._at
            self._skip()
        self._places.values[steps] = self._lines.span(start, end)
        return value

    def _close(self, character: str) -> int | None:
        """Step over a closing bracket: where it ends, or None when it is not there."""
        end = self._at + 1
        return end if self._take(character) else None

    def _object(self, steps: Steps) -> tuple[dict[str, Any], int]:
        result: dict[str, Any] = {}
        if end := self._close("}"):
            return result, end
        while True:
            start = self._at
            key = self._string()
            span = self._lines.span(start, self._at)
            self._skip()
            if not self._take(":"):
                self._fail("a colon is missing after the key")
            if key in result:
                self._problems.append(findings.key_twice(key, span))
            self._places.keys[*steps, key] = span
            result[key] = self._value((*steps, key))
            if end := self._close("}"):
                return result, end
            if not self._take(","):
                self._fail("a comma or a closing brace is missing")

    def _array(self, steps: Steps) -> tuple[list[Any], int]:
        self._take("[")
        result: list[Any] = []
        if end := self._close("]"):
            return result, end
        while True:
            result.append(self._value((*steps, len(result))))
            if end := self._close("]"):
                return result, end
            if not self._take(","):
                self._fail("a comma or a closing bracket is missing")

    def _string(self) -> str:
        start = self._at
        if not self._text.startswith('"', start):
            self._fail("a string in double quotes is expected")
        value: str
        try:
            value, self._at = _DECODER.raw_decode(self._text, start)
        except JSONDecodeError as error:
            self._at = error.pos
            self._fail(error.msg.removesuffix(" at").removesuffix(" starting").lower())
        if scalars.refused_character(value) is not None:
            self._problems.append(findings.refused_character(value, self._lines.span(start, self._at)))
        return value

    def _atom(self) -> Any:
        start = self._at
        if match := _WORD.match(self._text, start):
            self._at = match.end()
            return _WORDS[match.group()]
        match = _NUMBER.match(self._text, start)
        if not match:
            self._fail("a value is expected")
        self._at = match.end()
        number = scalars.decimal(match.group()) if match[2] else scalars.integer(match[1])
        if number is None:
            self._problems.append(findings.too_large(self._lines.span(start, self._at)))
        return number
