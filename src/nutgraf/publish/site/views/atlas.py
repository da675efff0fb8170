"""The map as a drawing: places on an outline of the land, each with its name where there is room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from nutgraf.publish.site.coordinates import Coordinate
from nutgraf.publish.site.links import Link
from nutgraf.publish.site.projection import HEIGHT, WIDTH, project
from nutgraf.publish.site.text import cut

_LEAST: Final = 70.0
"""Width of the smallest map: a map of one town still shows its continent."""
_MARGIN: Final = 0.16
_SHAPE: Final = 0.58
_LETTERS: Final = 62
"""How many letters of a name would fit beside each other on the map."""
_WIDE: Final = 0.56
"""Width of a letter, as a part of its height."""
_NAMED: Final = 60

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on the map.

    Attributes:
        thing: its page.
        label: its name where there is room for it, else nothing.
        x: of its dot.
        y: of its dot.
        at: x and y of its name.
        anchor: side of the name that `at` is at: "start", "middle" or "end".
    """

    thing: Link
    label: str
    x: str
    y: str
    at: tuple[str, str]
    anchor: str


@dataclass(frozen=True, slots=True)
class Atlas:
    """A map.

    Attributes:
        box: `viewBox` of the drawing.
        width: of the drawing in pixels.
        height: of the drawing in pixels.
        land: `d` of the outline.
        marks: the places, in their order.
        size: height of the letters.
        dot: radius of the dots.
    """

    box: str
    width: int
    height: int
    land: str
    marks: tuple[Mark, ...]
    size: str
    dot: str


@cache
def land() -> str:
    """The outline of the land: Natural Earth, made by tools/land_outline.py."""
    return (files("nutgraf.publish.site") / "data" / "land.txt").read_text("ascii").strip()


def atlas(places: Sequence[tuple[Link, Coordinate]]) -> Atlas:
    """The map of some places, cut to where they are. The same places give the same bytes."""
    points = [project(each.latitude, each.longitude) for _, each in places]
    left, top, width, height = _extent(points)
    size = width / _LETTERS
    taken: list[Box] = [(x - size / 3, y - size / 3, x + size / 3, y + size / 3) for x, y in points]
    marks = []
    for number, ((thing, _), point) in enumerate(zip(places, points, strict=True)):
        label = cut(thing.text, 28)
        room = (
            _room(point, label, size, taken, (left, top, left + width, top + height))
            if number < _NAMED
            else None
        )
        if room is None:
            marks.append(Mark(thing, "", _n(point[0]), _n(point[1]), ("0", "0"), "start"))
            continue
        box, anchor, at = room
        taken.append(box)
        marks.append(Mark(thing, label, _n(point[0]), _n(point[1]), (_n(at[0]), _n(at[1])), anchor))
    box_ = " ".join(map(_n, (left, top, width, height)))
    return Atlas(box_, 960, round(960 * height / width), land(), tuple(marks), _n(size), _n(size * 0.28))


def _extent(points: Sequence[tuple[float, float]]) -> Box:
    """Left, top, width and height of the part of the world that shows all points."""
    if not points:
        return 0.0, 0.0, WIDTH, HEIGHT
    xs, ys = [x for x, _ in points], [y for _, y in points]
    width = max((max(xs) - min(xs)) * (1 + 2 * _MARGIN), _LEAST)
    height = max((max(ys) - min(ys)) * (1 + 2 * _MARGIN), width * _SHAPE)
    width = min(max(width, height / _SHAPE), WIDTH)
    height = min(height, HEIGHT)
    left = min(max(0.0, (min(xs) + max(xs) - width) / 2), WIDTH - width)
    top = min(max(0.0, (min(ys) + max(ys) - height) / 2), HEIGHT - height)
    return left, top, width, height


def _room(
    point: tuple[float, float], label: str, size: float, taken: Sequence[Box], frame: Box
) -> tuple[Box, str, tuple[float, float]] | None:
    """Where a name fits: right of its dot, left, above, below; None where it would cover another."""
    x, y = point
    length, gap = len(label) * size * _WIDE, size * 0.55
    tries = (
        ("start", x + gap, y + size * 0.35),
        ("end", x - gap, y + size * 0.35),
        ("middle", x, y - gap),
        ("middle", x, y + gap + size * 0.75),
        ("start", x + gap * 0.7, y - gap * 0.8),
        ("end", x - gap * 0.7, y - gap * 0.8),
        ("start", x + gap * 0.7, y + gap + size * 0.5),
        ("end", x - gap * 0.7, y + gap + size * 0.5),
    )
    for anchor, at_x, at_y in tries:
        start = {"start": at_x, "end": at_x - length, "middle": at_x - length / 2}[anchor]
        box = (start, at_y - size * 0.85, start + length, at_y + size * 0.25)
        inside = frame[0] <= box[0] and frame[1] <= box[1] and box[2] <= frame[2] and box[3] <= frame[3]
        own = (x - size / 3, y - size / 3, x + size / 3, y + size / 3)
        if inside and not any(_meet(box, other) for other in taken if other != own):
            return box, anchor, (at_x, at_y)
    return None


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _n(value: float) -> str:
    """A number of the drawing, the same on every machine."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
