"""`nutgraf.toml`: where the things of a workspace are."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from nutgraf.problems import InputError, Problem, Span, quoted

FILE: Final = "nutgraf.toml"
_BASE: Final = re.compile(r"https?://[^\s\x00-\x20<>\"{}|\\^`#?/]+/([^\s\x00-\x20<>\"{}|\\^`#?/]+/)*")
_AT: Final = re.compile(r" \(at line (?P<line>[0-9]+), column (?P<column>[0-9]+)\)")
_FOLDERS: Final = ("seeds", "mappings", "ontology", "queries", "output")
_KEYS: Final = frozenset({"base", "title", "texts", "contact", "templates", *_FOLDERS})


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
        contact: address of whoever runs it, which live services are told; None to ask none.
        templates: folder of what stands in for the site's own templates; None where there is none.
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
    contact: str | None = None
    templates: Path | None = None

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
        """The fact sheets and registers, sorted by name.

        Raises:
            InputError: WSP104, one of them is a link that leads out of the workspace.
        """
        return self._files(self.seeds, "*.yaml", "*.yml", "*.json")

    def mapping_files(self) -> list[Path]:
        """The mappings of the fact sheets (`factsheet*`), sorted by name.

        Raises:
            InputError: WSP104, as in `sheet_files`.
        """
        return self._files(self.mappings, "factsheet*.yml", "factsheet*.yaml", "factsheet*.ttl")

    def shape_files(self) -> list[Path]:
        """The shapes graphs, sorted by name.

        Raises:
            InputError: WSP104, as in `sheet_files`.
        """
        return self._files(self.ontology / "shapes", "*.ttl")

    def _files(self, folder: Path, *patterns: str) -> list[Path]:
        # Editors and file systems keep files of their own beside ours, with a dot in front.
        found = {
            path for pattern in patterns for path in folder.glob(pattern) if not path.name.startswith(".")
        }
        outside = [path for path in sorted(found) if not path.resolve().is_relative_to(self.root)]
        if outside:
            names = [path.relative_to(self.root).as_posix() for path in outside]
            raise InputError(*(_outside(name, Span(name)) for name in names))
        return sorted(found)

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
    fix = "make a workspace with `nutgraf init DIR`"
    raise InputError(Problem("WSP101", f"no {FILE} here or above", Span(start.as_posix()), fix=fix))


def load(root: Path) -> Workspace:
    """Read the `nutgraf.toml` of a folder.

    Raises:
        InputError: WSP102 not TOML, WSP103 an unknown key or a value of the wrong kind, WSP104 a folder
            outside the workspace, or an output folder that is not one of its own.
    """
    root = root.resolve()
    try:
        text = (root / FILE).read_text(encoding="utf-8-sig")
        settings = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(_unreadable(error)) from error
    read = _Settings(text, settings)
    problems = list(read.problems())
    if problems:
        raise InputError(*problems)
    return _workspace(root, read)


def with_texts(workspace: Workspace, texts: Path) -> Workspace:
    """The same workspace with the articles' texts in another folder."""
    return replace(workspace, texts=texts.resolve())


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


def _unreadable(error: Exception) -> Problem:
    message = str(error) or "it is nested too deep"
    at = _AT.search(message)
    span = Span(FILE, int(at["line"]), int(at["column"])) if at else Span(FILE)
    return Problem("WSP102", f"cannot read the settings: {_AT.sub('', message)}", span)


@dataclass(frozen=True)
class _Settings:
    text: str
    values: dict[str, Any]

    def problems(self) -> Iterator[Problem]:
        for key, value in self.values.items():
            if key not in _KEYS:
                why = f"the keys are {', '.join(sorted(_KEYS))}"
                yield Problem(
                    "WSP103", f"unknown key {quoted(key)}", self.span(key), why=why, fix="remove it"
                )
            elif not isinstance(value, str) or not value.isprintable():
                fix = f'write {key} = "…"'
                yield Problem("WSP103", f"{quoted(key)} must be text on one line", self.span(key), fix=fix)
        if not _BASE.fullmatch(str(self.values.get("base"))):
            yield _bad_base(self.span("base"))

    def span(self, key: str) -> Span:
        """Where a key stands; the whole file when it does not, or is written in another way."""
        for number, line in enumerate(self.text.split("\n"), start=1):
            if re.match(rf"\[?{re.escape(key)}\b", line):
                return Span(FILE, number, line.index(key) + 1, len(key))
        return Span(FILE)


def _workspace(root: Path, settings: _Settings) -> Workspace:
    values = settings.values
    folders = {name: _inside(root, values.get(name, name), settings.span(name)) for name in _FOLDERS}
    output = folders["output"]
    for name, path in folders.items():
        if name != "output" and (path.is_relative_to(output) or output.is_relative_to(path)):
            why, fix = (
                f'a build writes there, and "{name}" is in the same place',
                'give "output" a folder of its own',
            )
            span = settings.span("output")
            raise InputError(Problem("WSP104", '"output" holds other things', span, why=why, fix=fix))
    texts = (root / values["texts"]).resolve() if "texts" in values else None
    return Workspace(
        root=root,
        base=values["base"],
        title=values.get("title", "Facts of news articles"),
        texts=texts if texts and texts.is_dir() else None,
        contact=values.get("contact"),
        templates=_inside(root, values["templates"], settings.span("templates"))
        if "templates" in values
        else None,
        **folders,
    )


def _inside(root: Path, name: str, span: Span) -> Path:
    path = (root / name).resolve()
    if not path.is_relative_to(root) or path == root:
        raise InputError(_outside(name, span))
    return path


def _outside(name: str, span: Span) -> Problem:
    return Problem(
        "WSP104",
        f"{quoted(name)} is not a place inside the workspace",
        span,
        why="a workspace reads and writes nothing outside its folder but the texts",
        fix="move it into the workspace",
    )
