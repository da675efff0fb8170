"""From a worker's answer to a response, or to the refusal that says why there is none."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from http import HTTPStatus
from typing import IO, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from nutgraf.problems import Problem
from nutgraf.serve.formats import BOOLEANS, GRAPHS, SOLUTIONS, Format
from nutgraf.serve.jobs import Form, Job
from nutgraf.serve.limits import Limits
from nutgraf.serve.pool import Answer, BusyError, OutOfMemoryError, Pool, TimedOutError
from nutgraf.serve.refusals import RefusalError

FORMS: Final[Mapping[Form, tuple[Format, ...]]] = {
    "solutions": SOLUTIONS,
    "boolean": BOOLEANS,
    "graph": GRAPHS,
}
_PART: Final = 256 * 1024
_CLOSED_BY_CLIENT: Final = 499
"""As in nginx's logs: nobody is left to answer."""


async def answer(request: Request, job: Job, pool: Pool, limits: Limits) -> Answer:
    """Have a job answered, and stop it when the client goes away.

    Raises:
        RefusalError: the job's own problem (QRY1xx); SRV204 no format that the client takes; SRV207 too slow;
            SRV208 too much memory; SRV209 too large; SRV210 too busy; SRV211 no such graph.
    """
    running = asyncio.create_task(pool.run(job))
    leaving = asyncio.create_task(_has_left(request))
    try:
        await asyncio.wait({running, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not running.done():
            raise ClientLeftError
        found = running.result()
    except TimedOutError as error:
        raise _too_slow(limits) from error
    except OutOfMemoryError as error:
        raise _too_much_memory(limits) from error
    except BusyError as error:
        raise _too_busy(limits) from error
    finally:
        leaving.cancel()
        running.cancel()
        await asyncio.gather(running, leaving, return_exceptions=True)
    _check(found, limits)
    return found


class ClientLeftError(Exception):
    """The client has closed the connection: nothing needs to be answered."""


def gone() -> Response:
    """What is logged for a client that left."""
    return Response(status_code=_CLOSED_BY_CLIENT)


def response(found: Answer, headers: Mapping[str, str], *, is_head: bool = False) -> Response:
    """The response with an answer that is whole: its size is known, and nothing can cut it short unseen."""
    reply = found.reply
    assert reply.form is not None, "kind is done"
    written = next(each for each in FORMS[reply.form] if each.name == reply.format)
    given = {
        **headers,
        "Content-Type": written.content_type,
        "Content-Length": str(reply.size),
        "Vary": "Accept",
    }
    if found.file is None:
        return Response(b"" if is_head else found.body, headers=given)
    if is_head:
        found.file.close()
        return Response(headers=given)
    return StreamingResponse(_parts(found.file), headers=given)


async def _parts(file: IO[bytes]) -> AsyncIterator[bytes]:
    with file:
        while part := await run_in_threadpool(file.read, _PART):
            yield part


async def _has_left(request: Request) -> None:
    """Come to an end when the client closes the connection."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _check(found: Answer, limits: Limits) -> None:
    match found.reply.kind:
        case "done":
            return
        case "problem":
            raise RefusalError(HTTPStatus.BAD_REQUEST, found.reply.found_problem())
        case "unacceptable":
            assert found.reply.form is not None
            raise not_acceptable(FORMS[found.reply.form])
        case "large":
            raise _too_large(limits)
        case "memory":
            raise _too_much_memory(limits)
        case "absent":
            raise absent("there is no such graph", fix="GET /sparql lists the graphs")


def not_acceptable(formats: tuple[Format, ...]) -> RefusalError:
    """SRV204, 406: the client takes none of the formats, which are listed."""
    listed = ", ".join(f"{each.media_types[0]} (format={each.name})" for each in formats)
    problem = Problem(
        "SRV204", "this cannot be written as the request accepts", fix=f"accept one of: {listed}"
    )
    return RefusalError(HTTPStatus.NOT_ACCEPTABLE, problem)


def absent(message: str, *, why: str | None = None, fix: str | None = None) -> RefusalError:
    """SRV211, 404."""
    return RefusalError(HTTPStatus.NOT_FOUND, Problem("SRV211", message, why=why, fix=fix))


def _too_slow(limits: Limits) -> RefusalError:
    problem = Problem(
        "SRV207",
        f"the query was ended after {limits.time_s:g} seconds",
        why="a query may not take longer here",
        fix="ask for less: a more selective pattern, fewer OPTIONALs, a LIMIT without ORDER BY",
    )
    return RefusalError(HTTPStatus.GATEWAY_TIMEOUT, problem)


def _too_much_memory(limits: Limits) -> RefusalError:
    problem = Problem(
        "SRV208",
        f"the query needed more than {limits.memory_mb} MB of memory, and was ended",
        why="ORDER BY, DISTINCT and GROUP BY hold all that they work on",
        fix="ask for less before it is sorted or grouped",
    )
    return RefusalError(HTTPStatus.INSUFFICIENT_STORAGE, problem)


def _too_large(limits: Limits) -> RefusalError:
    problem = Problem(
        "SRV209",
        f"the answer has more than {limits.result_mb} MB, and none of it is sent",
        why="an answer is sent whole or not at all: a part would look like all of it",
        fix="ask for a part with LIMIT and OFFSET, or take the dataset as a file",
    )
    return RefusalError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, problem)


def _too_busy(limits: Limits) -> RefusalError:
    problem = Problem(
        "SRV210",
        "the server has too many queries to answer",
        why=f"{limits.workers} run at a time, {limits.queue} may wait, each for {limits.wait_s:g} seconds",
        fix="try again later",
    )
    after = str(max(1, round(limits.time_s)))
    return RefusalError(HTTPStatus.SERVICE_UNAVAILABLE, problem, {"Retry-After": after})
