"""A query's answer as the query page shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    Triple,
    parse_query_results,
)

from nutgraf.serve.pool import Answer
from nutgraf.terms.vocabulary import shorten

SHOWN: Final = 500
"""Rows of a table; the downloads have all."""
_SHOWN_BYTES: Final = 256 * 1024
"""Bytes of a graph."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A term.

    Attributes:
        text: what is shown.
        link: address of what the term names; empty where there is none.
        note: language or datatype.
    """

    text: str
    link: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of an answer.

    Attributes:
        columns: names of variables.
        rows: the first ones.
        boolean: of ASK.
        graph: the beginning of the triples, in Turtle.
        is_whole: whether this is all.
    """

    columns: list[str] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)
    boolean: bool | None = None
    graph: str = ""
    is_whole: bool = True


def shown(found: Answer, base: str, prefixes: dict[str, str]) -> Shown:
    """What is shown of an answer in JSON, or of a graph in Turtle; closes its file.

    Args:
        found: the answer.
        base: IRI that this server answers for.
        prefixes: label → namespace.
    """
    if found.file is not None:
        with found.file:
            if found.reply.form == "graph":
                text = found.file.read(_SHOWN_BYTES).decode("utf-8", "ignore")
                return Shown(graph=text, is_whole=found.reply.size <= _SHOWN_BYTES)
            return _table(parse_query_results(found.file, QueryResultsFormat.JSON), base, prefixes)
    if found.reply.form == "graph":
        text = found.body[:_SHOWN_BYTES].decode("utf-8", "ignore")
        return Shown(graph=text, is_whole=found.reply.size <= _SHOWN_BYTES)
    return _table(parse_query_results(found.body, QueryResultsFormat.JSON), base, prefixes)


def _table(results: QuerySolutions | QueryBoolean, base: str, prefixes: dict[str, str]) -> Shown:
    if isinstance(results, QueryBoolean):
        return Shown(boolean=bool(results))
    columns = [variable.value for variable in results.variables]
    rows = [[_cell(term, base, prefixes) for term in solution] for solution in islice(results, SHOWN)]
    return Shown(columns, rows, is_whole=next(results, None) is None)


def _cell(term: NamedNode | BlankNode | Literal | Triple | None, base: str, prefixes: dict[str, str]) -> Cell:
    match term:
        case None:
            return Cell("")
        case NamedNode():
            return Cell(shorten(term.value, prefixes), _link(term.value, base))
        case Literal():
            return Cell(term.value, note=term.language or shorten(_datatype(term), prefixes))
        case _:
            return Cell(str(term))


def _datatype(literal: Literal) -> str:
    datatype = literal.datatype.value
    return "" if datatype.endswith("#string") else datatype


def _link(iri: str, base: str) -> str:
    """Where a thing of ours answers here, and one of others there; only http leads anywhere."""
    if iri.startswith(base):
        return f"./{iri.removeprefix(base)}"
    return iri if iri.startswith(("http://", "https://")) else ""
