"""Take up a build as soon as its output is whole."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Final

from nutgraf.serve.generation import Generation, Live
from nutgraf.serve.guard import LOG
from nutgraf.serve.pool import Pool
from nutgraf.serve.stores import built_digest
from nutgraf.workspace import Workspace

_EVERY_S: Final = 0.5
_AGAIN_S: Final = 5


async def watch(workspace: Workspace, stores: Path, live: Live, pool: Pool) -> None:
    """Look at the manifest for ever; make the next generation beside the current one and replace it.

    What cannot be read is left alone: the last good build stays.

    Args:
        workspace: whose output is served.
        stores: where stores are kept.
        live: what is served.
        pool: the workers, who are made ready before the first query comes.
    """
    seen = _signs(workspace)
    while True:
        await asyncio.sleep(_EVERY_S)
        signs = _signs(workspace)
        if signs == seen:
            continue
        digest = await asyncio.to_thread(built_digest, workspace)
        if digest is None or digest == live.current.folder.digest:
            seen = signs
            continue
        try:
            generation = await asyncio.to_thread(Generation.open, workspace, stores)
        except Exception as error:  # noqa: BLE001  # whatever it is, the last good build is served on
            LOG.warning("the new build cannot be served; the last one stays: %s", error)
            await asyncio.sleep(_AGAIN_S)
            continue
        await pool.prepare(generation.opening())
        live.replace(generation)
        seen = signs
        LOG.info("serving a new build, %s", digest[:12])


def _signs(workspace: Workspace) -> tuple[int, ...]:
    """What changes when a build writes: of its manifest, which tells of all other files."""
    try:
        found = (workspace.output / "manifest.json").stat()
    except OSError:
        return ()
    return found.st_mtime_ns, found.st_size, found.st_ino
