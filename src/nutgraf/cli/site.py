"""`nutgraf site`: the pages of the graph as a folder that any file host can serve."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import click

from nutgraf.cli import diagnostics
from nutgraf.cli.options import find_workspace, in_workspace
from nutgraf.publish.site.site import Site
from nutgraf.publish.site.write import write

_EVERY = 0.1


@click.command()
@click.option(
    "-o",
    "target",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="The folder to write; a new one, or one that holds a site already.",
)
@click.option("--force", is_flag=True, help="Make every page anew, also those that nothing has changed for.")
@in_workspace
def command(target: Path, force: bool, start: Path) -> None:
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
    """
    workspace = find_workspace(start)
    started = time.perf_counter()
    counts: Counter[str] = Counter()
    with diagnostics.console().status("reading the dataset") as status:
        site = Site.open(workspace)
        shown = [0.0]

        def told(path: str, what: str) -> None:
            counts[what] += 1
            now = time.perf_counter()
            if now - shown[0] > _EVERY:
                shown[0] = now
                status.update(f"{counts.total()} files, {counts['written']} written: {path}")

        change = write(site, target, told, force=force)
    click.echo(
        f"{change.total} files in {target.as_posix()}/: "
        f"{change.written} written, {change.removed} removed, {change.total - change.written} as they were"
    )
    diagnostics.say(f"done in {time.perf_counter() - started:.1f} s", style="dim")
