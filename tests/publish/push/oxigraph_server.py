"""A real Oxigraph server at a free port, and a proxy before it that counts, checks and disturbs."""

from __future__ import annotations

import http.client
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from pyoxigraph import Dataset, Quad, RdfFormat, parse

_HOP_BY_HOP = {"connection", "transfer-encoding", "content-length", "server", "date"}


@dataclass
class Oxigraph:
    """The server's process.

    Attributes:
        port: where it listens.
        location: folder of its data; None to keep it in memory.
    """

    port: int
    location: Path | None
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start, and wait until it answers."""
        beside = Path(sys.executable).with_name("oxigraph")
        program = str(beside) if beside.exists() else shutil.which("oxigraph")
        assert program, "the package oxigraph is among the test dependencies"
        where = ["--location", str(self.location)] if self.location else []
        self.process = subprocess.Popen(
            [program, "serve", "--bind", f"127.0.0.1:{self.port}", *where],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            assert self.process.poll() is None, "it ended at once"
            try:
                self.request("HEAD", "/store?default")
            except OSError:
                time.sleep(0.02)
            else:
                return
        raise AssertionError("the server does not answer")

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def request(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def put(self, graph: str, turtle: str) -> None:
        path = f"/store?graph={quote(graph, safe='')}"
        status, _ = self.request("PUT", path, turtle.encode(), {"Content-Type": "text/turtle"})
        assert status in {201, 204}

    def wipe(self) -> None:
        headers = {"Content-Type": "application/sparql-update"}
        assert self.request("POST", "/update", b"DROP ALL", headers)[0] == 204

    def quads(self) -> list[Quad]:
        """Everything it holds."""
        status, body = self.request("GET", "/store", headers={"Accept": "application/n-quads"})
        assert status == 200
        return [quad for quad in parse(body, RdfFormat.N_QUADS) if isinstance(quad, Quad)]

    def graphs(self) -> dict[str, Dataset]:
        """Graph name → its triples, each as a dataset of its own."""
        found: dict[str, Dataset] = {}
        for quad in self.quads():
            found.setdefault(getattr(quad.graph_name, "value", ""), Dataset()).add(Quad(*quad.triple))
        return found


@contextmanager
def oxigraph(location: Path | None = None) -> Iterator[Oxigraph]:
    """Run the server at a free port of this machine."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = Oxigraph(port, location)
    server.start()
    try:
        yield server
    finally:
        server.kill()


@dataclass(frozen=True)
class Request:
    """What a client sent."""

    method: str
    path: str
    graph: str | None
    headers: dict[str, str]
    body: bytes


@dataclass
class Reply:
    """What the proxy answers itself; `status` 0 cuts the connection."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Proxy:
    """The running proxy.

    Attributes:
        url: its address.
        requests: what came, in order.
        before: called with each request; a `Reply` is sent instead of the server's.
        after: called with each request that the server has answered, before the answer goes out.
    """

    url: str
    requests: list[Request] = field(default_factory=list)
    before: Callable[[Request], Reply | None] = lambda _request: None
    after: Callable[[Request], Reply | None] = lambda _request: None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def writes(self) -> list[tuple[str, str | None]]:
        return [(each.method, each.graph) for each in self.requests if each.method not in {"GET", "HEAD"}]

    def reset(self) -> None:
        self.requests.clear()
        self.before = self.after = lambda _request: None


@contextmanager
def proxy(server: Oxigraph) -> Iterator[Proxy]:
    """Run a proxy before a server, at a free port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _forward(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            graph = parse_qs(urlsplit(self.path).query).get("graph", [None])[0]
            request = Request(self.command, self.path, graph, dict(self.headers.items()), body)
            with state.lock:
                state.requests.append(request)
            reply = state.before(request) or self._asked(request)
            if not reply.status:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def _asked(self, request: Request) -> Reply:
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
            headers = {key: value for key, value in request.headers.items() if key.lower() != "host"}
            try:
                connection.request(request.method, request.path, request.body, headers)
                answer = connection.getresponse()
                kept = {key: value for key, value in answer.getheaders() if key.lower() not in _HOP_BY_HOP}
                reply = Reply(answer.status, answer.read(), kept)
            except OSError:
                return Reply(0)
            finally:
                connection.close()
            return state.after(request) or reply

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _forward  # noqa: N815 - the base class's names

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
            pass

    front = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    front.daemon_threads = True
    state = Proxy(f"http://127.0.0.1:{front.server_address[1]}")
    thread = threading.Thread(target=front.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        front.shutdown()
        front.server_close()
        thread.join()
