"""Look accepted items up again: were they merged into another, or deleted?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nutgraf.reconcile.decisions import Decision
from nutgraf.reconcile.ledger import Ledger
from nutgraf.reconcile.wikidata.live import Read
from nutgraf.terms.vocabulary import WD


@dataclass(frozen=True, slots=True)
class Stale:
    """A decision whose item is no longer what it was.

    Attributes:
        decision: the decision.
        target: the item that the old one leads to; None when it was deleted.
    """

    decision: Decision
    target: str | None

    @property
    def reason(self) -> str:
        old = (self.decision.object or "").removeprefix(WD)
        return f"{old} was merged into {self.target}" if self.target else f"{old} was deleted"


def recheck(decided: Sequence[Decision], read: Callable[[list[str]], list[Read]]) -> list[Stale]:
    """The accepted decisions whose item was redirected or deleted.

    Args:
        decided: the decisions so far.
        read: asks the live service for items, as they are now.
    """
    accepted = [decision for decision in decided if decision.verdict == "accepted" and decision.object]
    found = {
        result.asked: result
        for result in read(list(dict.fromkeys((each.object or "").removeprefix(WD) for each in accepted)))
    }
    stale = []
    for decision in accepted:
        result = found[(decision.object or "").removeprefix(WD)]
        if result.status != "found":
            stale.append(Stale(decision, result.item.id if result.item else None))
    return stale


def reopen(ledger: Ledger, stale: Sequence[Stale]) -> None:
    """Take these decisions out; they stay among the superseded, with the reason.

    Raises:
        InputError: as `Ledger.supersede`.
    """
    ledger.supersede({each.decision: each.reason for each in stale})
