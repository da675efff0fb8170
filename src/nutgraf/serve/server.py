"""Listen, answer, and stop in an orderly way."""

from __future__ import annotations

import contextlib
import logging
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import uvicorn

from nutgraf.problems import InputError, Problem
from nutgraf.serve.application import application
from nutgraf.serve.connection import bounded
from nutgraf.serve.generation import Generation
from nutgraf.serve.guard import LOG
from nutgraf.serve.limits import Limits
from nutgraf.serve.stores import folder_for_stores
from nutgraf.workspace import Workspace


def serve(
    workspace: Workspace,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    limits: Limits | None = None,
    log: bool = True,
    on_ready: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve what the last build of a workspace wrote, until told to stop by SIGINT or SIGTERM.

    Args:
        workspace: whose output is served.
        host: address to listen at.
        port: 0 for any that is free.
        limits: what a request may cost.
        log: whether each request is logged to standard error.
        on_ready: is told the address when requests are answered from now on.

    Raises:
        InputError: SRV102 the address cannot be had; WSP108 nothing has been built; SRV103 the output cannot
            be served.
    """
    limits = limits or Limits()
    _log_to_stderr(requests=log)
    with folder_for_stores(workspace) as stores, contextlib.closing(_listen(host, port)) as listener:
        first = Generation.open(workspace, stores)
        address, number = listener.getsockname()[:2]
        url = f"http://[{address}]:{number}/" if ":" in address else f"http://{address}:{number}/"
        config = uvicorn.Config(
            application(workspace, stores, first, limits),
            http=bounded(limits),
            ws="none",
            lifespan="on",
            loop="asyncio",
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=limits.idle_s,
            timeout_graceful_shutdown=limits.stop_s,
            limit_concurrency=limits.connections,
            h11_max_incomplete_event_size=limits.head_bytes,
        )
        _Server(config, lambda: on_ready(url)).run(sockets=[listener])


class _Server(uvicorn.Server):
    """uvicorn's server, for which a signal to stop is no failure."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_ready()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        handled = (signal.SIGINT, signal.SIGTERM)
        before = {each: signal.signal(each, self._stop) for each in handled}
        try:
            yield
        finally:
            for each, handler in before.items():
                signal.signal(each, handler)

    def _stop(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002  # the signal module's
        self.force_exit = self.should_exit  # who asks twice does not want to wait
        self.should_exit = True


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=512)
    except (OSError, OverflowError) as error:
        message = f"cannot listen at {host}:{port}: {getattr(error, 'strerror', None) or error}"
        raise InputError(Problem("SRV102", message, fix="choose another with --host and --port")) from error


def _log_to_stderr(*, requests: bool) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Formatter("%(asctime)s %(message)s"))
    for name, level in (
        (LOG.name, logging.INFO if requests else logging.WARNING),
        ("uvicorn", logging.ERROR),
    ):
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.setLevel(level)
        logger.propagate = False


class _Formatter(logging.Formatter):
    def formatTime(self, record: Any, datefmt: str | None = None) -> str:  # noqa: N802  # the base class's name
        return super().formatTime(record, datefmt or "%Y-%m-%dT%H:%M:%S%z")
