"""What `link` and `review` share: the workspace's things, decisions and queue."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nutgraf.factsheet import check
from nutgraf.problems import ContentError
from nutgraf.reconcile.ledger import Ledger
from nutgraf.reconcile.things import Thing, things
from nutgraf.workspace import Workspace


@dataclass(frozen=True)
class Linking:
    """The places of a workspace that linking reads and writes."""

    workspace: Workspace

    @property
    def folder(self) -> Path:
        """Our own folder: the queue, the cache, the default index, the lock."""
        return self.workspace.root / ".nutgraf" / "link"

    @property
    def ledger(self) -> Ledger:
        workspace = self.workspace
        return Ledger(workspace.links, workspace.display(workspace.links), workspace.base, self.folder)

    def things(self) -> list[Thing]:
        """The things of the sheets and registers.

        Raises:
            ContentError: the sheets have problems.
        """
        workspace = self.workspace
        facts, problems = check.load(workspace.sheet_files(), workspace.schema, display=workspace.display)
        if any(problem.severity == "error" for problem in problems):
            raise ContentError(*problems)
        return things(facts)
