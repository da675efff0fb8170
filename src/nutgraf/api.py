"""The Python API: what the commands do, as functions."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from nutgraf import conversion, pipeline, validation, workspace
from nutgraf.dataset.sparql import Graph, Solutions, query
from nutgraf.dataset.store import Dataset
from nutgraf.evidence.compare import run
from nutgraf.evidence.compare.run import Comparison
from nutgraf.evidence.explain import names
from nutgraf.evidence.explain.model import Explanation
from nutgraf.evidence.verify.check import verify
from nutgraf.factsheet import check as sheets
from nutgraf.pipeline import BuildResult
from nutgraf.problems import Problem
from nutgraf.publish import built
from nutgraf.publish.embed.splice import embed
from nutgraf.publish.page import roots
from nutgraf.publish.push import run as pushing
from nutgraf.publish.push import stores
from nutgraf.publish.push.client import Client
from nutgraf.publish.push.credentials import Credentials
from nutgraf.publish.push.run import PushResult
from nutgraf.shapes.run import Engine
from nutgraf.validation import Validation

__all__ = [
    "BuildResult",
    "Comparison",
    "Credentials",
    "Explanation",
    "Graph",
    "PushResult",
    "Solutions",
    "Validation",
    "build",
    "check",
    "compare",
    "embed",
    "explain",
    "map",
    "page",
    "push",
    "query",
    "validate",
]

PathLike = str | os.PathLike[str]


def build(folder: PathLike = ".", *, texts: PathLike | None = None, force: bool = False) -> BuildResult:
    """Check, map, validate and write the workspace that a folder is in.

    Args:
        folder: a folder of the workspace.
        texts: folder of the articles' texts, against which evidence is checked.
        force: build also when nothing has changed.

    Raises:
        ContentError: the sheets have problems, or the graph violates the shapes; the output is unchanged.
        InputError: a file cannot be read.
    """
    found = workspace.find(Path(folder))
    if texts is not None:
        found = workspace.with_texts(found, Path(texts))
    return pipeline.build(found, force=force)


def check(folder: PathLike = ".", *, texts: PathLike | None = None) -> list[Problem]:
    """Every problem of the fact sheets of the workspace that a folder is in, in order of their places.

    Raises:
        InputError: a file cannot be read.
    """
    found = workspace.find(Path(folder))
    where = Path(texts) if texts is not None else found.texts
    facts, problems = sheets.load(found.sheet_files(), found.schema, texts=where, display=found.display)
    if where is None:
        return problems
    return verify(facts.sheets, facts.index, where).added_to(problems)


def map(  # noqa: A001 - what it does is called so
    *mappings: PathLike,
    base: str | None = None,
    allow: Iterable[PathLike] = (),
    tables: Mapping[str, pa.Table] | None = None,
) -> Dataset:
    """The dataset that RML and YARRRML mappings make of their sources; nothing is written.

    Args:
        mappings: the files; `.ttl` is RML, `.yml` and `.yaml` are YARRRML.
        base: absolute IRI that goes before relative ones; default: the workspace's, where there is one.
        allow: folders whose files may be read, besides those of the mappings and the workspace.
        tables: Arrow tables for sources that are no file: "event" for `event.json`; default: those of the
            workspace's fact sheets.

    Returns:
        Every statement, also those that the mapping sends to a target of its own.

    Raises:
        InputError: a mapping or a source cannot be read, MAP1xx in docs/errors.md.
        ContentError: the fact sheets that a mapping reads have problems.
    """
    paths = [Path(path) for path in mappings]
    with conversion.convert(paths, base=base, allow=[Path(path) for path in allow], given=tables) as done:
        return Dataset.of(done.quads())


def page(
    article: str,
    folder: PathLike = ".",
    *,
    profile: roots.Profile = "page",
    language: str | None = None,
) -> dict[str, Any]:
    """The JSON-LD for the page of an article, as the last build has it; `embed` puts it into HTML.

    Args:
        article: the article's id.
        folder: a folder of the workspace.
        profile: "page" for one nested root, "graph" for a flat `@graph`.
        language: BCP 47 tag of the page; default: the article's own.

    Raises:
        InputError: PAG101 there is no such article; RDF103 nothing has been built.
    """
    found = workspace.find(Path(folder))
    dataset = Dataset.load(found.output / "dataset.nq")
    part = roots.Pages(dataset.quads(), found.base).article(article, language=language)
    return roots.document(part, profile)


def validate(
    data: PathLike | Iterable[PathLike],
    shapes: PathLike | Iterable[PathLike],
    *,
    engine: Engine = "auto",
    language: str = "en",
) -> Validation:
    """Validate RDF files against shapes files; each finding has its places in the files.

    Args:
        data: one or more files of the data graph.
        shapes: one or more files of the shapes graph.
        engine: "auto", "sql" or "pyshacl".
        language: of messages and names.

    Raises:
        InputError: a file cannot be read, or the shapes cannot be run.
    """
    return validation.validate_files(_paths(data), _paths(shapes), engine_name=engine, language=language)


def _paths(files: PathLike | Iterable[PathLike]) -> list[Path]:
    return [Path(file) for file in ([files] if isinstance(files, str | os.PathLike) else files)]


def explain(node: str, predicate: str | None = None, folder: PathLike = ".") -> list[Explanation]:
    """Who says what is said of a node: articles, words, rules, places and shapes of each statement.

    Args:
        node: IRI, CURIE such as "id:morocco", or key such as "morocco" or "001/claim-x".
        predicate: IRI, CURIE or last part of a property; all when absent.
        folder: a folder of the workspace.

    Raises:
        ContentError: the sheets have problems.
        InputError: EXP101 nothing is said of the node, EXP102 no such property.
    """
    found = workspace.find(Path(folder))
    trace, _ = pipeline.trace(found)
    subject = names.node(node, found.base, trace.subjects())
    return trace.of(subject, names.predicate(predicate, trace.predicates()) if predicate else None)


def compare(folder: PathLike = ".") -> Comparison:
    """What the articles of a workspace agree on, and where they differ.

    Raises:
        ContentError: the sheets have problems.
    """
    return run.compare(pipeline.trace(workspace.find(Path(folder)))[0])


def push(
    url: str,
    folder: PathLike = ".",
    *,
    store: str | None = None,
    update: str | None = None,
    query: str | None = None,
    protocol: stores.Protocol = "auto",
    credentials: Credentials | None = None,
    force: bool = False,
    prune: bool = True,
    dry_run: bool = False,
    loaded: bool = False,
) -> PushResult:
    """Send to a triple store what the last build of a workspace changed.

    Args:
        url: the store's Graph Store endpoint; with `store` the address of its server, dataset or repository.
        folder: a folder of the workspace.
        store: the product: "blazegraph", "fuseki", "graphdb", "oxigraph", "qlever", "rdf4j" or "virtuoso".
        update: SPARQL Update endpoint, used where there is no Graph Store endpoint.
        query: SPARQL query endpoint, from which the manifest is read beside Update.
        protocol: "graph-store" or "update" for the one only.
        credentials: who pushes; default: `NUTGRAF_PUSH_USER` and `NUTGRAF_PUSH_PASSWORD`, or
            `NUTGRAF_PUSH_TOKEN`, of the environment.
        force: send also what has not changed.
        prune: delete the graphs of articles that are gone.
        dry_run: only find out what would be done.
        loaded: the store's own loader has loaded all of it: only write the manifest.

    Returns:
        What was done; `problems` has the graphs that the store refused.

    Raises:
        InputError: WSP108 nothing has been built; NET102 and PSH1xx, the store cannot be pushed to.
    """
    found = workspace.find(Path(folder))
    endpoints = stores.endpoints(url, store=store, update=update, query=query, protocol=protocol)
    options = pushing.Options(force=force, prune=prune, dry_run=dry_run, loaded=loaded)
    with Client(credentials or Credentials.of(os.environ), endpoints.digest) as client:
        return pushing.push(built.quads(found), found.base, endpoints, client, options)
