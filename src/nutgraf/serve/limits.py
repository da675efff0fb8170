"""What a request may cost."""

from __future__ import annotations

import os
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of everything one request, or all of them together, may take.

    Attributes:
        time_s: seconds that a query may run.
        memory_mb: mebibytes that a query may take on top of what an idle process has.
        result_mb: mebibytes of a query's answer, as it is sent.
        in_memory_bytes: size of the N-Quads up to which a dataset is asked in memory, where each worker takes
            some four times as much; a larger one is asked on disk.
        workers: queries that run at the same time, each in a process of its own.
        queue: queries that may wait for a worker.
        wait_s: seconds that a query waits for a worker.
        head_s: seconds in which a request's head must have arrived.
        body_s: seconds in which a request's body must have arrived.
        write_s: seconds without the receiver taking what we send.
        idle_s: seconds that a connection may stay open between two requests.
        head_bytes: size of a request's line and headers.
        body_bytes: size of a request's body.
        connections: connections that are open at the same time.
        stop_s: seconds that running requests have when the server is told to stop.
    """

    time_s: float = 10
    memory_mb: int = 512
    result_mb: int = 32
    in_memory_bytes: int = 16 * 1024 * 1024
    workers: int = field(default_factory=lambda: min(8, max(2, os.cpu_count() or 2)))
    queue: int = 128
    wait_s: float = 30
    head_s: float = 10
    body_s: float = 20
    write_s: float = 30
    idle_s: int = 15
    head_bytes: int = 64 * 1024
    body_bytes: int = 1024 * 1024
    connections: int = 1024
    stop_s: int = 10

    @property
    def result_bytes(self) -> int:
        return self.result_mb * 1024 * 1024

    @property
    def memory_bytes(self) -> int:
        return self.memory_mb * 1024 * 1024
