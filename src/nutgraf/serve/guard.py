"""What goes for every request: sizes, times, headers, cross-origin rules and the log.

The log has neither query strings nor headers: a token that somebody put there stays there.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nutgraf.problems import Problem
from nutgraf.serve import refusals
from nutgraf.serve.limits import Limits
from nutgraf.serve.refusals import RefusalError

LOG: Final = logging.getLogger("nutgraf.serve")
_EVERYWHERE: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Language, ETag, Link, Location, Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""All that is served is public and the same for everybody, so any origin may read it."""
_DATA_POLICY: Final = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""Data that a browser shows runs and loads nothing."""
_PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
_LONGEST_LOGGED: Final = 200


class Guard:
    """Wrap an application.

    Args:
        app: what answers.
        limits: what a request may cost.
    """

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app = app
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, send)
        try:
            await self._answer(scope, _Body(receive, self._limits), exchange)
        finally:
            exchange.log()

    async def _answer(self, scope: Scope, body: _Body, exchange: _Exchange) -> None:
        headers = Headers(scope=scope)
        request = Request(scope)
        if scope["method"] == "OPTIONS":
            await exchange.send(_start(HTTPStatus.NO_CONTENT, _options(headers)))
            await exchange.send({"type": "http.response.body", "body": b""})
            return
        if _head_size(scope) > self._limits.head_bytes:
            answer = refusals.response(request, _long_head(self._limits))
            await answer(scope, body.receive, exchange.send)
            return
        if not _fits(headers.get("content-length"), self._limits):
            answer = refusals.response(request, _too_large(self._limits))
            await answer(scope, body.receive, exchange.send)
            return
        await self._app(scope, body.receive, exchange.send)


class _Body:
    """The body of a request, which has a size and a time."""

    def __init__(self, receive: Receive, limits: Limits) -> None:
        self._receive = receive
        self._limits = limits
        self._until = time.monotonic() + limits.body_s
        self._size = 0
        self._is_whole = False

    async def receive(self) -> Message:
        if self._is_whole:
            return await self._receive()  # the end of the connection, whenever it comes
        try:
            async with asyncio.timeout(max(0.0, self._until - time.monotonic())):
                message = await self._receive()
        except TimeoutError as error:
            raise _too_slow(self._limits) from error
        if message["type"] == "http.request":
            self._size += len(message.get("body", b""))
            self._is_whole = not message.get("more_body", False)
            if self._size > self._limits.body_bytes:
                raise _too_large(self._limits)
        return message


class _Exchange:
    """One request and its response, as the log tells of it."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self._started = time.monotonic()
        self._status = 0
        self._size = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in _EVERYWHERE.items():
                headers.setdefault(name, value)
            headers.setdefault("Content-Security-Policy", _DATA_POLICY)
        elif message["type"] == "http.response.body":
            self._size += len(message.get("body", b""))
        await self._send(message)

    def log(self) -> None:
        path = self._scope.get("raw_path", b"").decode("ascii", "replace")[:_LONGEST_LOGGED]
        client = (self._scope.get("client") or ("-", 0))[0]
        took = round((time.monotonic() - self._started) * 1000)
        LOG.info(
            '%s "%s %s" %s %d B %d ms',
            client,
            self._scope["method"][:20],
            path.partition("?")[0],
            self._status or "-",
            self._size,
            took,
        )


def _start(status: HTTPStatus, headers: Mapping[str, str]) -> Message:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http.response.start", "status": status.value, "headers": raw}


def _options(headers: Headers) -> dict[str, str]:
    """What there is to use, and for a preflight request who may.

    Source: Fetch §3.3.3, https://fetch.spec.whatwg.org/#http-cors-protocol
    """
    found = {"Allow": "GET, HEAD, POST, OPTIONS", "Vary": "Access-Control-Request-Method"}
    return found | _PREFLIGHT if "access-control-request-method" in headers else found


def _head_size(scope: Scope) -> int:
    """Bytes of the request's head: what comes in one piece is read before the connection can count it."""
    target = len(scope["raw_path"]) + len(scope["query_string"])
    return target + sum(len(name) + len(value) for name, value in scope["headers"])


def _fits(content_length: str | None, limits: Limits) -> bool:
    """Whether a body of that length may come; one without a length is measured as it comes."""
    return content_length is None or (content_length.isdigit() and int(content_length) <= limits.body_bytes)


def _long_head(limits: Limits) -> RefusalError:
    message = f"a request's address and headers have at most {limits.head_bytes:,} bytes"
    problem = Problem("SRV205", message, fix="send a long query by POST")
    return RefusalError(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, problem, {"Connection": "close"})


def _too_large(limits: Limits) -> RefusalError:
    problem = Problem(
        "SRV205", f"a request's body has at most {limits.body_bytes:,} bytes", fix="send a shorter query"
    )
    return RefusalError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, problem, {"Connection": "close"})


def _too_slow(limits: Limits) -> RefusalError:
    message = f"the request's body has not come within {limits.body_s:g} seconds"
    return RefusalError(HTTPStatus.REQUEST_TIMEOUT, Problem("SRV205", message), {"Connection": "close"})
