"""`nutgraf evidence`: the selector of words in a text, to paste into a fact sheet."""

from __future__ import annotations

from pathlib import Path

import click

from nutgraf.cli import diagnostics
from nutgraf.factsheet import text as texts

_CONTEXT = 30


@click.command()
@click.argument("text", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("words", nargs=-1, required=True)
@click.option(
    "--hash", "whole", is_flag=True, help="Also print the text block of the article: file, hash, length."
)
@click.pass_context
def command(ctx: click.Context, text: Path, words: tuple[str, ...], whole: bool) -> None:
    """Print the selector of WORDS in TEXT: start, end and hash, ready for `evidence:`.

    Several words may be given in one pair of quotes or in several, one selector each. Three dots between
    words stand for everything between them. White space, apostrophes and quotation marks match their kin.

    \b
    Examples:
      nutgraf evidence article.txt "held in Glasgow"
      nutgraf evidence article.txt "The winner ... last year"
    """
    content = texts.read(text)
    if whole:
        click.echo(f"text: {{file: {text.name}, sha256: {texts.sha256(content)}, length: {len(content)}}}")
    missing = False
    for phrase in words:
        found = list(texts.find(content, phrase))
        for selector in found:
            click.echo(f"{selector}")
            diagnostics.say(f"  {_place(content, selector)}", style="dim")
        if not found:
            missing = True
            diagnostics.say(f'"{phrase}" does not stand in {text.name}', style="red")
    ctx.exit(1 if missing else 0)


def _place(content: str, selector: texts.Selector) -> str:
    line = content.count("\n", 0, selector.start) + 1
    column = selector.start - content.rfind("\n", 0, selector.start)
    before = content[max(0, selector.start - _CONTEXT) : selector.start]
    after = content[selector.end : selector.end + _CONTEXT]
    words = content[selector.start : selector.end]
    if len(words) > 2 * _CONTEXT:
        words = f"{words[:_CONTEXT]} … {words[-_CONTEXT:]}"
    shown = f"…{before}[{words}]{after}…".replace("\n", " ")
    return f"line {line}, column {column}: {shown}"
