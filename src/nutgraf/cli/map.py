"""`nutgraf map`: run RML and YARRRML mappings over files."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import click
from rich.text import Text

from nutgraf import conversion
from nutgraf.cli import diagnostics, rdf
from nutgraf.cli.options import in_workspace
from nutgraf.conversion import Conversion, Delivery
from nutgraf.factsheet import exchange
from nutgraf.mapping import counts
from nutgraf.pipeline import sheet_tables
from nutgraf.problems import InputError, Problem
from nutgraf.publish.files import write_all
from nutgraf.publish.formats import DATASET_FORMATS, GRAPH_FORMATS, Vocabulary
from nutgraf.terms.vocabulary import PREFIXES, shorten
from nutgraf.workspace import Workspace

_FORMATS = ("nq", "nt", "ttl", "trig", "jsonld")
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.argument("mappings", metavar="MAPPING...", nargs=-1, type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(dir_okay=False, path_type=Path, allow_dash=True),
    help="File; default, and -: standard output.",
)
@click.option(
    "--to", type=click.Choice(_FORMATS), help="Format; default: as the extension of -o says, else nq."
)
@click.option("--base", metavar="IRI", help="Goes before relative IRIs; default: the workspace's base.")
@click.option(
    "--allow",
    multiple=True,
    type=_FOLDER,
    metavar="DIR",
    help="Also read sources and write targets in this folder; may be repeated.",
)
@click.option("--explain", "explained", is_flag=True, help="Print the plan and its SQL, and map nothing.")
@click.option(
    "--tables",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write the tables of the fact sheets there, as JSON files that any RML engine reads.",
)
@in_workspace
def command(
    mappings: tuple[Path, ...],
    target: Path | None,
    to: str | None,
    base: str | None,
    allow: tuple[Path, ...],
    explained: bool,
    folder: Path | None,
    start: Path,
) -> None:
    """Run RML (.ttl) and YARRRML (.yml) mappings and write the statements that they make.

    Relative sources are looked up beside the mapping, or where its rml:root says. Files in the folder of
    the mapping, in the workspace and in what --allow names may be read, no others. A source that is no
    file is, in a workspace, the table of the fact sheets of that name. Nothing is written when anything is
    wrong.

    \b
    Examples:
      nutgraf map people.rml.ttl
      nutgraf map people.yml events.yml -o facts.ttl --base https://data.example.org/
      nutgraf map people.rml.ttl --allow ../exports --to jsonld -o -
      nutgraf map mappings/factsheet.yml --explain
      nutgraf map --tables tables
    """
    if not mappings and folder is None:
        raise click.UsageError("name a mapping")
    workspace = conversion.find_workspace(mappings[0].parent if mappings else start)
    if folder is not None:
        _write_tables(workspace or conversion.find_workspace(start), folder)
    if explained:
        text = conversion.explain(mappings, base=base, allow=allow, start=start)
        rdf.deliver(text + "\n", target)
    elif mappings:
        _run(mappings, target, to or _format_of(target), base, allow, start, workspace)


def _run(
    mappings: tuple[Path, ...],
    target: Path | None,
    to: str,
    base: str | None,
    allow: tuple[Path, ...],
    start: Path,
    workspace: Workspace | None,
) -> None:
    started = time.perf_counter()
    with diagnostics.console().status("reading the mapping") as status:

        def show(step: str) -> None:
            status.update(Text(step))

        with conversion.convert(mappings, base=base, allow=allow, start=start, on_step=show) as done:
            show("writing")
            deliveries = done.deliveries()
            _write(done, deliveries, target, to, rdf.vocabulary(workspace))
            lines, made = _summary(done), _count(done.count(), "statement")
    diagnostics.show(counts.no_statement(done.rules))
    for line in lines:
        diagnostics.say(line)
    elsewhere = "".join(f", {len(each.quads)} to {each.shown}" for each in deliveries)
    diagnostics.say(f"{made}{elsewhere} in {time.perf_counter() - started:.1f} s", style="bold")


def _write(
    done: Conversion,
    deliveries: Sequence[Delivery],
    target: Path | None,
    to: str,
    vocabulary: Vocabulary,
) -> None:
    """Everything at once: the files of the targets, and FILE or standard output."""
    files: dict[Path, Iterable[bytes]] = {each.path: [each.content(vocabulary)] for each in deliveries}
    content = done.content(to, vocabulary)
    if target is not None and target != Path("-"):
        if target.resolve() in files:
            message = f"{target.as_posix()} is a target of the mapping"
            raise InputError(Problem("MAP143", message, fix="write to another file with -o"))
        write_all({**files, target: content})
        return

    def print_it() -> None:
        sys.stdout.buffer.writelines(content)
        sys.stdout.buffer.flush()

    write_all(files, before_moving=print_it)


def _summary(done: Conversion) -> list[str]:
    """A line for each rule: its place, what it says, how many records gave how many statements."""
    rows = [
        (
            f"{count.rule.span.file}:{count.rule.span.line}",
            count.rule.triples_map,
            shorten(count.rule.constant_predicate or "", PREFIXES),
            str(count.records),
            f"records → {_count(count.statements, 'statement')}",
        )
        for count in done.rules
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        + f"  {row[3].rjust(6)} {row[4]}"
        for row in rows
    ]


def _write_tables(workspace: Workspace | None, folder: Path) -> None:
    if workspace is None:
        fix = "run it in a folder with a nutgraf.toml"
        raise InputError(Problem("WSP101", "--tables needs a workspace", fix=fix))
    files = {
        folder / f"{name}.json": [text.encode()]
        for name, text in exchange.json_files(sheet_tables(workspace)).items()
    }
    write_all(files)
    diagnostics.say(f"{_count(len(files), 'table')} in {folder.as_posix()}/")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def _format_of(target: Path | None) -> str:
    name = target.suffix.removeprefix(".") if target else ""
    return name if name in GRAPH_FORMATS or name in DATASET_FORMATS else "nq"
