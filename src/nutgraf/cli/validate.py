"""`nutgraf validate`: RDF files, or the fact sheets of a workspace, against SHACL shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

import click

from nutgraf import validation
from nutgraf.cli import progress, rdf
from nutgraf.cli.options import find_workspace, in_workspace
from nutgraf.cli.reports import as_json, github, html, sarif, text
from nutgraf.cli.reports.view import View, baseline
from nutgraf.problems import InputError
from nutgraf.shapes.run import ENGINES, Engine
from nutgraf.validation import Collected, Wanted
from nutgraf.workspace import Workspace

FORMATS: Final[dict[str, Callable[[View], Iterable[str]]]] = {
    "text": text.write,
    "json": as_json.write,
    "sarif": sarif.write,
    "github": github.write,
    "html": html.write,
    "ttl": View.turtle,
}
"""Format → what writes it; `ttl` is the W3C's report graph."""

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("data", nargs=-1, type=_FILE)
@click.option(
    "--shapes",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="A shapes file, or a folder of Turtle files; may be repeated. Default: those of the workspace.",
)
@click.option(
    "--engine", type=click.Choice(ENGINES), default="auto", help="auto: SQL, and pySHACL where it must be."
)
@click.option("--format", "to", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file.")
@click.option("--max-per-rule", type=click.IntRange(min=1), help="Show so many results of a rule at most.")
@click.option("--max-results", type=click.IntRange(min=1), help="Collect so many results; say how many more.")
@click.option("--fail-fast", is_flag=True, help="Stop at the first violation.")
@click.option("--fail-on-unmatched", is_flag=True, help="A shape that no node is a target of is a finding.")
@click.option("--baseline", "known", type=_FILE, help="An earlier --format json report: accept its results.")
@click.option("--language", default="en", show_default=True, help="Of messages and names.")
@click.option(
    "--memory",
    metavar="SIZE",
    help="What the engine may use before it spills to disk, such as 1GB; default: most of the machine's.",
)
@in_workspace
@click.pass_context
def command(
    ctx: click.Context,
    data: tuple[Path, ...],
    shapes: tuple[Path, ...],
    engine: Engine,
    to: str,
    output: Path | None,
    max_per_rule: int | None,
    max_results: int | None,
    fail_fast: bool,
    fail_on_unmatched: bool,
    known: Path | None,
    language: str,
    memory: str | None,
    start: Path,
) -> None:
    """Validate RDF files against SHACL shapes; each result leads to the line to mend.

    DATA are N-Triples, N-Quads, Turtle, TriG, RDF/XML or JSON-LD files, also with .gz; the graphs of a
    dataset are taken together. Without DATA, the fact sheets of the workspace are validated. Warnings do
    not fail. Results are sorted on disk and written one by one, however many there are. On a terminal,
    stderr says how far it is. Exit codes: 0 conforms, 1 violations, 2 could not run.

    \b
    Examples:
      nutgraf validate
      nutgraf validate data.ttl --shapes shapes.ttl
      nutgraf validate --shapes ontology/shapes/search
      nutgraf validate data.ttl --shapes shapes.ttl --fail-fast
      nutgraf validate archive.nq --shapes shapes.ttl --max-results 1000 --format json -o report.json
      nutgraf validate data.nt.gz --shapes shapes.ttl --format sarif -o results.sarif
      nutgraf validate data.jsonld --shapes shapes.ttl --format json -o known.json
      nutgraf validate archive.nt.gz --shapes shapes.ttl --memory 1GB
      nutgraf validate data.jsonld --shapes shapes.ttl --baseline known.json
    """
    accepted = baseline(known) if known else frozenset()
    workspace = _workspace(start, needed=not (data and shapes))
    files = _shape_files(shapes) or (workspace.shape_files() if workspace else [])
    with progress.shown() as watch:
        wanted = Wanted(language, max_results, fail_fast, accepted, watch)
        with _collecting(data, files, workspace, wanted, engine, memory) as found:
            view = View(
                found, fail_on_unmatched, max_per_rule, None if data or not workspace else workspace.root
            )
            watch(None)
            rdf.deliver_parts(FORMATS[to](view), output)
            fails = view.fails
    ctx.exit(1 if fails else 0)


def _collecting(
    data: tuple[Path, ...],
    shapes: list[Path],
    workspace: Workspace | None,
    wanted: Wanted,
    engine: Engine,
    memory: str | None,
) -> AbstractContextManager[Collected]:
    if data:
        return validation.collect_files(data, shapes, wanted, engine_name=engine, memory=memory)
    assert workspace is not None, "needed without data"
    return validation.collect_workspace(workspace, shapes, wanted, engine_name=engine)


def _shape_files(named: tuple[Path, ...]) -> list[Path]:
    """The files that are named, and those in the folders that are, sorted by name."""
    files: list[Path] = []
    for path in named:
        inside = sorted(path.glob("*.ttl")) if path.is_dir() else [path]
        if not inside:
            raise click.UsageError(f"no Turtle file in the folder {path}")
        files += inside
    return files


def _workspace(start: Path, *, needed: bool) -> Workspace | None:
    try:
        return find_workspace(start)
    except InputError:
        if needed:
            raise
        return None
