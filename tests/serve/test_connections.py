"""Clients that dawdle, flood or talk nonsense, each over a socket of its own."""

from __future__ import annotations

import contextlib
import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.serve.servers import Running, started

HEAD = b"GET /id/interpol.ttl HTTP/1.1\r\nHost: x\r\n"
POST = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
PATIENCE_S = 20


@pytest.fixture(scope="module")
def server(ours: Path) -> Iterator[Running]:
    """A server that waits for a second where others wait longer."""
    with started(sys.executable, "-m", "tests.serve.slow", str(ours)) as found:
        yield found


@contextlib.contextmanager
def connected(server: Running) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE_S) as client:
        yield client


def rest(client: socket.socket) -> bytes:
    """All that comes until the server closes the connection, which it must do."""
    found = b""
    with contextlib.suppress(ConnectionResetError, BrokenPipeError):
        while part := client.recv(65536):
            found += part
    return found


def test_a_head_that_does_not_come_ends_the_connection(server: Running) -> None:
    with connected(server) as client:
        assert rest(client) == b""
    with connected(server) as client:
        client.sendall(HEAD)
        assert rest(client) == b""


def test_a_head_that_trickles_ends_the_connection(server: Running) -> None:
    """The slow loris: a header now and then, and never the last."""
    with connected(server) as client, contextlib.suppress(ConnectionError):
        client.sendall(HEAD)
        for number in range(100):
            client.sendall(b"X-Header-%d: 1\r\n" % number)
            time.sleep(0.1)
        pytest.fail("the server takes headers for ever")


def test_the_second_head_on_a_connection_is_bounded_too(server: Running) -> None:
    with connected(server) as client, contextlib.suppress(ConnectionError):
        client.sendall(HEAD + b"\r\n")
        answer = client.recv(65536)
        assert b"200 OK" in answer
        client.sendall(HEAD)
        for number in range(100):
            client.sendall(b"X-Header-%d: 1\r\n" % number)
            time.sleep(0.1)
        pytest.fail("the server takes headers for ever")


def test_a_body_that_trickles_is_refused(server: Running) -> None:
    with connected(server) as client:
        client.sendall(POST + b"Content-Length: 100\r\n\r\n")
        with contextlib.suppress(ConnectionError):
            for _ in range(30):
                client.sendall(b"#")
                time.sleep(0.1)
        assert rest(client).startswith(b"HTTP/1.1 408 ")


def test_a_client_that_does_not_read_is_let_go(server: Running) -> None:
    """Many answers are asked for and none is read: the connection is ended, and others are served."""
    with connected(server) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        asked = b"GET /graphs?default HTTP/1.1\r\nHost: x\r\n\r\n"
        client.sendall(asked * 20)
        time.sleep(3)
        assert httpx.get(f"{server.url}/id/interpol.ttl").status_code == 200
        found = rest(client)
    assert found.count(b"HTTP/1.1 200 OK") < 20


def test_a_body_that_is_announced_too_large_is_not_read(server: Running) -> None:
    with connected(server) as client:
        client.sendall(POST + b"Content-Length: 99999999999\r\n\r\n")
        found = rest(client)
    assert found.startswith(b"HTTP/1.1 413 ")
    assert b"SRV205" in found


def test_a_body_of_unknown_length_is_measured(server: Running) -> None:
    with connected(server) as client:
        client.sendall(POST + b"Transfer-Encoding: chunked\r\n\r\n")
        chunk = b"10000\r\n" + b"#" * 0x10000 + b"\r\n"
        with contextlib.suppress(ConnectionError):
            for _ in range(20):
                client.sendall(chunk)
        assert rest(client).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nBad header\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: " + b"y" * 20000 + b"\r\n\r\n",
        b"GET /" + b"y" * 20000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        POST + b"Content-Length: -5\r\n\r\n",
        POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nASK{}",
    ],
    ids=[
        "words",
        "nul",
        "header",
        "long header",
        "long path",
        "two lengths",
        "negative",
        "differ",
    ],
)
def test_what_is_no_request_is_refused(sent: bytes, server: Running) -> None:
    with connected(server) as client:
        client.sendall(sent)
        assert rest(client).startswith(b"HTTP/1.1 4")


def test_more_connections_than_there_may_be_are_told_so(server: Running) -> None:
    with contextlib.ExitStack() as stack:
        clients = [stack.enter_context(connected(server)) for _ in range(60)]
        clients[-1].sendall(HEAD + b"\r\n")
        assert clients[-1].recv(4096).startswith(b"HTTP/1.1 503 ")
    until = time.monotonic() + PATIENCE_S
    while httpx.get(f"{server.url}/id/interpol.ttl").status_code != 200:
        assert time.monotonic() < until
        time.sleep(0.1)


def test_pipelined_requests_are_answered_in_order(server: Running) -> None:
    with connected(server) as client:
        client.sendall(HEAD + b"\r\n" + b"GET /id/nobody HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        found = rest(client)
    assert found.index(b"HTTP/1.1 200 ") < found.index(b"HTTP/1.1 404 ")


def test_too_many_queries_are_told_to_come_back(server: Running) -> None:
    """Two run, two wait; the others, and those that have waited for a second, are told so."""
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    with ThreadPoolExecutor(8) as threads:
        asked = {"query": endless}
        sent = [threads.submit(httpx.get, f"{server.url}/sparql", params=asked, timeout=60) for _ in range(8)]
        answers = [each.result() for each in sent]
    assert sorted(answer.status_code for answer in answers) == [503] * 6 + [504] * 2
    for answer in answers:
        if answer.status_code == 503:
            assert int(answer.headers["retry-after"]) > 0
            assert answer.text.startswith("SRV210 ")
