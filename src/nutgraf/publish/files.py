"""Write single files as one change: all of them, or none."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from nutgraf.problems import InputError, Problem, Span
from nutgraf.publish.sinks import is_special


def write_all(
    files: Mapping[Path, Iterable[bytes]], before_moving: Callable[[], None] = lambda: None
) -> None:
    """Write files beside their places, and move all of them there when all are written.

    Args:
        files: path → the parts of its content; folders are made.
        before_moving: what else has to work out, such as writing to standard output.

    Raises:
        InputError: OUT101, a file cannot be written; then none is.
    """
    beside = {path: path.with_name(f".{path.name}.part") for path in files}
    try:
        for path, content in files.items():
            with _refused(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                with beside[path].open("wb") as file:
                    file.writelines(content)
                if path.is_dir():
                    raise IsADirectoryError(21, "it is a folder")
                if is_special(path):
                    raise OSError(22, "it is a pipe or a device, which no file can be moved over")
        before_moving()
        for path, part in beside.items():
            with _refused(path):
                part.replace(path)
    finally:
        for part in beside.values():
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)


@contextlib.contextmanager
def _refused(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        message = f"cannot write the file: {error.strerror or error}"
        raise InputError(Problem("OUT101", message, Span(path.as_posix()))) from error
