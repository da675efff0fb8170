"""The files that describe a workspace's dataset, and the dumps, by their paths below a site."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from pyoxigraph import Triple

from nutgraf.publish.description import dumps
from nutgraf.publish.description.about import About
from nutgraf.publish.description.census import take
from nutgraf.publish.description.dcat import dcat
from nutgraf.publish.description.schema_org import document, schema_org
from nutgraf.publish.description.spool import Spool
from nutgraf.publish.description.statements import PREFIXES
from nutgraf.publish.description.void import void
from nutgraf.publish.jsonld import jsonld
from nutgraf.publish.ntriples import ntriples
from nutgraf.publish.output import manifest
from nutgraf.publish.turtle import turtle
from nutgraf.workspace import Workspace

WELL_KNOWN: Final = ".well-known/void"
"""Source: VoID §7.2, https://www.w3.org/TR/void/#well-known"""
_DESCRIPTIONS: Final = ("dataset.ttl", "dataset.jsonld", "dataset.nt", WELL_KNOWN)
_FINGERPRINT: Final = 16


@dataclass(frozen=True)
class Description:
    """A workspace's dataset, described; nothing is counted before it is asked for."""

    workspace: Workspace

    @cached_property
    def _dumps(self) -> dict[str, dumps.Kind]:
        """Path → kind of the dumps that the output has something for."""
        return {f"dumps/{kind.name}": kind for kind in dumps.kinds(self.workspace.output)}

    @cached_property
    def _spools(self) -> dict[str, Spool]:
        """Path → dump, packed: it is measured before it is written, and it is what was measured."""
        return {path: Spool(kind, self._pieces(kind)) for path, kind in self._dumps.items()}

    @property
    def said(self) -> list[str]:
        """All that decides the files, besides the N-Quads and our code."""
        workspace, built = self.workspace, manifest(self.workspace.output).get("outputs", {})
        dumped = [f"{kind.name} {built.get(kind.name.removesuffix('.gz'))}" for kind in self._dumps.values()]
        return [workspace.base, workspace.title, str(workspace.license), str(workspace.publisher), *dumped]

    @cached_property
    def about(self) -> About:
        """What there is to say."""
        workspace, output = self.workspace, self.workspace.output
        whole = manifest(output).get("outputs", {}).get("dataset.nq")
        return About(
            base=workspace.base,
            title=workspace.title,
            census=take(output / "dataset.nq", workspace.base),
            dumps=[spool.dump for spool in self._spools.values()],
            version=whole[:_FINGERPRINT] if whole else None,
            license=workspace.license,
            publisher=workspace.publisher,
        )

    @cached_property
    def triples(self) -> list[Triple]:
        """The whole description: VoID, DCAT and schema.org."""
        return list(dict.fromkeys([*void(self.about), *dcat(self.about), *schema_org(self.about)]))

    def document(self, language: str) -> dict[str, Any]:
        """The JSON-LD for the dataset's page."""
        return document(self.about, language)

    def paths(self) -> Iterator[str]:
        """The paths of all files."""
        yield from _DESCRIPTIONS
        yield from self._dumps

    def pieces(self, path: str) -> Iterator[bytes] | None:
        """The content of a file, in pieces; None when there is no such file."""
        if path in self._dumps:
            measured = "_spools" in self.__dict__
            return self._spools[path].pieces() if measured else self._pieces(self._dumps[path])
        written = self._description(path)
        return iter([written.encode()]) if written is not None else None

    def _pieces(self, kind: dumps.Kind) -> Iterator[bytes]:
        return dumps.pieces(kind, self.workspace.output, self.workspace.base)

    def _description(self, path: str) -> str | None:
        if path in ("dataset.ttl", WELL_KNOWN):
            return turtle(self.triples, PREFIXES)
        if path == "dataset.nt":
            return ntriples(self.triples)
        if path == "dataset.jsonld":
            return jsonld(self.triples, PREFIXES)
        return None
