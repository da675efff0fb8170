"""SHACL's patterns: regular expressions of XPath, run by RE2 where it reads them alike, else by Python.

Source: XPath Functions 3.1 §5.6.1, https://www.w3.org/TR/xpath-functions-31/#regex-syntax
"""

from __future__ import annotations

import functools
import re
from typing import Final

import duckdb

_FLAGS: Final = frozenset("ismxq")
_TOKEN: Final = re.compile(r"\\.|.", re.DOTALL)
_CLASSES: Final = {"d": r"\p{Nd}", "w": r"\p{L}\p{N}_", "s": r" \t\n\r"}
"""Escape → the inside of a bracket that means it, in all of Unicode."""
_SPACES: Final = r"\x20\t\n\r"
"""The spaces of XPath, for Python; the flag x takes away only those that stand there themselves."""


def problem(pattern: str, flags: str) -> str | None:
    """What is wrong with a pattern, if anything."""
    unknown = sorted(set(flags) - _FLAGS)
    if unknown:
        return f'the flag "{unknown[0]}" is none of i, s, m, x and q'
    if to_re2(pattern, flags) is not None:
        return None
    try:
        to_python(pattern, flags)
    except re.error as error:
        return f"the pattern is no regular expression: {error}"
    return None


def to_re2(pattern: str, flags: str) -> str | None:
    """The pattern for RE2; None when RE2 cannot read it, or would read it otherwise."""
    if "q" in flags:
        translated = re.escape(pattern)
    else:
        text = _spelt_out(pattern, flags)
        if text is None:
            return None
        translated = text
    switches = "".join(sorted(set(flags) & set("ism")))
    translated = f"(?{switches}){translated}" if switches else translated
    return translated if _compiles(translated) else None


def to_python(pattern: str, flags: str) -> re.Pattern[str]:
    """The pattern for Python's `re`.

    Raises:
        re.error: it cannot be read.
    """
    if "q" in flags:
        return re.compile(re.escape(pattern), _python_flags(flags))
    text = _packed(pattern, flags)
    return re.compile(_end_is_end(text) if "m" not in flags else text, _python_flags(flags))


def with_spaces(pattern: str, flags: str) -> str | None:
    r"""The pattern with `\s` and `\S` as XPath means them; None where it cannot be said.

    >>> print(with_spaces(r"^\S+[\s,]\S+$", ""))
    ^[^\x20\t\n\r]+[\x20\t\n\r,][^\x20\t\n\r]+$
    """
    parts: list[str] = []
    in_class = False
    for part in _TOKEN.findall(_packed(pattern, flags)):
        in_class = (in_class or part == "[") and part != "]"
        if part == r"\S" and in_class:
            return None
        if part in {r"\s", r"\S"}:
            inside = ("^" if part == r"\S" else "") + _SPACES
            part = inside if in_class else f"[{inside}]"  # noqa: PLW2901
        parts.append(part)
    return "".join(parts)


def _packed(pattern: str, flags: str) -> str:
    """The pattern without the spaces that the flag x takes away."""
    return re.sub(r"[ \t\n\r]", "", pattern) if "x" in flags else pattern


def _python_flags(flags: str) -> int:
    names = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE}
    value = 0
    for flag in set(flags) & names.keys():
        value |= names[flag]
    return value


@functools.cache
def _connection() -> duckdb.DuckDBPyConnection:
    """A database to try patterns in: opening one takes longer than all of them."""
    return duckdb.connect(config={"threads": 1})


@functools.lru_cache(maxsize=1000)
def _compiles(pattern: str) -> bool:
    try:
        _connection().cursor().execute("select regexp_matches('', $pattern)", {"pattern": pattern}).fetchall()
    except duckdb.Error:
        return False
    return True


def _spelt_out(pattern: str, flags: str) -> str | None:
    """The pattern with its classes of characters written out; None when it has other escapes of letters."""
    parts: list[str] = []
    in_class = False
    for part in _TOKEN.findall(_packed(pattern, flags)):
        letter = part[1:] if len(part) > 1 else ""
        if letter.lower() in _CLASSES and letter:
            inside = _CLASSES[letter.lower()]
            if letter.isupper() and in_class:
                return None
            parts.append(inside if in_class else f"[{'^' if letter.isupper() else ''}{inside}]")
            continue
        if letter.isalnum() and letter not in "nrtpP":
            return None
        if part == "[":
            if in_class:
                return None
            in_class = True
        elif part == "]":
            in_class = False
        parts.append(part)
    return "".join(parts)


def _end_is_end(pattern: str) -> str:
    """`$` is the end of the text, never a line break before it."""
    parts: list[str] = []
    in_class = False
    for part in _TOKEN.findall(pattern):
        in_class = (in_class or part == "[") and part != "]"
        parts.append(r"\Z" if part == "$" and not in_class else part)
    return "".join(parts)
