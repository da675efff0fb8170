"""N-Triples and N-Quads into the table `statements`, by SQL: no Python object a statement.

A line in the plain form that programs write is taken apart by SQL; the other lines, those with escapes or
unusual IRIs among them, are read by pyoxigraph. Whatever does not fit is read again by pyoxigraph alone,
which says what is wrong and where: nothing is accepted here that it would refuse, and the rows are the same.

Source: RDF 1.1 N-Triples §7, https://www.w3.org/TR/n-triples/#n-triples-grammar
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Final, TypeVar, cast

import pyarrow as pa
from pyarrow import csv
from pyoxigraph import BlankNode, Quad, RdfFormat, parse

from nutgraf.dataset import numbered, table
from nutgraf.dataset.schema_values import HTTP_SCHEMA
from nutgraf.dataset.store import PathLike, https_quad, open_file
from nutgraf.engine import duckdb as engine
from nutgraf.problems import InputError, Problem
from nutgraf.terms.vocabulary import RDF_LANG_STRING, SCHEMA, XSD_STRING

_Term = TypeVar("_Term")
_FORMATS: Final = {".nt": RdfFormat.N_TRIPLES, ".nq": RdfFormat.N_QUADS}
_BLOCK: Final = 8 * 1024 * 1024
"""Bytes that are split into lines at once; a longer line is pyoxigraph's."""
_SEPARATOR: Final = "\x1f"
_MARK: Final = b"\xef\xbb\xbf"
_MOST_ODD: Final = 0.5
"""The share of lines in an unusual form from which on pyoxigraph reads all."""

_PATH: Final = (
    r"(?:[A-Za-z0-9\x{A0}-\x{D7FF}\x{F900}-\x{FDCF}\x{FDF0}-\x{FFEF}._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*"
)
_MORE: Final = (
    r"(?:[A-Za-z0-9\x{A0}-\x{D7FF}\x{F900}-\x{FDCF}\x{FDF0}-\x{FFEF}._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*"
)
_IRI: Final = rf"<(?:https?://[A-Za-z0-9.-]+(?::[0-9]{{1,5}})?(?:/{_PATH})?|urn:[a-z0-9]+:{_PATH})(?:\?{_MORE})?(?:#{_MORE})?>"
_BLANK: Final = "_:[A-Za-z0-9]+"
_LITERAL: Final = rf'"[^"\\\x00-\x1f\x7f]*"(?:@[A-Za-z]{{1,8}}(?:-[A-Za-z0-9]{{1,8}})*|\^\^{_IRI})?'
_NODE: Final = f"(?:{_IRI}|{_BLANK})"
_PLAIN: Final = {
    RdfFormat.N_TRIPLES: rf"{_NODE} {_IRI} (?:{_NODE}|{_LITERAL}) \.",
    RdfFormat.N_QUADS: rf"{_NODE} {_IRI} (?:{_NODE}|{_LITERAL})(?: {_NODE})? \.",
}

# A language's datatype cannot be written out.
_CREATE_LINES: Final = """
create or replace temp table bulk_line as
select line, regexp_full_match(line, $plain) and not contains(line, 'angString>') as is_plain,
    contains(line, '_:') as is_blank
from bulk_lines
"""
_ODD: Final = r"""
select rowid, line from bulk_line
where not is_plain and not regexp_matches(line, '^[ \t]*(#|$)') order by rowid
"""
_COUNT: Final = "select count(*) from bulk_line"
# What the numbers of blank nodes go by is where in the file each appears first.
_LABELS: Final = """
create or replace temp table bulk_label as
select label, concat('f', $number::varchar, 'b', row_number() over (order by min(place)) - 1) as name from (
    select unnest([split_part(line, ' ', 1), split_part(rest, ' ', 1), split_part(rest, ' ', 2)]) as label,
        unnest([3 * n, 3 * n + 1, 3 * n + 2]) as place
    from (
        select rowid as n, line,
            if(starts_with(object, '"'), '-' || split_part(object, '"', 3), object) as rest
        from (
            select rowid, line, substring(line, length(split_part(line, ' ', 1))
                + length(split_part(line, ' ', 2)) + 3) as object
            from bulk_line where is_blank and is_plain
        )
    )
    union all
    select label, place from bulk_odd_label
)
where starts_with(label, '_:')
group by label
"""
# The lines without blank nodes, taken apart at `> ` and `"`: neither stands in an IRI.
_INSERT_NAMED: Final = """
insert into statements
with headed as (
    select line, split_part(line, '"', 1) as head, strlen(head) < strlen(line) as is_literal
    from bulk_line where is_plain and not is_blank
), parted as (
    select is_literal, string_split(replace(head, '<', ''), '> ') as parts,
        if(is_literal, split_part(line, '"', 2), '') as lexical,
        if(is_literal, split_part(line, '"', 3), '') as tail
    from headed
)
select bulk_https(parts[1]), 'iri', bulk_https(parts[2]),
    if(is_literal, lexical, bulk_https(parts[3])),
    if(is_literal, 'literal', 'iri'),
    case when not is_literal then null when starts_with(tail, ' ') then $string
        when starts_with(tail, '@') then $lang_string
        else bulk_https(split_part(split_part(tail, '<', 2), '>', 1)) end,
    if(starts_with(tail, '@'), lower(split_part(split_part(tail, '@', 2), ' ', 1)), null),
    {graph}, if({graph} is null, null, 'iri'), $source
from parted
"""
_GRAPHS: Final = {
    RdfFormat.N_TRIPLES: "null",
    RdfFormat.N_QUADS: """case when not is_literal then if(len(parts) = 5, bulk_https(parts[4]), null)
        when starts_with(split_part(tail, ' ', 2), '<') then bulk_iri(split_part(tail, ' ', 2)) end""",
}
_INSERT: Final = """
insert into statements
with token as (
    select split_part(line, ' ', 1) as s, split_part(line, ' ', 2) as p, line
    from bulk_line where is_plain and is_blank
), objected as (
    select s, p, substring(line, length(s) + length(p) + 3, length(line) - length(s) - length(p) - 4) as o
    from token
), literal as (
    select s, p, starts_with(o, '"') as is_literal,
        if(is_literal, split_part(o, '"', 2), split_part(o, ' ', 1)) as o,
        if(is_literal, split_part(o, '"', 3), o) as tail
    from objected
), parted as (
    select s, p, is_literal, o, if(is_literal, split_part(tail, ' ', 1), '') as tag,
        split_part(tail, ' ', 2) as g
    from literal
)
select coalesce(sl.name, bulk_iri(s)),
    if(starts_with(s, '_:'), 'bnode', 'iri'),
    bulk_iri(p),
    if(is_literal, o, coalesce(ol.name, bulk_iri(o))),
    if(is_literal, 'literal', if(starts_with(o, '_:'), 'bnode', 'iri')),
    case when not is_literal then null when tag = '' then $string when starts_with(tag, '@') then $lang_string
        else bulk_iri(tag[3:]) end,
    if(starts_with(tag, '@'), lower(tag[2:]), null),
    if(g = '', null, coalesce(gl.name, bulk_iri(g))),
    case when g = '' then null when starts_with(g, '_:') then 'bnode' else 'iri' end,
    $source
from parted
left join bulk_label sl on sl.label = s left join bulk_label ol on ol.label = o and not is_literal
left join bulk_label gl on gl.label = g
"""
_IRI_MACROS: Final = f"""
create or replace temp macro bulk_https(iri) as if(starts_with(iri, '{HTTP_SCHEMA}'),
    '{SCHEMA}' || iri[{len(HTTP_SCHEMA) + 1}:], iri);
create or replace temp macro bulk_iri(token) as bulk_https(token[2:-2]);
"""


class _NotPlainError(Exception):
    """The file is not one for SQL."""


def create(connection: engine.Connection, files: Sequence[PathLike], bases: Sequence[str | None]) -> None:
    """Make the table `statements` of some RDF files, each with its index in the column `source`.

    Args:
        connection: where the table is made.
        files: as for `Dataset.load`.
        bases: what the relative IRIs of each file are resolved against.

    Raises:
        InputError: as for `Dataset.load`, with the problems of all files.
        ValueError: a triple term, which the table has no columns for.
    """
    table.create(connection, ())
    problems: list[Problem] = []
    for number, (file, base) in enumerate(zip(files, bases, strict=True)):
        try:
            _read(connection, file, number, base)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(*problems)


def _read(connection: engine.Connection, file: PathLike, number: int, base: str | None) -> None:
    extension = Path(os.fspath(file).removesuffix(".gz")).suffix
    if extension in _FORMATS:
        try:
            _read_lines(connection, os.fspath(file), number, _FORMATS[extension])
        except (_NotPlainError, OSError, EOFError, zlib.error):
            pass  # pyoxigraph says what is wrong, if anything
        else:
            return
        finally:
            for name in ("line", "label", "odd_label"):
                engine.drop(connection, "TABLE", f"bulk_{name}")
    table.extend(connection, ((number, quad) for quad in numbered.read(file, number, base)))


def _read_lines(connection: engine.Connection, name: str, number: int, rdf_format: RdfFormat) -> None:
    connection.execute(_IRI_MACROS)
    _split(connection, name, _PLAIN[rdf_format])
    odd = connection.execute(_ODD).fetchall()
    if len(odd) > _MOST_ODD * connection.execute(_COUNT).fetchall()[0][0]:
        raise _NotPlainError
    quads = _parse([line for _, line in odd], rdf_format)
    labels = _number(connection, [row for row, _ in odd], quads, number)
    constants = {"string": XSD_STRING, "lang_string": RDF_LANG_STRING, "source": str(number)}
    connection.execute(_INSERT_NAMED.format(graph=_GRAPHS[rdf_format]), constants)
    connection.execute(_INSERT, constants)
    table.extend(connection, ((number, https_quad(_renamed(quad, labels))) for quad in quads))


def _split(connection: engine.Connection, name: str, plain: str) -> None:
    """Make `bulk_line`, a row a line, in the order of the file.

    Raises:
        _NotPlainError: it is not UTF-8, or a line is too long or has a control character.
    """
    with open_file(name) as stream:
        if stream.peek(len(_MARK)).startswith(_MARK):  # type: ignore[attr-defined]
            raise _NotPlainError
        try:
            reader = csv.open_csv(
                stream,
                csv.ReadOptions(column_names=["line"], block_size=_BLOCK),
                csv.ParseOptions(delimiter=_SEPARATOR, quote_char=False, escape_char=False),
                csv.ConvertOptions(column_types={"line": pa.string()}, strings_can_be_null=False),
            )
            connection.register("bulk_lines", reader)
            try:
                connection.execute(_CREATE_LINES, {"plain": plain})
            finally:
                engine.unregister(connection, "bulk_lines")
        except (pa.ArrowInvalid, engine.EngineError) as error:
            raise _NotPlainError from error


def _parse(lines: list[str], rdf_format: RdfFormat) -> list[Quad]:
    """What pyoxigraph reads on lines of a statement each.

    Raises:
        _NotPlainError: something is wrong, or the lines have not just one statement each.
    """
    if not lines:
        return []
    text = "\n".join(lines).encode()
    try:
        quads = cast("list[Quad]", list(parse(text, rdf_format)))
    except SyntaxError as error:
        raise _NotPlainError from error
    if len(quads) != len(lines):
        raise _NotPlainError
    return quads


def _number(
    connection: engine.Connection,
    rows: list[int],
    quads: list[Quad],
    number: int,
) -> dict[str, str]:
    """Make `bulk_label` of all blank nodes of the file; label → name."""
    places = [
        (str(term), 3 * row + slot)
        for row, quad in zip(rows, quads, strict=True)
        for slot, term in enumerate((quad.subject, quad.object, quad.graph_name))
        if isinstance(term, BlankNode)
    ]
    connection.execute(
        "create or replace temp table bulk_odd_label as"
        " select unnest($labels::varchar[]) as label, unnest($places::bigint[]) as place",
        {"labels": [label for label, _ in places], "places": [place for _, place in places]},
    )
    connection.execute(_LABELS, {"number": number})
    return dict(connection.execute("from bulk_label").fetchall())


def _renamed(quad: Quad, labels: dict[str, str]) -> Quad:
    def named(term: _Term) -> _Term | BlankNode:
        return BlankNode(labels[str(term)]) if isinstance(term, BlankNode) else term

    return Quad(named(quad.subject), quad.predicate, named(quad.object), named(quad.graph_name))
