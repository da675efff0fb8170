"""What crawlers ask for: the sitemap of all pages, and `robots.txt`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property

from nutgraf.publish import crawlers
from nutgraf.publish.site.setting import Setting

_ROBOTS = "robots.txt"


class Crawlers:
    """`robots.txt`, `sitemap.xml`, and its parts where there are many pages.

    Args:
        setting: what all pages share.
        pages: gives the paths of all other files of the site.
    """

    def __init__(self, setting: Setting, pages: Callable[[], Iterator[str]]) -> None:
        self._setting = setting
        self._pages = pages

    @cached_property
    def _files(self) -> dict[str, str]:
        base = self._setting.base
        addresses = (base + path for path in self._pages() if path.endswith(".html"))
        listed = (address for address in addresses if not address.endswith("/404.html"))
        return {_ROBOTS: crawlers.robots(base)} | crawlers.sitemap(listed, base)

    def paths(self) -> Iterator[str]:
        """All of them."""
        yield from sorted(self._files)

    def render(self, path: str) -> bytes | None:
        """One of them."""
        if path != _ROBOTS and not path.startswith("sitemap"):
            return None
        found = self._files.get(path)
        return found.encode() if found is not None else None

    def key(self, path: str) -> str | None:  # noqa: ARG002
        """They are made each time: that is as quick as it is to tell whether they changed."""
        return None
