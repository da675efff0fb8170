"""Linked-data clients that know only an article's address reach its events and its people.

Comunica's link traversal asks for RDF by `Accept`, is led on by 303, reads what it gets, and follows the
IRIs in it. rdflib does the same by hand: the test runs where Comunica is not.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
import rdflib

from nutgraf.dataset.store import Dataset
from tests.site_judges.conftest import ROOT, Judged

_COMUNICA: Final = ROOT / "node_modules" / "@comunica" / "query-sparql-link-traversal"
_QUERY: Final = """
SELECT DISTINCT ?event ?name ?person ?called {
  <START> <https://schema.org/mentions> ?event .
  ?event a <https://schema.org/Event> ; <https://schema.org/location>/<https://schema.org/name> ?name .
  <START> <https://schema.org/mentions> ?person .
  ?person a <https://schema.org/Person> ; <https://schema.org/name> ?called .
  FILTER(LANG(?name) = "en" && LANG(?called) = "en")
}
"""


def expected(judged: Judged, start: str) -> set[tuple[str, ...]]:
    """What the whole dataset answers."""
    dataset = Dataset.load(judged.workspace.output / "dataset.nq")
    rows = dataset.store.query(_QUERY.replace("START", start), use_default_graph_as_union=True)
    return {tuple(row[name].value for name in ("event", "name", "person", "called")) for row in rows}  # type: ignore[union-attr]


def test_comunica_reaches_events_and_people(judged: Judged) -> None:
    if shutil.which("node") is None or not _COMUNICA.is_dir():
        pytest.skip("Comunica is not here; run npm ci")
    start = f"{judged.base}id/001"
    judged.asked.clear()
    asked = json.dumps({"start": start, "query": _QUERY.replace("START", start)})
    done = subprocess.run(
        ["node", str(ROOT / "tests" / "site_judges" / "traverse.mjs"), asked],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    found = [json.loads(line) for line in done.stdout.splitlines()]
    wanted = expected(judged, start)
    assert wanted
    assert {(row["event"], row["name"], row["person"], row["called"]) for row in found} == wanted
    # It was not all in the article's own file: it did follow links.
    assert {"id/002", "id/interpol-ga-93", "id/abdellatif-hammouchi"} <= set(judged.asked)


def read(iri: str) -> rdflib.Graph:
    """What an IRI answers to somebody who wants Turtle."""
    request = Request(iri, headers={"Accept": "text/turtle, application/ld+json;q=0.5"})  # noqa: S310
    with urlopen(request, timeout=10) as answer:  # noqa: S310 - the address is this machine's
        assert answer.headers["Content-Type"].startswith("text/turtle")
        return rdflib.Graph().parse(data=answer.read(), format="turtle")


def test_rdflib_follows_from_the_dataset_to_a_person(judged: Judged) -> None:
    """From the well-known address: dataset, example, article, event, person."""
    schema = rdflib.Namespace("https://schema.org/")
    void = rdflib.Namespace("http://rdfs.org/ns/void#")
    described = read(f"{judged.base}.well-known/void")
    dataset = rdflib.URIRef(f"{judged.base}dataset")
    assert (dataset, rdflib.RDF.type, void.Dataset) in described
    assert len(read(str(dataset))) == len(described)
    examples = list(described.objects(dataset, void.exampleResource))
    assert all(read(str(example)) for example in examples)
    session = read(f"{judged.base}id/interpol-ga-93")
    person = rdflib.URIRef(f"{judged.base}id/abdellatif-hammouchi")
    assert list(session.predicates(None, person)), "the event's file leads to its people"
    there = read(str(person))
    assert rdflib.Literal("Abdellatif Hammouchi", lang="en") in set(there.objects(person, schema.name))
    body = rdflib.URIRef(f"{judged.base}id/interpol")
    assert (None, schema.organizer, body) in session
    items = set(read(str(body)).objects(body, schema.sameAs))
    assert rdflib.URIRef("http://www.wikidata.org/entity/Q8475") in items, "and on to Wikidata"


def test_every_iri_of_ours_in_the_data_answers(judged: Judged) -> None:
    """Things, mentions, graphs, the dataset: an IRI in a file leads somewhere."""
    dead: set[str] = set()
    for path in ("id/002.ttl", "id/interpol.ttl", "dataset.ttl"):
        graph = rdflib.Graph().parse(data=judged.read(path), format="turtle")
        ours = {
            str(term).partition("#")[0]
            for triple in graph
            for term in triple
            if isinstance(term, rdflib.URIRef) and str(term).startswith(judged.base)
        }
        dead |= {iri for iri in ours if not answers(iri)}
    # A statement node has no file of its own: it is in the files of its things.
    assert {iri for iri in dead if not iri.startswith(f"{judged.base}stmt/")} == set()


def answers(iri: str) -> bool:
    """Whether an IRI leads to Turtle, or is a file."""
    request = Request(iri, headers={"Accept": "text/turtle, */*;q=0.1"})  # noqa: S310
    try:
        with urlopen(request, timeout=10) as answer:  # noqa: S310 - the address is this machine's
            return bool(answer.read(1))
    except HTTPError:
        return False
