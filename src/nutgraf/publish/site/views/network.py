"""The neighbours of a thing as a drawing, made with the page: no script, the same bytes each time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from pyoxigraph import NamedNode

from nutgraf.publish.site.kinds import KINDS
from nutgraf.publish.site.links import Link, Linker
from nutgraf.publish.site.part import Part
from nutgraf.publish.site.text import cut
from nutgraf.terms.vocabulary import RDF_TYPE, SCHEMA

_MOST = 14
_ROW = 34
_WIDTH = 760
_BOX = 230
_CHARACTERS = 30
_LEAST = 2
_SKIPPED = frozenset({RDF_TYPE, f"{SCHEMA}mentions", f"{SCHEMA}appearance", f"{SCHEMA}sameAs"})
_MIDDLE = _WIDTH / 2


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A neighbour and where it is drawn.

    Attributes:
        thing: the neighbour.
        label: its name, cut to fit.
        how: `properties`, cut to fit.
        properties: how it is joined, in words.
        sentence: the same as a sentence, for who cannot see the drawing.
        x: left edge of its box.
        y: middle of its box.
        path: the line between it and the middle.
    """

    thing: Link
    label: str
    how: str
    properties: str
    sentence: str
    x: int
    y: int
    path: str


@dataclass(frozen=True, slots=True)
class Network:
    """A drawing of a thing and its neighbours.

    Attributes:
        centre: name of the thing, cut to fit.
        neighbours: what is drawn around it; those that lead to it on the left.
        width: of the drawing.
        height: of the drawing.
        box: width of a neighbour's box.
        every: how many neighbours there are.
    """

    centre: str
    neighbours: tuple[Neighbour, ...]
    width: int
    height: int
    box: int
    every: int


def network_of(part: Part, linker: Linker) -> Network | None:
    """The drawing of a part; None where there is next to nothing to draw."""
    left = _joined(part, linker, inverse=True)
    right = _joined(part, linker, inverse=False)
    every = len(left.keys() | right.keys())
    if every < _LEAST:
        return None
    sides = [(_chosen(left, linker), True), (_chosen(right, linker), False)]
    rows = max(len(side) for side, _ in sides)
    height = _ROW * max(rows, 3) + 16
    drawn = tuple(
        _drawn(iri, properties, number, len(side), height, linker, inverse=inverse)
        for side, inverse in sides
        for number, (iri, properties) in enumerate(side)
    )
    return Network(cut(linker.title(part.node), 21), drawn, _WIDTH, height, _BOX, every)


def _joined(part: Part, linker: Linker, *, inverse: bool) -> dict[str, list[str]]:
    """Neighbour → what joins it, in words."""
    terms, catalogue = linker.setting.terms, linker.catalogue
    found: dict[str, set[str]] = defaultdict(set)
    for quad in part.links if inverse else part.own:
        other = quad.subject if inverse else quad.object
        if not isinstance(other, NamedNode) or quad.predicate.value in _SKIPPED:
            continue
        iri = other.value.partition("#")[0]
        if iri != part.node.iri and linker.setting.index.node(iri) is not None:
            name = terms.inverse if inverse else terms.property
            found[iri].add(name(quad.predicate.value, catalogue, part.node.kind))
    return {iri: sorted(names) for iri, names in found.items()}


def _chosen(joined: dict[str, list[str]], linker: Linker) -> list[tuple[str, list[str]]]:
    """Some of a side: the kinds take turns, in the site's order, so that no kind crowds out the others."""
    by_kind: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for iri in joined:
        node = linker.setting.index.node(iri)
        assert node is not None, "only what has a page is joined"
        by_kind[node.kind].append((node.stem, iri))
    turns = sorted(
        (turn, KINDS.index(node_kind), iri)
        for node_kind, nodes in by_kind.items()
        for turn, (_, iri) in enumerate(sorted(nodes))
    )
    chosen = sorted(turns[:_MOST], key=lambda each: (each[1], each[0]))
    return [(iri, joined[iri]) for _, _, iri in chosen]


def _drawn(
    iri: str, properties: list[str], number: int, of: int, height: int, linker: Linker, *, inverse: bool
) -> Neighbour:
    thing = linker.iri(iri)
    y = round((height - of * _ROW) / 2 + _ROW * (number + 0.5))
    x = 1 if inverse else _WIDTH - _BOX - 1
    edge = x + _BOX if inverse else x
    near = round(_MIDDLE - 92 if inverse else _MIDDLE + 92)
    bend = round((edge + near) / 2)
    joined = ", ".join(properties)
    message = "thing.network_from" if inverse else "thing.network_to"
    return Neighbour(
        thing,
        cut(thing.text, _CHARACTERS),
        cut(joined, 40),
        joined,
        linker.catalogue.say(message, other=cut(thing.text, 120), property=joined),
        x,
        y,
        f"M{edge} {y}C{bend} {y} {bend} {height // 2} {near} {height // 2}",
    )
