"""Where the mistake is in a JSON or JSON Lines file that cannot be read."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

from nutgraf.mapping import plain_text
from nutgraf.problems import InputError, Problem, Span

MAX_VALUE: Final = 16 * 1024 * 1024
"""The engine's bound of one record in bytes."""

_SMALL: Final = 4096
_MAX_SEARCHED: Final = 256 * 1024 * 1024
"""A larger file is not searched for its mistake."""


_SURROGATES: Final = re.compile(
    r"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)


def refuse(path: Path, name: str, *, lines: bool) -> None:
    """Refuse what the engine would take: an empty document, and the escape of a NUL character.

    Raises:
        InputError: MAP117, with the place.
    """
    if not lines and path.stat().st_size < _SMALL and not path.read_bytes().strip():
        raise InputError(Problem("MAP117", "not valid JSON: the file is empty", Span(name)))
    plain_text.refuse_escaped_nul(path, name)


def find_mistake(path: Path, *, lines: bool, array: bool, name: str) -> Problem | None:
    """The first thing that is wrong, with its place; None when nothing is found.

    Args:
        path: the file.
        lines: whether it is JSON Lines.
        array: whether its value must be an array.
        name: how messages call the file.
    """
    if path.stat().st_size > _MAX_SEARCHED:
        return None
    found = plain_text.find_mistake(path, name)
    if found:
        return found
    return _in_lines(path, name) if lines else _in_document(path, name, array=array)


def _in_lines(path: Path, name: str) -> Problem | None:
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if len(line) > MAX_VALUE:
                why = f"a record has at most {MAX_VALUE} bytes"
                return Problem("MAP117", "the line is too long", Span(name, number), why=why)
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
            if text.strip():
                found = _parse(text, name, number)
                if isinstance(found, Problem):
                    return found
    return None


def _in_document(path: Path, name: str, *, array: bool) -> Problem | None:
    found = _parse(path.read_text(encoding="utf-8-sig"), name, 1)
    if isinstance(found, Problem):
        return found
    if array and not isinstance(found, list):
        fix = "write the path of the array, such as $.items[*]"
        return Problem("MAP117", "the document is no array", Span(name), why="the iterator is $[*]", fix=fix)
    if array and any(len(json.dumps(value)) > MAX_VALUE for value in found):
        why = f"a record has at most {MAX_VALUE} bytes"
        return Problem("MAP117", "a record is too long", Span(name), why=why)
    return None


def _parse(text: str, name: str, line: int) -> Any:
    """The value, or what is wrong with the text."""
    try:
        value = json.loads(text)
        half = next((match for match in _SURROGATES.finditer(text) if match["half"]), None)
        if half is None:
            return value
        message, at = "not valid JSON: half a surrogate pair is no character", half.start()
        before = text[:at]
        span = Span(name, line + before.count("\n"), at - before.rfind("\n"), len(half[0]))
        return Problem("MAP117", message, span)
    except json.JSONDecodeError as error:
        span = Span(name, line + error.lineno - 1, error.colno)
        is_end = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated")
        what = "it ends too early" if is_end else error.msg[:1].lower() + error.msg[1:].removesuffix(" at")
        return Problem("MAP117", f"not valid JSON: {what}", span)
    except RecursionError:
        return Problem("MAP117", "nested too deep", Span(name, line))
    except ValueError as error:  # a number of thousands of digits
        return Problem("MAP117", f"not valid JSON: {str(error).partition(';')[0]}", Span(name, line))
