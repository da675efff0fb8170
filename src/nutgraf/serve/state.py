"""What all requests share."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request

from nutgraf.serve.generation import Live
from nutgraf.serve.limits import Limits
from nutgraf.serve.pool import Pool


@dataclass(frozen=True)
class State:
    """What all requests share.

    Attributes:
        live: what is served.
        pool: who answers queries.
        limits: what a request may cost.
    """

    live: Live
    pool: Pool
    limits: Limits


def state_of(request: Request) -> State:
    """What the server's requests share."""
    state = request.app.state.serve
    assert isinstance(state, State), "the application sets it when it starts"
    return state
