"""`nutgraf link`: propose Wikidata items for what is undecided."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import click
from rich import box
from rich.console import Console
from rich.table import Table

from nutgraf.cli import diagnostics
from nutgraf.cli.linking import Linking
from nutgraf.cli.options import find_workspace, in_workspace
from nutgraf.net.address import is_local
from nutgraf.problems import InputError, Problem, quoted
from nutgraf.reconcile import propose, queue, score
from nutgraf.reconcile.authority.default import open_default
from nutgraf.reconcile.authority.index import Authority
from nutgraf.reconcile.ledger import NewDecision
from nutgraf.reconcile.polite import Polite, user_agent
from nutgraf.reconcile.propose import IndexSource, Proposed, Source
from nutgraf.reconcile.recheck import Stale, recheck, reopen
from nutgraf.reconcile.reconciliation.client import ReconciliationService
from nutgraf.reconcile.wikidata.cache import Cache
from nutgraf.reconcile.wikidata.live import API, Wikidata

WIKIDATA_API = "NUTGRAF_WIKIDATA_API"
"""Environment variable with the address of another action API: a mirror, or a stand-in for tests."""


@click.command()
@click.option(
    "--source",
    "names",
    multiple=True,
    metavar="FILE.sqlite|wikidata|URL",
    help="An index, the live service, or a reconciliation service; may be repeated. Default: the default"
    " authority, and wikidata where nutgraf.toml has a contact.",
)
@click.option("--offline", is_flag=True, help="Ask no live service.")
@click.option("--contact", help="Address that live services are told; default: contact in nutgraf.toml.")
@click.option("--dry-run", is_flag=True, help="Show what would be done; write nothing.")
@click.option("--no-accept", is_flag=True, help="Leave also what is safe to accept for review.")
@click.option("--recheck", "check_again", is_flag=True, help="Look the accepted items up again instead.")
@in_workspace
@click.pass_context
def command(
    ctx: click.Context,
    names: tuple[str, ...],
    offline: bool,
    contact: str | None,
    dry_run: bool,
    no_accept: bool,
    check_again: bool,
    start: Path,
) -> None:
    """Propose Wikidata items for the things on which nothing is decided.

    What is safe is accepted: the main name is the same, the type agrees, nothing contradicts, no namesake is
    known, and more than the name speaks for it. The rest waits for `nutgraf review`. Decisions are rows of
    seeds/links.sssom.tsv; rows that are there are never changed.

    --recheck asks Wikidata for every accepted item. Decisions whose item was merged or deleted are taken
    out, so that they are open again; they are kept in seeds/links.superseded.sssom.tsv. Exits with 1 when
    there were some.

    \b
    Examples:
      nutgraf link --offline
      nutgraf link --source names.sqlite --dry-run
      nutgraf link --source wikidata --contact desk@example.org
      nutgraf link --recheck
    """
    linking = Linking(find_workspace(start))
    contact = contact or linking.workspace.contact
    if check_again:
        _check_usage(offline=offline, names=names)
        stale = _recheck(linking, contact)
        _show_stale(stale)
        if stale and not dry_run:
            reopen(linking.ledger, stale)
        ctx.exit(1 if stale else 0)
    with contextlib.ExitStack() as stack:
        sources = _sources(linking, names, offline=offline, contact=contact, stack=stack)
        proposed = _propose(linking, sources)
        asked = [source.name for source in sources]
    accepted = [each for each in proposed if each.verdict == "accept" and not no_accept]
    if no_accept:
        proposed = [_for_review(each) for each in proposed]
    _show(proposed)
    if not dry_run:
        linking.ledger.add([_decision(each, linking.workspace.base) for each in accepted])
        queue.save(linking.folder, queue.questions(proposed, asked))
    waiting = sum(each.verdict == "review" for each in proposed)
    nothing = len(proposed) - len(accepted) - waiting
    done = "would be accepted" if dry_run else "accepted"
    click.echo(f"{len(accepted)} {done}, {waiting} for `nutgraf review`, {nothing} without a candidate")


def _check_usage(*, offline: bool, names: Sequence[str]) -> None:
    if offline or names:
        raise click.UsageError("--recheck asks Wikidata itself; leave out --offline and --source")


def _propose(linking: Linking, sources: Sequence[Source]) -> list[Proposed]:
    every = linking.things()
    decided = linking.ledger.read()
    base = linking.workspace.base
    total = len(propose.undecided(every, decided, base))
    done = iter(range(1, total + 1))
    with Console(stderr=True).status("asking") as status:
        return propose.propose(
            every,
            decided,
            sources,
            base,
            on_thing=lambda thing: status.update(f"{next(done)} of {total}: {thing.label}"),
        )


def _sources(
    linking: Linking,
    names: tuple[str, ...],
    *,
    offline: bool,
    contact: str | None,
    stack: contextlib.ExitStack,
) -> list[Source]:
    if not names:
        names = ("default", "wikidata") if contact and not offline else ("default",)
    return [_source(linking, name, offline=offline, contact=contact, stack=stack) for name in names]


def _source(
    linking: Linking, name: str, *, offline: bool, contact: str | None, stack: contextlib.ExitStack
) -> Source:
    if name == "default":
        return IndexSource(stack.enter_context(open_default(linking.folder)))
    if name == "wikidata" or name.startswith(("http://", "https://")):
        if offline:
            raise click.UsageError(f"{name} is a live service; leave out --offline")
        if name == "wikidata":
            return _wikidata(linking, contact)
        agent = user_agent(contact) if contact or not is_local(name) else user_agent("http://localhost/")
        return ReconciliationService(name, Polite(agent, on_wait=_say_wait))
    if not Path(name).is_file():
        fix = "name an index, `default`, `wikidata` or the address of a reconciliation service"
        raise InputError(Problem("LNK207", f"no source {quoted(name)}", fix=fix))
    return IndexSource(stack.enter_context(Authority.open(Path(name))))


def _wikidata(linking: Linking, contact: str | None) -> Wikidata:
    http = Polite(user_agent(contact), on_wait=_say_wait)
    return Wikidata(http, Cache(linking.folder / "wikidata"), os.environ.get(WIKIDATA_API, API))


def _say_wait(seconds: float, why: str) -> None:
    diagnostics.say(f"waiting {seconds:.0f} s: {why}", style="dim")


def _recheck(linking: Linking, contact: str | None) -> list[Stale]:
    service = _wikidata(linking, contact)
    with Console(stderr=True).status("asking") as status:
        service.on_progress = lambda read, asked: status.update(f"{read} of {asked} items")
        return recheck(linking.ledger.read(), lambda ids: service.read(ids, fresh=True))


def _show_stale(stale: Sequence[Stale]) -> None:
    for each in stale:
        click.echo(f"{each.decision.span}: {each.reason}: <{each.decision.subject}> is open again")
    if not stale:
        click.echo("every accepted item is still there")


def _for_review(each: Proposed) -> Proposed:
    verdict = "review" if each.verdict == "accept" else each.verdict
    return Proposed(each.thing, each.candidates, verdict, each.sources, each.hint)


def _decision(each: Proposed, base: str) -> NewDecision:
    best = each.candidates[0]
    source, version = each.sources[best.item.id]
    return NewDecision(
        base + each.thing.node,
        each.thing.label,
        "accepted",
        best.item.id,
        best.item.label,
        confidence=score.confidence(best),
        source=source,
        source_version=f"revision {best.item.revision}" if best.item.revision else version,
        comment=f"score {best.score:.0f}: {best.why}",
    )


def _show(proposed: Sequence[Proposed]) -> None:
    """A row a candidate, three a thing, the things without one left out."""
    table = Table(header_style="bold", box=box.SIMPLE_HEAD, expand=True)
    ratios = {"thing": 3, "": None, "item": None, "label": 3, "score": None, "why": 8}
    for column, ratio in ratios.items():
        justify: Literal["left", "right"] = "right" if column == "score" else "left"
        table.add_column(column, overflow="fold", justify=justify, ratio=ratio)
    for each in proposed:
        for number, row in enumerate(_rows(each)):
            table.add_row(each.thing.label if number == 0 else "", *row)
    if table.row_count:
        Console(highlight=False, markup=False).print(table)


def _rows(each: Proposed) -> Iterator[tuple[str, ...]]:
    if each.verdict == "none":
        return
    for number, candidate in enumerate(each.candidates[:3]):
        mark = {"accept": "✓", "review": "?"}[each.verdict] if number == 0 else ""
        against = f"; but {candidate.objection}" if candidate.objection and number == 0 else ""
        yield (
            mark,
            candidate.item.id,
            candidate.item.label,
            f"{candidate.score:.0f}",
            f"{candidate.why}{against}",
        )
