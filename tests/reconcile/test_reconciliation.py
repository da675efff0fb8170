"""Our reconciliation service as OpenRefine uses it, and our client against real servers of others."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests
from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT7

from nutgraf.problems import InputError
from nutgraf.reconcile.authority.index import Authority
from nutgraf.reconcile.items import Query
from nutgraf.reconcile.polite import Polite, user_agent
from nutgraf.reconcile.reconciliation.client import ReconciliationService
from nutgraf.reconcile.reconciliation.server import MAX_BODY, Server
from nutgraf.reconcile.reconciliation.service import MAX_QUERIES
from tests.reconcile.stand_in import StandIn, Trouble


@pytest.fixture
def service(authority: Authority) -> Iterator[str]:
    with Server(authority, port=0) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield server.service.url
        server.shutdown()
        thread.join()


class Schemas:
    """The JSON schemas of the specification."""

    def __init__(self, folder: Path) -> None:
        self._every = {
            path.stem: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")
        }
        pairs = [
            (f"https://reconciliation-api.github.io/specs/0.2/schemas/{name}.json", self._resource(schema))
            for name, schema in self._every.items()
        ]
        self._registry: Registry[Any] = Registry().with_resources(pairs)

    @staticmethod
    def _resource(schema: Any) -> Resource[Any]:
        # Its "$schema" names no draft; the specification's own tests take it as draft 7.
        return DRAFT7.create_resource(schema)

    def check(self, name: str, document: Any) -> None:
        Draft7Validator(self._every[name], registry=self._registry).validate(document)


@pytest.fixture(scope="session")
def schemas(conformance: Path) -> Schemas:
    return Schemas(conformance / "reconciliation" / "0.2" / "schemas")


def post(url: str, **parameters: Any) -> Any:
    data = {name: json.dumps(value) for name, value in parameters.items()}
    return requests.post(url, data=data, timeout=30).json()


def test_a_session_of_openrefine(service: str, schemas: Schemas) -> None:
    """Add the service, reconcile a column, search for a cell by hand, look at a preview, add a column."""
    manifest = requests.get(service, timeout=30).json()
    schemas.check("manifest", manifest)
    assert "0.2" in manifest["versions"]

    names = ["Marrakesh", "Glasgow", "INTERPOL", "Nowhere at all, really"]
    batch = {f"q{at}": {"query": name, "limit": 5} for at, name in enumerate(names)}
    schemas.check("reconciliation-query-batch", batch)
    answer = post(service, queries=batch)
    schemas.check("reconciliation-result-batch", answer)
    assert [answer[f"q{at}"]["result"][0]["id"] for at in range(3)] == ["Q101625", "Q4093", "Q8475"]
    assert not any(each["match"] for each in answer["q3"]["result"])
    assert answer["q0"]["result"][0]["features"]

    typed = post(service, queries={"q0": {"query": "Rabat", "type": "ORG", "type_strict": "should"}})
    schemas.check("reconciliation-result-batch", typed)
    assert {kind["id"] for each in typed["q0"]["result"] for kind in each["type"]} == {"ORG"}

    entity = manifest["suggest"]["entity"]
    found = requests.get(
        entity["service_url"] + entity["service_path"], {"prefix": "Marrak"}, timeout=30
    ).json()
    schemas.check("suggest-entities-response", found)
    assert "Q101625" in [each["id"] for each in found["result"]]
    for kind, prefix in (("type", "per"), ("property", "na")):
        place = manifest["suggest"][kind]
        answer = requests.get(
            place["service_url"] + place["service_path"], {"prefix": prefix}, timeout=30
        ).json()
        schemas.check(
            {"type": "suggest-types-response", "property": "suggest-properties-response"}[kind], answer
        )
        assert answer["result"]

    preview = requests.get(manifest["preview"]["url"].replace("{{id}}", "Q101625"), timeout=30)
    assert "Marrakesh" in preview.text
    assert preview.headers["Content-Type"].startswith("text/html")

    proposed = manifest["extend"]["propose_properties"]
    properties = requests.get(proposed["service_url"] + proposed["service_path"], {"type": "LOC"}, timeout=30)
    schemas.check("data-extension-property-proposal", properties.json())
    query = {"ids": ["Q101625", "Q1"], "properties": [{"id": "names"}, {"id": "begin"}]}
    schemas.check("data-extension-query", query)
    extension = post(service, extend=query)
    schemas.check("data-extension-response", extension)
    assert {"str": "Marrakech"} in extension["rows"]["Q101625"]["names"]
    assert extension["rows"]["Q1"] == {"names": [], "begin": []}


def test_an_id_is_its_own_answer(service: str) -> None:
    (found,) = post(service, queries={"q": {"query": "Q3551"}})["q"]["result"]
    assert (found["id"], found["match"]) == ("Q3551", True)


def test_every_example_query_of_the_specification_is_answered(
    service: str, schemas: Schemas, conformance: Path
) -> None:
    folder = conformance / "reconciliation" / "0.2" / "examples" / "reconciliation-query-batch" / "valid"
    examples = sorted(folder.glob("*.json"))
    assert examples
    for path in examples:
        batch = json.loads(path.read_text(encoding="utf-8"))
        answer = post(service, queries=batch)
        schemas.check("reconciliation-result-batch", answer)
        assert set(answer) == set(batch)


HOSTILE = [
    {"queries": "{"},
    {"queries": "[]"},
    {"queries": '{"q": 5}'},
    {"queries": '{"q": {"query": 5}}'},
    {"queries": '{"q": {"query": "x", "type": {"a": 1}}}'},
    {"queries": json.dumps({f"q{at}": {"query": "x"} for at in range(MAX_QUERIES + 1)})},
    {"queries": "[" * 50_000},
    {"extend": "{}"},
    {"extend": '{"ids": 5, "properties": []}'},
]


@pytest.mark.parametrize("data", HOSTILE)
def test_a_hostile_query_is_told_so(data: dict[str, str], service: str) -> None:
    answer = requests.post(service, data=data, timeout=30)
    assert answer.status_code == 400
    assert answer.json()["status"] == "error"


def test_the_server_survives_what_is_no_query(service: str) -> None:
    assert requests.post(service, data=b"x" * (MAX_BODY + 1), timeout=30).status_code == 413
    assert requests.get(f"{service}/../../etc/passwd", timeout=30).status_code == 404
    for qid in ("<script>", "Q0", "Q99999999999999999999", "' OR 1"):
        assert requests.get(f"{service}/preview?id={quote(qid)}", timeout=30).status_code == 404
    assert requests.get(service, timeout=30).headers["Access-Control-Allow-Origin"] == "*"


def test_our_client_understands_our_service(service: str) -> None:
    http = Polite(user_agent("http://localhost/"))
    client = ReconciliationService(service, http)
    assert client.name == "nutgraf (names.tsv.gz)"
    found = client.items(Query(("Marrakesh", "Casablanca"), frozenset({"LOC"})))
    assert {"Q101625", "Q7903"} <= {each.id for each in found}
    assert all(each.kinds == {"LOC"} for each in found)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"[]", "REC101"),
        (b'{"name": "x", "versions": ["9"]}', "REC101"),
        (b'{"versions": ["0.2"]}', "REC101"),
    ],
)
def test_what_is_no_service_is_told(body: bytes, code: str, wikidata: StandIn) -> None:
    wikidata.troubles.append(Trouble(200, body))
    client = ReconciliationService(wikidata.url, Polite(user_agent("desk@example.org"), sleep=lambda _: None))
    with pytest.raises(InputError, match=code):
        client.items(Query(("x",)))


@contextmanager
def _running(arguments: list[str], url: str, cwd: Path) -> Iterator[None]:
    """A server of others, until it answers."""
    with subprocess.Popen(
        arguments, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            for _ in range(240):
                try:
                    requests.get(url, timeout=5)
                    break
                except requests.RequestException:
                    assert process.poll() is None, "the server stopped"
                    time.sleep(0.25)
            yield
        finally:
            process.kill()


def test_our_client_understands_datasette_reconcile(tmp_path: Path, free_port: int) -> None:
    program = shutil.which("datasette")
    if program is None:
        pytest.skip("datasette is not installed; .ci/run installs it with datasette-reconcile")
    with sqlite3.connect(tmp_path / "kb.db") as connection:
        connection.execute("CREATE TABLE items(qid TEXT PRIMARY KEY, label TEXT)")
        rows = [("Q101625", "Marrakesh"), ("Q7903", "Casablanca"), ("x1", "Marrakesh Express")]
        connection.executemany("INSERT INTO items VALUES (?, ?)", rows)
        connection.execute("CREATE VIRTUAL TABLE items_fts USING fts5(label, content='items')")
        connection.execute("INSERT INTO items_fts(items_fts) VALUES ('rebuild')")
    connection.close()
    settings = {
        "databases": {"kb": {"tables": {"items": {"plugins": {"datasette-reconcile": {
            "id_field": "qid", "name_field": "label"}}}}}}
    }  # fmt: skip
    (tmp_path / "metadata.json").write_text(json.dumps(settings), encoding="utf-8")
    url = f"http://127.0.0.1:{free_port}/kb/items/-/reconcile"
    arguments = [program, "serve", "kb.db", "--metadata", "metadata.json", "--port", str(free_port)]
    with _running(arguments, url, tmp_path):
        client = ReconciliationService(url, Polite(user_agent("http://localhost/")))
        found = client.items(Query(("Marrakesh", "Casablanca")))
    assert [each.id for each in found] == ["Q101625", "Q7903"], "what has no QID is left out"
    assert [each.names[0].text for each in found] == ["Marrakesh", "Casablanca"]
