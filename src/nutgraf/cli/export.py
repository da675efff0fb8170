"""`nutgraf export`: the output, or one article of it, in another format."""

from __future__ import annotations

from pathlib import Path

import click

from nutgraf.cli import rdf
from nutgraf.cli.options import find_workspace, in_workspace
from nutgraf.problems import InputError, Problem
from nutgraf.publish.article import article_triples
from nutgraf.publish.formats import DATASET_FORMATS, GRAPH_FORMATS, write
from nutgraf.publish.page import roots
from nutgraf.workspace import Workspace

_BY_EXTENSION = {".rdf": "rdfxml", ".owl": "rdfxml", ".xml": "rdfxml"}


@click.command()
@click.option(
    "--to",
    type=click.Choice(["ttl", "nt", "nq", "trig", "jsonld", "rdfxml"]),
    help="Format; default: as the extension of -o says, else ttl.",
)
@click.option(
    "--article", metavar="ID", help="Only this article's graph, with what is known of the things it names."
)
@click.option(
    "--entity", metavar="KEY", help="The page of this thing, by its key or IRI; only with --profile."
)
@click.option(
    "--profile",
    type=click.Choice(["page", "graph", "full"]),
    default="full",
    show_default=True,
    help="JSON-LD: page, one nested object as search engines take it; graph, the same as a @graph; full, "
    "lossless.",
)
@click.option(
    "--evidence", is_flag=True, help="With --article: its evidence too, as the profile full has it."
)
@click.option("--language", metavar="TAG", help="Language of the page; default: the article's own.")
@click.option(
    "-o",
    "--output",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File; default: standard output.",
)
@in_workspace
def command(
    to: str | None,
    article: str | None,
    entity: str | None,
    profile: str,
    evidence: bool,
    language: str | None,
    target: Path | None,
    start: Path,
) -> None:
    """Write the built dataset, or one article, as Turtle, N-Triples, N-Quads, TriG, JSON-LD or RDF/XML.

    nq, trig and jsonld keep the named graphs; the others write their union.

    \b
    Examples:
      nutgraf export --to jsonld -o facts.jsonld
      nutgraf export --article 000 --to ttl
      nutgraf export --article 000 --evidence --to jsonld
      nutgraf export --article 000 --profile page
      nutgraf export --entity interpol-ga-92 --profile page --language fr
    """
    workspace = find_workspace(start)
    if evidence and (article is None or profile != "full"):
        raise click.UsageError("--evidence is for one --article in the profile full")
    if profile != "full":
        if to not in (None, "jsonld"):
            raise click.UsageError("--profile is for JSON-LD")
        rdf.deliver(_page(workspace, article, entity, profile, language), target)
        return
    if entity is not None:
        raise click.UsageError("--entity needs --profile page or graph")
    chosen = to or _format_of(target)
    dataset = rdf.built_dataset(workspace)
    vocabulary = rdf.vocabulary(workspace)
    if article is None:
        rdf.deliver(write(list(dataset.quads()), chosen, vocabulary), target)
        return
    if not dataset.graph(f"{workspace.base}graph/article/{article}"):
        known = sorted(path.stem for path in (workspace.output / "articles").glob("*.ttl"))
        raise InputError(
            Problem(
                "WSP109", f'no article "{article}" in the output', why=f"the articles are {', '.join(known)}"
            )
        )
    if chosen not in GRAPH_FORMATS:
        raise click.UsageError(f"an article is one graph; write it as {', '.join(GRAPH_FORMATS)}")
    triples = article_triples(list(dataset.quads()), workspace.base, article)
    if evidence:
        triples += dataset.graph(f"{workspace.base}graph/evidence/{article}")
    rdf.deliver(GRAPH_FORMATS[chosen](triples, vocabulary), target)


def _page(
    workspace: Workspace, article: str | None, entity: str | None, profile: str, language: str | None
) -> str:
    if (article is None) == (entity is None):
        raise click.UsageError("a page is that of one --article or of one --entity")
    pages = roots.Pages(rdf.built_dataset(workspace).quads(), workspace.base)
    if article is not None:
        part = pages.article(article, language=language)
    else:
        iri = entity if entity and "://" in entity else f"{workspace.base}id/{entity}"
        part = pages.entity(iri, language=language or roots.DEFAULT_LANGUAGE)
    return roots.text(roots.document(part, "graph" if profile == "graph" else "page"))


def _format_of(target: Path | None) -> str:
    extension = target.suffix if target else ""
    name = _BY_EXTENSION.get(extension, extension.removeprefix("."))
    return name if name in GRAPH_FORMATS or name in DATASET_FORMATS else "ttl"
