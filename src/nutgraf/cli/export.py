"""`nutgraf export`: the output, or one article of it, in another format."""

from __future__ import annotations

from pathlib import Path

import click
from pyoxigraph import NamedNode, Quad

from nutgraf import pipeline
from nutgraf.cli import diagnostics, rdf
from nutgraf.cli.options import find_workspace, in_workspace
from nutgraf.problems import InputError, Problem
from nutgraf.publish.article import article_triples
from nutgraf.publish.formats import DATASET_FORMATS, GRAPH_FORMATS, write
from nutgraf.publish.nanopub import NP, Nanopublication, nanopublications
from nutgraf.publish.page import roots
from nutgraf.publish.provenance import provenance
from nutgraf.publish.turtle import trig, turtle
from nutgraf.terms.vocabulary import PREFIXES
from nutgraf.workspace import Workspace

_BY_EXTENSION = {".rdf": "rdfxml", ".owl": "rdfxml", ".xml": "rdfxml"}


@click.command()
@click.option(
    "--to",
    type=click.Choice(["ttl", "nt", "nq", "trig", "jsonld", "rdfxml", "nanopub", "prov"]),
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
    type=click.Path(path_type=Path),
    help="File; default: standard output. For nanopub also a folder: a file each.",
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

    nq, trig and jsonld keep the named graphs; the others write their union. nanopub writes TriG: what
    each article says of each thing, with its provenance and publication info. prov writes Turtle: which
    inputs the build used, and which line of a sheet and of a mapping made each statement.

    \b
    Examples:
      nutgraf export --to jsonld -o facts.jsonld
      nutgraf export --article 000 --to ttl
      nutgraf export --article 000 --evidence --to jsonld
      nutgraf export --article 000 --profile page
      nutgraf export --entity interpol-ga-92 --profile page --language fr
      nutgraf export --to nanopub -o nanopubs/
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
    if target is not None and target.is_dir() and chosen != "nanopub":
        raise click.UsageError("-o is a folder; only nanopub writes into one")
    if chosen == "prov":
        rdf.deliver(_provenance(workspace, article), target)
        return
    quads = list(rdf.built_dataset(workspace).quads())
    graph = NamedNode(f"{workspace.base}graph/article/{article}")
    if article is not None and all(quad.graph_name != graph for quad in quads):
        raise _unknown(article, workspace)
    if chosen == "nanopub":
        _write_nanopublications(nanopublications(quads, workspace.base, article), workspace, target)
        return
    rdf.deliver(_statements(quads, chosen, workspace, article, evidence=evidence), target)


def _statements(
    quads: list[Quad], to: str, workspace: Workspace, article: str | None, *, evidence: bool
) -> str:
    """The dataset, or one article's part of it, in an RDF format."""
    vocabulary = rdf.vocabulary(workspace)
    if article is None:
        return write(quads, to, vocabulary)
    if to not in GRAPH_FORMATS:
        raise click.UsageError(f"an article is one graph; write it as {', '.join(GRAPH_FORMATS)}")
    triples = article_triples(quads, workspace.base, article)
    if evidence:
        graph = NamedNode(f"{workspace.base}graph/evidence/{article}")
        triples += [quad.triple for quad in quads if quad.graph_name == graph]
    return GRAPH_FORMATS[to](triples, vocabulary)


def _provenance(workspace: Workspace, article: str | None) -> str:
    """PROV of the build, or of one article's part of it, as Turtle."""
    trace, _ = pipeline.trace(workspace)
    if article is not None and article not in trace.texts:
        raise _unknown(article, workspace)
    return turtle(provenance(trace, article), _prefixes(workspace))


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


def _unknown(article: str, workspace: Workspace) -> InputError:
    known = sorted(path.stem for path in (workspace.output / "articles").glob("*.ttl"))
    why = f"the articles are {', '.join(known)}"
    return InputError(Problem("WSP109", f'no article "{article}" in the output', why=why))


def _prefixes(workspace: Workspace) -> dict[str, str]:
    own = {name: f"{workspace.base}{name}/" for name in ("id", "stmt", "graph", "file")}
    return PREFIXES | own | {"np": NP}


def _write_nanopublications(found: list[Nanopublication], workspace: Workspace, target: Path | None) -> None:
    """A TriG file of all, or a file each in a folder."""
    prefixes = _prefixes(workspace)
    if target is None or (target.suffix and not target.is_dir()):
        rdf.deliver(trig((quad for each in found for quad in each.quads), prefixes), target)
        return
    target.mkdir(parents=True, exist_ok=True)
    for each in found:
        rdf.deliver(trig(each.quads, prefixes), target / f"{each.name}.trig")
    diagnostics.say(f"{len(found)} nanopublications in {target}/")


def _format_of(target: Path | None) -> str:
    extension = target.suffix if target else ""
    name = _BY_EXTENSION.get(extension, extension.removeprefix("."))
    return name if name in GRAPH_FORMATS or name in DATASET_FORMATS else "ttl"
