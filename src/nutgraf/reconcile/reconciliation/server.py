"""The service over HTTP, with the standard library: enough for OpenRefine on the same desk.

It reads an index and nothing else. It listens on this machine unless told otherwise.
"""

from __future__ import annotations

import html
import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from nutgraf.problems import InputError, Problem
from nutgraf.reconcile.authority.index import Authority
from nutgraf.reconcile.reconciliation.service import Service

MAX_BODY: Final = 1024 * 1024
_IDLE_S: Final = 30


class Server(ThreadingHTTPServer):
    """The service at an address of this machine.

    Args:
        index: where names are looked up.
        host: address to listen at.
        port: 0 for any that is free.
        url: address that clients reach it at; where it listens when not given.

    Raises:
        InputError: REC104 the address cannot be had.
    """

    daemon_threads = True

    def __init__(self, index: Authority, host: str = "127.0.0.1", port: int = 8000, url: str = "") -> None:
        try:
            super().__init__((host, port), _Handler)
        except (OSError, OverflowError) as error:
            message = f"cannot listen at {host}:{port}: {error}"
            raise InputError(Problem("REC104", message, fix="choose another with --port")) from error
        self.service = Service(index, url.rstrip("/") or f"http://{host}:{self.server_address[1]}")
        self.turn = threading.Lock()
        """One query at a time reads the index: it has one connection."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = f"nutgraf/{version('nutgraf')}"
    sys_version = ""
    timeout = _IDLE_S
    # Head and body in one packet: in two, the second would wait for the receipt of the first.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: Server

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self._answer(parts.path, _parameters(parts.query))

    def do_POST(self) -> None:
        try:
            size = int(self.headers.get("Content-Length", ""))
        except ValueError:
            size = -1
        if not 0 <= size <= MAX_BODY:
            self.close_connection = True
            self._send(413, {"status": "error", "message": f"a body has at most {MAX_BODY} bytes"})
            return
        body = self.rfile.read(size).decode("utf-8", "replace")
        parts = urlsplit(self.path)
        self._answer(parts.path, _parameters(parts.query) | _parameters(body))

    def do_OPTIONS(self) -> None:
        self._send(200, {})

    def _answer(self, path: str, parameters: dict[str, str]) -> None:
        service = self.server.service
        if path == "/preview":
            self._preview(parameters.get("id", ""))
            return
        routes: dict[str, Callable[[], Any]] = {
            "/": lambda: _reconcile(service, parameters),
            "/suggest/entity": lambda: service.suggest_entity(
                parameters.get("prefix", ""), _integer(parameters.get("cursor"), 0)
            ),
            "/suggest/type": lambda: service.suggest_type(parameters.get("prefix", "")),
            "/suggest/property": lambda: service.suggest_property(parameters.get("prefix", "")),
            "/properties": lambda: service.propose_properties(
                parameters.get("type", ""), _integer(parameters.get("limit"), 10)
            ),
        }
        route = routes.get(path)
        if route is None:
            self._send(404, {"status": "error", "message": "nothing is here"})
            return
        try:
            with self.server.turn:
                found = route()
        except InputError as error:
            self._send(400, {"status": "error", "message": str(error)})
            return
        self._send(200, found)

    def _preview(self, qid: str) -> None:
        with self.server.turn:
            item = self.server.service.item(qid)
        if item is None:
            self._send(404, {"status": "error", "message": "no such item"})
            return
        body = (
            '<!doctype html><meta charset="utf-8"><title>{0}</title><p><b>{1}</b> ({0})</p><p>{2}</p>'
        ).format(
            item.id, html.escape(item.label), html.escape(item.description or ", ".join(sorted(item.kinds)))
        )
        self._write(200, "text/html; charset=utf-8", body.encode())

    def _send(self, status: int, content: Any) -> None:
        body = json.dumps(content, ensure_ascii=False).encode()
        self._write(status, "application/json; charset=utf-8", body)

    def _write(self, status: int, media_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Access-Control-Allow-Headers", "Content-Type")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Content-Security-Policy", "default-src 'none'")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # the base class's name
        """Say nothing: a query may hold what nobody else should read."""


def _reconcile(service: Service, parameters: dict[str, str]) -> Any:
    if "extend" in parameters:
        return service.extend(_json(parameters["extend"]))
    if "queries" in parameters:
        return service.reconcile(_json(parameters["queries"]))
    return service.manifest()


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InputError(Problem("REC103", "the query is not JSON")) from error


def _parameters(text: str) -> dict[str, str]:
    try:
        return {name: values[-1] for name, values in parse_qs(text, max_num_fields=20).items()}
    except ValueError:
        return {}


def _integer(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() and len(text) < 6 else default  # noqa: PLR2004  # enough
