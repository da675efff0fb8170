"""The dialect of a CSV file, as CSV on the Web describes it.

Source: CSV on the Web §5.9, https://www.w3.org/TR/tabular-metadata/#dialect-descriptions
"""

from __future__ import annotations

from typing import Final

import pyoxigraph

from nutgraf.mapping.access import CsvDialect
from nutgraf.mapping.rml.graph import Graph, Subject, Value

CSVW: Final = "http://www.w3.org/ns/csvw#"
URL: Final = CSVW + "url"
NULL: Final = CSVW + "null"
TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

_READ: Final = frozenset(
    "commentPrefix delimiter doubleQuote encoding header headerRowCount lineTerminators quoteChar "
    "skipBlankRows skipInitialSpace skipRows trim".split()
)
_TRUE: Final = frozenset({"true", "1"})
_FALSE: Final = frozenset({"false", "0"})


def dialect(graph: Graph, table: Subject) -> tuple[CsvDialect, Value | None]:
    """The csvw:dialect of a csvw:Table, and the encoding that it names."""
    found = graph.foreign(table, CSVW + "dialect")
    if not found or isinstance(found[0].term, pyoxigraph.Literal):
        return CsvDialect(), None
    reader = _Dialect(graph, found[0].term)
    reader.refuse_others(found[0])
    trim = reader.text("trim", "false")
    start = trim in _TRUE | {"start"} or reader.flag("skipInitialSpace", default=False)
    read = CsvDialect(
        delimiter=reader.character("delimiter", ","),
        quote=reader.character("quoteChar", '"'),
        double_quote=reader.flag("doubleQuote", default=True),
        header=reader.flag("header", default=True) and reader.number("headerRowCount", 1) > 0,
        skip_rows=reader.number("skipRows", 0),
        comment=reader.character("commentPrefix", "") or None,
        trim_start=start,
        trim_end=trim in _TRUE | {"end"},
    )
    return read, reader.value("encoding")


class _Dialect:
    def __init__(self, graph: Graph, node: Subject) -> None:
        self._graph = graph
        self._node = node

    def value(self, name: str) -> Value | None:
        """The object of one property."""
        return next(iter(self._graph.foreign(self._node, CSVW + name)), None)

    def text(self, name: str, default: str) -> str:
        """Its text."""
        value = self.value(name)
        return value.term.value if value else default

    def character(self, name: str, default: str) -> str:
        """A text of one character at most; longer ones are refused."""
        value = self.value(name)
        if value is None:
            return default
        if len(value.term.value) > 1:
            self._graph.report(
                "MAP106", f"a csvw:{name} of several characters is not supported yet", value.span
            )
            return default
        return value.term.value

    def flag(self, name: str, *, default: bool) -> bool:
        """A boolean."""
        value = self.value(name)
        if value and value.term.value not in _TRUE | _FALSE:
            self._graph.report("MAP104", f"csvw:{name} must be true or false", value.span)
        return value.term.value in _TRUE if value else default

    def number(self, name: str, default: int) -> int:
        """A whole number that is not negative."""
        value = self.value(name)
        if value is None:
            return default
        if not (value.term.value.isascii() and value.term.value.isdigit()):
            self._graph.report("MAP104", f"csvw:{name} must be a whole number", value.span)
            return default
        return int(value.term.value)

    def refuse_others(self, found: Value) -> None:
        """Report what is said of the dialect and not read."""
        for predicate in self._graph.predicates(self._node):
            name = predicate.removeprefix(CSVW)
            if predicate.startswith(CSVW) and name not in _READ:
                place = self._graph.foreign(self._node, predicate)[0].span
                span = place if place.line > 1 else found.span
                self._graph.report("MAP106", f"csvw:{name} is not supported yet", span)
