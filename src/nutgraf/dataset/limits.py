"""An end to a query that takes too long or too much memory.

The engine cannot be told to stop. So it works in a thread of its own, in which Python is not held up, and
is waited for; whoever is told that it was too much should end the process, since the engine goes on.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from typing import Final, TypeVar

from nutgraf.problems import InputError, Problem, Span

_LOOK_S: Final = 0.02
_MEGA: Final = 1024 * 1024
_T = TypeVar("_T")


class StillRunningError(InputError):
    """A query was given up, and goes on until the process ends."""

    goes_on = True


def within(
    work: Callable[[], _T], *, time_s: float | None, memory_mb: int | None = None, file: str = "query"
) -> _T:
    """What a function gives, when it gives it in time.

    Args:
        work: asks the query.
        time_s: seconds that it may take; None for as long as it takes.
        memory_mb: megabytes by which the process may grow meanwhile; None for all that there is. What an
            earlier peak has left free counts as nothing.
        file: where the query is from, for messages.

    Raises:
        StillRunningError: QRY106 it takes longer, QRY107 it takes more memory.
    """
    if time_s is None and memory_mb is None:
        return work()
    results: list[_T] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    started, before = time.monotonic(), _peak_memory()
    thread.start()
    while thread.is_alive():
        thread.join(_LOOK_S)
        if time_s is not None and thread.is_alive() and time.monotonic() - started > time_s:
            raise StillRunningError(_problem("QRY106", f"the query takes longer than {time_s:g} s", file))
        if memory_mb is not None and _peak_memory() - before > memory_mb * _MEGA:
            raise StillRunningError(
                _problem("QRY107", f"the query takes more than {memory_mb} MB of memory", file)
            )
    if errors:
        raise errors[0]
    return results[0]


def _peak_memory() -> int:
    """The most memory that the process had at any moment, in bytes; 0 where the system does not tell."""
    if sys.platform == "win32":
        return 0
    import resource  # noqa: PLC0415 - not on every system

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _problem(code: str, message: str, file: str) -> Problem:
    fix = "narrow it down, most selective patterns first, add LIMIT, or allow more"
    return Problem(code, message, Span(file), fix=fix)
