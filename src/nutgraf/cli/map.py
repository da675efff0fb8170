"""`nutgraf map`: run RML and YARRRML mappings over files."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nutgraf import conversion
from nutgraf.cli import diagnostics
from nutgraf.cli.options import in_workspace
from nutgraf.cli.running import Shown, ended_politely, peak_memory, shown
from nutgraf.conversion import Delivery
from nutgraf.engine.staging import staging_folder
from nutgraf.mapping import RuleCount, counts
from nutgraf.problems import InputError, Problem
from nutgraf.publish.files import write_all
from nutgraf.publish.sinks import PACKED, open_sink, packed
from nutgraf.terms.vocabulary import PREFIXES, shorten
from nutgraf.workspace import Workspace

if TYPE_CHECKING:
    from nutgraf.publish.formats import Vocabulary

_FORMATS = ("nq", "nt", "ttl", "trig", "jsonld", "parquet")
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@dataclass(frozen=True)
class _Order:
    """What the options say; `file` is None for standard output."""

    mappings: tuple[Path, ...]
    file: Path | None
    to: str
    base: str | None
    allow: tuple[Path, ...]
    memory: str | None
    start: Path


@dataclass(frozen=True)
class _Done:
    """What was written: what each rule made, how much went to FILE, and how much to each target."""

    rules: tuple[RuleCount, ...]
    statements: int
    elsewhere: Mapping[str, int]


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
@click.option(
    "--memory",
    metavar="SIZE",
    help="What the engine may use before it spills to disk, such as 1GB; default: most of the machine's.",
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
    memory: str | None,
    explained: bool,
    folder: Path | None,
    start: Path,
) -> None:
    """Run RML (.ttl) and YARRRML (.yml) mappings and write the statements that they make.

    Relative sources are looked up beside the mapping, or where its rml:root says. Files in the folder of
    the mapping, in the workspace and in what --allow names may be read, no others. A source that is no
    file is, in a workspace, the table of the fact sheets of that name. Nothing is written when anything is
    wrong.

    N-Triples and N-Quads are written while they are made, however many they are. A file whose name ends in
    .gz or .zst is packed.

    \b
    Examples:
      nutgraf map people.rml.ttl
      nutgraf map people.yml events.yml -o facts.ttl --base https://data.example.org/
      nutgraf map people.rml.ttl --allow ../exports --to jsonld -o -
      nutgraf map corpus.yml -o corpus.nt.zst --memory 1GB
      nutgraf map corpus.yml -o corpus.parquet
      nutgraf map mappings/factsheet.yml --explain
      nutgraf map --tables tables
    """
    if not mappings and folder is None:
        raise click.UsageError("name a mapping")
    workspace = conversion.find_workspace(mappings[0].parent if mappings else start)
    if folder is not None:
        _write_tables(workspace or conversion.find_workspace(start), folder)
    if explained:
        from nutgraf.cli import rdf  # noqa: PLC0415 - slow, as below

        text = conversion.explain(mappings, base=base, allow=allow, start=start)
        rdf.deliver(text + "\n", target)
    elif mappings:
        file = None if target == Path("-") else target
        _run(_Order(mappings, file, to or _format_of(file), base, allow, memory, start), workspace)


def _run(order: _Order, workspace: Workspace | None) -> None:
    started = time.perf_counter()
    warnings: list[Problem] = []
    with ended_politely(), staging_folder() as staging, shown() as show:
        done = _as_lines(order, staging, show, warnings) or _as_dataset(
            order, staging, show, warnings, workspace
        )
    diagnostics.show([*warnings, *counts.no_statement(done.rules)])
    for line in _summary(done.rules):
        diagnostics.say(line)
    elsewhere = "".join(f", {number} to {name}" for name, number in done.elsewhere.items())
    took = f"{time.perf_counter() - started:.1f} s, peak memory {peak_memory()}"
    diagnostics.say(f"{_count(done.statements, 'statement')}{elsewhere} in {took}", style="bold")


def _as_lines(order: _Order, staging: Path, show: Shown, warnings: list[Problem]) -> _Done | None:
    """Write N-Triples or N-Quads as they are made; None for another format, and for targets."""
    if order.to not in conversion.LINES:
        return None
    try:
        with open_sink(order.file, staging) as sink:
            written = conversion.write_lines(
                order.mappings,
                sink,
                graphs=conversion.LINES[order.to],
                base=order.base,
                allow=order.allow,
                start=order.start,
                memory=order.memory,
                on_step=show.step,
                on_warning=warnings.append,
                on_progress=show.progress,
            )
    except conversion.TargetsError:
        return None
    return _Done(written.rules, written.statements, {})


def _as_dataset(
    order: _Order, staging: Path, show: Shown, warnings: list[Problem], workspace: Workspace | None
) -> _Done:
    """Make all statements, and write them and the targets of the mapping."""
    from nutgraf.cli import rdf  # noqa: PLC0415 - slow: the writers of all formats

    with conversion.convert(
        order.mappings,
        base=order.base,
        allow=order.allow,
        start=order.start,
        memory=order.memory,
        on_step=show.step,
        on_warning=warnings.append,
    ) as done:
        show.step("writing")
        deliveries = done.deliveries()
        vocabulary = rdf.vocabulary(workspace)
        content = done.content(order.to, vocabulary)
        if deliveries:
            _write_all(order, deliveries, vocabulary, content)
        else:
            with open_sink(order.file, staging) as sink:
                for part in content:
                    sink.write(memoryview(part))
        elsewhere = {each.shown: len(each.quads) for each in deliveries}
        return _Done(done.rules, done.count(), elsewhere)


def _write_all(
    order: _Order, deliveries: Sequence[Delivery], vocabulary: Vocabulary, content: Iterable[bytes]
) -> None:
    """Everything at once: the files of the targets, and FILE or standard output."""
    files: dict[Path, Iterable[bytes]] = {each.path: [each.content(vocabulary)] for each in deliveries}
    if order.file is not None:
        if order.file.resolve() in files:
            message = f"{order.file.as_posix()} is a target of the mapping"
            raise InputError(Problem("MAP143", message, fix="write to another file with -o"))
        write_all({**files, order.file: packed(order.file, content)})
        return

    def print_it() -> None:
        sys.stdout.buffer.writelines(content)
        sys.stdout.buffer.flush()

    write_all(files, before_moving=print_it)


def _summary(rules: Sequence[RuleCount]) -> list[str]:
    """A line for each rule: its place, what it says, how many records gave how many statements."""
    rows = [
        (
            f"{count.rule.span.file}:{count.rule.span.line}",
            count.rule.triples_map,
            shorten(count.rule.constant_predicate or "", PREFIXES),
            str(count.records),
            f"records → {_count(count.statements, 'statement')}",
        )
        for count in rules
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        + f"  {row[3].rjust(6)} {row[4]}"
        for row in rows
    ]


def _write_tables(workspace: Workspace | None, folder: Path) -> None:
    from nutgraf.factsheet import exchange  # noqa: PLC0415 - slow, and only for --tables
    from nutgraf.pipeline import sheet_tables  # noqa: PLC0415 - slow

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
    """The format that the name of a file says, without how it is packed."""
    if target is None:
        return "nq"
    name = target.with_suffix("") if target.suffix.lower() in PACKED else target
    ending = name.suffix.removeprefix(".").lower()
    return ending if ending in _FORMATS else "nq"
