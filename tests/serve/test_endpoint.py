"""The endpoint beyond the suites: formats, the dataset that is asked, refusals, and what it never does."""

from __future__ import annotations

import csv
import io
import socket
import sys
import threading
from pathlib import Path

import httpx
import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, parse, parse_query_results
from rdflib import Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from nutgraf.dataset.sparql import Solutions, query
from nutgraf.dataset.store import Dataset
from tests.queries.saved_queries import load
from tests.serve.servers import ROOT, Running, started

GRAPH = "https://nutgraf.example/graph/article/001"
EVENTS = "SELECT ?e ?n { ?e a schema:Event ; schema:name ?n } ORDER BY ?e ?n LIMIT 20"
CONSTRUCT = "CONSTRUCT { ?e schema:name ?n } WHERE { ?e a schema:Event ; schema:name ?n }"


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return Dataset.load(ROOT / "output" / "dataset.nq")


@pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv"])
def test_solutions_are_the_same_in_every_format(name: str, client: httpx.Client, dataset: Dataset) -> None:
    expected = query(dataset, EVENTS)
    assert isinstance(expected, Solutions)
    response = client.get("/sparql", params={"query": EVENTS, "format": name})
    assert int(response.headers["content-length"]) == len(response.content)
    if name == "csv":
        rows = list(csv.reader(io.StringIO(response.text, newline="")))
        values = [[str(getattr(term, "value", "")) for term in row] for row in expected.rows()]
        assert rows == [["e", "n"], *values]
        return
    formats = {"json": QueryResultsFormat.JSON, "xml": QueryResultsFormat.XML, "tsv": QueryResultsFormat.TSV}
    found = parse_query_results(response.content, formats[name])
    assert isinstance(found, QuerySolutions)
    assert [tuple(solution) for solution in found] == expected.rows()


@pytest.mark.parametrize("name", ["ttl", "nt", "jsonld", "rdf"])
def test_graphs_are_the_same_in_every_format(name: str, client: httpx.Client, dataset: Dataset) -> None:
    expected = query(dataset, CONSTRUCT)
    assert isinstance(expected, list)
    response = client.post("/sparql", data={"query": CONSTRUCT, "format": name})
    formats = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "rdf": "xml"}
    found = Graph().parse(data=response.content, format=formats[name])
    wanted = Graph().parse(data="".join(f"{triple} .\n" for triple in expected), format="nt")
    assert isomorphic(found, wanted)


def test_every_saved_query_is_answered_as_on_the_command_line(client: httpx.Client, dataset: Dataset) -> None:
    saved = load()
    assert len(saved) > 40
    for each in saved:
        bindings = {f"${name}": str(term) for name, term in each.parameters.items()}
        response = client.post("/sparql", data={"query": each.text, "format": "json", **bindings})
        expected = query(dataset, each.text, substitutions=each.parameters)
        assert isinstance(expected, Solutions)
        assert Solutions(response.content).rows() == expected.rows(), each.id


def test_a_graph_is_read_with_its_lexical_forms(client: httpx.Client, dataset: Dataset) -> None:
    """Through a store "--11-24"^^xsd:gMonthDay is kept, but "01"^^xsd:integer would not be."""
    response = client.get("/graphs", params={"graph": GRAPH}, headers={"Accept": "application/n-triples"})
    found = [quad.triple for quad in parse(response.content, RdfFormat.N_TRIPLES)]
    assert set(found) == set(dataset.graph(GRAPH))
    direct = client.get("/graph/article/001", headers={"Accept": "application/n-triples"})
    assert direct.content == response.content
    page = client.get("/graph/article/001", headers={"Accept": "text/html,*/*;q=0.8"})
    assert page.headers["location"] == "../../id/001.html"
    whole = client.get("/graphs?default&format=nt")
    assert {quad.triple for quad in parse(whole.content, RdfFormat.N_TRIPLES)} == set(dataset.merged())


def test_a_graph_that_is_known_is_not_sent_again(client: httpx.Client) -> None:
    etag = client.get("/graphs", params={"graph": GRAPH}).headers["etag"]
    again = client.get("/graphs", params={"graph": GRAPH}, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    missing = client.get("/graphs", params={"graph": f"{GRAPH}x"}, headers={"If-None-Match": "*"})
    assert missing.status_code == 404


def test_the_service_describes_itself(client: httpx.Client, dataset: Dataset, server: Running) -> None:
    response = client.get("/sparql", headers={"Accept": "text/turtle"})
    graph = Graph().parse(data=response.text, format="turtle")
    sd = "http://www.w3.org/ns/sparql-service-description#"
    names = {str(name) for name in graph.objects(predicate=URIRef(f"{sd}name"))}
    assert names == {str(quad.graph_name).strip("<>") for quad in dataset.quads()}
    asked = graph.query(
        f"SELECT ?at ?triples {{ ?s a <{sd}Service> ; <{sd}endpoint> ?at ;"
        f" <{sd}feature> <{sd}UnionDefaultGraph> ; <{sd}supportedLanguage> <{sd}SPARQL11Query> ;"
        f" <{sd}defaultDataset>/<http://rdfs.org/ns/void#triples> ?triples }}"
    )
    assert [tuple(row) for row in asked if not isinstance(row, bool)] == [
        (URIRef(f"{server.url}/sparql"), Literal(len(dataset)))
    ]
    assert client.get("/sparql", headers={"Accept": "text/html"}).headers["location"] == "query"


def test_rdflib_asks_it_as_a_remote_store(server: Running) -> None:
    graph = Graph(SPARQLStore(f"{server.url}/sparql"))
    rows = list(graph.query("SELECT ?n { ?e a <https://schema.org/Event> ; <https://schema.org/name> ?n }"))
    assert len(rows) > 10


BAD = {
    "no query": ("GET", "/sparql?default-graph-uri=http://x/", None, None, 400, "SRV201"),
    "no query in a form": ("POST", "/sparql", "application/x-www-form-urlencoded", b"a=b", 400, "SRV201"),
    "a relative graph": ("GET", "/sparql?query=ASK{}&default-graph-uri=x", None, None, 400, "SRV201"),
    "no UTF-8": ("GET", "/sparql?query=%ff", None, None, 400, "SRV201"),
    "no UTF-8 in a body": ("POST", "/sparql", "application/sparql-query", b"ASK {} #\xff", 400, "SRV201"),
    "syntax": ("GET", "/sparql?query=SELECT", None, None, 400, "QRY101"),
    "a parameter": ("GET", "/sparql?query=ASK{}&$x=<", None, None, 400, "QRY104"),
    "an update as a query": ("GET", "/sparql?query=DROP+ALL", None, None, 400, "QRY101"),
    "LOAD": ("GET", "/sparql?query=LOAD+<http://127.0.0.1/>", None, None, 400, "QRY101"),
    "DELETE": ("DELETE", "/sparql", None, None, 405, "SRV203"),
    "PUT of a page": ("PUT", "/id/interpol", "text/turtle", b"", 405, "SRV203"),
    "no format": ("GET", "/sparql?query=ASK{}&format=csv", None, None, 406, "SRV204"),
    "a format that is none": ("GET", "/sparql?query=ASK{}&format=docx", None, None, 406, "SRV204"),
    "a large body": ("POST", "/sparql", "application/sparql-query", b"#" * 2**20 + b"\nASK{}", 413, "SRV205"),
    "two graphs": ("GET", "/graphs?graph=http://x/&default", None, None, 400, "SRV201"),
    "no graph": ("GET", "/graphs", None, None, 400, "SRV201"),
    "an unknown graph": ("GET", "/graphs?graph=http://x/", None, None, 404, "SRV211"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_refused_is_explained(name: str, client: httpx.Client) -> None:
    method, path, kind, body, status, code = BAD[name]
    headers = {"Content-Type": kind} if kind else {}
    response = client.request(method, path, headers=headers, content=body)
    assert response.status_code == status
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.text.startswith(f"{code} ")
    assert response.headers["access-control-allow-origin"] == "*"
    problem = client.request(method, path, headers={**headers, "Accept": "application/json"}, content=body)
    assert problem.headers["content-type"] == "application/problem+json"
    assert problem.json()["code"] == code
    assert problem.json()["status"] == status
    page = client.request(method, path, headers={**headers, "Accept": "text/html"}, content=body)
    assert f"<code>{code}</code>" in page.text


def test_a_refusal_shows_nothing_of_the_request_as_markup(client: httpx.Client) -> None:
    for path in ("/<script>alert(1)</script>", "/sparql?query=<script>", "/query?query=<script>"):
        response = client.get(path, headers={"Accept": "text/html"})
        assert response.status_code >= 400
        assert "<script>alert" not in response.text
        assert "<script>\n" not in response.text.replace("<script src", "")


SERVICES = [
    "SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE SILENT <{url}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ BIND(<{url}> AS ?x) \u017fervice ?x {{ ?s ?p ?o }} }}",
    "SELECT * {{ \\u0053ERVICE <{url}> {{ ?s ?p ?o }} }}",
    "ASK {{ {{ SELECT * {{ service<{url}>{{}} }} }} }}",
]


@pytest.mark.parametrize("text", SERVICES)
def test_nothing_is_ever_fetched(text: str, client: httpx.Client) -> None:
    """A socket that listens hears nothing."""
    heard: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.3)
        thread = threading.Thread(target=_hear, args=(listener, heard))
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        response = client.get("/sparql", params={"query": text.format(url=url)})
        thread.join()
    assert response.status_code == 400
    assert not heard


def _hear(listener: socket.socket, heard: list[object]) -> None:
    try:
        heard.append(listener.accept())
    except TimeoutError:
        return


def test_the_log_has_no_query_and_no_header(server: Running, client: httpx.Client) -> None:
    client.get("/sparql?query=ASK{}&token=hush", headers={"Authorization": "Bearer hush"})
    client.get("/id/%0a%1b[2Jhush?hush", headers={"Cookie": "hush"})
    client.get("/id/interpol?format=hush")
    said = "".join(server.log)
    assert '"GET /sparql" 200' in said
    assert "hush" not in said.replace("/id/%0a%1b[2Jhush", "")
    assert "\x1b" not in said


def test_a_large_dataset_is_asked_on_disk(ours: Path, dataset: Dataset) -> None:
    """The same answers from the store on disk, which only its worker has open."""
    with started(sys.executable, "-m", "tests.serve.slow", str(ours)) as server:
        counts = ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
        for text in (EVENTS, *counts):
            found = httpx.get(f"{server.url}/sparql", params={"query": text, "format": "json"}, timeout=60)
            expected = query(dataset, text)
            assert isinstance(expected, Solutions)
            assert Solutions(found.content).rows() == expected.rows()
        children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
        if children.exists():
            worker = children.read_text(encoding="ascii").split()[0]
            opened = [str(path.readlink()) for path in Path(f"/proc/{worker}/fd").iterdir()]
            assert any("/store/" in path for path in opened)
