"""A value of a YAML document with its place, and the checks of its shape."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from nutgraf.problems import Problem, Span
from nutgraf.records.document import Document

_LINE: Final = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")


@dataclass(frozen=True)
class Node:
    """A value of the document.

    Attributes:
        document: what it is part of.
        steps: the keys and indexes that lead to it.
        value: plain data.
        problems: where every reader of this document puts what it finds.
    """

    document: Document
    steps: tuple[str | int, ...]
    value: Any
    problems: list[Problem]

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.document.span(*self.steps)

    @property
    def key_span(self) -> Span:
        """Where its key stands."""
        return self.document.key_span(*self.steps)

    def report(
        self, code: str, message: str, *, at_key: bool = False, why: str | None = None, fix: str | None = None
    ) -> None:
        """Note a problem of this value, or of its key."""
        self.problems.append(Problem(code, message, self.key_span if at_key else self.span, why, fix))

    def child(self, step: str | int) -> Node:
        """The value under a key or an index."""
        return Node(self.document, (*self.steps, step), self.value[step], self.problems)

    def items(self) -> list[Node]:
        """The values of a list; a single value is a list of one, and nothing is an empty one."""
        if self.value is None:
            return []
        if isinstance(self.value, list):
            return [self.child(index) for index in range(len(self.value))]
        return [self]

    def members(self, what: str) -> list[tuple[str, Node]]:
        """The keys and values of a mapping of any keys."""
        if self.value is None:
            return []
        if not isinstance(self.value, dict):
            self.report("MAP104", f"{what} must be keys with values")
            return []
        return [(key, self.child(key)) for key in self.value]

    def fields(self, what: str, names: Mapping[str, str], unsupported: frozenset[str]) -> dict[str, Node]:
        """The values of a mapping of known keys.

        Args:
            what: for the messages.
            names: each spelling of a key → the key that is returned.
            unsupported: keys of the YARRRML specification that are not read yet.
        """
        found: dict[str, Node] = {}
        for key, node in self.members(what):
            if key in unsupported:
                node.report(
                    "MAP106",
                    f'"{key}" is not supported yet',
                    at_key=True,
                    fix="prepare the value in the source",
                )
            elif key not in names:
                node.report(
                    "MAP105",
                    f'"{key}" is not a key of {what}',
                    at_key=True,
                    why=f"its keys are {', '.join(sorted(set(names.values())))}",
                    fix="correct or remove it",
                )
            elif names[key] in found:
                node.report(
                    "MAP108", f'"{key}" stands twice', at_key=True, why=f"it is short for {names[key]}"
                )
            else:
                found[names[key]] = node
        return found

    def text(self, what: str) -> str | None:
        """The text of a word or number as it is written; None, and a problem, when it is neither."""
        if isinstance(self.value, str):
            return self.value
        if isinstance(self.value, bool | int | float):
            return self._written()
        self.report("MAP104", f"{what} must be text")
        return None

    def _written(self) -> str:
        """A number as it stands in the file: 2.10 is not 2.1."""
        lines = _LINE.split(self.document.raw.decode("utf-8-sig"))
        start = self.span.column - 1
        return lines[self.span.line - 1][start : start + self.span.width]
