"""A file host on this machine: what a web server with our settings does, in a few lines.

The settings themselves are tried with the real servers in `tests/hosting`.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from nutgraf.publish.hosting.files import HEADERS, MEDIA_TYPES, WELL_KNOWN
from nutgraf.publish.hosting.negotiation import rules

_RULES: Final = [(re.compile(pattern, re.IGNORECASE), extension) for pattern, extension in rules()]


def free_port() -> int:
    """A port that nobody uses just now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    folder: Path
    asked: list[str]

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path).removeprefix("/")
        self.asked.append(path)
        name = f"{path}index.html" if path.endswith("/") or not path else path
        file = (self.folder / name).resolve()
        if not file.is_relative_to(self.folder.resolve()):
            self._answer(404, b"")
        elif file.is_file():
            extension = ".ttl" if path == WELL_KNOWN else file.suffix
            self._answer(200, file.read_bytes(), {"Content-Type": MEDIA_TYPES[extension]})
        elif file.with_name(f"{file.name}.html").is_file():
            self._lead_on(urlsplit(self.path).path)
        elif (described := _described(path)) and (self.folder / f"{described}.html").is_file():
            self._lead_on(f"/{described}")
        else:
            self._answer(404, b"not found", {"Content-Type": "text/plain"})

    def _lead_on(self, target: str) -> None:
        accept = self.headers.get("Accept", "*/*")
        extension = next((extension for pattern, extension in _RULES if pattern.search(accept)), None)
        if extension is None:
            self._answer(406, b"", {"Vary": "Accept"})
        else:
            self._answer(303, b"", {"Location": target + extension, "Vary": "Accept"})

    def _answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (HEADERS | (headers or {})).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


def _described(path: str) -> str:
    """Where a mention or a graph is described: with its article."""
    first, _, rest = path.partition("/")
    if first == "graph":
        return f"id/{rest.partition('/')[2]}"
    return f"id/{rest.partition('/')[0]}" if first == "id" and "/" in rest else ""


@contextmanager
def serving(folder: Path, port: int) -> Iterator[list[str]]:
    """Serve a folder; gives the list of what is asked for, as it grows."""
    asked: list[str] = []
    handler = type("Handler", (_Handler,), {"folder": folder, "asked": asked})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
