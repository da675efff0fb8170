"""uvicorn's HTTP/1.1 with an end for clients that dawdle.

uvicorn ends a connection that is idle between two requests. It waits for ever for the rest of a head, and
for a client that does not take what it asked for; both are ways to hold connections for nothing.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Any, ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol

from nutgraf.serve.limits import Limits


class BoundedConnection(H11Protocol):
    """One connection; `bounded` makes the class for some limits."""

    limits: ClassVar[Limits] = Limits()
    _timer: asyncio.TimerHandle | None = None
    _writing: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Expect the first head."""
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop all clocks."""
        self._cancel(self._timer)
        self._cancel(self._writing)
        super().connection_lost(exc)

    def handle_events(self) -> None:
        """Stop the clock when a head is whole, and start it when bytes of the next one come."""
        super().handle_events()
        if self._is_answering():
            self._cancel(self._timer)
            self._timer = None
        elif self._timer is None:
            self._expect_head()

    def on_response_complete(self) -> None:
        """Between two requests it is uvicorn's clock that runs."""
        self._cancel(self._timer)
        self._timer = None
        super().on_response_complete()

    def pause_writing(self) -> None:
        """Expect the client to take what is on its way."""
        super().pause_writing()
        self._cancel(self._writing)
        self._writing = self.loop.call_later(self.limits.write_s, self._abort)

    def resume_writing(self) -> None:
        """The client has taken it."""
        self._cancel(self._writing)
        super().resume_writing()

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _expect_head(self) -> None:
        if not self.transport.is_closing():
            self._timer = self.loop.call_later(self.limits.head_s, self._abort)

    def _abort(self) -> None:
        """End the connection at once: what the system has yet to send is dropped, too."""
        connection = self.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()

    @staticmethod
    def _cancel(timer: asyncio.TimerHandle | None) -> None:
        if timer is not None:
            timer.cancel()


def bounded(limits: Limits) -> type[BoundedConnection]:
    """The class of connections that keep to those limits."""
    return type("Connection", (BoundedConnection,), {"limits": limits})
