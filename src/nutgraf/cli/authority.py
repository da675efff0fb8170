"""`nutgraf authority`: an index of Wikidata names."""

from __future__ import annotations

import re
from itertools import zip_longest
from pathlib import Path

import click
from rich.console import Console

from nutgraf.cli import diagnostics
from nutgraf.reconcile.authority.build import Manifest, Source, build
from nutgraf.reconcile.authority.index import Authority
from nutgraf.reconcile.authority.sources import FORMATS
from nutgraf.reconcile.items import QID, Query
from nutgraf.reconcile.reconciliation.server import Server

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


@click.group()
def command() -> None:
    """Build an index of Wikidata names, look into it, and serve it.

    \b
    Examples:
      nutgraf authority build names.tsv.gz -o names.sqlite
      nutgraf authority search names.sqlite "Marrakesh"
      nutgraf authority serve names.sqlite
    """


@command.command("build")
@click.argument(
    "sources", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "-o",
    "--output",
    "target",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The index.",
)
@click.option(
    "--format", "to", type=click.Choice(list(FORMATS)), help="Of all sources; default: told from each."
)
@click.option(
    "--class", "classes", multiple=True, metavar="Q…", help="Only instances of this or its subclasses."
)
@click.option("--language", "languages", multiple=True, metavar="TAG", help="Only names in this language.")
@click.option("--licence", "licences", multiple=True, help="Of the data; one for each source, in order.")
def build_command(
    sources: tuple[Path, ...],
    target: Path,
    to: str | None,
    classes: tuple[str, ...],
    languages: tuple[str, ...],
    licences: tuple[str, ...],
) -> None:
    """Build an index from data that carries Wikidata ids.

    SOURCE is a table with the columns qid and name (and type, lang, kind, source, description, country), a
    JSON dump of Wikidata, a SPARQL JSON result, records like those of ROR, or records with id and name.
    Files that end in .gz or .bz2 are read as they stream.

    \b
    Examples:
      nutgraf authority build names.tsv.gz -o names.sqlite --licence CC0-1.0
      nutgraf authority build latest-all.json.bz2 --class Q5 --language en --language fr -o people.sqlite
    """
    wrong = [each for each in classes if not QID.fullmatch(each)]
    wrong += [each for each in languages if not _LANGUAGE.fullmatch(each)]
    if wrong:
        raise click.UsageError(f"not an item or a language: {', '.join(wrong)}")
    files = [
        Source(path, path.as_posix(), to, licence or "not stated")
        for path, licence in zip_longest(sources, licences[: len(sources)])
    ]
    with Console(stderr=True).status("reading") as status:
        manifest = build(
            files,
            target,
            classes=frozenset(classes),
            languages=frozenset(each.lower() for each in languages),
            on_progress=lambda source, items: status.update(f"{source}: {items:,} items"),
        )
    click.echo(_summary(manifest))


@command.command("info")
@click.argument("index", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def info_command(index: Path) -> None:
    """Show what an index is made of.

    \b
    Examples:
      nutgraf authority info names.sqlite
    """
    with Authority.open(index) as found:
        click.echo(_summary(found.manifest))
        for source in found.manifest.sources:
            click.echo(f"{source.name}: {source.format}, {source.items:,} items, {source.names:,} names")
            click.echo(f"  licence {source.licence}, of {source.date}, sha256 {source.sha256}")


@command.command("search")
@click.argument("index", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("name")
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 1000))
@click.pass_context
def search_command(ctx: click.Context, index: Path, name: str, limit: int) -> None:
    """Look a name up; exits with 1 when nothing is found.

    \b
    Examples:
      nutgraf authority search names.sqlite "Marrakesh"
    """
    with Authority.open(index) as found:
        matches = found.search(Query((name,), limit=limit))
    for match in matches:
        kinds = "/".join(sorted(match.item.kinds)) or "?"
        click.echo(
            f"{match.item.id}\t{match.similarity:.2f}\t{kinds}\t{match.name.text} ({match.name.kind})"
            f"\t{match.item.label}\t{match.item.description}"
        )
    ctx.exit(0 if matches else 1)


@command.command("serve")
@click.argument("index", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0: any free one."
)
@click.option("--url", default="", help="Address that clients reach it at, where another server is in front.")
def serve_command(index: Path, host: str, port: int, url: str) -> None:
    """Serve the index by the Reconciliation API 0.2, for OpenRefine and others.

    In OpenRefine: Reconcile → Start reconciling → Add standard service → the address that this prints.

    \b
    Examples:
      nutgraf authority serve names.sqlite
      nutgraf authority serve names.sqlite --port 8123
    """
    with Authority.open(index) as found, Server(found, host, port, url) as server:
        click.echo(server.service.url)
        diagnostics.say("serving until interrupted (Ctrl-C)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            diagnostics.say("stopped")


def _summary(manifest: Manifest) -> str:
    kinds = ", ".join(f"{number:,} {kind or 'of no known kind'}" for kind, number in manifest.kinds.items())
    return f"{manifest.items:,} items ({kinds}), {manifest.names:,} names"
