"""YAML with the line and column of every value.

PyYAML's composer gives a mark on every node. Tags, anchors and aliases are refused: a fact sheet is
data, and an alias can blow a small file up.
"""

from __future__ import annotations

import re
from typing import Any, Final

import yaml

from nutgraf.problems import InputError, Problem, Span
from nutgraf.records.places import Places, Steps

MAX_DEPTH: Final = 60
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# YAML 1.2 core schema: `no` is a language tag here, not a boolean, and 012 is not ten.
_INTEGER: Final = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT: Final = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+([eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+)")
_WORDS: Final = {"true": True, "false": False, "null": None, "~": None, "": None}


def parse(text: str, name: str) -> tuple[Any, Places]:
    """Read one YAML document as plain data with its places.

    Plain scalars follow YAML 1.2's core schema: `no`, `on` and `2024-11-07` are strings.

    Raises:
        InputError: DOC104 to DOC107, as in `nutgraf.records.document.read`.
    """
    try:
        _refuse_indirection(text, name)
        root = yaml.compose(text, _LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _syntax_error(error.problem or error.context or "not YAML", mark, name) from error
    except yaml.YAMLError as error:
        raise _syntax_error(str(error).splitlines()[0], None, name) from error
    except RecursionError as error:
        raise InputError(_too_deep(Span(name))) from error
    if root is None:
        raise InputError(Problem("DOC104", "the file is empty", Span(name)))
    return _Builder(name).build(root)


def _syntax_error(message: str, mark: Any, name: str) -> InputError:
    span = Span(name, mark.line + 1, mark.column + 1) if mark else Span(name)
    return InputError(Problem("DOC104", f"not valid YAML: {message}", span))


def _too_deep(span: Span) -> Problem:
    return Problem("DOC107", f"nested deeper than {MAX_DEPTH} levels", span, fix="flatten it")


def _refuse_indirection(text: str, name: str) -> None:
    """Refuse tags, anchors and aliases from the event stream, before anything is built."""
    problems = []
    depth = 0
    for event in yaml.parse(text, _LOADER):
        span = Span(name, event.start_mark.line + 1, event.start_mark.column + 1)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise InputError(_too_deep(span))
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            problems.append(Problem("DOC106", "anchors and aliases are not used here", span, fix="write the value out"))
        elif getattr(event, "tag", None):
            problems.append(Problem("DOC106", f"the tag {event.tag} is not used here", span, fix="remove the tag"))
        elif isinstance(event, yaml.DocumentStartEvent) and event.explicit and span.line > 1 and depth:
            problems.append(Problem("DOC104", "more than one document in the file", span))
    if problems:
        raise InputError(*problems)


class _Builder:
    def __init__(self, name: str) -> None:
        self._name = name
        self._places = Places()
        self._problems: list[Problem] = []

    def build(self, root: yaml.Node) -> tuple[Any, Places]:
        data = self._value(root, ())
        if self._problems:
            raise InputError(*self._problems)
        return data, self._places

    def _span(self, node: yaml.Node) -> Span:
        start, end = node.start_mark, node.end_mark
        width = end.column - start.column if end.line == start.line else 0
        return Span(self._name, start.line + 1, start.column + 1, max(width, 0))

    def _value(self, node: yaml.Node, steps: Steps) -> Any:
        self._places.values[steps] = self._span(node)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, steps)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, (*steps, index)) for index, item in enumerate(node.value)]
        return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, steps: Steps) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            span = self._span(key_node)
            if not isinstance(key_node, yaml.ScalarNode):
                self._problems.append(Problem("DOC104", "a key must be a word", span))
                continue
            key = key_node.value
            if key in result:
                self._problems.append(
                    Problem("DOC105", f'the key "{key}" stands twice', span, fix="keep one of them")
                )
                continue
            self._places.keys[(*steps, key)] = span
            result[key] = self._value(value_node, (*steps, key))
        return result


def _scalar(node: yaml.Node) -> Any:
    text: str = node.value
    if node.style in {"'", '"', "|", ">"}:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text
