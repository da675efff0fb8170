"""The command `nutgraf`. Each command's module is imported only when it runs."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, NoReturn

import click

from nutgraf.cli import diagnostics
from nutgraf.problems import NutgrafError

_COMMANDS: Final[dict[str, str]] = {
    "init": "Make a new workspace that builds.",
    "new": "Start the fact sheet of an article.",
    "evidence": "Print the selector of words in a text.",
    "check": "Check fact sheets: schema, references, evidence.",
    "validate": "Validate RDF files, or the fact sheets, by SHACL shapes.",
    "build": "Check, map, validate and write everything under output/.",
    "map": "Run RML and YARRRML mappings over files.",
    "query": "Ask the output, or RDF files, by SPARQL.",
    "export": "Write the output, or one article, in another format.",
    "authority": "Build an index of Wikidata names, and serve it.",
    "link": "Propose Wikidata items for what is undecided.",
    "review": "Decide what `link` proposed.",
    "explain": "Show which articles, words and rules a statement comes from.",
    "compare": "Show which articles agree, differ, or stand alone on each fact.",
    "embed": "Put JSON-LD into pages.",
    "push": "Send what changed to a triple store.",
    "inspect": "Show the structured data that a page carries.",
    "serve": "Serve the site live, with a SPARQL endpoint.",
    "site": "Write a static site of the graph.",
    "coverage": "Show which sentence of which article each fact is drawn from.",
}
"""Command → its one line of help. The module has the same name and holds a click command `command`."""

_NOBODY_READS: Final = 141
"""The exit code of a shell for a program that was told so by SIGPIPE."""
_QUERY_INTERRUPTED: Final = "Query interrupted"
"""What DuckDB makes of Ctrl-C while it runs a query."""
_COLLECT_AFTER: Final = 100_000
"""So many new objects make the garbage collector look for cycles; Python's 700 slow every start."""


_LEFT_OUT: Final = {"map": ("numpy",)}
"""Command → packages that others take where they are installed and that it has no use for.

pyarrow imports numpy, which is a quarter of the start of `nutgraf map`.
"""
_is_program = False


class _LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _COMMANDS:
            return None
        with _as_if_not_installed(_LEFT_OUT.get(cmd_name, ()) if _is_program else ()):
            command: click.Command = importlib.import_module(f"nutgraf.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


@click.command(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="nutgraf")
def group() -> None:
    """Publish the facts of news articles as linked data.

    A workspace is a folder with a nutgraf.toml; commands find it from the current folder upwards.

    \b
    Examples:
      nutgraf init newsroom
      nutgraf build
      nutgraf query queries/S01.rq
      nutgraf export --article 000 --to jsonld
    """


@contextmanager
def _as_if_not_installed(packages: tuple[str, ...]) -> Iterator[None]:
    """Let imports of packages fail.

    Source: https://docs.python.org/3/reference/import.html#the-module-cache, on None in sys.modules.
    """
    modules: dict[str, Any] = sys.modules
    hidden = [package for package in packages if package not in modules]
    modules.update(dict.fromkeys(hidden))
    try:
        yield
    finally:
        for package in hidden:
            del modules[package]


def program() -> NoReturn:
    """Run the command line as a program: it ends at once, without taking every object and library apart."""
    global _is_program  # noqa: PLW0603 - a process is one, or is not
    _is_program = True
    gc.set_threshold(_COLLECT_AFTER)
    code: object = 0
    try:
        main()
    except SystemExit as error:
        code = error.code
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        code = code or _NOBODY_READS
    os._exit(code if isinstance(code, int) else int(code is not None))


def main() -> None:
    """Run the command line; a problem with the input is printed, never a traceback."""
    try:
        code = group.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        _interrupted()
    except NutgrafError as error:
        diagnostics.show(error.problems)
        if error.goes_on:
            sys.stderr.flush()
            os._exit(error.exit_code)  # without waiting for the thread that is still at work
        sys.exit(error.exit_code)
    except RuntimeError as error:
        if str(error) != _QUERY_INTERRUPTED:
            raise
        _interrupted()
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(_NOBODY_READS)
    # Outside standalone mode click returns what ctx.exit was given.
    sys.exit(code if isinstance(code, int) else 0)


def _interrupted() -> NoReturn:
    diagnostics.say("interrupted; nothing was changed", style="yellow")
    sys.exit(130)
