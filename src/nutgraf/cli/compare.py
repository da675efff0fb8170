"""`nutgraf compare`: fact by article, agreed, only here, or differing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich import box
from rich.console import Console
from rich.table import Table

from nutgraf import pipeline
from nutgraf.cli import diagnostics
from nutgraf.cli.options import find_workspace, in_workspace
from nutgraf.evidence.compare.model import Fact, Merge
from nutgraf.evidence.compare.run import Comparison, compare
from nutgraf.evidence.explain import names
from nutgraf.terms.vocabulary import PREFIXES, shorten


@click.command()
@click.argument("nodes", nargs=-1, metavar="[NODE]...")
@click.option("--all", "everything", is_flag=True, help="Also what one article alone says.")
@click.option("--log", is_flag=True, help="Instead: why things are taken as one, or kept apart.")
@click.option(
    "--format",
    "to",
    type=click.Choice(["table", "tsv", "json"]),
    help="Default: a table on a terminal, else tsv.",
)
@in_workspace
def command(nodes: tuple[str, ...], everything: bool, log: bool, to: str | None, start: Path) -> None:
    """Compare what the articles state: a row a fact, a column an article.

    A fact is agreed when two sources or more state it, and differing when articles differ on it: in
    value, in precision (a day without its year), in granularity (a country or its representative), in
    succession or in modality. Copies of one text are one source. Names alone never make two things one.

    \b
    Examples:
      nutgraf compare
      nutgraf compare interpol-vp-africa-election --all
      nutgraf compare --log
    """
    workspace = find_workspace(start)
    trace, _ = pipeline.trace(workspace)
    found = compare(trace)
    prefixes = PREFIXES | {"id": f"{workspace.base}id/"}
    asked = {names.node(node, workspace.base, trace.subjects()) for node in nodes}
    shown = [each for each in found.facts if _is_asked(each, asked, everything=everything or bool(asked))]
    to = to or ("table" if Console().is_terminal else "tsv")
    if to == "json":
        rows: Sequence[Any] = found.merges if log else shown
        click.echo(json.dumps([asdict(row) for row in rows], indent=2, ensure_ascii=False))
    elif log:
        _show(("thing", "articles", "decision", "reasons"), _merge_rows(found.merges, prefixes), to)
    else:
        header = ("subject", "property", "value", *found.articles, "verdict", "differences")
        _show(header, _fact_rows(shown, found, prefixes), to)
    diagnostics.say(_summary(found), style="dim")


def _is_asked(fact: Fact, asked: set[str], *, everything: bool) -> bool:
    return (not asked or fact.subject in asked) and (everything or fact.verdict != "only here")


def _fact_rows(
    facts: Sequence[Fact], found: Comparison, prefixes: dict[str, str]
) -> Iterator[tuple[str, ...]]:
    for fact in facts:
        said = dict(fact.articles)
        value = shorten(fact.value, prefixes) if fact.is_iri else fact.value
        differences = "; ".join(
            f"{each.kind}: {shorten(each.other, prefixes)} ({', '.join(each.articles)})"
            for each in fact.differences
        )
        yield (
            shorten(fact.subject, prefixes),
            shorten(fact.predicate, prefixes),
            value,
            *(said.get(article, "") for article in found.articles),
            f"agreed by {len(fact.sources)}" if fact.verdict == "agreed" else fact.verdict,
            differences,
        )


def _merge_rows(merges: Sequence[Merge], prefixes: dict[str, str]) -> Iterator[tuple[str, ...]]:
    for merge in merges:
        things = ", ".join(shorten(node, prefixes) for node in (merge.node, *merge.others))
        reasons = "; ".join(merge.reasons)
        for label in sorted(prefixes, key=lambda label: -len(prefixes[label])):
            reasons = reasons.replace(prefixes[label], f"{label}:")
        yield things, ", ".join(merge.articles), "kept apart" if merge.apart else "one thing", reasons


def _show(header: Sequence[str], rows: Iterator[tuple[str, ...]], to: str) -> None:
    if to == "tsv":
        for row in (tuple(header), *rows):
            click.echo("\t".join(cell.replace("\t", " ").replace("\n", " ") for cell in row))
        return
    table = Table(header_style="bold", box=box.SIMPLE_HEAD)
    for name in header:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*row)
    Console(highlight=False, markup=False).print(table)


def _summary(found: Comparison) -> str:
    counts = Counter(fact.verdict for fact in found.facts)
    told = f"{counts['agreed']} agreed, {counts['differing']} differing, {counts['only here']} only here"
    copies = ", ".join(f"{article} is a copy of {first}" for article, first in sorted(found.copies.items()))
    return f"{told}; {copies}" if copies else told
