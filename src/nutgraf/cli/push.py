"""`nutgraf push`: the graphs of the output into a triple store."""

from __future__ import annotations

import os
from pathlib import Path
from typing import cast, get_args

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from nutgraf.cli import diagnostics
from nutgraf.cli.options import find_workspace, in_workspace
from nutgraf.publish import built
from nutgraf.publish.push import run, stores
from nutgraf.publish.push.client import Client
from nutgraf.publish.push.credentials import Credentials
from nutgraf.publish.push.run import Options, PushResult


@click.command()
@click.argument("url")
@click.option(
    "--store",
    metavar="NAME",
    help=f"The product, whose endpoints are below URL: {', '.join(stores.LAYOUTS)}.",
)
@click.option("--update", metavar="URL", help="SPARQL Update endpoint, for where graphs cannot be put.")
@click.option("--query", metavar="URL", help="SPARQL query endpoint, which --update needs beside it.")
@click.option(
    "--protocol",
    type=click.Choice(get_args(stores.Protocol)),
    default="auto",
    show_default=True,
    help="graph-store or update: use this one only.",
)
@click.option("--digest", is_flag=True, help="Sign by Digest authentication.")
@click.option("--dry-run", is_flag=True, help="Only say what would be sent and deleted.")
@click.option("--force", is_flag=True, help="Send also what has not changed.")
@click.option("--prune/--no-prune", default=True, help="Delete the graphs of articles that are gone.")
@click.option(
    "--loaded",
    is_flag=True,
    help="The store's own loader has loaded output/dataset.nq: only say so in the manifest.",
)
@click.option("--gzip", "packed", is_flag=True, help="Send graphs packed; not every store takes that.")
@click.option(
    "--timeout",
    "timeout_s",
    type=click.FloatRange(min=0, min_open=True),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait for an answer.",
)
@click.option(
    "--retries",
    type=click.IntRange(0, 20),
    default=5,
    show_default=True,
    help="How often to ask again when the store does not answer.",
)
@in_workspace
@click.pass_context
def command(
    ctx: click.Context,
    url: str,
    store: str | None,
    update: str | None,
    query: str | None,
    protocol: str,
    digest: bool,
    dry_run: bool,
    force: bool,
    prune: bool,
    loaded: bool,
    packed: bool,
    timeout_s: float,
    retries: int,
    start: Path,
) -> None:
    """Send what changed to a triple store, and delete the graphs of articles that are gone.

    URL is the store's Graph Store endpoint, or with --store the address of its server, dataset or
    repository. What the store already has it says itself, in a graph called manifest; other graphs in it
    are left alone. An interrupted push goes on where it was.

    Credentials come from the environment: NUTGRAF_PUSH_USER and NUTGRAF_PUSH_PASSWORD, or
    NUTGRAF_PUSH_TOKEN. Exits with 1 when the store refused some graphs, with 2 when it could not be pushed
    to.

    \b
    Examples:
      nutgraf push http://localhost:7878 --store oxigraph
      nutgraf push http://localhost:3030/news --store fuseki --dry-run
      nutgraf push https://data.example.org/graphs
      nutgraf push --protocol update http://localhost:9999/sparql --query http://localhost:9999/sparql
    """
    workspace = find_workspace(start)
    protocols = cast("stores.Protocol", protocol)
    endpoints = stores.endpoints(
        url, store=store, update=update, query=query, protocol=protocols, digest=digest
    )
    client = Client(
        Credentials.of(os.environ), endpoints.digest, timeout_s, attempts=retries + 1, on_wait=_say_wait
    )
    with client, _progress() as progress:
        task = progress.add_task("starting", total=None)
        options = Options(
            force, prune, dry_run, loaded, packed,
            on_warning=lambda problem: diagnostics.show([problem]),
            on_step=lambda what, done, total: progress.update(
                task, description=what, completed=done, total=total or None
            ),
        )  # fmt: skip
        result = run.push(built.quads(workspace), workspace.base, endpoints, client, options)
    refused = [problem for problem in result.problems if problem.severity == "error"]
    _report(result, dry_run=dry_run)
    diagnostics.show(refused)
    ctx.exit(1 if refused else 0)


def _progress() -> Progress:
    console = diagnostics.console()
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def _say_wait(seconds: float, why: str) -> None:
    diagnostics.say(f"waiting {seconds:.0f} s: {why}", style="dim")


def _report(result: PushResult, *, dry_run: bool) -> None:
    if dry_run:
        for name in result.sent:
            click.echo(f"send <{name}>")
        for name in result.removed:
            click.echo(f"delete <{name}>")
    sent = f"{len(result.sent)} graphs, {result.triples} triples" if result.sent else "nothing"
    click.echo(f"{'would be sent' if dry_run else 'sent'}: {sent}")
    click.echo(f"{'would be deleted' if dry_run else 'deleted'}: {len(result.removed)}")
    click.echo(f"unchanged: {result.unchanged}")
