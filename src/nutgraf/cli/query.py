"""`nutgraf query`: SPARQL over the output or over files."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import click
from rich import box
from rich.console import Console
from rich.table import Table

from nutgraf.cli import diagnostics, rdf
from nutgraf.cli.options import find_workspace, in_workspace
from nutgraf.dataset import limits, saved
from nutgraf.dataset.results import RESULT_FORMATS, serialize_results
from nutgraf.dataset.sparql import Solutions, query
from nutgraf.dataset.store import Dataset, Term
from nutgraf.problems import InputError, Problem, Span
from nutgraf.publish.formats import GRAPH_FORMATS
from nutgraf.terms.vocabulary import PREFIXES, shorten
from nutgraf.workspace import Workspace


@click.command()
@click.argument("text", metavar="QUERY|FILE.rq")
@click.option(
    "--data",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Ask these RDF files instead of the output; may be repeated.",
)
@click.option(
    "--set", "settings", multiple=True, metavar="NAME=TERM", help="Value of a parameter of a saved query."
)
@click.option(
    "--format",
    "to",
    type=click.Choice(["table", *RESULT_FORMATS, *GRAPH_FORMATS]),
    help="Default: a table on a terminal, else tsv; ttl for graphs.",
)
@click.option(
    "--timeout",
    "time_s",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="Give a query up that takes longer; default: never.",
)
@click.option(
    "--memory",
    "memory_mb",
    type=click.IntRange(min=1),
    metavar="MB",
    help="Give a query up that takes more memory, the data not counted; default: never.",
)
@in_workspace
@click.pass_context
def command(
    ctx: click.Context,
    text: str,
    data: tuple[Path, ...],
    settings: tuple[str, ...],
    to: str | None,
    time_s: float | None,
    memory_mb: int | None,
    start: Path,
) -> None:
    """Answer a SPARQL 1.1 query over the built dataset, or over RDF files.

    The default graph is the union of all graphs. The prefixes schema, nut, oa, prov, rdf, rdfs, xsd,
    dcterms and wd need no declaration. Nothing is ever fetched. ASK exits with 1 when the answer is no.

    \b
    Examples:
      nutgraf query queries/S01.rq
      nutgraf query queries/N01.rq --set 'session=<https://nutgraf.example/id/interpol-ga-92>'
      nutgraf query 'SELECT ?name { ?p a schema:Person ; schema:name ?name }' --format csv
      nutgraf query 'ASK { ?e nut:elected ?who }' --data other.ttl
      nutgraf query 'SELECT * { ?a ?p ?b . ?c ?q ?d }' --timeout 10 --memory 500
    """
    body, file = _read(text)
    workspace = _workspace(start, optional=bool(data))
    parameters = saved.parameters(body, file) | dict(saved.setting(value) for value in settings)
    dataset = Dataset.load(list(data)) if data else rdf.built_dataset(_required(workspace))
    try:
        results = limits.within(
            lambda: query(dataset, body, substitutions=parameters, file=file),
            time_s=time_s,
            memory_mb=memory_mb,
            file=file,
        )
    except limits.StillRunningError:
        raise  # `main` ends the process
    except InputError as error:
        diagnostics.show(error.problems)
        ctx.exit(error.exit_code)
    if isinstance(results, Solutions | bool):
        _show_results(results, to, workspace, parameters)
        ctx.exit(1 if results is False else 0)
    name = to or "ttl"
    if name not in GRAPH_FORMATS:
        raise click.UsageError(f"the query gives a graph; write it as {', '.join(GRAPH_FORMATS)}")
    rdf.deliver(GRAPH_FORMATS[name](results, rdf.vocabulary(workspace)), None)


def _read(text: str) -> tuple[str, str]:
    """The query and where it is from: a file when one is named, else the text itself."""
    path = Path(text)
    if not text.endswith(".rq"):
        return text, "query"
    try:
        return path.read_text(encoding="utf-8-sig"), path.as_posix()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(Problem("QRY105", f"cannot read the query: {reason}", Span(text))) from error


def _workspace(start: Path, *, optional: bool) -> Workspace | None:
    try:
        return find_workspace(start)
    except InputError:
        if optional:
            return None
        raise


def _required(workspace: Workspace | None) -> Workspace:
    assert workspace is not None, "only --data makes it optional"
    return workspace


def _show_results(
    results: Solutions | bool, to: str | None, workspace: Workspace | None, parameters: Mapping[str, Term]
) -> None:
    to = to or ("table" if sys.stdout.isatty() else "tsv")
    if to in RESULT_FORMATS:
        sys.stdout.buffer.write(serialize_results(results, to).encode())
        if to in {"json", "xml"}:
            sys.stdout.buffer.write(b"\n")
        return
    if to != "table":
        raise click.UsageError(f"the query gives a table; write it as table, {', '.join(RESULT_FORMATS)}")
    if isinstance(results, bool):
        click.echo("yes" if results else "no")
        return
    _show_table(results, PREFIXES | ({"id": f"{workspace.base}id/"} if workspace else {}), parameters)


def _show_table(results: Solutions, prefixes: dict[str, str], parameters: Mapping[str, Term]) -> None:
    """Parameters have one value each: it stands above the table and not in every row."""
    for name, term in parameters.items():
        diagnostics.say(f"{name} = {_cell(term, prefixes)}", style="dim")
    table = Table(header_style="bold", box=box.SIMPLE_HEAD)
    shown = [number for number, name in enumerate(results.variables) if name not in parameters]
    for number in shown:
        table.add_column(results.variables[number], overflow="fold")
    rows = results.rows()
    for row in rows:
        table.add_row(*(_cell(row[number], prefixes) for number in shown))
    Console(highlight=False, markup=False).print(table)
    diagnostics.say(f"{len(rows)} row{'s' * (len(rows) != 1)}", style="dim")


def _cell(term: Term | None, prefixes: dict[str, str]) -> str:
    if term is None:
        return ""
    value = getattr(term, "value", None)
    return shorten(value, prefixes) if value is not None else str(term)
