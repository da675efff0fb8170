"""The dataset about itself, and its dumps."""

from __future__ import annotations

from collections.abc import Iterator

from nutgraf.publish.site.setting import Setting


class Descriptions:
    """`dataset.ttl` and its like, `.well-known/void`, and the files below `dumps/`."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting

    def paths(self) -> Iterator[str]:
        """All of them."""
        yield from sorted(self._setting.description.paths())

    def render(self, path: str) -> bytes | None:
        """One of them."""
        pieces = self._setting.description.pieces(path)
        return b"".join(pieces) if pieces is not None else None

    def key(self, path: str) -> str | None:
        """The dataset, what the workspace says of it, and our code."""
        if path not in set(self._setting.description.paths()):
            return None
        return self._setting.state_key(path, *self._setting.description.said)
