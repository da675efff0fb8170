"""What is served at a time: one build's dataset and pages. A later build takes its place.

Source of the swap: a request takes a lease of the generation that is current when it comes in, and asks
everything of that one. A generation whose place was taken is closed when its last lease ends.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Store

from nutgraf.publish.context import load as load_context
from nutgraf.serve.documents import Documents
from nutgraf.serve.jobs import Form, Job
from nutgraf.serve.stores import StoreFolder, open_store, remove_unused
from nutgraf.terms.vocabulary import PREFIXES
from nutgraf.workspace import Workspace


@dataclass
class Generation:
    """The dataset and the pages of one build.

    Attributes:
        workspace: whose build it is.
        folder: the dataset.
        documents: the pages and the data documents.
        graphs: IRIs of the named graphs, sorted.
        triples: number of statements in all graphs.
        prefixes: label → namespace, for Turtle.
        context: what the `@context` of JSON-LD says.
    """

    workspace: Workspace
    folder: StoreFolder
    documents: Documents
    graphs: tuple[str, ...]
    triples: int
    prefixes: dict[str, str]
    context: dict[str, Any]
    _leases: int = field(default=0, repr=False)
    _is_retired: bool = field(default=False, repr=False)

    @classmethod
    def open(cls, workspace: Workspace, stores: Path) -> Generation:
        """What the last build of a workspace wrote.

        Args:
            workspace: whose output it is.
            stores: where stores on disk are kept.

        Raises:
            InputError: as for `open_store`, or the context or the site cannot be read.
        """
        folder = open_store(workspace, stores)
        try:
            store = Store.read_only(str(folder.store))
            graphs = sorted(name.value for name in store.named_graphs() if isinstance(name, NamedNode))
            context = load_context(workspace.context, workspace.display(workspace.context))
            prefixes = PREFIXES | {"id": f"{workspace.base}id/"}
            # The copies do not change while they are read, and what is made of them stays beside them.
            documents = Documents.open(replace(workspace, root=folder.path, output=folder.path))
            return cls(workspace, folder, documents, tuple(graphs), len(store), prefixes, dict(context))
        except BaseException:
            folder.release()
            raise

    def query(self, text: str, formats: dict[Form, str], **asked: Any) -> Job:
        """A job that asks a query of this generation."""
        return self._job("query", text, formats, **asked)

    def graph(self, iri: str, format_name: str) -> Job:
        """A job that reads a named graph, or the union of all where the IRI is empty."""
        return self._job("graph", iri, {"graph": format_name})

    def opening(self) -> Job:
        """The job that makes a worker ready for this generation."""
        return self._job("open", "", {})

    def _job(self, kind: Any, text: str, formats: dict[Form, str], **asked: Any) -> Job:
        return Job(
            store=str(self.folder.store),
            quads=str(self.folder.quads),
            kind=kind,
            text=text,
            formats=formats,
            base_iri=self.workspace.base,
            prefixes=self.prefixes,
            context=self.context,
            **asked,
        )

    def retire(self) -> None:
        """Close it as soon as nobody uses it."""
        self._is_retired = True
        self._close_if_unused()

    @contextlib.contextmanager
    def lease(self) -> Iterator[Generation]:
        """Keep it open for a while."""
        self._leases += 1
        try:
            yield self
        finally:
            self._leases -= 1
            self._close_if_unused()

    def close(self) -> None:
        """Close it; what is on disk stays for the next server."""
        self.documents.close()
        self.folder.release()

    def _close_if_unused(self) -> None:
        if self._is_retired and not self._leases:
            self.close()
            with contextlib.suppress(OSError):
                remove_unused(self.folder.path.parent)


@dataclass
class Live:
    """The generation that is served now."""

    current: Generation

    def replace(self, generation: Generation) -> None:
        """Serve another one from now on."""
        old, self.current = self.current, generation
        old.retire()
