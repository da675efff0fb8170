"""CSV files: the names of their columns, the scan, and where the mistake is in one that cannot be read."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

from sqlglot import exp

from nutgraf.engine import duckdb as engine
from nutgraf.mapping import plain_text
from nutgraf.mapping.access import CsvDialect, FileAccess
from nutgraf.mapping.sql.functions import call, case, named, text
from nutgraf.problems import InputError, Problem, Span

MAX_LINE: Final = 2_000_000
"""The engine's bound of one row in bytes."""

_HEADER: Final = 4 * MAX_LINE
_START: Final = 64 * 1024
"""The first row is looked for in so many bytes; first in few, which most often is enough."""
_MESSAGES: Final = {
    "unexpected end of data": "a quoted cell is not closed",
    "',' expected after '\"'": "something follows the end of a quoted cell",
}


def options(access: FileAccess, extension: str) -> engine.CsvOptions:
    """A dialect as the engine wants it."""
    dialect = access.dialect
    return engine.CsvOptions(
        delimiter=dialect.delimiter or ("\t" if extension == ".tsv" else ","),
        quote=dialect.quote,
        escape=(dialect.quote if dialect.double_quote else "\\") if dialect.quote else "",
        header=dialect.header,
        skip=dialect.skip_rows,
        comment=dialect.comment,
        nulls=() if _trims(dialect) else access.nulls,
    )


def names(path: Path, access: FileAccess, written: engine.CsvOptions, name: str) -> list[str]:
    """The names of the columns: the first row's, or `_col.1` and so on when it has none.

    Args:
        path: the file, in UTF-8.
        access: how it is written.
        written: the same for the engine.
        name: how messages call the file.

    Raises:
        InputError: MAP117, there is no such row, or it cannot be read.
    """
    try:
        row = _first_row(path, written, _START) or _first_row(path, written, _HEADER)
    except csv.Error as error:
        raise InputError(_problem(name, 1, str(error))) from error
    if row is None:
        why = "its first row has the names of the columns" if written.header else None
        raise InputError(Problem("MAP117", f"{name} has no row", Span(name), why=why))
    if not written.header:
        return [f"_col.{number}" for number in range(1, len(row) + 1)]
    found = [_trimmed(cell, access.dialect) for cell in row]
    # Which of two columns a name means nobody knows, so it means neither.
    return [
        f"{cell} (column {number})" if found.count(cell) > 1 else cell
        for number, cell in enumerate(found, start=1)
    ]


def _first_row(path: Path, written: engine.CsvOptions, size: int) -> list[str] | None:
    """The first row that has cells, in so many bytes; None when it is not sure to be whole.

    Raises:
        csv.Error: it cannot be read, however much is.
    """
    with path.open("rb") as file:
        start = file.read(size)
    is_all = len(start) < size or size == _HEADER
    text = io.StringIO(start.decode("utf-8-sig", errors="replace"), newline="")
    rows = (row for _, row in _rows(text, written) if row)
    try:
        row = next(rows, None)
        return row if is_all or next(rows, None) else None
    except csv.Error:
        if is_all:
            raise
        return None


def select(scan: exp.Table, columns: list[str], access: FileAccess) -> exp.Select:
    """The values of a scan: trimmed, and NULL where they are none."""
    return exp.select(*(named(_value(exp.column(column), access), column) for column in columns)).from_(scan)


def find_mistake(path: Path, written: engine.CsvOptions, width: int, name: str) -> Problem | None:
    """The first thing in a CSV file that the engine refuses, with its place; None when there is none."""
    found = plain_text.find_mistake(path, name)
    if found:
        return found
    limit = csv.field_size_limit(2**31 - 1)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _find(file, written, width, name)
    finally:
        csv.field_size_limit(limit)


def _find(file: IO[str], written: engine.CsvOptions, width: int, name: str) -> Problem | None:
    line = 1
    try:
        for line, row in _rows(file, written):
            if row and len(row) != width:
                cells = f"{len(row)} cell{'s' * (len(row) != 1)}"
                why = f"the {'header' if written.header else 'first row'} has {width}"
                return _problem(name, line, f"the row has {cells}", why)
            if sum(map(len, row)) > MAX_LINE:
                return _problem(name, line, "the row is too long", f"a row has at most {MAX_LINE} bytes")
    except csv.Error as error:
        return _problem(name, line, str(error))
    if _mixes_line_ends(file):
        why = "some of its lines end in CRLF and some in LF"
        return Problem("MAP117", f"the lines of {name} end differently", Span(name), why=why)
    return None


def _rows(file: IO[str], written: engine.CsvOptions) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line that it begins on."""
    lines: Iterator[str] = itertools.islice(file, written.skip, None)
    if written.comment:
        comment = written.comment
        lines = ("\n" if line.startswith(comment) else line for line in lines)
    reader = csv.reader(
        lines,
        delimiter=written.delimiter,
        quotechar=written.quote or None,
        quoting=csv.QUOTE_MINIMAL if written.quote else csv.QUOTE_NONE,
        doublequote=written.escape == written.quote,
        escapechar=None if written.escape in {written.quote, ""} else written.escape,
        strict=True,
    )
    before = written.skip
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise csv.Error(f"line {before + 1}: {_MESSAGES.get(str(error), error)}") from error
        yield before + 1, row
        before = reader.line_num + written.skip


def _mixes_line_ends(file: IO[str]) -> bool:
    return isinstance(file.newlines, tuple) if hasattr(file, "newlines") else False


def _problem(name: str, line: int, what: str, why: str | None = None) -> Problem:
    """MAP117 with the line; an error of the csv module begins with its own."""
    if what.startswith("line "):
        number, _, what = what.removeprefix("line ").partition(": ")
        line = int(number)
    return Problem("MAP117", f"not valid CSV: {what}", Span(name, line), why=why, fix="correct the row")


def _value(column: exp.Expression, access: FileAccess) -> exp.Expression:
    dialect = access.dialect
    if not _trims(dialect):
        return column
    value = call("ltrim", column) if dialect.trim_start else column
    value = call("rtrim", value) if dialect.trim_end else value
    if not access.nulls:
        return value
    nulls = exp.In(this=value.copy(), expressions=[text(null) for null in access.nulls])
    return case((nulls, exp.null()), otherwise=value)


def _trims(dialect: CsvDialect) -> bool:
    return dialect.trim_start or dialect.trim_end


def _trimmed(cell: str, dialect: CsvDialect) -> str:
    cell = cell.lstrip() if dialect.trim_start else cell
    return cell.rstrip() if dialect.trim_end else cell
