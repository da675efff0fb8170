"""Places, problems and the family of errors. Imports nothing of the project.

```text
NutgrafError            what the command line catches; carries problems
├── InputError          could not run: unreadable input, wrong usage   exit code 2
└── ContentError        ran, and the content has findings              exit code 1
```
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Final, Literal

Severity = Literal["error", "warning"]

_SHOWN: Final = 60


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A place in a file: lines and columns from 1, columns in characters.

    Attributes:
        file: path as the user would write it.
        line: first line.
        column: first column.
        width: number of characters from `column` on, on that line; 0 when unknown.
    """

    file: str
    line: int = 1
    column: int = 1
    width: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: what, where, why and how to fix it.

    Attributes:
        code: stable, documented in docs/errors.md, such as "SHT101".
        message: one sentence, lower case, no full stop.
        span: the place to mend, when there is one.
        why: what makes it a problem.
        fix: what to do.
        severity: only errors stop a build.
    """

    code: str
    message: str
    span: Span | None = None
    why: str | None = None
    fix: str | None = None
    severity: Severity = "error"

    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Place, then code; how wide the place is does not matter."""
        place = (self.span.file, self.span.line, self.span.column) if self.span else ("", 0, 0)
        return (*place, self.code, self.message)

    def __str__(self) -> str:
        place = f"{self.span}: " if self.span else ""
        return f"{place}{self.code} {self.message}"


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """The distinct problems, sorted by place, so that a report never depends on reading order."""
    return sorted(set(problems), key=Problem.sort_key)


def quoted(text: str) -> str:
    """A text as a message shows it: in quotes, on one line, of a bearable length.

    >>> quoted("two\\nlines")
    '"two\\\\nlines"'
    """
    shown = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
    return json.dumps(shown, ensure_ascii=False)


def closest(name: str, names: Iterable[str]) -> str | None:
    """The fix for a slip of the pen, where a name is like one of those that there are.

    >>> closest("persn", ["person", "place"])
    'write "person"'
    """
    found = difflib.get_close_matches(name, sorted(names), n=1)
    return f'write "{found[0]}"' if found else None


class NutgrafError(Exception):
    """Base of all errors that are the input's fault and not ours.

    Attributes:
        exit_code: what the command ends with.
        goes_on: whether work that was given up is still going on in a thread.
    """

    exit_code: ClassVar[int] = 2
    goes_on: ClassVar[bool] = False

    def __init__(self, *problems: Problem) -> None:
        self.problems = tuple(in_order(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class InputError(NutgrafError):
    """The command could not run."""

    exit_code = 2


class ContentError(NutgrafError):
    """The content could be read and has findings."""

    exit_code = 1
