"""`nutgraf site`: the pages of the graph as a folder that any file host can serve."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

import click

from nutgraf.cli import diagnostics, site_progress
from nutgraf.cli.options import find_workspace, in_workspace
from nutgraf.publish.files import write_all
from nutgraf.publish.hosting.servers import SERVERS
from nutgraf.publish.site.site import Site
from nutgraf.publish.site.write import write
from nutgraf.workspace import Workspace


@click.command()
@click.option(
    "-o",
    "target",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder to write; a new one, or one that holds a site already. With --config: the folder of "
    "the settings; default: standard output.",
)
@click.option(
    "--config",
    "server",
    type=click.Choice(list(SERVERS)),
    help="Write no site, but settings for a web server, so that IRIs answer by what is accepted.",
)
@click.option("--force", is_flag=True, help="Make every page anew, also those that nothing has changed for.")
@in_workspace
def command(target: Path | None, server: str | None, force: bool, start: Path) -> None:
    """Write a static site of what was last built.

    A page for each article, event, person, organization, place, office and claim, with its data beside it;
    lists, a timeline, a map, the comparison of the articles, the saved queries with their answers. It needs
    no server and asks no other host for anything.

    Only what changed is touched, and what is gone is removed. Templates in the folder that `templates` in
    nutgraf.toml names stand in for ours.

    \b
    Examples:
      nutgraf site -o build/site
      nutgraf site -o public --workspace newsroom
      nutgraf site --config nginx -o /etc/nginx/conf.d
    """
    workspace = find_workspace(start)
    if server is not None:
        _settings(workspace, server, target)
        return
    if target is None:
        raise click.UsageError("-o names the folder to write")
    started = time.perf_counter()
    with site_progress.shown() as progress, closing(Site.open(workspace)) as site:
        progress.begin(site.paths())
        change = write(site, target, progress.told, force=force)
    click.echo(
        f"{change.total} files in {target.as_posix()}/: "
        f"{change.written} written, {change.removed} removed, {change.total - change.written} as they were"
    )
    diagnostics.say(f"done in {time.perf_counter() - started:.1f} s", style="dim")


def _settings(workspace: Workspace, server: str, target: Path | None) -> None:
    """Write a server's settings: into a folder, or to standard output."""
    site = Site.open(workspace)
    found = SERVERS[server](workspace.base, site.moved())
    site.close()
    if target is not None:
        write_all({target / name: [content.encode()] for name, content in found.items()})
        diagnostics.say(f"{', '.join(sorted(found))} in {target.as_posix()}/")
        return
    for name, content in found.items():
        if len(found) > 1:
            click.echo(f"==> {name} <==")
        click.echo(content, nl=False)
