"""`nutgraf embed`: JSON-LD into pages."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from rich.progress import Progress

from nutgraf.cli import diagnostics, page_file, rdf
from nutgraf.cli.options import find_workspace, in_workspace
from nutgraf.problems import ContentError, NutgrafError, Problem, Span
from nutgraf.publish.article import article_triples
from nutgraf.publish.embed import pages, splice
from nutgraf.publish.jsonld import jsonld
from nutgraf.publish.page import roots
from nutgraf.workspace import Workspace


@click.command()
@click.argument(
    "files", nargs=-1, required=True, metavar="PAGE...", type=click.Path(dir_okay=False, path_type=Path)
)
@click.option("--article", metavar="ID", help="The pages' article; default: by each page's canonical URL.")
@click.option("--entity", metavar="KEY", help="The pages' person, body, place or event, by key or IRI.")
@click.option("--in-place", is_flag=True, help="Write the pages where they are.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="File for one page, folder for several; default: standard output.",
)
@click.option(
    "--profile",
    type=click.Choice(["page", "graph", "full"]),
    default="page",
    show_default=True,
    help="What to embed: one nested object, the same as a @graph, or all that is known.",
)
@click.option("--language", metavar="TAG", help="Language of the pages; default: the article's own.")
@click.option(
    "--link-alternate", metavar="URL", help="Link to the full profile; {id} in it is the article's id."
)
@click.option("--join", is_flag=True, help="Take the @id that another block of the page gives the article.")
@click.option("--nonce", metavar="TEXT", help="A nonce for the script element.")
@click.option("--encoding", metavar="NAME", help="Encoding that the server's header names.")
@click.option("--remove", is_flag=True, help="Take our block out of the pages.")
@in_workspace
def command(
    files: tuple[Path, ...],
    article: str | None,
    entity: str | None,
    in_place: bool,
    output: Path | None,
    profile: str,
    language: str | None,
    link_alternate: str | None,
    join: bool,
    nonce: str | None,
    encoding: str | None,
    remove: bool,
    start: Path,
) -> None:
    """Put an article's JSON-LD into its page; every other byte stays as it is.

    The block goes to the end of head, or replaces the one from before: a second run changes nothing.

    \b
    Examples:
      nutgraf embed story.html --article 000 -o public/story.html
      nutgraf embed --in-place public/*.html
      nutgraf embed --in-place --link-alternate https://data.example.org/articles/{id}.jsonld public/*.html
      nutgraf embed --in-place --remove public/story.html
    """
    if in_place and output is not None:
        raise click.UsageError("--in-place or -o, not both")
    if len(files) > 1 and not in_place and output is None:
        raise click.UsageError("several pages need --in-place or -o DIR")
    if article is not None and entity is not None:
        raise click.UsageError("a page is that of one --article or of one --entity")
    if entity is not None and profile == "full":
        raise click.UsageError("the profile full is that of an --article")
    if output is not None and len(files) > 1 and len({file.name for file in files}) < len(files):
        raise click.UsageError("two pages have one name and would overwrite each other in the folder of -o")
    options = _Options(article, entity, profile, language, link_alternate, join, nonce, encoding)
    source = None if remove else _Documents(find_workspace(start), options)
    problems: list[Problem] = []
    for file in _shown(files):
        try:
            page = page_file.read(file)
            written = (
                splice.remove(page, encoding=encoding, file=file.as_posix())
                if source is None
                else source.embedded(page, file.as_posix())
            )
            _write(written, page, file, in_place=in_place, output=output, several=len(files) > 1)
        except NutgrafError as error:
            if len(files) == 1:
                raise
            problems += error.problems
    if problems:
        raise ContentError(*problems)


@dataclass(frozen=True)
class _Options:
    article: str | None
    entity: str | None
    profile: str
    language: str | None
    link_alternate: str | None
    join: bool
    nonce: str | None
    encoding: str | None


class _Documents:
    """The JSON-LD of each page, made once an article."""

    def __init__(self, workspace: Workspace, options: _Options) -> None:
        self._options = options
        self._base = workspace.base
        self._quads = list(rdf.built_dataset(workspace).quads())
        self._context = rdf.vocabulary(workspace).context
        self._pages = roots.Pages(self._quads, workspace.base)
        self._ids = {
            pages.same_page_key(address): article for address, article in self._pages.addresses().items()
        }
        self._made: dict[str, dict[str, Any]] = {}

    def embedded(self, page: bytes, file: str) -> bytes:
        options = self._options
        needs_tree = options.join or (options.article is None and options.entity is None)
        tree = pages.parsed(page) if needs_tree else None
        address = pages.canonical_address(tree) if tree is not None else None
        name = options.article or options.entity or self._find(address, file)
        document = self._document(name)
        if options.join and tree is not None:
            document = pages.join(document, tree, address, root=self._iri(name))
        link = options.link_alternate.replace("{id}", name) if options.link_alternate else None
        return splice.embed(
            page, document, alternate=link, nonce=options.nonce, encoding=options.encoding, file=file
        )

    def _find(self, address: str | None, file: str) -> str:
        if address is None:
            raise ContentError(
                Problem(
                    "EMB105",
                    "the page does not say what its address is",
                    Span(file),
                    why='it has no <link rel="canonical"> and no og:url',
                    fix="name its article with --article",
                )
            )
        article = self._ids.get(pages.same_page_key(address))
        if article is None:
            raise ContentError(
                Problem(
                    "EMB105",
                    f"no article has the address {address}",
                    Span(file),
                    fix="give the article that url in its fact sheet, or name it with --article",
                )
            )
        return article

    def _document(self, name: str) -> dict[str, Any]:
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def _iri(self, name: str) -> str:
        return name if "://" in name else f"{self._base}id/{name}"

    def _make(self, name: str) -> dict[str, Any]:
        options = self._options
        if options.entity is not None:
            part = self._pages.entity(self._iri(name), language=options.language or roots.DEFAULT_LANGUAGE)
        else:
            part = self._pages.article(name, language=options.language)
        if options.profile == "full":
            triples = article_triples(self._quads, self._base, name)
            full: dict[str, Any] = json.loads(jsonld(triples, self._context))
            return full
        return roots.document(part, "graph" if options.profile == "graph" else "page")


def _shown(files: Sequence[Path]) -> Iterator[Path]:
    """The pages, with a progress bar when there are several and somebody looks."""
    if len(files) == 1 or not sys.stderr.isatty():
        yield from files
        return
    with _bar(len(files)) as advance:
        for file in files:
            yield file
            advance()


@contextmanager
def _bar(total: int) -> Iterator[Any]:
    with Progress(console=diagnostics.console(), transient=True) as progress:
        task = progress.add_task("pages", total=total)
        yield lambda: progress.advance(task)


def _write(
    written: bytes, page: bytes, file: Path, *, in_place: bool, output: Path | None, several: bool
) -> None:
    if in_place:
        if written != page:
            rdf.deliver_bytes(written, file)
        return
    if output is not None and (several or output.is_dir()):
        output.mkdir(parents=True, exist_ok=True)
        output /= file.name
    rdf.deliver_bytes(written, output)
