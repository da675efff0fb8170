"""`nutgraf review`: a person decides, a key a verdict."""

from __future__ import annotations

import contextlib
import getpass
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

import click
from rich.console import Console
from rich.text import Text

from nutgraf.cli import diagnostics
from nutgraf.cli.linking import Linking
from nutgraf.cli.options import find_workspace, in_workspace
from nutgraf.cli.rdf import deliver
from nutgraf.reconcile import exchange, queue
from nutgraf.reconcile.ledger import NewDecision
from nutgraf.reconcile.queue import Question

try:
    import termios
    import tty
except ImportError:  # not on Windows, where click reads keys
    termios = None  # type: ignore[assignment]

_HELP: Final = """\
1–9  this item is what the thing is
r    none of these items is; do not propose them again
n    it was looked for and is not there
s    leave it for later
q    stop; everything decided is saved
"""


@click.command()
@click.option(
    "--export",
    "export",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE.tsv",
    help="Write the queue as a table for a spreadsheet instead; - is standard output.",
)
@click.option(
    "--import",
    "import_",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE.tsv",
    help="Take the verdicts of such a table.",
)
@click.option(
    "--by", help="Who decides: a name, or better an IRI such as orcid:… ; default: your login name."
)
@in_workspace
def command(export: Path | None, import_: Path | None, by: str | None, start: Path) -> None:
    """Walk through what `nutgraf link` left to decide.

    Each verdict is on the disk before the next question is asked: stop at any time, and go on later.

    \b
    Examples:
      nutgraf review --by orcid:0000-0002-1825-0097
      nutgraf review --export queue.tsv
      nutgraf review --import queue.tsv --by "A. Editor"
    """
    if export and import_:
        raise click.UsageError("give --export or --import, not both")
    linking = Linking(find_workspace(start))
    base = linking.workspace.base
    every = queue.load(linking.folder, linking.workspace.display(linking.folder / queue.FILE))
    waiting = queue.open_questions(every, linking.ledger.read(), base)
    by = by or getpass.getuser()
    if export:
        deliver(exchange.table(waiting), None if export == Path("-") else export)
        return
    if import_:
        found = exchange.verdicts(import_, import_.as_posix(), waiting, base, by)
        linking.ledger.add(found)
        click.echo(f"{len(found)} decisions added")
        return
    if not waiting:
        click.echo("nothing waits for a decision; `nutgraf link` looks for more")
        return
    with _key_by_key():
        _walk(linking, waiting, base, by)


def _walk(linking: Linking, waiting: list[Question], base: str, by: str) -> None:
    decided = 0
    for number, question in enumerate(waiting, start=1):
        _show(question, f"{number}/{len(waiting)}")
        verdict = _ask(question, base, by)
        if verdict == "stop":
            break
        linking.ledger.add(verdict)
        decided += bool(verdict)
    click.echo(f"{decided} decided, {len(waiting) - decided} left")


def _show(question: Question, place: str) -> None:
    console = Console(highlight=False, markup=False)
    console.print()
    console.print(
        Text(f"[{place}] ", style="dim") + Text(question.label, style="bold") + f"  {question.node}"
    )
    about = "; ".join(filter(None, [", ".join(question.types), question.description, question.hint]))
    console.print(Text(about, style="dim"))
    for number, choice in enumerate(question.choices[:9], start=1):
        head = f"  {number}  {choice.item}  {choice.label}"
        head += f", {choice.description}" if choice.description else ""
        console.print(Text(head) + Text(f"  {choice.score:.0f}", style="bold"))
        console.print(Text(f"     {choice.why}", style="dim"))
        if choice.objection:
            console.print(Text(f"     but {choice.objection}", style="yellow"))


def _ask(question: Question, base: str, by: str) -> list[NewDecision] | Literal["stop"]:
    """The decisions that a key stands for; none to skip."""
    while True:
        diagnostics.say("1–9 accept · r reject all · n not there · s skip · q stop · ? help", style="dim")
        key = _key()
        if key in {"q", "", "\x04"}:
            return "stop"
        if key == "\x03":
            raise click.Abort
        if key == "s":
            return []
        if key == "n":
            return [exchange.not_found(question, base, by)]
        if key == "r":
            return [exchange.rejected(question, choice, base, by) for choice in question.choices]
        if key in "123456789" and int(key) <= len(question.choices):
            return [exchange.accepted(question, question.choices[int(key) - 1], base, by)]
        if key == "?":
            click.echo(_HELP, nl=False)


@contextlib.contextmanager
def _key_by_key() -> Iterator[None]:
    """Let the terminal give each key at once; what was typed ahead is kept."""
    if termios is None or not sys.stdin.isatty():
        yield
        return
    before = termios.tcgetattr(sys.stdin)
    tty.setcbreak(sys.stdin, termios.TCSADRAIN)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def _key() -> str:
    """One key of the terminal; one character of standard input where it is none, such as in a script."""
    if sys.stdin.isatty():
        key = os.read(sys.stdin.fileno(), 1).decode("utf-8", "replace") if termios else click.getchar()
    else:
        key = sys.stdin.read(1)
    return _key() if key in {"\n", "\r"} else key
