"""A folder for what a run sets aside. What killed runs left is removed by the next one."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_NAME: Final = re.compile(r"nutgraf-run-(?P<process>[0-9]+)-[a-z0-9_]+")


@contextlib.contextmanager
def staging_folder() -> Iterator[Path]:
    """A folder in the system's folder for temporary files, removed when the block ends, whatever happens.

    A process that is killed at once cannot remove its own; it is named after the process, so that the next
    run knows that nobody uses it.
    """
    _sweep(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(
        prefix=f"nutgraf-run-{os.getpid()}-", ignore_cleanup_errors=True
    ) as name:
        yield Path(name)


def _sweep(folder: Path) -> None:
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            match = _NAME.fullmatch(entry.name)
            if match and entry.is_dir(follow_symlinks=False) and _is_left(entry, int(match["process"])):
                shutil.rmtree(entry.path, ignore_errors=True)


def _is_left(entry: os.DirEntry[str], process: int) -> bool:
    """Whether a folder is of this user and of a process that is no more."""
    if entry.stat(follow_symlinks=False).st_uid != os.getuid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except OSError:
        pass  # it is somebody's
    return False
