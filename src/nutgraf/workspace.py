"""`nutgraf.toml`: where the things of a workspace are."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from nutgraf.problems import InputError, Problem, Span

FILE: Final = "nutgraf.toml"
_BASE: Final = re.compile(r"https?://[^\s<>\"{}|\\^`#?]+/")
_FOLDERS: Final = ("seeds", "mappings", "ontology", "queries", "output")
_KEYS: Final = frozenset({"base", "title", "texts", *_FOLDERS})


@dataclass(frozen=True)
class Workspace:
    """A folder with a `nutgraf.toml`.

    Attributes:
        root: the folder.
        base: IRI that every minted IRI starts with; ends in a slash.
        title: what the dataset is called.
        seeds: folder of the fact sheets, the registers and the link decisions.
        mappings: folder of the mappings.
        ontology: folder of the vocabulary, the shapes, the context and the schema.
        queries: folder of the saved queries.
        output: folder that `build` writes.
        texts: folder of the articles' texts, or None where they are not at hand.
    """

    root: Path
    base: str
    title: str
    seeds: Path
    mappings: Path
    ontology: Path
    queries: Path
    output: Path
    texts: Path | None

    @property
    def schema(self) -> Path:
        return self.ontology / "factsheet.schema.json"

    @property
    def context(self) -> Path:
        return self.ontology / "context.jsonld"

    @property
    def vocabulary(self) -> Path:
        return self.ontology / "vocabulary.ttl"

    @property
    def links(self) -> Path:
        return self.seeds / "links.sssom.tsv"

    @property
    def staging(self) -> Path:
        return self.root / ".nutgraf" / "staging"

    def sheet_files(self) -> list[Path]:
        """The fact sheets and registers, sorted by name."""
        return sorted(path for suffix in ("yaml", "yml", "json") for path in self.seeds.glob(f"*.{suffix}"))

    def mapping_files(self) -> list[Path]:
        """The mappings of the fact sheets (`factsheet*`), sorted by name."""
        return sorted(path for suffix in ("yml", "yaml", "ttl") for path in self.mappings.glob(f"factsheet*.{suffix}"))

    def shape_files(self) -> list[Path]:
        """The shapes graphs, sorted by name."""
        return sorted((self.ontology / "shapes").glob("*.ttl"))

    def display(self, path: Path) -> str:
        """A path as a message should show it: below the workspace, else as it is."""
        try:
            return path.resolve().relative_to(self.root).as_posix()
        except ValueError:
            return path.as_posix()


def defaults() -> Path:
    """The folder of the default `mappings` and `ontology`, as they travel in the wheel.

    In a checkout that is installed in place they stand at its root.
    """
    package = Path(__file__).parent
    travelling = package / "defaults"
    return travelling if travelling.is_dir() else package.parent.parent


def find(start: Path) -> Workspace:
    """The workspace that a folder is in: the nearest `nutgraf.toml` upwards.

    Raises:
        InputError: WSP101 none found, or WSP102 to WSP104 as in `load`.
    """
    folder = start.resolve()
    for candidate in (folder, *folder.parents):
        if (candidate / FILE).is_file():
            return load(candidate)
    raise InputError(
        Problem("WSP101", f"no {FILE} here or above", Span(start.as_posix()), fix="make a workspace with `nutgraf init DIR`")
    )


def load(root: Path) -> Workspace:
    """Read the `nutgraf.toml` of a folder.

    Raises:
        InputError: WSP102 not TOML, WSP103 an unknown key or a value of the wrong kind, WSP104 a folder
            outside the workspace.
    """
    root = root.resolve()
    try:
        settings = tomllib.loads((root / FILE).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(Problem("WSP102", f"cannot read the settings: {error}", Span(FILE))) from error
    problems = [
        Problem("WSP103", f'unknown key "{key}"', Span(FILE), why=f"the keys are {', '.join(sorted(_KEYS))}")
        for key in settings
        if key not in _KEYS
    ]
    problems += [
        Problem("WSP103", f'"{key}" must be text', Span(FILE)) for key, value in settings.items() if not isinstance(value, str)
    ]
    base = settings.get("base")
    if not isinstance(base, str) or not _BASE.fullmatch(base):
        problems.append(_bad_base(Span(FILE)))
    if problems:
        raise InputError(*problems)
    return _workspace(root, settings)


def check_base(base: str) -> None:
    """Refuse what cannot go before every IRI.

    Raises:
        InputError: WSP103, it is no http or https IRI that ends in a slash.
    """
    if not _BASE.fullmatch(base):
        raise InputError(_bad_base(Span("--base")))


def _bad_base(span: Span) -> Problem:
    return Problem(
        "WSP103",
        '"base" must be an http or https IRI that ends in a slash',
        span,
        fix='write base = "https://data.example.org/"',
    )


def with_texts(workspace: Workspace, texts: Path) -> Workspace:
    """The same workspace with the articles' texts in another folder."""
    return replace(workspace, texts=texts.resolve())


def _workspace(root: Path, settings: dict[str, Any]) -> Workspace:
    folders = {name: _inside(root, settings.get(name, name)) for name in _FOLDERS}
    texts = (root / settings["texts"]).resolve() if "texts" in settings else None
    return Workspace(
        root=root,
        base=settings["base"],
        title=settings.get("title", "Facts of news articles"),
        texts=texts if texts and texts.is_dir() else None,
        **folders,
    )


def _inside(root: Path, name: str) -> Path:
    path = (root / name).resolve()
    if not path.is_relative_to(root) or path == root:
        raise InputError(Problem("WSP104", f'"{name}" is not a folder of the workspace', Span(FILE)))
    return path
