"""Read what an index is built from: each format yields items, whole or in parts."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import json
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, Final, get_args

from nutgraf.problems import InputError, Problem, Span, quoted
from nutgraf.reconcile.items import KINDS, QID, Item, Name, NameKind
from nutgraf.reconcile.wikidata import entity

MAX_LINE: Final = 64 * 1024 * 1024
"""The longest entity of Wikidata is about 5 MB."""
MAX_DOCUMENT: Final = 2 * 1024 * 1024 * 1024
_SNIFFED: Final = 65536
_WIKIDATA: Final = ("http://www.wikidata.org/entity/", "https://www.wikidata.org/wiki/", "wd:")

WEAK_ALIASES: Final = frozenset({"rigour"})
"""Sources whose aliases are weak: they fold demonyms and cities into the names of countries."""

Reader = Callable[[Path, str, frozenset[str]], Iterator[Item]]


def format_of(path: Path, display: str) -> str:
    """Which of `FORMATS` a file has, by its first characters.

    Raises:
        InputError: AUT101 it cannot be read, AUT102 it has none of them.
    """
    with _opened(path, display) as file:
        start = _read(file, _SNIFFED, display).decode("utf-8", "replace").lstrip("\ufeff \n\r\t")
    if not start.startswith(("[", "{")):
        return "tsv"
    for mark, name in (
        ('"bindings"', "sparql"),
        ('"head"', "sparql"),
        ('"external_ids"', "ror"),
        ('"labels"', "wikidata"),
        ('"claims"', "wikidata"),
        ('"name"', "records"),
    ):
        if mark in start:
            return name
    why = "it is neither a table, a Wikidata dump, a SPARQL result nor records like those of ROR"
    fix = f"name the format with --format; they are {', '.join(FORMATS)}"
    raise InputError(Problem("AUT102", "cannot tell the format of this source", Span(display), why, fix))


def read(path: Path, display: str, to: str, languages: frozenset[str]) -> Iterator[Item]:
    """The items of a source, in parts where it has them in parts.

    Args:
        path: the file; `.gz` and `.bz2` are read as they stream.
        display: the file as messages name it.
        to: one of `FORMATS`.
        languages: of the names to keep, besides those without one; empty for all.

    Raises:
        InputError: AUT101 it cannot be read, AUT102 it is not of this format.
    """
    return FORMATS[to](path, display, languages)


def lines(path: Path, display: str) -> Iterator[tuple[int, bytes]]:
    """The lines of a file with their numbers."""
    with _opened(path, display) as file:
        number = 0
        while line := _read_line(file, display, number + 1):
            number += 1
            yield number, line


@contextlib.contextmanager
def _opened(path: Path, display: str) -> Iterator[IO[bytes]]:
    opener: Any = {".gz": gzip.open, ".bz2": bz2.open}.get(path.suffix, open)
    try:
        with opener(path, "rb") as file:
            yield file
    except OSError as error:
        raise _unreadable(display, error.strerror or str(error)) from error


def _read(file: IO[bytes], size: int, display: str) -> bytes:
    try:
        return file.read(size)
    except (OSError, EOFError, zlib.error) as error:
        raise _unreadable(display, str(error)) from error


def _read_line(file: IO[bytes], display: str, number: int) -> bytes:
    try:
        line = file.readline(MAX_LINE)
    except (OSError, EOFError, zlib.error) as error:
        raise _unreadable(display, str(error)) from error
    if len(line) == MAX_LINE:
        raise _malformed(display, number, f"the line is longer than {MAX_LINE >> 20} MB")
    return line


def _unreadable(display: str, reason: str) -> InputError:
    fix = "check the path, or fetch the file again"
    return InputError(Problem("AUT101", f"cannot read the source: {reason}", Span(display), fix=fix))


def _malformed(display: str, line: int, message: str, fix: str | None = None) -> InputError:
    return InputError(Problem("AUT102", message, Span(display, line), fix=fix))


def _table(path: Path, display: str, languages: frozenset[str]) -> Iterator[Item]:
    """A table with the columns `qid` and `name`.

    It may have type, lang, kind, source, description and country.
    """
    columns: list[str] = []
    for number, raw in lines(path, display):
        try:
            cells = raw.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n").split("\t")
        except UnicodeDecodeError as error:
            raise _malformed(display, number, "the line is not UTF-8", "save the file as UTF-8") from error
        if not columns:
            columns = cells
            if not {"qid", "name"} <= set(columns):
                fix = "name its columns in the first line"
                raise _malformed(display, 1, 'the table needs the columns "qid" and "name"', fix)
        elif cells != [""]:
            found = _row(dict(zip(columns, cells, strict=False)), display, number)
            if not languages or found.names[0].language in languages | {"und", "mul"}:
                yield found


def _row(cell: dict[str, str], display: str, number: int) -> Item:
    qid, name = _qid(cell["qid"]), cell.get("name", "").strip()
    kind, to = cell.get("kind") or "label", cell.get("type", "")
    if qid is None:
        raise _malformed(display, number, f"{quoted(cell['qid'])} is not a Wikidata item", "write Q1028")
    if not name:
        raise _malformed(display, number, "the row has no name", "fill it in, or remove the row")
    if kind not in get_args(NameKind):
        fix = f"write {', '.join(get_args(NameKind))}"
        raise _malformed(display, number, f"{quoted(kind)} is no kind of name", fix)
    if kind == "alias" and cell.get("source") in WEAK_ALIASES:
        kind = "weak"
    names = (Name(name, cell.get("lang") or "und", kind),)  # type: ignore[arg-type]
    kinds = frozenset({to} & set(KINDS))
    classes = frozenset({to}) if QID.fullmatch(to) else frozenset()
    related = frozenset(filter(None, [_qid(cell.get("country", ""))]))
    return Item(
        qid, name, cell.get("description", ""), names, kinds, classes, related,
        source=cell.get("source") or display,
    )  # fmt: skip


def _dump(path: Path, display: str, languages: frozenset[str]) -> Iterator[Item]:
    """A dump of Wikidata: an array with an entity a line; or an entity a line."""
    for _, document in documents(path, display):
        found = entity.item(document, languages=languages)
        if found is not None and (found.names or found.classes):
            yield found


def documents(path: Path, display: str, mark: bytes = b"") -> Iterator[tuple[int, Any]]:
    """The entity documents of a dump whose line has some bytes."""
    for number, raw in lines(path, display):
        line = raw.strip().removesuffix(b",")
        if line in {b"", b"[", b"]", b"null"} or mark not in line:
            continue
        try:
            yield number, json.loads(line)
        except (ValueError, RecursionError) as error:
            fix = "a dump has one entity on each line; fetch it again if it was cut"
            raise _malformed(display, number, "the line is no entity", fix) from error


def _document(path: Path, display: str) -> Any:
    with _opened(path, display) as file:
        raw = _read(file, MAX_DOCUMENT + 1, display)
    if len(raw) > MAX_DOCUMENT:
        raise _malformed(display, 1, f"the file is larger than {MAX_DOCUMENT >> 30} GB")
    try:
        return json.loads(raw)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise _malformed(display, line, f"the file is not JSON: {error}") from error


def _sparql(path: Path, display: str, languages: frozenset[str]) -> Iterator[Item]:
    """SPARQL JSON results with `?item`, and if need be its label, alternative labels, description, class.

    Source: SPARQL 1.1 Query Results JSON Format, https://www.w3.org/TR/sparql11-results-json/
    """
    document = _document(path, display)
    results = document.get("results") if isinstance(document, dict) else None
    bindings = results.get("bindings") if isinstance(results, dict) else None
    if not isinstance(bindings, list):
        raise _malformed(display, 1, "this is not a SPARQL result", 'it needs "results" with "bindings"')
    for binding in bindings:
        row = binding if isinstance(binding, dict) else {}
        qid = _qid(_value(row, "item"))
        if qid is not None:
            names = tuple(_sparql_names(row, languages))
            classes = frozenset(filter(None, [_qid(_value(row, "class") or _value(row, "type"))]))
            related = frozenset(filter(None, [_qid(_value(row, "country"))]))
            label = names[0].text if names else ""
            yield Item(
                qid, label, _value(row, "itemDescription"), names, frozenset(), classes, related,
                source=display,
            )  # fmt: skip


def _value(row: dict[str, Any], variable: str) -> str:
    term = row.get(variable)
    return str(term.get("value", "")) if isinstance(term, dict) else ""


def _sparql_names(row: dict[str, Any], languages: frozenset[str]) -> Iterator[Name]:
    kinds: dict[str, NameKind] = {"itemLabel": "label", "itemAltLabel": "alias", "alias": "alias"}
    for variable, kind in kinds.items():
        text = _value(row, variable).strip()
        language = str(row.get(variable, {}).get("xml:lang", "und")).lower() if text else "und"
        wanted = not languages or language in languages | {"und", "mul"}
        if text and wanted and not QID.fullmatch(text):  # the label service gives the id where it has none
            yield Name(text, language, kind)


def _ror(path: Path, display: str, languages: frozenset[str]) -> Iterator[Item]:
    """Records of the Research Organization Registry, schema 2 or 1.

    Source: https://ror.readme.io/docs/ror-data-structure
    """
    for record in _records(path, display):
        qid = _ror_qid(record.get("external_ids"))
        names = tuple(_ror_names(record, languages))
        if qid is not None and names:
            label = next((name.text for name in names if name.kind == "label"), names[0].text)
            yield Item(qid, label, "", names, frozenset({"ORG"}), source="ror")


def _ror_qid(external: Any) -> str | None:
    if isinstance(external, dict):
        external = [{"type": "wikidata", **value} for kind, value in external.items() if kind == "Wikidata"]
    for each in external if isinstance(external, list) else ():
        if isinstance(each, dict) and each.get("type") == "wikidata":
            every = each.get("all")
            first = every[0] if isinstance(every, list) and every else every
            return _qid(str(each.get("preferred") or first))
    return None


def _ror_names(record: dict[str, Any], languages: frozenset[str]) -> Iterator[Name]:
    found: list[tuple[Any, Any, bool]] = [(record.get("name"), None, True)]
    for name in record.get("names") or ():
        if isinstance(name, dict):
            types = name.get("types") or ()
            found.append((name.get("value"), name.get("lang"), "label" in types or "ror_display" in types))
    found += [(name, None, False) for each in ("aliases", "acronyms") for name in record.get(each) or ()]
    for name in record.get("labels") or ():
        if isinstance(name, dict):
            found.append((name.get("label"), name.get("iso639"), True))
    for text, language, is_label in found:
        tag = language if isinstance(language, str) else "und"
        if isinstance(text, str) and text.strip() and (not languages or tag in languages | {"und"}):
            yield Name(text.strip(), tag, "label" if is_label else "alias")


def _named(path: Path, display: str, languages: frozenset[str]) -> Iterator[Item]:
    """Records with `id` and `name`, as services give them; and perhaps `aliases`, `description`, `type`."""
    del languages  # these records do not say
    for record in _records(path, display):
        qid, label = _qid(str(record.get("id", ""))), record.get("name")
        if qid is None or not isinstance(label, str) or not label.strip():
            continue
        aliases = record.get("aliases")
        names = [Name(label.strip(), "und", "label")]
        names += [Name(text, "und") for text in (aliases if isinstance(aliases, list) else ()) if text]
        types = record.get("type")
        ids = {
            str(each.get("id") if isinstance(each, dict) else each)
            for each in (types if isinstance(types, list) else [types])
        }
        classes = frozenset(name for name in ids if QID.fullmatch(name))
        kinds = frozenset(ids & set(KINDS))
        yield Item(
            qid, names[0].text, str(record.get("description") or ""), tuple(names), kinds, classes,
            source=display,
        )  # fmt: skip


def _records(path: Path, display: str) -> Iterator[dict[str, Any]]:
    document = _document(path, display)
    if isinstance(document, dict):
        document = document.get("items") or document.get("result") or [document]
    if not isinstance(document, list):
        raise _malformed(display, 1, "this is not a list of records")
    yield from (record for record in document if isinstance(record, dict))


def _qid(text: str) -> str | None:
    text = text.strip()
    for prefix in _WIKIDATA:
        text = text.removeprefix(prefix)
    return text if QID.fullmatch(text) else None


FORMATS: Final[dict[str, Reader]] = {
    "tsv": _table,
    "wikidata": _dump,
    "sparql": _sparql,
    "ror": _ror,
    "records": _named,
}
"""Name of a format → what reads it."""
