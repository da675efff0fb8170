"""The application: which address is answered by what."""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from nutgraf.problems import Problem
from nutgraf.serve import endpoint, outcomes, pages, query_page, refusals
from nutgraf.serve.generation import Generation, Live
from nutgraf.serve.guard import Guard
from nutgraf.serve.limits import Limits
from nutgraf.serve.pool import Pool
from nutgraf.serve.refusals import RefusalError
from nutgraf.serve.state import State
from nutgraf.serve.watch import watch
from nutgraf.workspace import Workspace


def application(workspace: Workspace, stores: Path, first: Generation, limits: Limits) -> ASGIApp:
    """The ASGI application that serves a workspace.

    Args:
        workspace: whose output is served.
        stores: where stores on disk are kept.
        first: what is served at first.
        limits: what a request may cost.
    """

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        with tempfile.TemporaryDirectory(prefix="nutgraf-answers-") as folder:
            live, pool = Live(first), Pool(limits, Path(folder))
            await pool.start(first.opening())
            app.state.serve = State(live, pool, limits)
            watching = asyncio.create_task(watch(workspace, stores, live, pool))
            try:
                yield
            finally:
                watching.cancel()
                await asyncio.gather(watching, return_exceptions=True)
                await pool.close()
                live.current.close()

    methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"]
    inner = Starlette(
        routes=[
            Route("/sparql", endpoint.sparql, methods=methods),
            Route("/sparql/", endpoint.sparql, methods=methods),
            Route("/graphs", endpoint.graphs, methods=methods),
            Route("/graph/{name:path}", endpoint.graph, methods=methods),
            *query_page.routes(methods),
            Route("/{path:path}", pages.document, methods=methods),
        ],
        exception_handlers={
            RefusalError: _refused,
            outcomes.ClientLeftError: _left,
            ClientDisconnect: _left,
            Exception: _failed,
        },
        lifespan=lifespan,
    )
    # Outside of all: also the answer that says that we failed goes through it.
    return Guard(inner, limits)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, RefusalError), "it is registered for these"
    return refusals.response(request, error)


async def _left(request: Request, error: Exception) -> Response:  # noqa: ARG001  # Starlette's signature
    return outcomes.gone()


async def _failed(request: Request, error: Exception) -> Response:  # noqa: ARG001  # uvicorn logs it
    """A mistake of ours: the log has it, the client hears only that it is one."""
    problem = Problem("SRV212", "the server failed", why="this is a mistake in nutgraf", fix="report it")
    return refusals.response(request, RefusalError(HTTPStatus.INTERNAL_SERVER_ERROR, problem))
