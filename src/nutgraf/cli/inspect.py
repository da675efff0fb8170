"""`nutgraf inspect`: what structured data a page carries."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from pyoxigraph import Triple

from nutgraf import workspace
from nutgraf.cli import diagnostics, page_file, rdf
from nutgraf.publish.formats import GRAPH_FORMATS
from nutgraf.publish.inspect.extract import Block, blocks
from nutgraf.publish.inspect.outline import outline


@click.command()
@click.argument("file", metavar="PAGE", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--to",
    type=click.Choice(["tree", "ttl", "nt", "jsonld"]),
    default="tree",
    show_default=True,
    help="A tree to read, or the triples.",
)
@click.option("--url", metavar="URL", help="The page's address; default: its canonical link.")
@click.option("--encoding", metavar="NAME", help="Encoding that the server's header names.")
@click.option(
    "--shapes",
    "shape_files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="SHACL shapes to check against; default: what search engines ask for.",
)
@click.option("--no-shapes", is_flag=True, help="Check against none.")
@click.pass_context
def command(
    context: click.Context,
    file: Path,
    to: str,
    url: str | None,
    encoding: str | None,
    shape_files: tuple[Path, ...],
    no_shapes: bool,
) -> None:
    """Show the JSON-LD, microdata and RDFa of a page, and check it. Nothing is fetched.

    What search engines require and recommend is told on stderr, and does not fail. Exit codes: 0 done,
    1 a block is broken or a shape of --shapes is violated, 2 could not run.

    \b
    Examples:
      nutgraf inspect public/story.html
      nutgraf inspect public/story.html --to ttl --no-shapes
      nutgraf inspect public/story.html --shapes ontology/shapes/event.ttl
    """
    found = blocks(page_file.read(file), file=file.as_posix(), base=url, encoding=encoding)
    triples = list(dict.fromkeys(triple for block in found for triple in block.triples))
    if to == "tree":
        rdf.deliver("\n".join(_shown(block) for block in found) or "no structured data\n", None)
    else:
        rdf.deliver(GRAPH_FORMATS[to](triples, rdf.vocabulary(None)), None)
    problems = [problem for block in found for problem in block.problems]
    diagnostics.show(problems)
    violates = not no_shapes and _violates(triples, shape_files)
    context.exit(1 if problems or violates else 0)


def _shown(block: Block) -> str:
    place = f" at {block.span}" if block.span else ""
    owner = ", ours" if block.ours else ""
    state = "" if not block.problems else ", broken"
    return f"# {block.syntax}{place}{owner}{state}\n{outline(block.triples)}"


def _violates(triples: Sequence[Triple], shape_files: Sequence[Path]) -> bool:
    # Imported here: DuckDB and Arrow take a while, which a page without shapes should not pay for.
    from nutgraf.cli.reports import summary  # noqa: PLC0415
    from nutgraf.publish.inspect.check import check  # noqa: PLC0415

    default = workspace.defaults() / "ontology" / "shapes" / "search"
    outcome = check(triples, list(shape_files) or sorted(default.glob("*.ttl")))
    for note in outcome.notes:
        diagnostics.say(f"note: {note}")
    diagnostics.say(diagnostics.printable(summary.write(outcome.report, triples).rstrip()))
    return outcome.report.violates
