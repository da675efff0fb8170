"""What all pages of a site share: the index, the messages, the templates, the link decisions."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from nutgraf.publish.context import load as load_context
from nutgraf.publish.description.files import Description
from nutgraf.publish.formats import Vocabulary
from nutgraf.publish.site import catalogue, decisions
from nutgraf.publish.site.catalogue import FIRST, Catalogue
from nutgraf.publish.site.comparing import Comparing
from nutgraf.publish.site.decisions import LinkDecision
from nutgraf.publish.site.index import Index, Node
from nutgraf.publish.site.kept import Kept
from nutgraf.publish.site.rendering import Templates
from nutgraf.publish.site.terms import Terms
from nutgraf.terms.vocabulary import PREFIXES
from nutgraf.workspace import Workspace

_PAGE_NAME: Final = re.compile("[a-z][a-z0-9-]*")
_LIBRARIES: Final = ("duckdb", "jinja2", "markupsafe", "pyoxigraph")


@dataclass(frozen=True)
class Setting:
    """What all pages of a site share.

    Attributes:
        workspace: where things are.
        index: the dataset.
        catalogues: language → what the site says.
        links: node → the decisions about its link.
        terms: labels of classes, properties and values.
        vocabulary: prefixes and context of the data files.
        query_page: path of a page to write queries on; None where there is no server.
    """

    workspace: Workspace
    index: Index
    catalogues: Mapping[str, Catalogue]
    links: Mapping[str, list[LinkDecision]]
    terms: Terms
    vocabulary: Vocabulary
    templates: Templates = field(repr=False)
    query_page: str | None = None

    @classmethod
    def open(cls, workspace: Workspace, dataset: Path, query_page: str | None = None) -> Setting:
        """Read what pages need.

        Args:
            workspace: where things are.
            dataset: the N-Quads that were built.
            query_page: path of a page to write queries on, where a server has one.

        Raises:
            InputError: SIT101 to SIT104, LNK101 to LNK107, or the vocabulary or the context is broken.
        """
        overrides = workspace.templates
        display = workspace.display(overrides) if overrides else ""
        catalogues = catalogue.load(overrides, display)
        index = Index.open(dataset, _folder(workspace), workspace.base, workspace.display(dataset))
        context = load_context(workspace.context, workspace.display(workspace.context))
        prefixes = PREFIXES | {
            "id": f"{workspace.base}id/",
            "stmt": f"{workspace.base}stmt/",
            "graph": f"{workspace.base}graph/",
        }
        return cls(
            workspace,
            index,
            catalogues,
            decisions.read(workspace),
            Terms.load(workspace),
            Vocabulary(prefixes, context),
            Templates(overrides, display),
            query_page,
        )

    @property
    def base(self) -> str:
        """IRI that the workspace's nodes start with, which is also the site's address."""
        return self.workspace.base

    @property
    def languages(self) -> list[str]:
        """The languages of the pages, the one at the root first."""
        return list(self.catalogues)

    def prefix(self, language: str) -> str:
        """The folder of a language's pages: nothing, or such as "fr/"."""
        return "" if language == FIRST else f"{language}/"

    def localized(self, path: str) -> tuple[str, str]:
        """Language and path below its folder."""
        head, slash, rest = path.partition("/")
        if slash and head != FIRST and head in self.catalogues:
            return head, rest
        return FIRST, path

    @cached_property
    def kept(self) -> Kept:
        """What former runs have found out of the dataset."""
        workspace = self.workspace
        dataset = workspace.output / "dataset.nq"
        return Kept(self.index, _folder(workspace), dataset, self.base, program())

    @cached_property
    def comparing(self) -> Comparing:
        """The comparison of the articles."""
        return Comparing(self.index, self.base, self.kept)

    def close(self) -> None:
        """Close the index, and keep what the next run need not find out again."""
        if "kept" in self.__dict__:
            self.kept.close()
        self.index.close()

    def state_key(self, *said: str) -> str:
        """A key for what the state of the dataset decides, with what all pages share, and more."""
        return hashlib.sha256("\n".join([self.digest, self.index.key, *said]).encode()).hexdigest()

    @cached_property
    def articles(self) -> list[Node]:
        """The articles, by their path: one of the two things that are kept in memory whole."""
        return self.index.nodes(where="n.kind = 'article'")

    @cached_property
    def description(self) -> Description:
        """The dataset, described."""
        return Description(self.workspace)

    @cached_property
    def vocabulary_page(self) -> str:
        """The path of the vocabulary's pages without extension; "ns" where its IRI is of another site.

        So the terms of a vocabulary `{base}ns` lead to their places there.
        """
        local = (self.terms.vocabulary or "").removeprefix(self.base).rstrip("#/")
        return local if _PAGE_NAME.fullmatch(local) else "ns"

    @cached_property
    def digest(self) -> str:
        """Hash of all that decides how a part becomes a page: our code, templates, messages, terms."""
        found = hashlib.sha256(program().encode())
        for name, content in sorted(_sources(self.workspace)):
            found.update(f"{name} {len(content)} ".encode())
            found.update(content)
        found.update(f"{self.base} {self.workspace.title}".encode())
        return found.hexdigest()


@cache
def program() -> str:
    """Hash of our code and of the libraries that pages are made with: others may make other bytes."""
    found = hashlib.sha256(" ".join(f"{name} {version(name)}" for name in _LIBRARIES).encode())
    for name, content in sorted(_below(files("nutgraf"), "")):
        found.update(f"{name} {len(content)} ".encode() + content)
    return found.hexdigest()


def _folder(workspace: Workspace) -> Path:
    """Where the site keeps what it has found out."""
    return workspace.root / ".nutgraf" / "site"


def _sources(workspace: Workspace) -> Iterator[tuple[str, bytes]]:
    if workspace.templates and workspace.templates.is_dir():
        yield from _below(workspace.templates, "workspace/")
    for path in (workspace.vocabulary, workspace.context):
        if path.is_file():
            yield path.name, path.read_bytes()


def _below(folder: Any, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        if entry.name.startswith(("__pycache__", ".")):
            continue
        if entry.is_dir():
            yield from _below(entry, f"{prefix}{entry.name}/")
        else:
            yield prefix + entry.name, entry.read_bytes()
