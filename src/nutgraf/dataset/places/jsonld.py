"""Where each triple of a JSON-LD text stands: at the key that expands to its predicate.

pyoxigraph decides what the text says. Its quads and the keys of the text are in the same order, predicate by
predicate; a key's predicate is what pyoxigraph makes of a small document with the same contexts and that key.

Source: JSON-LD 1.1 §9, https://www.w3.org/TR/json-ld11/#data-model-overview
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, Quad, RdfFormat, parse

from nutgraf.dataset.places.location import Location
from nutgraf.problems import Span
from nutgraf.records import json_document
from nutgraf.records.places import Places, Steps
from nutgraf.terms.vocabulary import RDF_TYPE, SCHEMA

_SUBJECT: Final = "urn:nutgraf:s"
_OBJECT: Final = "urn:nutgraf:o"
_NODES: Final = frozenset({"@graph", "@included"})
_LISTS: Final = ("@list", "@set")

Contexts = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Stated:
    """A value under a key.

    Attributes:
        node: where the object stands that has the key.
        key: where the key stands.
        value: where the value stands.
        text: the value, where it is a scalar; None for an object.
        reverse: whether the value is the subject.
    """

    node: Span
    key: Span
    value: Span
    text: str | None
    reverse: bool = False


def locate(text: str, name: str, quads: Sequence[Quad]) -> list[Location | None]:
    """The place of each quad that pyoxigraph read from a text, None where there is none to find."""
    data, places = json_document.parse(text, name)
    stated: dict[str, list[_Stated]] = defaultdict(list)
    for predicate, item in _Walk(places).document(data):
        stated[predicate].append(item)
    found: list[Location | None] = []
    reached: dict[str, int] = defaultdict(int)
    for quad in quads:
        items, start = stated[quad.predicate.value], reached[quad.predicate.value]
        index = next((n for n in range(start, len(items)) if _fits(items[n], quad)), None)
        if index is None:
            found.append(None)
            continue
        reached[quad.predicate.value] = index + 1
        found.append(_location(items[index]))
    return found


def _fits(item: _Stated, quad: Quad) -> bool:
    if isinstance(quad.object, Literal):
        return item.text is not None and (
            item.text == quad.object.value or not quad.object.value or item.text[:1] == quad.object.value[:1]
        )
    value = quad.subject if item.reverse else quad.object
    return item.text is None or str(value).strip("<>").endswith(item.text.rpartition(":")[2])


def _location(item: _Stated) -> Location:
    if item.reverse:
        return Location(item.value, item.key, item.node)
    return Location(item.node, item.key, item.value)


class _Walk:
    def __init__(self, places: Places) -> None:
        self._places = places
        self._predicates: dict[tuple[str, str], str | None] = {}

    def document(self, data: Any) -> Iterator[tuple[str, _Stated]]:
        """The (predicate, value) of the whole text, in its order."""
        yield from self._nodes(data, (), ())

    def _nodes(self, data: Any, steps: Steps, contexts: Contexts) -> Iterator[tuple[str, _Stated]]:
        for value, at in _flat(data, steps):
            if isinstance(value, dict):
                yield from self._node(value, at, contexts)

    def _node(self, node: dict[str, Any], steps: Steps, contexts: Contexts) -> Iterator[tuple[str, _Stated]]:
        if "@context" in node:
            contexts = (*contexts, node["@context"])
        for key, value in node.items():
            at = (*steps, key)
            if key in _NODES:
                yield from self._nodes(value, at, contexts)
            elif key == "@reverse" and isinstance(value, dict):
                for name, item in value.items():
                    yield from self._values(name, item, steps, (*at, name), contexts, reverse=True)
            elif key == "@type" or not key.startswith("@"):
                yield from self._values(key, value, steps, at, contexts, reverse=False)

    def _values(
        self, key: str, data: Any, node: Steps, steps: Steps, contexts: Contexts, *, reverse: bool
    ) -> Iterator[tuple[str, _Stated]]:
        predicate = RDF_TYPE if key == "@type" else self._predicate(key, contexts)
        if predicate is None:
            yield from self._nodes(data, steps, contexts)  # an alias of @graph, or a key that says nothing
            return
        subject = self._places.value(node)
        inner = (*contexts, *_scoped(key, contexts))
        for value, at in _flat(data, steps):
            key_span, value_span = self._places.key(steps), self._places.value(at)
            text = _text(value)
            yield predicate, _Stated(subject, key_span, value_span, text, reverse)
            if isinstance(value, dict) and text is None:
                yield from self._node(value, at, inner)
                for name, entry in value.items():  # where it is a map of languages or indices
                    for scalar, place in _flat(entry, (*at, name)):
                        if not isinstance(scalar, dict) and not name.startswith("@"):
                            span = self._places.value(place)
                            yield predicate, _Stated(subject, self._places.key(place), span, _text(scalar))

    def _predicate(self, key: str, contexts: Contexts) -> str | None:
        """What a key expands to, as pyoxigraph has it."""
        asked = (json.dumps(contexts, default=str), key)
        if asked not in self._predicates:
            self._predicates[asked] = _expanded(key, contexts)
        return self._predicates[asked]


def _expanded(key: str, contexts: Contexts) -> str | None:
    values: list[Any] = [{"@id": _OBJECT}, {"@value": "x"}, "x", {"@none": "x"}, {"x": "x"}]
    for value in values:
        probe = {"@context": list(contexts), "@id": _SUBJECT, key: value}
        try:
            text = json.dumps(probe, default=float)
            quads = list(parse(text, RdfFormat.JSON_LD, base_iri="urn:nutgraf:base"))
        except (SyntaxError, ValueError):
            continue
        for quad in quads:
            if _SUBJECT in {getattr(quad.subject, "value", ""), getattr(quad.object, "value", "")}:
                return str(quad.predicate.value).replace("http://schema.org/", SCHEMA, 1)
    return None


def _scoped(key: str, contexts: Contexts) -> Iterator[Any]:
    """The context that a term's definition brings along for its values."""
    for context in reversed(contexts):
        for part in context if isinstance(context, list) else [context]:
            definition = part.get(key) if isinstance(part, dict) else None
            if isinstance(definition, dict) and "@context" in definition:
                yield definition["@context"]
                return


def _flat(data: Any, steps: Steps) -> Iterator[tuple[Any, Steps]]:
    """The values of arrays, lists and sets, one by one, with the steps to each."""
    if isinstance(data, list):
        for index, item in enumerate(data):
            yield from _flat(item, (*steps, index))
        return
    if isinstance(data, dict):
        for name in _LISTS:
            if name in data:
                yield from _flat(data[name], (*steps, name))
                return
    if data is not None:
        yield data, steps


def _text(value: Any) -> str | None:
    """The text of a scalar, a value object or a mere reference; None for other objects."""
    if isinstance(value, dict):
        if "@value" in value:
            return _text(value["@value"])
        return str(value["@id"]) if set(value) == {"@id"} else None
    return str(value).lower() if isinstance(value, bool) else str(value)
