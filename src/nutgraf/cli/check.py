"""`nutgraf check`: fact sheets against their schema, references and evidence."""

from __future__ import annotations

from pathlib import Path

import click

from nutgraf.cli import diagnostics
from nutgraf.cli.options import find_workspace, in_workspace
from nutgraf.evidence.verify.check import Verdict, verify
from nutgraf.factsheet import check, counts


@click.command()
@click.argument("sheets", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--texts",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the articles' texts; default: the one that nutgraf.toml names.",
)
@in_workspace
@click.pass_context
def command(ctx: click.Context, sheets: tuple[Path, ...], texts: Path | None, start: Path) -> None:
    """Check fact sheets: schema, references, times and evidence.

    Every problem of every file is reported at once. Without SHEET, all sheets of the workspace are
    checked. Where the texts are at hand, every span is checked against them, and every number, date and
    name that a fact publishes against the words of its evidence.

    \b
    Examples:
      nutgraf check
      nutgraf check seeds/000.yaml --texts ../articles
    """
    workspace = find_workspace(sheets[0].parent if sheets else start, texts)
    asked = {path.resolve() for path in sheets}
    files = sorted({path.resolve() for path in workspace.sheet_files()} | asked)
    facts, problems = check.load(files, workspace.schema, texts=workspace.texts, display=workspace.display)
    names = {workspace.display(path) for path in asked}
    checked = [sheet for sheet in facts.sheets if not asked or sheet.document.file in names]
    verdict = verify(checked, facts.index, workspace.texts) if workspace.texts else Verdict()
    problems = verdict.added_to(problems)
    if asked:
        problems = [problem for problem in problems if problem.span and problem.span.file in names]
    if problems:
        diagnostics.show(problems, workspace.root)
    if any(problem.severity == "error" for problem in problems):
        ctx.exit(1)
    spans = sum(counts.spans(sheet) for sheet in checked)
    compared = "verified against the texts"
    if workspace.texts is None:
        compared = "not verified: the texts are not at hand (--texts DIR)"
    stated = sum(counts.facts(sheet) for sheet in checked)
    sheet_word = "sheet" if len(checked) == 1 else "sheets"
    click.echo(f"{len(checked)} {sheet_word}, {stated} facts, no problem; {spans} evidence spans {compared}")
    if workspace.texts is not None:
        click.echo(verdict)
