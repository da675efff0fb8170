"""Loads mapping files into the model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from nutgraf.mapping import rml, yarrrml
from nutgraf.mapping.check import check
from nutgraf.mapping.model import RmlMapping, TriplesMap
from nutgraf.problems import InputError, Problem, Span, in_order
from nutgraf.records.document import MAX_BYTES
from nutgraf.records.document import read as read_document


def load(paths: Sequence[Path], *, display: Callable[[Path], str] = str) -> RmlMapping:
    """Load mapping files: `.yml` and `.yaml` are YARRRML, `.ttl` is RML.

    Args:
        paths: the files; their order is the order of the rules.
        display: how messages name a file.

    Raises:
        InputError: everything that is wrong in any of the files, MAP1xx and, for YAML, DOC1xx.
    """
    problems: list[Problem] = []
    found: list[TriplesMap] = []
    for path in paths:
        try:
            found += _read(path, display(path), problems)
        except InputError as error:
            problems += error.problems
    for triples_map in found:
        problems += check(triples_map)
    if any(problem.severity == "error" for problem in problems):
        raise InputError(*problems)
    folders = {display(path): path.parent for path in paths}
    return RmlMapping(tuple(found), folders, tuple(in_order(problems)))


def _read(path: Path, name: str, problems: list[Problem]) -> list[TriplesMap]:
    if path.suffix in {".yml", ".yaml"}:
        return yarrrml.read(read_document(path, name), problems)
    if path.suffix == ".ttl":
        return rml.read(_text(path, name), name, problems)
    raise InputError(
        Problem(
            "MAP122",
            f'"{path.suffix}" is no mapping',
            Span(name),
            why="YARRRML ends in .yml or .yaml, RML in .ttl",
            fix="rename the file",
        )
    )


def _text(path: Path, name: str) -> str:
    if path.exists() and not path.is_file():  # reading a pipe may never end
        raise InputError(Problem("MAP101", "cannot read the file: it is not a file", Span(name)))
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
        text = raw.decode("utf-8-sig")
    except OSError as error:
        message = f"cannot read the file: {error.strerror or error}"
        raise InputError(Problem("MAP101", message, Span(name))) from error
    except UnicodeDecodeError as error:
        raise InputError(
            Problem("MAP101", "the file is not UTF-8", Span(name), fix="save it as UTF-8")
        ) from error
    if len(raw) > MAX_BYTES:
        raise InputError(
            Problem("MAP101", f"the file is larger than {MAX_BYTES} bytes", Span(name), fix="split it")
        )
    return text
