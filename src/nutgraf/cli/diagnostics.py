"""Problems as people read them: place, code, sentence, the line itself, why and how to fix it."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from nutgraf.problems import Problem, Span

_GUTTER: Final = 6
_WIDEST: Final = 120
_LARGEST: Final = 64 * 1024 * 1024
"""No line of a larger file is shown."""
_STEERING: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@functools.cache
def console() -> Console:
    """Where messages go: stderr, with colour only on a terminal."""
    return Console(stderr=True, highlight=False, markup=False, soft_wrap=True)


def say(message: str, style: str = "") -> None:
    """Print one line of message to stderr."""
    console().print(Text(message, style=style))


def show(problems: Sequence[Problem], root: Path | None = None) -> None:
    """Print problems to stderr, a block each, and how many there are.

    Args:
        problems: in the order to print.
        root: folder that their files are relative to.
    """
    for problem in problems:
        console().print(render(problem, root))
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    if len(problems) > 1:
        say(f"{errors} error{'s' * (errors != 1)}, {warnings} warning{'s' * (warnings != 1)}", style="bold")


def render(problem: Problem, root: Path | None = None) -> Text:
    """One problem, in the form of the compilers that people like to read."""
    colour = "red" if problem.severity == "error" else "yellow"
    text = Text()
    if problem.span:
        text.append(f"{problem.span}: ", style="bold")
    text.append(f"{problem.code} ", style=f"bold {colour}")
    text.append("warning, " if problem.severity == "warning" else "").append(problem.message)
    if problem.span:
        text.append(snippet(problem.span, root, colour))
    for label, sentence in (("why", problem.why), ("fix", problem.fix)):
        if sentence:
            text.append(f"\n  {label}  ", style="cyan").append(sentence)
    text.append(f"\n  see  docs/errors.md#{problem.code.lower()}", style="dim")
    return text


def snippet(span: Span, root: Path | None, colour: str) -> Text:
    """The line of a place with a mark under it; nothing where the line cannot be read."""
    line = source_line(span, root)
    if line is None:
        return Text()
    start = span.column - 1
    width = max(1, min(span.width, len(line) - start, _WIDEST))
    offset = max(0, start - _WIDEST // 2) if start + width > _WIDEST else 0
    shown = line[offset : offset + _WIDEST]
    text = Text(f"\n{span.line:>{_GUTTER}} | ", style="dim")
    text.append(shown, style="not dim")
    text.append(f"\n{'':>{_GUTTER}} | ")
    return text.append(" " * (start - offset) + "^" * width, style=f"not dim bold {colour}")


def source_line(span: Span, root: Path | None = None) -> str | None:
    """The line of a place, without its end; None where it cannot be read."""
    lines = _lines(Path(span.file) if root is None else root / span.file)
    if not 0 < span.line <= len(lines):
        return None
    return printable(lines[span.line - 1].rstrip("\r").replace("\t", " "))


def printable(text: str) -> str:
    """A text of somebody else's without the characters that steer a terminal.

    >>> printable("a\x1b[2Jb")
    'a\N{REPLACEMENT CHARACTER}[2Jb'
    """
    return _STEERING.sub("\N{REPLACEMENT CHARACTER}", text)


@functools.lru_cache(maxsize=8)
def _lines(path: Path) -> list[str]:
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return []  # reading a pipe may never end
        return path.read_text(encoding="utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError):
        return []
