"""Which SHACL shapes check a statement: by the types of its subject and its predicate."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, parse

from nutgraf.evidence.explain.model import Shape
from nutgraf.problems import Span

_SH: Final = "http://www.w3.org/ns/shacl#"


@dataclass(frozen=True)
class Shapes:
    """Property shapes by what they are for and the property that they check.

    Attributes:
        by_class: (class, property) → the shapes that check the property of its instances.
        by_property: (a property that the subject has, property) → the shapes that check it there.
    """

    by_class: dict[tuple[str, str], tuple[Shape, ...]] = field(default_factory=dict)
    by_property: dict[tuple[str, str], tuple[Shape, ...]] = field(default_factory=dict)

    @classmethod
    def load(cls, files: Iterable[Path], display: Callable[[Path], str] = Path.as_posix) -> Shapes:
        """Read shapes graphs as one; a file that cannot be read is the validator's to report."""
        texts: dict[str, str] = {}
        quads: list[Quad] = []
        for path in files:
            try:
                text = path.read_text(encoding="utf-8")
                quads.extend(parse(text, RdfFormat.TURTLE, rename_blank_nodes=True))
            except (OSError, UnicodeDecodeError, SyntaxError):
                continue
            texts[display(path)] = text
        graph = _graph(quads)
        found = [_index(graph, texts, target) for target in ("targetClass", "targetSubjectsOf")]
        return cls(*found)

    def checking(self, types: Iterable[str], properties: Iterable[str], predicate: str) -> tuple[Shape, ...]:
        """The shapes that check a property of a node with these types and properties."""
        found = {shape for kind in types for shape in self.by_class.get((kind, predicate), ())}
        found |= {shape for name in properties for shape in self.by_property.get((name, predicate), ())}
        return tuple(sorted(found))


_Node = NamedNode | BlankNode
_Graph = dict[tuple[object, str], list[_Node]]


def _graph(quads: Iterable[Quad]) -> _Graph:
    objects: _Graph = defaultdict(list)
    for quad in quads:
        if isinstance(quad.object, NamedNode | BlankNode):
            objects[quad.subject, quad.predicate.value].append(quad.object)
    return objects


def _index(graph: _Graph, texts: dict[str, str], target: str) -> dict[tuple[str, str], tuple[Shape, ...]]:
    found: dict[tuple[str, str], set[Shape]] = defaultdict(set)
    for (subject, predicate), targets in list(graph.items()):
        if predicate == _SH + target:
            for path, name in _checks(graph, subject):
                shape = Shape(name, _place(texts, name))
                for node in targets:
                    if isinstance(node, NamedNode):
                        found[node.value, path].add(shape)
    return {key: tuple(sorted(shapes)) for key, shapes in found.items()}


def _checks(graph: _Graph, node_shape: object) -> Iterator[tuple[str, str]]:
    """(property, IRI of the shape): the property shape's, or its node shape's where it has none."""
    for shape in graph.get((node_shape, f"{_SH}property"), ()):
        name = shape if isinstance(shape, NamedNode) else node_shape
        for path in graph.get((shape, f"{_SH}path"), ()):
            if isinstance(path, NamedNode) and isinstance(name, NamedNode):
                yield path.value, name.value


def _place(texts: dict[str, str], iri: str) -> Span:
    """Where a shape is declared: the line that begins with its name."""
    local = re.escape(re.split(r"[#/]", iri)[-1])
    declared = re.compile(rf"^(?:[\w-]*:{local}|<[^>]*{local}>)(?=\s)", re.MULTILINE)
    for file, text in texts.items():
        match = declared.search(text)
        if match:
            return Span(file, text.count("\n", 0, match.start()) + 1)
    return Span(next(iter(texts)))
