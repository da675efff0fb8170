"""`nutgraf coverage`: which sentence of which article each fact is drawn from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from nutgraf.cli import diagnostics, rdf
from nutgraf.cli.options import find_workspace, in_workspace
from nutgraf.factsheet import check, counts, coverage
from nutgraf.factsheet import text as texts
from nutgraf.factsheet.coverage import Sentence
from nutgraf.factsheet.sheet import Sheet
from nutgraf.problems import ContentError, InputError, Problem

_TITLE = """# Coverage

Made by `nutgraf coverage -o docs/coverage.md` from the fact sheets and the articles' texts. For each
sentence or heading of an article: its place (code points of the normalised text, end exclusive) and the
records of the sheet whose evidence touches it, or the reason for none. It quotes no text.
"""


@click.command()
@click.option(
    "--texts",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the articles' texts; default: the one that nutgraf.toml names.",
)
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File; default: standard output.",
)
@in_workspace
@click.pass_context
def command(ctx: click.Context, folder: Path | None, target: Path | None, start: Path) -> None:
    """Show, sentence by sentence, which facts are drawn from each article.

    Exits with 1 when a sentence gives no fact and no omission says why.

    \b
    Examples:
      nutgraf coverage
      nutgraf coverage --texts articles -o docs/coverage.md
    """
    workspace = find_workspace(start, folder)
    if workspace.texts is None:
        raise InputError(
            Problem("TXT103", "the articles' texts are not at hand", fix="name their folder with --texts")
        )
    facts, problems = check.load(
        workspace.sheet_files(), workspace.schema, texts=workspace.texts, display=workspace.display
    )
    if any(problem.severity == "error" for problem in problems):
        raise ContentError(*problems)
    found = {
        sheet: coverage.sentences(
            sheet, texts.read(workspace.texts / sheet.document.data["article"]["text"]["file"])
        )
        for sheet in facts.sheets
    }
    content = _TITLE + "".join(line for sheet in found for line in _section(sheet, found[sheet]))
    rdf.deliver(content, target)
    missing = sum(not sentence.is_covered for each in found.values() for sentence in each)
    total = sum(len(each) for each in found.values())
    diagnostics.say(f"{total - missing} of {total} sentences and headings are accounted for")
    ctx.exit(1 if missing else 0)


def _section(sheet: Sheet, found: list[Sentence]) -> Iterator[str]:
    yield f"\n## {sheet.id}\n\n{counts.facts(sheet)} facts, {counts.spans(sheet)} evidence spans.\n\n"
    yield "| sentence | from | to | facts | reason for none |\n|---:|---:|---:|---|---|\n"
    for number, sentence in enumerate(found, start=1):
        facts = ", ".join(f"`{name}`" for name in sentence.facts)
        reasons = ", ".join(sentence.reasons) if not sentence.facts else ""
        if not sentence.is_covered:
            reasons = "**not accounted for**"
        yield f"| {number} | {sentence.start} | {sentence.end} | {facts} | {reasons} |\n"
