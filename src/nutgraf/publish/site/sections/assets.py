"""The static files: style, script, icon, and whatever the workspace's templates bring."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

from nutgraf.publish.site.setting import Setting

_FOLDER: Final = "assets/"


class Assets:
    """The files below `assets/`."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting

    def paths(self) -> Iterator[str]:
        """All of them."""
        yield from sorted(_FOLDER + name for name in self._setting.templates.assets())

    def render(self, path: str) -> bytes | None:
        """One of them."""
        if not path.startswith(_FOLDER):
            return None
        return self._setting.templates.asset(path.removeprefix(_FOLDER))

    def key(self, path: str) -> str | None:
        """Its hash."""
        content = self.render(path)
        return hashlib.sha256(content).hexdigest() if content is not None else None
