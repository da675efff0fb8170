"""`nutgraf serve`: the site live, with a SPARQL endpoint."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path

import click

from nutgraf.cli import diagnostics
from nutgraf.cli.options import find_workspace, in_workspace
from nutgraf.problems import InputError, Problem


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0: any free one."
)
@click.option(
    "--time",
    "time_s",
    default=10.0,
    show_default=True,
    type=click.FloatRange(0.1, 3600),
    help="Seconds that a query may take.",
)
@click.option(
    "--memory",
    "memory_mb",
    default=512,
    show_default=True,
    type=click.IntRange(16),
    help="MB of memory that a query may take.",
)
@click.option(
    "--result",
    "result_mb",
    default=32,
    show_default=True,
    type=click.IntRange(1),
    help="MB that an answer may have; it is sent whole or not at all.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    help="Queries that run at a time; default: a processor each, 2 to 8.",
)
@click.option("--log/--no-log", default=True, show_default=True, help="A line a request on standard error.")
@in_workspace
def command(
    host: str,
    port: int,
    time_s: float,
    memory_mb: int,
    result_mb: int,
    workers: int | None,
    log: bool,
    start: Path,
) -> None:
    """Serve what the last build wrote: pages, data for each IRI, and SPARQL 1.1 queries.

    An IRI of the workspace answers at the same path here: id/interpol of the base is /id/interpol. /sparql
    is the endpoint, /query a page to write queries on, /graphs?graph=IRI reads a graph. Nothing can be
    changed over HTTP. A later build is taken up without a restart. It listens on this machine only unless
    --host says otherwise; before you open it to others, read docs/serve.md.

    \b
    Examples:
      nutgraf serve
      nutgraf serve --port 8080 --time 30 --memory 1024
      nutgraf serve --host 0.0.0.0 --no-log
      curl -L -H 'Accept: text/turtle' http://127.0.0.1:8000/id/interpol
      curl http://127.0.0.1:8000/sparql --data-urlencode 'query=ASK { ?event a schema:Event }'
    """
    missing = [name for name in ("starlette", "uvicorn", "jinja2") if not importlib.util.find_spec(name)]
    if missing:
        message = f"not installed: {', '.join(missing)}"
        raise InputError(Problem("SRV101", message, fix="pip install 'nutgraf[serve]'"))
    # Imported here: these packages are an extra.
    from nutgraf.serve.limits import Limits  # noqa: PLC0415
    from nutgraf.serve.server import serve  # noqa: PLC0415

    limits = Limits(time_s=time_s, memory_mb=memory_mb, result_mb=result_mb)
    if workers:
        limits = replace(limits, workers=workers)
    serve(
        find_workspace(start),
        host=host,
        port=port,
        limits=limits,
        log=log,
        on_ready=lambda url: click.echo(f"serving {url}"),
    )
    diagnostics.say("stopped")
