"""What `embed` and `inspect` share: reading a page."""

from __future__ import annotations

from pathlib import Path

from nutgraf.problems import InputError, Problem, Span


def read(file: Path) -> bytes:
    """The bytes of a page.

    Raises:
        InputError: EMB106 it cannot be read.
    """
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError(
            Problem("EMB106", f"cannot read the page: {error.strerror or error}", Span(file.as_posix()))
        ) from error
