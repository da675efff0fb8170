"""What all pages of a site share: the index, the messages, the templates, the link decisions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from nutgraf.publish.context import load as load_context
from nutgraf.publish.formats import Vocabulary
from nutgraf.publish.site import catalogue, decisions
from nutgraf.publish.site.catalogue import FIRST, Catalogue
from nutgraf.publish.site.decisions import LinkDecision
from nutgraf.publish.site.index import Index, Node
from nutgraf.publish.site.rendering import Templates
from nutgraf.publish.site.terms import Terms
from nutgraf.terms.vocabulary import PREFIXES
from nutgraf.workspace import Workspace

PACKAGE: Final = "nutgraf.publish.site"


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
    """

    workspace: Workspace
    index: Index
    catalogues: Mapping[str, Catalogue]
    links: Mapping[str, list[LinkDecision]]
    terms: Terms
    vocabulary: Vocabulary
    templates: Templates = field(repr=False)

    @classmethod
    def open(cls, workspace: Workspace, dataset: Path) -> Setting:
        """Read what pages need.

        Raises:
            InputError: SIT101 to SIT104, LNK101 to LNK107, or the vocabulary or the context is broken.
        """
        overrides = workspace.templates
        display = workspace.display(overrides) if overrides else ""
        catalogues = catalogue.load(overrides, display)
        index = Index.open(
            dataset, workspace.root / ".nutgraf" / "site", workspace.base, workspace.display(dataset)
        )
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
    def articles(self) -> list[Node]:
        """The articles, by their path: one of the two things that are kept in memory whole."""
        return self.index.nodes(where="n.kind = 'article'")

    @cached_property
    def digest(self) -> str:
        """Hash of all that decides how a part becomes a page: our code, templates, messages, terms."""
        found = hashlib.sha256()
        for name, content in sorted(_sources(self.workspace)):
            found.update(f"{name} {len(content)} ".encode())
            found.update(content)
        found.update(f"{self.base} {self.workspace.title}".encode())
        return found.hexdigest()


def _sources(workspace: Workspace) -> Iterator[tuple[str, bytes]]:
    yield from _below(files(PACKAGE), "")
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
