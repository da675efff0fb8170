"""JSONPath as nutgraf sees it: chains of names, indexes and wildcards, and any other query as text.

A chain compiles to SQL. Any other query is a valid one of RFC 9535, evaluated as the standard says.

Source: RFC 9535, https://www.rfc-editor.org/rfc/rfc9535
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_SEGMENT: Final = re.compile(
    r"""\.\*|\.?\[\s*\*\s*\]"""
    r"""|\.(?P<dot>[^\W\d]\w*)"""
    r"""|\.?\[\s*(?P<index>0|-?[1-9][0-9]{0,8})\s*\]"""
    r"""|\.?\[\s*(?P<quote>['"])(?P<name>(?:\\.|(?!(?P=quote))[^\\])*)(?P=quote)\s*\]"""
)
_LOOSE: Final = re.compile(
    r"""(?s)(?:^|\.)(?P<name>[^.\[\]*?@'"\\]+)|(?P<rest>\.\.[^.\[]*|\[(?:'[^']*'|"[^"]*"|[^\]'"])*\]|.)"""
)
"""A name of a path without root, or what is taken as it stands."""

_ESCAPED: Final = re.compile(r"\\([\\'\"/])")


@dataclass(frozen=True, slots=True)
class Member:
    """`.name`: the member of an object."""

    name: str


@dataclass(frozen=True, slots=True)
class Index:
    """`[0]`, `[-1]`: the item of an array."""

    position: int


@dataclass(frozen=True, slots=True)
class Wildcard:
    """`[*]`, `.*`: every item of an array, every value of an object."""


Segment = Member | Index | Wildcard


@dataclass(frozen=True, slots=True)
class JsonPath:
    """A query over one JSON value.

    Attributes:
        text: as RFC 9535 writes it, from `$` on.
        segments: the chain that it is; None for a query that only the evaluator answers.
    """

    text: str
    segments: tuple[Segment, ...] | None

    @property
    def many(self) -> bool:
        """Whether it may give more than one value."""
        return self.segments is None or any(isinstance(segment, Wildcard) for segment in self.segments)

    @property
    def names(self) -> tuple[str, ...] | None:
        """The names of a chain of names; None for anything else."""
        if self.segments is None:
            return None
        names = tuple(segment.name for segment in self.segments if isinstance(segment, Member))
        return names if len(names) == len(self.segments) else None


def parse(text: str) -> JsonPath | str:
    """The query that a text is, or what is wrong with it.

    `a.b`, without the root, is `$.a.b`, and its names may have spaces.

    >>> parse("$.people[*].name").segments
    (Member(name='people'), Wildcard(), Member(name='name'))
    >>> parse("a b.c").text
    "$['a b'].c"
    """
    rooted = text if text.startswith("$") else _rooted(text)
    segments = _segments(rooted[1:])
    if segments is not None:
        return JsonPath("$" + "".join(map(_written, segments)), segments)
    import jsonpath_rfc9535  # noqa: PLC0415 - slow, and most queries are chains

    try:
        jsonpath_rfc9535.compile(rooted)
    except jsonpath_rfc9535.JSONPathError as error:
        return str(error).partition(",")[0]
    return JsonPath(rooted, None)


def member(name: str) -> JsonPath:
    """The query of one member."""
    return JsonPath("$" + _written(Member(name)), (Member(name),))


def _rooted(text: str) -> str:
    """`a b[0].c` → `$['a b'][0].c`."""
    return "$" + "".join(
        _written(Member(match["name"])) if match["name"] else match["rest"] for match in _LOOSE.finditer(text)
    )


def _segments(path: str) -> tuple[Segment, ...] | None:
    """The segments of `.a['b'][0][*]`; None when there is anything else."""
    found: list[Segment] = []
    position = 0
    while position < len(path):
        match = _SEGMENT.match(path, position)
        if match is None:
            return None
        segment = _segment(match)
        if segment is None:
            return None
        found.append(segment)
        position = match.end()
    return tuple(found)


def _segment(match: re.Match[str]) -> Segment | None:
    if match["index"] is not None:
        return Index(int(match["index"]))
    if match["dot"] is not None:
        return Member(match["dot"])
    if match["quote"] is None:
        return Wildcard()
    if "\\" in _ESCAPED.sub("", match["name"]):
        return None
    return Member(_ESCAPED.sub(r"\1", match["name"]))


def _written(segment: Segment) -> str:
    if isinstance(segment, Wildcard):
        return "[*]"
    if isinstance(segment, Index):
        return f"[{segment.position}]"
    if re.fullmatch(r"[^\W\d]\w*", segment.name):
        return f".{segment.name}"
    return "['" + segment.name.replace("\\", "\\\\").replace("'", "\\'") + "']"
