"""Where places are: from the graph, or from the workspace's `seeds/coordinates.tsv`; never guessed.

The file has the columns `item` (a Wikidata item, or a thing of ours), `latitude`, `longitude` (degrees) and
`source`. A place has the coordinates of the item that an accepted decision links it to.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from nutgraf.problems import InputError, Problem, Span, quoted
from nutgraf.publish.site.index import Node
from nutgraf.terms.vocabulary import PREFIXES, expand
from nutgraf.workspace import Workspace

FILE: Final = "coordinates.tsv"
_COLUMNS: Final = ("item", "latitude", "longitude", "source")
_DEGREES: Final = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,12})?")
_LIMITS: Final = (90.0, 180.0)
_MAX_BYTES: Final = 20_000_000


@dataclass(frozen=True, slots=True)
class Coordinate:
    """A place on the earth, in degrees, and who says so; no source where it is the graph."""

    latitude: float
    longitude: float
    source: str = ""


def read(workspace: Workspace) -> dict[str, Coordinate]:
    """IRI of an item or a thing → its coordinates; nothing where there is no file.

    Raises:
        InputError: SIT105, a row is broken.
    """
    path = workspace.seeds / FILE
    display = workspace.display(path)
    if not path.is_file():
        return {}
    rows = _rows(path, display)
    if not rows or tuple(rows[0][1]) != _COLUMNS:
        fix = f"write {' '.join(_COLUMNS)}, with tabs between"
        number = rows[0][0] if rows else 1
        raise InputError(Problem("SIT105", "the columns are others", Span(display, number), fix=fix))
    prefixes = PREFIXES | {"id": f"{workspace.base}id/"}
    found: dict[str, Coordinate] = {}
    problems = []
    for number, cells in rows[1:]:
        item = expand(cells[0], prefixes) or ""
        problem = _problem(cells, item, item in found)
        if problem:
            problems.append(Problem("SIT105", problem, Span(display, number), fix="correct the row"))
        else:
            found[item] = Coordinate(float(cells[1]), float(cells[2]), cells[3])
    if problems:
        raise InputError(*problems)
    return found


def _rows(path: Path, display: str) -> list[tuple[int, list[str]]]:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise InputError(Problem("SIT105", "the file is too large", Span(display)))
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(Problem("SIT105", f"cannot be read: {error}", Span(display))) from error
    lines = enumerate(text.split("\n"), start=1)
    return [
        (number, line.removesuffix("\r").split("\t"))
        for number, line in lines
        if line.strip() and not line.startswith("#")
    ]


def _problem(cells: list[str], item: str, twice: object) -> str | None:
    if len(cells) != len(_COLUMNS) or not item:
        return f"{quoted(cells[0])} is no row of an item, two numbers and a source"
    for text, most in zip(cells[1:3], _LIMITS, strict=True):
        if not _DEGREES.fullmatch(text) or abs(float(text)) > most:
            return f"{quoted(text)} is no number of degrees up to {most:.0f}"
    return f"{quoted(cells[0])} stands twice" if twice else None


def of(node: Node, known: dict[str, Coordinate]) -> Coordinate | None:
    """The coordinates of a place."""
    if node.latitude is not None and node.longitude is not None:
        return Coordinate(node.latitude, node.longitude)
    return known.get(node.iri) or (known.get(node.item) if node.item else None)
