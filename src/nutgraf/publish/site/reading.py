"""What a page's part was read from: every question that was asked of the index.

The answer to each question is made of certain lines of the dataset and of nothing else. So a part that was
read in one state of the dataset is right in another, if no line of an answer came, went or changed:
`nutgraf.publish.site.changes` says which answers two states have apart.
"""

from __future__ import annotations

from array import array
from typing import Final, Protocol

from nutgraf.publish.site.index import Node
from nutgraf.publish.site.indexing import hash64

ABOUT: Final = "about "
PARTS: Final = "parts "
TO: Final = "to "
OF_ARTICLE: Final = "of "
"""The questions: the lines about a node, about its parts, that lead to it, of an article."""


class Questions(Protocol):
    """What a part is read from: an `Index`, or one that keeps count."""

    def about(self, iri: str) -> list[bytes]:
        """The lines whose subject is a node."""

    def parts(self, iri: str) -> list[bytes]:
        """The lines about the fragments of a node."""

    def to(self, iri: str) -> list[bytes]:
        """The lines whose object is a node."""

    def of_article(self, iri: str) -> list[bytes]:
        """The lines of an article's graph."""

    def node(self, iri: str) -> Node | None:
        """The thing of that IRI, if it has a page."""


class Reading:
    """An index that remembers what it was asked.

    Args:
        index: what answers.
    """

    def __init__(self, index: Questions) -> None:
        self._index = index
        self._asked: dict[str, None] = {}

    @property
    def asked(self) -> array[int]:
        """The numbers of the questions."""
        return array("q", sorted(map(hash64, self._asked)))

    def about(self, iri: str) -> list[bytes]:
        """The lines whose subject is a node."""
        self._asked[ABOUT + iri] = None
        return self._index.about(iri)

    def parts(self, iri: str) -> list[bytes]:
        """The lines about the fragments of a node."""
        self._asked[PARTS + iri] = None
        return self._index.parts(iri)

    def to(self, iri: str) -> list[bytes]:
        """The lines whose object is a node."""
        self._asked[TO + iri] = None
        return self._index.to(iri)

    def of_article(self, iri: str) -> list[bytes]:
        """The lines of an article's graph."""
        self._asked[OF_ARTICLE + iri] = None
        return self._index.of_article(iri)

    def node(self, iri: str) -> Node | None:
        """The thing of that IRI: it is made of the lines about it."""
        self._asked[ABOUT + iri] = None
        return self._index.node(iri)


def question(kind: str, iri: bytes) -> int:
    """The number of a question, as `Reading.asked` has it."""
    return hash64(kind.encode() + iri)
