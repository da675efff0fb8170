"""A server that is impatient and asks every dataset on disk: `python -m tests.serve.slow WORKSPACE`."""

from __future__ import annotations

import sys
from pathlib import Path

from nutgraf import workspace
from nutgraf.serve.limits import Limits
from nutgraf.serve.server import serve

LIMITS = Limits(
    head_s=1,
    body_s=1,
    write_s=1,
    idle_s=1,
    stop_s=3,
    head_bytes=8192,
    connections=40,
    workers=2,
    time_s=3,
    queue=2,
    wait_s=1,
    in_memory_bytes=0,
)


def main() -> None:
    """Serve like `nutgraf serve`, with shorter times."""
    serve(
        workspace.load(Path(sys.argv[1])),
        port=0,
        limits=LIMITS,
        on_ready=lambda url: print(f"serving {url}", flush=True),  # noqa: T201  # what `nutgraf serve` says
    )


if __name__ == "__main__":
    main()
