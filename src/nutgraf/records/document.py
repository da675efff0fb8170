"""A YAML or JSON document: plain data, and where each value of it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from nutgraf.problems import InputError, Problem, Span
from nutgraf.records import findings, json_document, scalars, yaml_document
from nutgraf.records.places import Lines, Places

MAX_BYTES: Final = 20 * 1024 * 1024


@dataclass(frozen=True)
class Document:
    """What one file holds.

    Attributes:
        file: path as the user would write it.
        data: plain dicts, lists, strings, numbers, booleans and None.
        places: where each value stands.
        raw: the bytes of the file.
    """

    file: str
    data: Any
    places: Places
    raw: bytes = field(repr=False, default=b"")

    def at(self, *steps: str | int) -> Any:
        """The value at `steps`."""
        value = self.data
        for step in steps:
            value = value[step]
        return value

    def span(self, *steps: str | int) -> Span:
        """Where the value at `steps` stands, or its nearest ancestor's place."""
        return self.places.value(steps)

    def key_span(self, *steps: str | int) -> Span:
        """Where the key that the last step names stands, or the value's place in a list."""
        return self.places.key(steps)


def pointer(*steps: str | int) -> str:
    """A JSON Pointer (RFC 6901).

    >>> pointer("events", 0, "a/b")
    '/events/0/a~1b'
    """
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def read(path: Path, display: str | None = None) -> Document:
    """Read a `.yaml`, `.yml` or `.json` file.

    Args:
        path: the file.
        display: its path as messages should show it; default `path` itself.

    Raises:
        InputError: DOC101 unreadable, DOC102 too large, DOC103 not UTF-8, DOC104 a syntax error,
            DOC105 a key twice, DOC106 a YAML tag, anchor or alias, DOC107 nested too deep, DOC108 a
            control character, DOC109 a number that is too large.
    """
    name = display or path.as_posix()
    raw = _bytes(path, name)
    if len(raw) > MAX_BYTES:
        raise InputError(
            Problem("DOC102", f"the file is larger than {MAX_BYTES} bytes", Span(name), fix="split it")
        )
    return parse(raw, name)


def _bytes(path: Path, name: str) -> bytes:
    """The bytes of a file, and one more than the limit at the most; never of a pipe, which may not end."""
    try:
        if path.exists() and not path.is_file():
            raise InputError(Problem("DOC101", "cannot read the file: it is not a file", Span(name)))
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(
            Problem("DOC101", f"cannot read the file: {error.strerror or error}", Span(name))
        ) from error


def parse(raw: bytes, name: str) -> Document:
    """Parse the bytes of a document; `name` ends in .json, or it is read as YAML.

    Raises:
        InputError: DOC103 to DOC109, as in `read`.
    """
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8-sig")
        raise InputError(
            Problem(
                "DOC103",
                "the file is not UTF-8",
                Lines(before, name).span(len(before)),
                fix="save it as UTF-8",
            )
        ) from error
    at = scalars.refused_character(text)
    if at is not None:
        raise InputError(findings.refused_character(text, Lines(text, name).span(at, at + 1)))
    reader = json_document if name.lower().endswith(".json") else yaml_document
    data, places = reader.parse(text, name)
    return Document(name, data, places, raw)
