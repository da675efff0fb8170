"""A stand-in for Wikidata's action API that serves recorded payloads and misbehaves on demand."""

from __future__ import annotations

import gzip
import json
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

HTML = b"<!DOCTYPE html><html><body>Our servers are currently under maintenance</body></html>"


@dataclass
class Trouble:
    """What the next request gets instead of an answer."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    stall_s: float = 0.0


@dataclass
class Payloads:
    """Recorded entities and searches; redirects and deletions are put in by tests."""

    entities: dict[str, Any]
    searches: dict[str, list[str]]
    redirects: dict[str, str] = field(default_factory=dict)
    invalid: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, folder: Path) -> Payloads:
        with gzip.open(folder / "entities.jsonl.gz", "rt", encoding="utf-8") as file:
            every = [json.loads(line) for line in file]
        searches = {}
        for path in sorted((folder / "search").glob("*_50_en.json")):
            name = path.name.removesuffix("_50_en.json").replace("_", " ")
            searches[name.casefold()] = json.loads(path.read_text(encoding="utf-8"))
        return cls({each["id"]: each for each in every if each}, searches)

    def answer(self, query: dict[str, str]) -> dict[str, Any]:
        if query.get("action") == "wbgetentities":
            return self._entities(query["ids"].split("|"))
        name = query.get("search", query.get("srsearch", "")).removesuffix(" haswbstatement:P31=Q5")
        found = self.searches.get(name.casefold(), [])
        if query.get("action") == "wbsearchentities":
            return {"search": [{"id": each} for each in found[: int(query["limit"])]], "success": 1}
        return {"query": {"search": [{"ns": 0, "title": each} for each in found[: int(query["srlimit"])]]}}

    def _entities(self, ids: list[str]) -> dict[str, Any]:
        if len(ids) > 50:
            return {"error": {"code": "toomanyvalues", "info": "Too many values"}}
        wrong = self.invalid & set(ids)
        if wrong:
            return {"error": {"code": "no-such-entity", "info": f"Could not find {min(wrong)}"}}
        return {"entities": dict(self._entity(each) for each in ids), "success": 1}

    def _entity(self, asked: str) -> tuple[str, Any]:
        target = self.redirects.get(asked, asked)
        document = self.entities.get(target)
        if document is None:
            return asked, {"id": asked, "missing": ""}
        if target != asked:
            # The answer has the target's id and says where it came from.
            return target, document | {"redirects": {"from": asked, "to": target}}
        return asked, document


@dataclass
class StandIn:
    """The running server.

    Attributes:
        url: its address.
        payloads: what it serves.
        troubles: taken from the front, one a request.
        requests: the queries that it was asked, with their headers.
        most_at_once: the largest number of requests that ran at the same time.
    """

    url: str
    payloads: Payloads
    troubles: list[Trouble] = field(default_factory=list)
    requests: list[dict[str, str]] = field(default_factory=list)
    agents: Counter[str] = field(default_factory=Counter)
    running: int = 0
    most_at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    on_request: Callable[[], None] = lambda: None

    def asked(self, action: str) -> list[dict[str, str]]:
        return [each for each in self.requests if each.get("action") == action]


@contextmanager
def serving(payloads: Payloads) -> Iterator[StandIn]:
    """Run the stand-in at a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            query = {key: values[-1] for key, values in parse_qs(urlsplit(self.path).query).items()}
            with state.lock:
                state.requests.append(query)
                state.agents[self.headers.get("User-Agent", "")] += 1
                state.running += 1
                state.most_at_once = max(state.most_at_once, state.running)
                trouble = state.troubles.pop(0) if state.troubles else None
            try:
                state.on_request()
                if trouble is None:
                    self._send(200, json.dumps(payloads.answer(query)).encode(), {})
                else:
                    self._misbehave(trouble, query)
            finally:
                with state.lock:
                    state.running -= 1

        def _misbehave(self, trouble: Trouble, query: dict[str, str]) -> None:
            if trouble.stall_s:
                stopped.wait(trouble.stall_s)
            if trouble.cut:
                body = json.dumps(payloads.answer(query)).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body[: len(body) // 2])
                self.wfile.flush()
                # Close with a reset, as a line that breaks does.
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close_connection = True
                return
            self._send(trouble.status, trouble.body, trouble.headers)

        def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            try:
                self.send_response(status)
                for name, value in ({"Content-Type": "application/json"} | headers).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                self.close_connection = True  # the client gave up first, as it should on a stall

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's name
            pass

    stopped = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state = StandIn(f"http://127.0.0.1:{server.server_address[1]}/w/api.php", payloads)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        stopped.set()
        server.shutdown()
        server.server_close()
        thread.join()
