"""The dataset about itself, and its dumps."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from nutgraf.publish.site.setting import Setting, code_digest

_PACKAGE = "nutgraf.publish.description"


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
        workspace = self._setting.workspace
        said = [path, self._setting.index.key, code_digest(_PACKAGE), workspace.base, workspace.title]
        said += [workspace.license or "", workspace.publisher or ""]
        return hashlib.sha256("\n".join(said).encode()).hexdigest()
