"""The part of a graph that a page carries, as its writers see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

Node: TypeAlias = NamedNode | BlankNode
Term: TypeAlias = NamedNode | BlankNode | Literal | Triple


@dataclass(frozen=True, slots=True)
class Statement:
    """A triple, as the node that it is written under says it.

    Attributes:
        key: the name of the property there; that of the inverse when the node is the triple's object.
        value: the other end.
        triple: what it says.
    """

    key: str
    value: Term
    triple: Triple


@dataclass(frozen=True)
class PagePart:
    """What a page carries of a graph.

    Attributes:
        root: the page's thing.
        language: the page's language.
        nodes: node → what is written under it, `rdf:type` included; in the order of their distance.
        homes: node → the node and the property under which a nested page describes it; a tree.
    """

    root: Node
    language: str
    nodes: dict[Node, list[Statement]] = field(default_factory=dict)
    homes: dict[Node, tuple[Node, str]] = field(default_factory=dict)

    def triples(self) -> list[Triple]:
        """The distinct triples of the part."""
        return list(
            dict.fromkeys(statement.triple for statements in self.nodes.values() for statement in statements)
        )


def statement_order(statement: Statement) -> tuple[int, str, str]:
    """Sort key of a statement below its node: by property, then by value."""
    return (*key_order(statement.key), str(statement.value))


_KEYS: Final = """
    @type @id mainEntity headline name alternateName url mainEntityOfPage description inLanguage image logo
    datePublished dateModified author publisher isPartOf startDate endDate duration location organizer
    roleName member memberOf superEvent about mentions
    """.split()
_RANK: Final = {key: number for number, key in enumerate(_KEYS)} | {"subEvent": 998, "sameAs": 999}


def key_order(key: str) -> tuple[int, str]:
    """Sort key of a property: what readers look for first, then by name, links to elsewhere last."""
    return _RANK.get(key, 500), key
