"""Which questions two states of a dataset answer differently, found by reading both side by side."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import IO, Final

from nutgraf.publish.site.lines import Line, cut
from nutgraf.publish.site.reading import ABOUT, OF_ARTICLE, PARTS, TO, question

_Block = tuple[bytes, list[bytes]]
MOST: Final = 1_000_000
"""Of so many questions at most a change is followed: beyond, it is as quick to read everything again."""


def changed(before: IO[bytes], after: IO[bytes], base: str) -> set[int] | None:
    """The numbers of all questions whose answers may differ; None where they are too many.

    Where lines are not sorted this finds more, never less.

    Args:
        before: N-Quads, the lines of a subject together.
        after: the same of another state.
        base: IRI that the workspace's nodes start with.
    """
    found: set[int] = set()
    for old, new in _apart(before, after):
        found.update(_questions(old, new, base.encode()))
        if len(found) > MOST:
            return None
    return found


def _apart(before: IO[bytes], after: IO[bytes]) -> Iterator[tuple[list[bytes], list[bytes]]]:
    """The lines of each subject that has not the same ones in both."""
    olds, news = _blocks(before), _blocks(after)
    old, new = next(olds, None), next(news, None)
    while old is not None or new is not None:
        if old is not None and (new is None or old[0] < new[0]):
            yield old[1], []
            old = next(olds, None)
        elif new is not None and (old is None or new[0] < old[0]):
            yield [], new[1]
            new = next(news, None)
        elif old is not None and new is not None:
            if old[1] != new[1]:
                yield old[1], new[1]
            old, new = next(olds, None), next(news, None)


def _blocks(lines: IO[bytes]) -> Iterator[_Block]:
    # In N-Quads no subject has a space.
    for subject, block in groupby(lines, key=lambda line: line.split(b" ", 1)[0]):
        yield subject, list(block)


def _questions(old: list[bytes], new: list[bytes], base: bytes) -> Iterator[int]:
    for block in (old, new):
        if block:
            yield from _of_block(block[0], base)
    for line in set(old).symmetric_difference(new):
        tokens = cut(line)
        if tokens is not None:
            yield from _of_line(tokens, base)


def _of_block(first: bytes, base: bytes) -> Iterator[int]:
    """What is asked for the lines of a subject as a whole."""
    tokens = cut(first)
    if tokens is None:
        return
    iri = tokens.subject[1:-1]
    yield question(ABOUT, iri)
    # A part of the thing before its "#"; a mention, of the article whose evidence its first line is.
    yield question(PARTS, iri.partition(b"#")[0])
    yield question(PARTS, base + b"id/" + tokens.graph.removeprefix(base + b"graph/evidence/"))


def _of_line(tokens: Line, base: bytes) -> Iterator[int]:
    yield question(TO, tokens.object[1:-1])
    articles = base + b"graph/article/"
    if tokens.graph.startswith(articles):
        yield question(OF_ARTICLE, base + b"id/" + tokens.graph.removeprefix(articles))
