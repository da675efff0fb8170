"""Small workspaces with a dataset, for tests of the site."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import html5lib  # type: ignore[import-untyped]
from pyoxigraph import Quad, RdfFormat, parse

from nutgraf import workspace
from nutgraf.publish.ntriples import nquads
from nutgraf.publish.site.site import Site
from nutgraf.workspace import Workspace

ROOT: Final = Path(__file__).parents[2]
BASE: Final = "https://news.example/"

PREFIXES: Final = f"""
@prefix schema: <https://schema.org/> .
@prefix nut: <https://nutgraf.example/ns#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix id: <{BASE}id/> .
@prefix graph: <{BASE}graph/> .
@base <{BASE}> .
"""

HARBOUR: Final = """
<graph/register> {
  id:ana a schema:Person ; schema:name "Ana Lima"@en .
  id:porto a schema:City ; schema:name "Porto Novo"@en , "Porto-Novo"@fr .
  id:council a schema:Organization ; schema:name "City Council"@en .
}
<graph/links> { id:porto schema:sameAs wd:Q3799 . }
<graph/article/one> {
  <graph/article/one> prov:wasDerivedFrom id:one .
  id:one a schema:NewsArticle ; schema:name "The bridge opens"@en ; schema:inLanguage "en" ;
    nut:textSha256 "aa" ; nut:characters 400 ; schema:mentions id:ana , id:porto .
  id:opening a schema:Event ; schema:name "Opening of the bridge"@en ; schema:location id:porto ;
    nut:startMonthDay "--05-02"^^xsd:gMonthDay ; schema:organizer id:council .
  <id/one/claim-gift> a schema:Claim ; schema:abstract "The bridge is a gift."@en ; schema:author id:ana ;
    schema:appearance id:one ; schema:about id:opening ; nut:voice nut:SourceVoice .
}
<graph/article/two> {
  <graph/article/two> prov:wasDerivedFrom id:two .
  id:two a schema:NewsArticle ; schema:name "Le pont ouvre"@fr ; schema:inLanguage "fr" ;
    nut:textSha256 "bb" ; nut:characters 300 .
  id:opening a schema:Event ; schema:name "Ouverture du pont"@fr ; schema:location id:porto ;
    schema:startDate "2024-05-02"^^xsd:date .
}
"""


def quads(trig: str) -> list[Quad]:
    """The quads of some TriG, with the prefixes above."""
    return [quad for quad in parse(PREFIXES + trig, RdfFormat.TRIG) if isinstance(quad, Quad)]


def make(
    folder: Path, dataset: str | Iterable[Quad] = HARBOUR, files: Mapping[str, str] | None = None
) -> Workspace:
    """A workspace that has been built.

    Args:
        folder: a new folder.
        dataset: TriG, or quads.
        files: path below the folder → content; `nutgraf.toml` is extended.
    """
    folder.mkdir(parents=True, exist_ok=True)
    settings = f'title = "Harbour news"\nbase = "{BASE}"\n'
    more = dict(files or {})
    (folder / "nutgraf.toml").write_text(settings + more.pop("nutgraf.toml", ""), encoding="utf-8")
    (folder / "ontology").mkdir(exist_ok=True)
    for name in ("context.jsonld", "vocabulary.ttl"):
        shutil.copy(ROOT / "ontology" / name, folder / "ontology" / name)
    build(folder, dataset)
    for name, content in more.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return workspace.load(folder)


def build(folder: Path, dataset: str | Iterable[Quad]) -> None:
    """Put a dataset where a build puts it, as a new file."""
    found = quads(dataset) if isinstance(dataset, str) else list(dataset)
    output = folder / "output"
    output.mkdir(exist_ok=True)
    (output / "dataset.part").write_text(nquads(found), encoding="utf-8")
    (output / "dataset.part").replace(output / "dataset.nq")


def rendered(site: Site) -> dict[str, bytes]:
    """Every file of a site."""
    found = {}
    for path in site.paths():
        content = site.render(path)
        assert content is not None, path
        found[path] = content
    return found


def parsed(page: bytes) -> Any:
    """The tree that a browser makes of a page."""
    return html5lib.parse(page.decode(), namespaceHTMLElements=False)
