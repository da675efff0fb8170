"""Where a block goes: found by the tree that a browser would build, told as places in the source.

Source: HTML §13.2.6, https://html.spec.whatwg.org/multipage/parsing.html#tree-construction
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import turbohtml
from turbohtml import Element, TokenType

from nutgraf.problems import InputError, Problem, Span
from nutgraf.publish.embed.script import MARKER

_OURS: Final = frozenset({"script", "link"})
_VOID: Final = frozenset({"base", "basefont", "bgsound", "link", "meta"})
_CONTENT_END: Final = frozenset({"head", "body", "html", "br"})
"""The end tags that are not ignored before the head. Source: HTML §13.2.6.4.3"""
_PROBE: Final = "probe"
_WHITE_SPACE: Final = " \t\n\f\r"
_CRLF: Final = re.compile("\r\n")


@dataclass(frozen=True)
class Place:
    """What to replace, and by what it is replaced.

    Attributes:
        start: offset of the new block in the source.
        ours: ranges of our earlier block's elements, in order.
    """

    start: int
    ours: tuple[tuple[int, int], ...] = ()


def find_place(source: str, file: str) -> Place:
    """Find our earlier block, or else the end of `head`.

    Args:
        source: the page without byte-order mark, each byte a character.
        file: how problems call the page.

    Raises:
        InputError: EMB102 our earlier block is not closed; EMB103 the page ends before its head begins.
    """
    tree = turbohtml.parse(source, source_locations=True, scripting=True)
    offsets = _Offsets(source)
    ours = [_range(element, offsets, file) for element in tree.find_all(list(_OURS)) if _is_ours(element)]
    if ours:
        ours.sort()
        return Place(ours[0][0], tuple(ours))
    head = tree.find("head")
    place = _end_of(head) if head is not None else None
    return Place(
        offsets.original(place) if place is not None else offsets.original(_before_content(source, file))
    )


def _is_ours(element: Element) -> bool:
    """In the document itself: not in a template, and not of SVG."""
    if MARKER not in element.attrs or element.source_location is None:
        return False
    outermost: object = element
    while isinstance(outermost, Element):
        if outermost.tag in {"svg", "math"}:
            return False
        outermost = outermost.parent
    return isinstance(outermost, turbohtml.Document)


def _range(element: Element, offsets: _Offsets, file: str) -> tuple[int, int]:
    location = element.source_location
    if location is None or (element.tag == "script" and location.end_tag is None):
        raise InputError(
            Problem(
                "EMB102",
                "the block of an earlier run is not closed",
                Span(file, *_line_and_column(location)),
                why="everything after it belongs to it, and would be replaced with it",
                fix="restore the page, or close the script by hand",
            )
        )
    end = location.end_tag.end_offset if location.end_tag else location.start_tag.end_offset
    return offsets.original(location.start_tag.start_offset), offsets.original(end)


def _line_and_column(location: object) -> tuple[int, int]:
    tag = getattr(location, "start_tag", None)
    return (tag.start_line, tag.start_col + 1) if tag else (1, 1)


def _end_of(head: Element) -> int | None:
    """The end of a head in the source; None where nothing of it stands there."""
    location = head.source_location
    if location is not None and location.end_tag is not None:
        return location.end_tag.start_offset
    place = location.start_tag.end_offset if location is not None else None
    for child in _elements(head.children):
        found = child.source_location
        if found is None:
            continue
        if found.end_tag is None and child.tag not in _VOID:
            return found.start_tag.start_offset  # it is open to the end of the page
        place = (found.end_tag or found.start_tag).end_offset
    return place


def _elements(nodes: Sequence[object]) -> list[Element]:
    return [node for node in nodes if isinstance(node, Element)]


def _before_content(source: str, file: str) -> int:
    """After the doctype, comments and the `html` tag: where a head begins that has no tag.

    A tag put behind the page tells whether its end is open: inside a comment, say.

    Raises:
        InputError: EMB103 it is.
    """
    lines = _LineStarts(source)
    place = 0
    for token in turbohtml.tokenize(f"{source}<{_PROBE}>"):
        place = lines.offset(token.line, token.col)
        match token.type:
            case TokenType.DOCTYPE | TokenType.COMMENT | TokenType.PROCESSING_INSTRUCTION:
                continue
            case TokenType.START_TAG if token.tag == "html":
                continue
            case TokenType.END_TAG if token.tag not in _CONTENT_END:
                continue
            case TokenType.TEXT:
                text = token.data or ""
                content = text.lstrip(_WHITE_SPACE)
                if content:
                    return place + len(text) - len(content)
            case _:
                return place
    line, column = lines.place(place)
    raise InputError(
        Problem(
            "EMB103",
            "the page ends inside a comment, a doctype or a tag, before any content",
            Span(file, line, column),
            why="whatever is put behind it would belong to it",
            fix="restore the page",
        )
    )


class _LineStarts:
    """Offsets in the source with its line ends as HTML normalizes them."""

    def __init__(self, source: str) -> None:
        normalized = source.replace("\r\n", "\n").replace("\r", "\n")
        self._starts = [0, *(match.end() for match in re.finditer("\n", normalized))]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        return self._starts[line - 1] + column


class _Offsets:
    """From the parser's offsets, which count CRLF as one, to the source's."""

    def __init__(self, source: str) -> None:
        self._pairs = [match.start() - number for number, match in enumerate(_CRLF.finditer(source))]

    def original(self, offset: int) -> int:
        return offset + bisect_left(self._pairs, offset)
