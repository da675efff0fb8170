"""What a request may cost: a query that takes too much is cut off, and the others go on."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.serve.servers import Running, running

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
HUNGRY = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c"
LARGE = "SELECT ?a ?b ?c ?d { ?a ?b ?c . ?d a schema:Event }"
HARMLESS = "SELECT ?e { ?e a schema:Event } LIMIT 5"


@pytest.fixture(scope="module")
def server(ours: Path) -> Iterator[Running]:
    """A server that allows little: two workers, two seconds, 1 MB of an answer."""
    with running(ours, "--time", "2", "--memory", "128", "--result", "1", "--workers", "2") as found:
        yield found


def ask(server: Running, query: str) -> httpx.Response:
    return httpx.post(f"{server.url}/sparql", data={"query": query}, timeout=60)


def test_a_query_of_death_is_cut_off_while_others_go_on(server: Running) -> None:
    with ThreadPoolExecutor(1) as threads:
        death = threads.submit(ask, server, ENDLESS)
        answers = []
        while not death.done():
            answers.append(ask(server, HARMLESS).status_code)
            answers.append(httpx.get(f"{server.url}/id/interpol.ttl").status_code)
    assert len(answers) > 10
    assert set(answers) == {200}
    response = death.result()
    assert response.status_code == 504
    assert response.text.startswith("SRV207 ")


def test_pages_are_served_while_all_workers_are_held(server: Running) -> None:
    with ThreadPoolExecutor(4) as threads:
        deaths = [threads.submit(ask, server, ENDLESS) for _ in range(4)]
        pages = 0
        while not all(death.done() for death in deaths):
            assert httpx.get(f"{server.url}/id/interpol.html").status_code == 200
            pages += 1
    assert pages > 10
    assert {death.result().status_code for death in deaths} == {504}
    assert ask(server, HARMLESS).status_code == 200


def test_a_query_that_takes_too_much_memory_is_ended(server: Running) -> None:
    response = ask(server, HUNGRY)
    assert response.status_code == 507
    assert response.text.startswith("SRV208 ")
    assert ask(server, HARMLESS).status_code == 200


@pytest.mark.parametrize("name", ["json", "csv", "xml", "tsv"])
def test_an_answer_that_is_too_large_is_refused_and_never_cut(name: str, server: Running) -> None:
    response = httpx.get(f"{server.url}/sparql", params={"query": LARGE, "format": name}, timeout=60)
    assert response.status_code == 413
    assert response.text.startswith("SRV209 ")
    graph = httpx.get(f"{server.url}/graphs?default", timeout=60)
    assert graph.status_code == 413


def test_a_worker_that_somebody_ends_is_replaced(server: Running) -> None:
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    if not children.exists():
        pytest.skip("the system does not tell which processes a process has started")
    found = [int(number) for number in children.read_text(encoding="ascii").split()]
    assert len(found) == 2
    for number in found:
        os.kill(number, 9)
    assert [ask(server, HARMLESS).status_code for _ in range(4)] == [200] * 4


def test_a_query_ends_when_its_client_leaves(server: Running) -> None:
    """Both workers are held by clients that leave at once: the next query does not wait for them."""
    for _ in range(2):
        with socket.create_connection(("127.0.0.1", server.port)) as client:
            body = f"query={ENDLESS}".replace(" ", "+").encode()
            client.sendall(
                b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                + f"Content-Length: {len(body)}\r\n\r\n".encode()
                + body
            )
            time.sleep(0.2)
    assert ask(server, HARMLESS).status_code == 200
    until = time.monotonic() + 10
    while sum('"POST /sparql" 499' in line for line in server.log) < 2:
        assert time.monotonic() < until, "".join(server.log[-10:])
        time.sleep(0.1)


def test_large_answers_are_files_that_are_removed(ours: Path) -> None:
    """An answer of more than a megabyte goes through a file; none is left, and the bytes are all there."""
    asked = {"query": f"{LARGE} LIMIT 30000", "format": "csv"}
    with running(ours, "--workers", "1") as server:
        response = httpx.get(f"{server.url}/sparql", params=asked, timeout=60)
        assert response.status_code == 200
        assert int(response.headers["content-length"]) == len(response.content) > 1024 * 1024
        again = httpx.get(f"{server.url}/sparql", params=asked, timeout=60)
        assert sorted(again.text.splitlines()) == sorted(response.text.splitlines())
        page = httpx.get(f"{server.url}/query", params={"query": asked["query"]}, timeout=60)
        assert page.text.count("<tr>") == 501
        open_files = [str(path.readlink()) for path in _descriptors(server.process.pid)]
        assert not [path for path in open_files if "answer-" in path]


def _descriptors(pid: int) -> Iterator[Path]:
    folder = Path(f"/proc/{pid}/fd")
    if not folder.exists():
        pytest.skip("the system does not tell which files are open")
    return folder.iterdir()
