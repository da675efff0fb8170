"""The map of places whose coordinates are known, and the list of those whose are not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from nutgraf.publish.site import coordinates
from nutgraf.publish.site.coordinates import Coordinate
from nutgraf.publish.site.links import Link, Linker
from nutgraf.publish.site.section import page
from nutgraf.publish.site.setting import Setting
from nutgraf.publish.site.text import shown
from nutgraf.publish.site.views.atlas import atlas

_MOST: Final = 2000


@dataclass(frozen=True, slots=True)
class Located:
    """A place with its coordinates as they are shown."""

    thing: Link
    latitude: str
    longitude: str
    source: str


class Map:
    """The map in each language."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting

    @cached_property
    def _known(self) -> dict[str, Coordinate]:
        return coordinates.read(self._setting.workspace)

    def paths(self) -> Iterator[str]:
        """One a language."""
        yield from sorted(f"{self._setting.prefix(language)}map.html" for language in self._setting.languages)

    def key(self, path: str) -> str | None:
        """The state of the dataset, and what the workspace knows of places."""
        return (
            self._setting.state_key(path, repr(self._known))
            if self._setting.localized(path)[1] == "map.html"
            else None
        )

    def render(self, path: str) -> bytes | None:
        """The map."""
        language, local = self._setting.localized(path)
        if local != "map.html":
            return None
        setting = self._setting
        linker = Linker(setting, setting.catalogues[language], path)
        # The places that most articles name come first, and so have their names drawn first.
        joined = "left join (select node, count(*) as articles from named_in group by node) f on f.node = n.h"
        order = f"coalesce(f.articles, 0) desc, n.stem limit {_MOST}"
        nodes = setting.index.nodes(joined, "n.kind = 'place' or n.latitude is not null", order=order)
        found = [(linker.thing(node), coordinates.of(node, self._known)) for node in nodes]
        placed = [(thing, at) for thing, at in found if at is not None]
        return page(
            setting,
            "map.html.j2",
            path,
            title=linker.catalogue.say("map.title"),
            menu="map",
            linker=linker,
            atlas=atlas(placed) if placed else None,
            places=[self._located(thing, at, linker) for thing, at in placed],
            others=[thing for thing, at in found if at is None],
        )

    def _located(self, thing: Link, at: Coordinate, linker: Linker) -> Located:
        say = linker.catalogue.say
        sides = [
            (at.latitude, "map.north", "map.south"),
            (at.longitude, "map.east", "map.west"),
        ]
        latitude, longitude = (
            say(positive if value >= 0 else negative, degrees=f"{abs(value):.2f}")
            for value, positive, negative in sides
        )
        return Located(thing, latitude, longitude, shown(at.source) or say("map.from_graph"))
