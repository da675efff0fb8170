"""The saved queries of a workspace and their answers over the built dataset.

A dataset of some size is asked on disk, so that memory does not grow with it; the answers of one state of
the dataset are kept beside the index.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import threading
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from pyoxigraph import RdfFormat, Store

from nutgraf.dataset import sparql
from nutgraf.dataset.saved import parameters
from nutgraf.dataset.sparql import Solutions
from nutgraf.problems import InputError, Problem, Span
from nutgraf.publish.site.setting import Setting

_QUESTION: Final = re.compile(r"^#\s*question(?:@(?P<language>[a-z-]+))?:\s*(?P<text>.+)$", re.MULTILINE)
_NO_FORM: Final = re.compile(r"<[^<>\s]*>|#[^\n]*|\"(?:[^\"\\\n]|\\.)*\"|(?i:prefix)\s+[^\s:]*:")
_FORM: Final = re.compile(r"\b(?:select|ask|construct|describe)\b", re.IGNORECASE)
_IN_MEMORY: Final = 100_000_000
"""Bytes of N-Quads that are loaded into memory to be asked."""
_MAX_QUERY: Final = 1_000_000


@dataclass(frozen=True)
class SavedQuery:
    """A file of `queries/`.

    Attributes:
        name: of the file, without its extension.
        text: what is in it.
        questions: language, or "" → what it asks.
    """

    name: str
    text: str
    questions: dict[str, str]

    @cached_property
    def form(self) -> str:
        """SELECT, ASK, CONSTRUCT or DESCRIBE; empty where none of these words stands in it."""
        match = _FORM.search(_NO_FORM.sub(" ", self.text))
        return match[0].upper() if match else ""

    def question(self, language: str) -> str:
        """What it asks, in a language if that is there."""
        return self.questions.get(language) or self.questions.get("") or self.name


class Answers:
    """Answers the saved queries of a workspace."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._folder = setting.workspace.root / ".nutgraf" / "site"
        self._lock = threading.Lock()
        self._on_disk: TemporaryDirectory[str] | None = None

    @cached_property
    def queries(self) -> dict[str, SavedQuery]:
        """Name → query, sorted.

        Raises:
            InputError: QRY105, a file cannot be read.
        """
        workspace = self._setting.workspace
        found = {}
        for path in sorted(workspace.queries.glob("*.rq")):
            if path.name.startswith(".") or not path.resolve().is_relative_to(workspace.root):
                continue
            try:
                with path.open("rb") as file:
                    text = file.read(_MAX_QUERY).decode("utf-8-sig")
            except (OSError, UnicodeDecodeError) as error:
                place = Span(workspace.display(path))
                raise InputError(Problem("QRY105", f"the query cannot be read: {error}", place)) from error
            questions = {match["language"] or "": match["text"].strip() for match in _QUESTION.finditer(text)}
            found[path.stem] = SavedQuery(path.stem, text, questions)
        return found

    @cached_property
    def _dataset(self) -> Any:
        if self._setting.index.size <= _IN_MEMORY:
            store = Store()
        else:
            self._on_disk = TemporaryDirectory(prefix="store-", dir=self._folder)
            store = Store(self._on_disk.name)
        with self._setting.index.stream() as file:
            store.bulk_load(file, RdfFormat.N_QUADS)
        return _Stored(store)

    def key(self, query: SavedQuery) -> str:
        """A hash of the query and the state of the dataset."""
        return hashlib.sha256(f"{self._setting.index.key} {query.text}".encode()).hexdigest()

    def answer(self, query: SavedQuery) -> Solutions | list[str] | bool:
        """The answer to a query: rows, lines of N-Triples, or yes or no.

        Raises:
            InputError: QRY101 to QRY104, as for `nutgraf.dataset.sparql.query`.
        """
        kept = self._folder / f"{self._setting.index.key}.answers" / f"{self.key(query)[:32]}.json"
        if kept.is_file():
            return _read(json.loads(kept.read_text("utf-8")))
        file = f"queries/{query.name}.rq"
        with self._lock:  # one query at a time: it is the dataset that takes the memory
            found = sparql.query(
                self._dataset, query.text, substitutions=parameters(query.text, file), file=file
            )
            written = _written(found)
            self._tidy(kept.parent)
        beside = kept.with_suffix(".part")
        beside.write_text(json.dumps(written), "utf-8")
        beside.replace(kept)
        return _read(written)

    def _tidy(self, folder: Path) -> None:
        """Make the folder of these answers; those of former states go."""
        if folder.is_dir():
            return
        for former in self._folder.glob("*.answers"):
            if former != folder:
                shutil.rmtree(former, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)


@dataclass(frozen=True)
class _Stored:
    """What `sparql.query` asks of a dataset."""

    store: Store


def _written(found: Solutions | list[Any] | bool) -> Any:
    if isinstance(found, Solutions):
        return {"solutions": found.json.decode()}
    if isinstance(found, bool):
        return {"boolean": found}
    return {"triples": sorted(f"{triple} ." for triple in found)}


def _read(written: dict[str, Any]) -> Solutions | list[str] | bool:
    if "solutions" in written:
        return Solutions(written["solutions"].encode())
    return bool(written["boolean"]) if "boolean" in written else list(written["triples"])
