"""How far a validation is, on stderr and on a terminal only."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from nutgraf.cli import diagnostics
from nutgraf.shapes.watch import Seen


@contextmanager
def shown() -> Iterator[Callable[[Seen | None], None]]:
    """Show a line that is kept up to date; nothing where stderr is no terminal.

    Yields:
        What to tell how far it is; None ends the line.
    """
    console = diagnostics.console()
    if not console.is_terminal:
        yield lambda _: None
        return
    started = time.monotonic()
    with console.status("reading") as status:

        def tell(seen: Seen | None) -> None:
            if seen is None:
                status.stop()
            else:
                status.update(line(seen, time.monotonic() - started))

        yield tell


def line(seen: Seen, seconds: float) -> str:
    """How far it is, in a line.

    >>> line(Seen("examined", 3, 12, 2000, 17), 2.0)
    'examining: 3 of 12 checks, 2,000 focus nodes, 17 results'
    >>> line(Seen("located", 50_000, None, results=50_000), 10.0)
    'finding the places: 50,000 results, 5,000 a second'
    """
    if seen.stage == "examined":
        total = f" of {seen.total}" if seen.total is not None else ""
        return f"examining: {seen.done}{total} checks, {seen.nodes:,} focus nodes, {seen.results:,} results"
    rate = f", {seen.done / seconds:,.0f} a second" if seconds > 0 else ""
    return f"finding the places: {seen.done:,} results{rate}"
