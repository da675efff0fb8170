"""The site of this repository's workspace, built for an address on this machine, and served there."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from nutgraf import pipeline, workspace
from nutgraf.publish.site.site import Site
from nutgraf.publish.site.write import write
from nutgraf.workspace import Workspace
from tests.site_judges.static_server import free_port, serving

ROOT: Final = Path(__file__).parents[2]
_FOLDERS: Final = ("seeds", "mappings", "ontology", "queries")
_OURS: Final = re.compile("https://nutgraf[.]example/(?!ns#)")


@dataclass(frozen=True)
class Judged:
    """A site that is served.

    Attributes:
        workspace: what it is made of.
        folder: its files.
        base: its address.
        asked: the paths that were asked for so far.
    """

    workspace: Workspace
    folder: Path
    base: str
    asked: list[str] = field(repr=False)

    def pages(self) -> list[str]:
        """The paths of all pages, sorted."""
        return sorted(path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*.html"))

    def read(self, path: str) -> bytes:
        """A file."""
        return (self.folder / path).read_bytes()


def copy_of_repository(root: Path, base: str) -> Workspace:
    """This repository's workspace under another base, without the articles' texts."""
    root.mkdir(parents=True)
    for folder in _FOLDERS:
        shutil.copytree(ROOT / folder, root / folder)
    # Link decisions and queries name things by their IRIs; the vocabulary stays where it is.
    for file in (*(root / "seeds").glob("*.tsv"), *(root / "queries").glob("*")):
        text = file.read_text(encoding="utf-8")
        file.write_text(_OURS.sub(base, text), encoding="utf-8")
    settings = (ROOT / "nutgraf.toml").read_text(encoding="utf-8")
    settings = re.sub(r'^base = ".*"$', f'base = "{base}"', settings, flags=re.MULTILINE)
    (root / "nutgraf.toml").write_text(settings, encoding="utf-8")
    return workspace.load(root)


def make(found: Workspace, folder: Path) -> Site:
    """Write the site of what was last built; the site."""
    site = Site.open(found)
    write(site, folder)
    return site


@pytest.fixture(scope="session")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judged]:
    port = free_port()
    base = f"http://127.0.0.1:{port}/"
    root = tmp_path_factory.mktemp("judged")
    found = copy_of_repository(root / "workspace", base)
    pipeline.build(found)
    make(found, root / "site").close()
    with serving(root / "site", port) as asked:
        yield Judged(found, root / "site", base, asked)
