"""YAML with the line and column of every value.

The data is built straight from PyYAML's events, each of which has a mark. Tags, anchors and aliases are
refused: a fact sheet is data, and an alias can blow a small file up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import yaml

from nutgraf.problems import InputError, Problem, Span
from nutgraf.records import findings, scalars
from nutgraf.records.places import Lines, Places, Steps

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# YAML 1.2 core schema: `no` is a language tag here, not a boolean, and 012 is not ten.
_INTEGER: Final = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT: Final = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+([eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)")
_WORDS: Final = {"true": True, "false": False, "null": None, "~": None, "": None}
_QUOTED: Final = frozenset({"'", '"', "|", ">"})


def parse(text: str, name: str) -> tuple[Any, Places]:
    """Read one YAML document as plain data with its places.

    Plain scalars follow YAML 1.2's core schema: `no`, `on` and `2024-11-07` are strings.

    Raises:
        InputError: DOC104 to DOC109, as in `nutgraf.records.document.read`.
    """
    lines = Lines(text, name)
    try:
        return _Reader(text, lines).read()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        span = lines.span(mark.index) if mark else Span(name)
        raise _syntax_error(error.problem or error.context or "not YAML", span) from error
    except yaml.YAMLError as error:
        raise _syntax_error(str(error).partition("\n")[0], Span(name)) from error


def _syntax_error(message: str, span: Span) -> InputError:
    return InputError(Problem("DOC104", f"not valid YAML: {message}", span))


class _Reader:
    def __init__(self, text: str, lines: Lines) -> None:
        self._events: Iterator[Any] = yaml.parse(text, _LOADER)
        self._lines = lines
        self._places = Places()
        self._problems: list[Problem] = []

    def read(self) -> tuple[Any, Places]:
        next(self._events)  # the start of the stream
        start = next(self._events)
        if isinstance(start, yaml.StreamEndEvent):
            raise InputError(Problem("DOC104", "the file is empty", self._span(start)))
        data = self._value(next(self._events), ())
        next(self._events)  # the end of the document
        self._refuse_more(next(self._events))
        if self._problems:
            raise InputError(*self._problems)
        return data, self._places

    def _refuse_more(self, event: yaml.Event) -> None:
        if not isinstance(event, yaml.StreamEndEvent):
            problem = Problem("DOC104", "more than one document in the file", self._span(event))
            raise InputError(*self._problems, problem)

    def _span(self, event: Any, end: Any = None) -> Span:
        return self._lines.span(event.start_mark.index, (end or event).end_mark.index)

    def _value(self, event: Any, steps: Steps) -> Any:
        """The value that starts with `event`; its events are consumed."""
        self._refuse_indirection(event)
        end = event
        value: Any = None
        if isinstance(event, yaml.ScalarEvent):
            value = self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            if len(steps) >= findings.MAX_DEPTH:
                raise InputError(findings.too_deep(self._span(event)))
            fill = self._mapping if isinstance(event, yaml.MappingStartEvent) else self._sequence
            value, end = fill(steps)
        self._places.values[steps] = self._span(event, end)
        return value

    def _refuse_indirection(self, event: Any) -> None:
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            message, fix = "anchors and aliases are not used here", "write the value out"
        elif event.tag is not None:
            message, fix = f"the tag {event.tag} is not used here", "remove the tag"
        else:
            return
        self._problems.append(Problem("DOC106", message, self._span(event), fix=fix))

    def _sequence(self, steps: Steps) -> tuple[list[Any], yaml.Event]:
        result: list[Any] = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                return result, event
            result.append(self._value(event, (*steps, len(result))))
        raise AssertionError("the parser ends every sequence")

    def _mapping(self, steps: Steps) -> tuple[dict[str, Any], yaml.Event]:
        result: dict[str, Any] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                return result, event
            key = self._key(event, steps)
            span = self._span(event)
            if key in result:
                self._problems.append(findings.key_twice(key, span))
            self._places.keys[*steps, key] = span
            result[key] = self._value(next(self._events), (*steps, key))
        raise AssertionError("the parser ends every mapping")

    def _key(self, event: Any, steps: Steps) -> str:
        """A key as it is written: `1` and `null` are the keys "1" and "null"."""
        self._refuse_indirection(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._text(event)
        if isinstance(event, yaml.CollectionStartEvent):
            self._problems.append(Problem("DOC104", "a key must be a word", self._span(event)))
            self._value(event, (*steps, ""))
        return ""

    def _text(self, event: yaml.ScalarEvent) -> str:
        text: str = event.value
        if scalars.refused_character(text) is not None:
            self._problems.append(findings.refused_character(text, self._span(event)))
        return text

    def _scalar(self, event: yaml.ScalarEvent) -> Any:
        text = self._text(event)
        if event.style in _QUOTED:
            return text
        if text in _WORDS:
            return _WORDS[text]
        if not (_INTEGER.fullmatch(text) or _FLOAT.fullmatch(text)):
            return text
        number = scalars.integer(text) if _INTEGER.fullmatch(text) else scalars.decimal(text)
        if number is None:
            self._problems.append(findings.too_large(self._span(event)))
        return number
