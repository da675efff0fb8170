"""Requests are tried again where that helps, and only there."""

from __future__ import annotations

import datetime as dt
import socket
from pathlib import Path

import pytest

from nutgraf.problems import InputError
from nutgraf.publish.push.client import Answer, Client
from nutgraf.publish.push.credentials import Credentials
from nutgraf.publish.push.run import Options
from nutgraf.publish.push.stores import Protocol
from tests.publish.push.oxigraph_server import Oxigraph, Proxy, Reply, Request
from tests.publish.push.pushes import GRAPHS, A, assert_holds, datasets, push, write

NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)


def client(slept: list[float], attempts: int = 4, timeout_s: float = 10) -> Client:
    return Client(Credentials(), attempts=attempts, timeout_s=timeout_s, sleep=slept.append, now=lambda: NOW)


@pytest.mark.parametrize(
    ("headers", "waits"),
    [
        ({}, [1, 2]),
        ({"Retry-After": "7"}, [7, 7]),
        ({"Retry-After": "Tue, 24 Nov 2026 12:00:03 GMT"}, [3, 3]),
        ({"Retry-After": "nonsense"}, [1, 2]),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_store_is_asked_again(
    front: Proxy, headers: dict[str, str], waits: list[float], status: int
) -> None:
    front.before = lambda _: Reply(status, b"", headers) if len(front.requests) < 3 else Reply(200, b"hello")
    slept: list[float] = []
    with client(slept) as asked:
        assert asked.send("GET", f"{front.url}/x") == Answer(200, b"hello", "")
    assert slept == waits


@pytest.mark.parametrize("protocol", ["graph-store", "update"])
def test_each_request_of_a_push_may_fail_twice(
    front: Proxy, store: Oxigraph, tmp_path: Path, protocol: Protocol
) -> None:
    """Each once before the store has carried it out, and once after."""
    seen: dict[tuple[str, str | None, bytes], int] = {}

    def count(request: Request) -> int:
        key = (request.method, request.graph, request.body)
        seen[key] = seen.get(key, 0) + 1
        return seen[key]

    front.before = lambda request: Reply(503) if count(request) == 1 else None
    front.after = lambda request: Reply(0) if seen[request.method, request.graph, request.body] == 2 else None
    many = " , ".join(f'"name {number}"' for number in range(50))
    graphs = GRAPHS | {A: f"<https://news.example/id/a> <https://schema.org/name> {many} , [] , [] ."}
    options = Options(piece=500)
    file = write(tmp_path, graphs)
    push(file, front.url, protocol=protocol, client=client([], attempts=5), options=options)
    assert_holds(store, datasets(graphs))


def test_who_asks_to_wait_long_is_not_waited_for(front: Proxy) -> None:
    front.before = lambda _: Reply(503, b"", {"Retry-After": "3600"})
    slept: list[float] = []
    with (
        pytest.raises(InputError, match=r"NET102 127.0.0.1:\d+ asks to wait 3600 seconds"),
        client(slept) as asked,
    ):
        asked.send("GET", front.url)
    assert slept == []


def test_nobody_there() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    slept: list[float] = []
    with pytest.raises(InputError) as caught, client(slept) as asked:
        asked.send("GET", f"http://127.0.0.1:{port}/x?access-token=secret")
    assert str(caught.value) == f"NET102 127.0.0.1:{port} does not answer"
    assert caught.value.problems[0].why == "the last of 4 attempts: ConnectionError"
    assert slept == [1, 2, 4]


def test_a_store_that_does_not_speak_is_not_waited_for_for_ever() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        with pytest.raises(InputError, match="NET102"), client([], attempts=2, timeout_s=0.1) as asked:
            asked.send("GET", url)


def test_an_error_is_not_asked_again(front: Proxy) -> None:
    front.before = lambda _: Reply(400, b"x" * 100_000)
    with client([]) as asked:
        answer = asked.send("PUT", front.url, body=b"y")
    assert answer.status == 400
    assert len(answer.body) < 2000
    assert len(str(asked.excerpt(answer))) < 250
    assert len(front.requests) == 1


def test_an_endless_answer_is_cut(front: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nutgraf.publish.push.client.MAX_BYTES", 1000)
    front.before = lambda _: Reply(200, b"x" * 2000)
    with pytest.raises(InputError, match="NET103"), client([]) as asked:
        asked.send("GET", front.url)
