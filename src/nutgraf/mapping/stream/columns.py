"""The columns that a mapping reads of JSON values, as a schema for the engine's reader.

Values keep their own types: what is read of a value in the end is JSON.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from nutgraf.mapping.json_path import Member, Segment, Wildcard

VALUE = "JSON"


class NoSchemaError(Exception):
    """Two references read one value in different ways, or a name is none that the engine takes."""


@dataclass
class Node:
    """What is read of a value: members, items, or the value itself."""

    members: dict[str, Node] = field(default_factory=dict)
    items: Node | None = None
    is_value: bool = False

    def add(self, path: Sequence[Segment]) -> None:
        """Read also what a chain of names and wildcards leads to.

        Raises:
            NoSchemaError: it does not go with what is read already.
        """
        node = self
        for segment in path:
            node = node.step(segment)
        node.is_value = True
        node.refuse_both()

    def columns(self) -> dict[str, str]:
        """Name → type of each column of a record.

        Raises:
            NoSchemaError: the records are no objects.
        """
        if not self.members:
            raise NoSchemaError
        return {name: node.type() for name, node in self.members.items()}

    def covers(self, other: Node) -> bool:
        """Whether all that the other reads is read here, in the same way."""
        if other.items:
            return self.items is not None and self.items.covers(other.items)
        if not other.members:
            return self.is_value == other.is_value and not (self.items or self.members)
        return all(
            name in self.members and self.members[name].covers(node) for name, node in other.members.items()
        )

    def step(self, segment: Segment) -> Node:
        """What one step of a chain leads to."""
        if isinstance(segment, Wildcard):
            self.items = self.items or Node()
            self.refuse_both()
            return self.items
        if not isinstance(segment, Member) or not segment.name or "\0" in segment.name:
            raise NoSchemaError
        if segment.name not in self.members:
            if segment.name.casefold() in map(str.casefold, self.members):
                raise NoSchemaError
            self.members[segment.name] = Node()
        self.refuse_both()
        return self.members[segment.name]

    def refuse_both(self) -> None:
        """Refuse to read a value in two ways."""
        if bool(self.members) + bool(self.items) + self.is_value > 1:
            raise NoSchemaError

    def type(self) -> str:
        """The engine's type of the value."""
        if self.items:
            return f"{self.items.type()}[]"
        if not self.members:
            return VALUE
        members = ", ".join(f"{_quoted(name)} {node.type()}" for name, node in self.members.items())
        return f"STRUCT({members})"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
