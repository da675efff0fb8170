"""How sure a link is: the rows of the decisions file, by the thing that they decide about."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from nutgraf.reconcile import decisions
from nutgraf.reconcile.decisions import Verdict
from nutgraf.workspace import Workspace


@dataclass(frozen=True, slots=True)
class LinkDecision:
    """What was decided about a thing, and why.

    Attributes:
        verdict: accepted, rejected, or not found.
        item: IRI of the item; None when none was found.
        justification: last part of the SEMAPV term, such as "ManualMappingCuration".
        confidence: 0 to 1 as it is written; empty when the row does not say.
        date: day of the decision.
        comment: the reason in words.
    """

    verdict: Verdict
    item: str | None
    justification: str = ""
    confidence: str = ""
    date: str = ""
    comment: str = ""


def read(workspace: Workspace) -> dict[str, list[LinkDecision]]:
    """Node → the decisions about it, in the file's order.

    Raises:
        InputError: LNK101 to LNK107, as for `nutgraf.reconcile.decisions.read`.
    """
    found: dict[str, list[LinkDecision]] = defaultdict(list)
    rows = decisions.read(workspace.links, workspace.display(workspace.links))
    if not rows:
        return {}
    lines = workspace.links.read_text(encoding="utf-8-sig").split("\n")
    header = next(line for line in lines if not line.startswith("#"))
    columns = header.removesuffix("\r").split("\t")
    for row in rows:
        cells = dict(zip(columns, lines[row.span.line - 1].removesuffix("\r").split("\t"), strict=False))
        found[row.subject].append(
            LinkDecision(
                row.verdict,
                row.object,
                cells.get("mapping_justification", "").rpartition(":")[2].rpartition("/")[2],
                cells.get("confidence", ""),
                cells.get("mapping_date", ""),
                cells.get("comment", ""),
            )
        )
    return dict(found)
