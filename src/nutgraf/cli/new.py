"""`nutgraf new`: the skeleton of a fact sheet."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from nutgraf.cli import diagnostics
from nutgraf.cli.options import find_workspace, in_workspace
from nutgraf.factsheet import skeleton
from nutgraf.factsheet import text as texts
from nutgraf.problems import InputError, Problem, Span
from nutgraf.workspace import Workspace


@click.command()
@click.argument("article", metavar="ID")
@click.option(
    "--text",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The article's text, UTF-8.",
)
@click.option("--language", help="Language tag of the text; default: guessed.")
@click.option("--name", help="Your own title for the article; default: made from ID.")
@in_workspace
def command(article: str, text: Path, language: str | None, name: str | None, start: Path) -> None:
    """Start the fact sheet of an article: its block, the hash of its text, and examples to fill in.

    The text is copied to the folder of texts when the workspace has one of its own.

    \b
    Examples:
      nutgraf new bridge --text ~/articles/bridge.txt
      nutgraf new pont --text pont.txt --language fr --name "Le pont rouvre"
    """
    workspace = find_workspace(start)
    target = workspace.seeds / f"{article}.yaml"
    if not skeleton.is_key(article):
        raise InputError(
            Problem(
                "SHT105",
                f'"{article}" is not a well-formed id',
                fix="write small letters, digits and hyphens",
            )
        )
    taken = [path for path in workspace.sheet_files() if path.stem == article]
    if taken:
        shown = workspace.display(taken[0])
        raise InputError(Problem("WSP111", f"{shown} exists", Span(shown), fix="choose another id"))
    content = texts.read(text)
    if not content.strip():
        raise InputError(Problem("TXT104", "the text is empty", Span(text.as_posix())))
    chosen = language or skeleton.guess_language(content)
    sheet = skeleton.write(article, text.name, content, chosen, name)
    workspace.seeds.mkdir(parents=True, exist_ok=True)
    target.write_text(sheet, encoding="utf-8")
    copied = _copy(text, workspace)
    guessed = "" if language else " (guessed; --language sets it)"
    click.echo(f"{workspace.display(target)} written, language {chosen}{guessed}")
    diagnostics.say(
        f'next: fill it in; `nutgraf evidence {copied} "words"` prints evidence; then `nutgraf build`'
    )


def _copy(text: Path, workspace: Workspace) -> str:
    """Copy the text into the workspace's own folder of texts; the path to name in `nutgraf evidence`."""
    folder = workspace.texts
    if folder is None or not folder.is_relative_to(workspace.root):
        return text.as_posix()
    target = folder / text.name
    if not target.exists():
        shutil.copyfile(text, target)
    elif target.read_bytes() != text.read_bytes():
        shown = workspace.display(target)
        raise InputError(
            Problem("WSP111", f"{shown} exists and holds another text", Span(shown), fix="rename the text")
        )
    return workspace.display(target)
