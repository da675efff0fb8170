"""Load and check a workspace's fact sheets: every problem of every file at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nutgraf.factsheet import claims, evidence, keys, references, schema, times
from nutgraf.factsheet.sheet import Register, Sheet
from nutgraf.problems import InputError, Problem, in_order
from nutgraf.records import document


@dataclass(frozen=True)
class Facts:
    """The sheets and registers of a workspace, in order of their file names, and their keys."""

    sheets: tuple[Sheet, ...]
    registers: tuple[Register, ...]
    index: keys.Index


def load(
    paths: Sequence[Path],
    schema_path: Path,
    *,
    texts: Path | None = None,
    display: Callable[[Path], str] = Path.as_posix,
) -> tuple[Facts, list[Problem]]:
    """Read and check fact sheets and registers.

    Args:
        paths: YAML or JSON files, in any order.
        schema_path: the fact sheet schema.
        texts: folder of the articles' texts; without it, only the bounds of the evidence are checked.
        display: a path as messages should show it.

    Returns:
        The sheets and registers that follow the schema, and every problem found.

    Raises:
        InputError: a file cannot be read or parsed; it holds the problems of all such files.
    """
    unreadable: list[Problem] = []
    problems: list[Problem] = []
    sheets: list[Sheet] = []
    registers: list[Register] = []
    is_complete = True
    for path in sorted(paths, key=lambda path: (path.name, path.as_posix())):
        try:
            file = document.read(path, display(path))
        except InputError as error:
            unreadable.extend(error.problems)
            continue
        found = schema.check(file, schema_path)
        problems.extend(found)
        if not found and "article" in file.data:
            sheets.append(Sheet(file))
        elif not found:
            registers.append(Register(file))
        elif not (isinstance(file.data, dict) and "article" in file.data):
            is_complete = False
    if unreadable:
        raise InputError(*unreadable)
    index, twice = keys.index(sheets, registers)
    problems.extend(twice)
    for sheet in sheets:
        # Against half a register, every second reference would lead nowhere.
        problems.extend(references.check(sheet, index) if is_complete else ())
        problems.extend(_check_alone(sheet, texts))
    return Facts(tuple(sheets), tuple(registers), index), in_order(problems)


def _check_alone(sheet: Sheet, texts: Path | None) -> Iterator[Problem]:
    """What can be checked in one sheet without the others."""
    yield from times.check(sheet)
    yield from claims.check(sheet)
    yield from evidence.check_bounds(sheet)
    if texts is not None:
        yield from evidence.check(sheet, texts)
