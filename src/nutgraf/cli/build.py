"""`nutgraf build`: from fact sheets to everything under output/."""

from __future__ import annotations

import time
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from nutgraf import pipeline
from nutgraf.cli import diagnostics
from nutgraf.cli.options import find_workspace, in_workspace
from nutgraf.pipeline import BuildResult
from nutgraf.problems import ContentError
from nutgraf.workspace import Workspace

_DOING = {
    "check": "checking the fact sheets",
    "link": "reading the link decisions",
    "map": "mapping",
    "evidence": "adding the evidence",
    "validate": "validating",
    "write": "writing",
}


@click.command()
@click.option("--force", is_flag=True, help="Build also when nothing has changed, and validate everything.")
@click.option(
    "--texts",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the articles' texts; default: the one that nutgraf.toml names.",
)
@in_workspace
@click.pass_context
def command(ctx: click.Context, force: bool, texts: Path | None, start: Path) -> None:
    """Check, map, validate and write everything under output/.

    Only what changed is validated again and written, and nothing is written when a sheet has problems or
    the graph violates a shape: the last good output stays.

    \b
    Examples:
      nutgraf build
      nutgraf build --workspace newsroom --texts articles
    """
    workspace = find_workspace(start, texts)
    started = time.perf_counter()
    try:
        with diagnostics.console().status("starting") as status:
            result = pipeline.build(workspace, force=force, on_step=lambda name: status.update(_DOING[name]))
    except ContentError as error:
        diagnostics.show(error.problems, workspace.root)
        diagnostics.say("not built; the last output is unchanged", style="bold red")
        ctx.exit(error.exit_code)
    if result.warnings:
        diagnostics.show(result.warnings, workspace.root)
    _report(result, workspace, time.perf_counter() - started)


def _report(result: BuildResult, workspace: Workspace, seconds: float) -> None:
    spans = f"{result.spans} ({'verified' if result.verified else 'not verified: the texts are not at hand'})"
    lines = {
        "articles": str(result.articles),
        "facts": str(result.facts),
        "evidence spans": spans,
        "triples": str(result.triples),
        **{f"  {name}": str(count) for name, count in result.classes.items() if count},
        "SHACL": _validated(result),
        "written": _written(result, workspace),
    }
    console = Console(highlight=False)
    if console.is_terminal:
        table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
        for label, value in lines.items():
            table.add_row(
                f"[bold]{label}[/bold]" if not label.startswith(" ") else f"[dim]{label}[/dim]", value
            )
        console.print(table)
    else:
        for label, value in lines.items():
            click.echo(f"{label}: {value}")
    diagnostics.say(f"done in {seconds:.1f} s", style="dim")


def _validated(result: BuildResult) -> str:
    warnings = f", {len(result.warnings)} warnings" if result.warnings else ""
    again = f", {result.revalidated} targets checked again" if result.revalidated is not None else ""
    return f"conforms{warnings}{again}"


def _written(result: BuildResult, workspace: Workspace) -> str:
    folder = workspace.display(workspace.output)
    if not result.written and not result.removed:
        return f"nothing: the {result.total} files in {folder}/ are up to date"
    removed = f", {len(result.removed)} removed" if result.removed else ""
    return f"{len(result.written)} of {result.total} files in {folder}/{removed}"
