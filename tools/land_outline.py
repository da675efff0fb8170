"""Make the map's outline of the land from Natural Earth at 1:110 million (public domain).

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python tools/land_outline.py package/land-110m.json > src/nutgraf/publish/site/data/land.txt

The file is TopoJSON, quantized and delta-encoded (https://github.com/topojson/topojson-specification); the
result is the `d` of an SVG path in the plane of `nutgraf.publish.site.projection`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

from nutgraf.publish.site.projection import HEIGHT, WIDTH, project

Point = tuple[float, float]
HALF_TURN = 180


def rings(topology: dict[str, Any]) -> Iterator[list[Point]]:
    """The outer rings and holes, as longitude and latitude."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = [
        [
            (x * sx + tx, y * sy + ty)
            for x, y in accumulate(map(tuple, arc), lambda a, b: (a[0] + b[0], a[1] + b[1]))
        ]
        for arc in topology["arcs"]
    ]
    for geometry in topology["objects"]["land"]["geometries"]:
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for polygon in polygons:
            for ring in polygon:
                parts = [arcs[number] if number >= 0 else arcs[~number][::-1] for number in ring]
                yield [point for part in parts for point in part[1:]]


def unrolled(ring: list[Point]) -> list[Point] | None:
    """The ring without a jump at 180 degrees; None where it goes round the pole, as the Antarctic does."""
    found = [ring[0]]
    for longitude, latitude in ring[1:]:
        turns = round((found[-1][0] - longitude) / 360)
        found.append((longitude + 360 * turns, latitude))
    return None if abs(found[-1][0] - found[0][0]) > HALF_TURN else found


def path(topology: dict[str, Any]) -> str:
    """The outline as the `d` of a path, rings north of the Antarctic only."""
    found = []
    for ring in filter(None, map(unrolled, rings(topology))):
        # A ring that crosses 180 degrees is drawn on both sides; the frame cuts it.
        for turn in (-360, 0, 360):
            points = [project(latitude, longitude + turn) for longitude, latitude in ring]
            inside = max(x for x, _ in points) > 0 and min(x for x, _ in points) < WIDTH
            if inside and min(y for _, y in points) < HEIGHT:
                found.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z")
    return "".join(sorted(found))


if __name__ == "__main__":
    print(path(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
