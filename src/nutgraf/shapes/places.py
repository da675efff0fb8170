"""Where to mend what a validation found: results joined with the lineage of the statements."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyarrow as pa
from pyoxigraph import Literal

from nutgraf.engine import duckdb as engine
from nutgraf.problems import Problem, Span, in_order
from nutgraf.shapes.findings import CODES, FIXES, component_name
from nutgraf.shapes.paths import SH
from nutgraf.shapes.report import Detail, Report, Result, Term, circumstances, described
from nutgraf.terms.vocabulary import OA, RDF_TYPE, XSD_STRING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_REPEATED: Final = frozenset({SH + "MaxCountConstraintComponent", SH + "UniqueLangConstraintComponent"})
_ASKED: Final = "shacl_asked"
_COLUMNS: Final = ("focus", "subject", "predicate", "object")

# The places of the statements that have the focus node and the path of a result.
_VALUES: Final = """
with stated as (
    select a.number, s.* from shacl_asked a join statements s
    on s.predicate = a.predicate and s.subject = a.subject
    union all
    select a.number, s.* from shacl_asked a join statements s
    on s.predicate = a.predicate and s.object = a.object
)
select s.number, s.subject, s.object, s.object_kind, s.datatype, s.language, r.file, r.line, r."column"
from stated s
join lineage l on l.statement = s.id and l.graph is not distinct from s.graph
join record r on r.record = l.record
where r.file is not null
"""

# The place of the focus node itself: its type; else what is said of it; else what leads to it; else, for
# what the evidence says of a statement, the place of that statement.
_NODES: Final = """
with led as (
    select a.number, if(s.predicate = $type, 1, 2) as rank, s.id, s.graph
    from shacl_asked a join statements s on s.subject = a.focus
    union all
    select a.number, 3, s.id, s.graph
    from shacl_asked a join statements s on s.object = a.focus and s.object_kind = 'iri'
    union all
    select a.number, 4, s.id, s.graph
    from shacl_asked a join statements s on s.id = regexp_extract(a.focus, '/stmt/([0-9a-f]+)', 1)
)
select led.number, min({'rank': led.rank, 'file': r.file, 'line': r.line, 'column': r."column"}) as place
from led
join lineage l on l.statement = led.id and l.graph is not distinct from led.graph
join record r on r.record = l.record
where r.file is not null
group by led.number
"""

# The place of a node of the evidence graphs, which no record states: up to its annotation, then to the
# statements that the annotation is about.
_EVIDENCE: Final = """
with recursive up(number, node, depth) as (
    select number, focus, 0 from shacl_asked where list_contains($numbers, number)
    union
    select u.number, if(s.subject = u.node, s.object, s.subject), u.depth + 1
    from up u join statements s on (s.object = u.node and s.object_kind = 'iri' and s.predicate <> $type)
        or (s.subject = u.node and s.predicate = $body)
    where u.depth < 4
), led as (
    select number, depth, regexp_extract(node, '/stmt/([0-9a-f]+)', 1) as statement from up
    where contains(node, '/stmt/')
)
select led.number, min({'depth': led.depth, 'file': r.file, 'line': r.line, 'column': r."column"}) as place
from led join lineage l on l.statement = led.statement join record r on r.record = l.record
where r.file is not null
group by led.number
"""


@dataclass(frozen=True, slots=True)
class _Stated:
    """A value that a record states: its term as columns, and the record's place."""

    key: tuple[str | None, ...]
    span: Span


def problems(report: Report, connection: engine.Connection) -> list[Problem]:
    """The results of a report as problems, each at the line of the record to mend.

    A value at fault leads to the record that states it, a missing value to the record of the focus node's
    type, one value too many to the second record that states one.

    Args:
        report: what `validate` gave.
        connection: with the tables `statements` and `lineage` that the mapping made, and `record` of the
            fact sheets.

    Returns:
        The distinct problems, sorted by place: SHP201 for a violation or a severity of one's own, SHP202
        for a warning, SHP203 for information.
    """
    found = spans(report, connection)
    return in_order(_problem(result, places) for result, places in found.items())


def spans(report: Report, connection: engine.Connection) -> dict[Result, tuple[Span, ...]]:
    """The places of each distinct result, the one to mend first; none where nothing leads to a record.

    Args:
        report: as for `problems`.
        connection: as for `problems`.
    """
    results = list(dict.fromkeys(report.results))
    if not results:
        return {}
    engine.register(connection, _ASKED, _asked(results))
    try:
        values = _values(connection)
        nodes = _nodes(connection)
        missing = [number for number in range(len(results)) if number not in nodes and number not in values]
        if missing:
            nodes |= _evidence(connection, missing)
    finally:
        engine.unregister(connection, _ASKED)
    return {
        result: tuple(_spans(result, values.get(number, ()), report.details.get(result, Detail())))
        or ((nodes[number],) if number in nodes else ())
        for number, result in enumerate(results)
    }


def _asked(results: Sequence[Result]) -> pa.Table:
    """What to look up: a row a result; the subject is known, or with an inverse path the object."""
    rows = [
        {"number": number, "focus": result.focus.value} | _pattern(result)
        for number, result in enumerate(results)
    ]
    schema = pa.schema([("number", pa.int64()), *((name, pa.string()) for name in _COLUMNS)])
    return pa.Table.from_pylist(rows, schema=schema)


def _pattern(result: Result) -> dict[str, str]:
    path = result.path
    if path is not None and path.kind == "predicate":
        return {"subject": result.focus.value, "predicate": path.iri}
    if path is not None and path.kind == "inverse" and path.parts[0].kind == "predicate":
        return {"object": result.focus.value, "predicate": path.parts[0].iri}
    return {}


def _values(connection: engine.Connection) -> dict[int, list[_Stated]]:
    values: dict[int, list[_Stated]] = defaultdict(list)
    for number, subject, *term, file, line, column in connection.execute(_VALUES).fetchall():
        values[number].append(_Stated((subject, *_key(*term)), Span(file, line, column)))
    return values


def _nodes(connection: engine.Connection) -> dict[int, Span]:
    rows = connection.execute(_NODES, {"type": RDF_TYPE}).fetchall()
    return {number: Span(place["file"], place["line"], place["column"]) for number, place in rows}


def _evidence(connection: engine.Connection, numbers: list[int]) -> dict[int, Span]:
    asked = {"numbers": numbers, "type": RDF_TYPE, "body": OA + "hasBody"}
    rows = connection.execute(_EVIDENCE, asked).fetchall()
    return {number: Span(place["file"], place["line"], place["column"]) for number, place in rows}


def _key(lexical: str, kind: str, datatype: str | None, language: str | None) -> tuple[str | None, ...]:
    """An object as columns that compare equal for equal terms: language tags in any case."""
    if kind != "literal":
        return (lexical, None, None)
    return (lexical, None, language.lower()) if language else (lexical, datatype or XSD_STRING, None)


def _term_key(term: Term) -> tuple[str | None, ...]:
    if isinstance(term, Literal):
        return _key(term.value, "literal", term.datatype.value, term.language)
    return _key(term.value, "iri", None, None)


def _spans(result: Result, stated: Iterable[_Stated], detail: Detail) -> list[Span]:
    """The places of the values at fault, the one to mend first."""
    if result.component in _REPEATED:
        return _repeated(result, stated, detail.count or 1)
    if result.value is None or result.path is None:
        return []
    inverse = result.path.kind == "inverse"
    value, focus = (result.focus, result.value) if inverse else (result.value, result.focus)
    wanted = (focus.value, *_term_key(value))
    return sorted({item.span for item in stated if item.key == wanted})


def _repeated(result: Result, stated: Iterable[_Stated], most: int) -> list[Span]:
    """The place of the first value that is too much, then those of the others."""
    first: dict[tuple[str | None, ...], Span] = {}
    for item in sorted(stated, key=lambda item: (item.span, tuple(part or "" for part in item.key))):
        first.setdefault(item.key, item.span)
    if result.component == SH + "UniqueLangConstraintComponent":
        languages = [key[-1] for key in first]
        first = {key: span for key, span in first.items() if key[-1] and languages.count(key[-1]) > 1}
    places = list(first.values())
    return [*places[most : most + 1], *places[:most], *places[most + 1 :]] if len(places) > most else []


def _problem(result: Result, places: Sequence[Span]) -> Problem:
    others = ", ".join(str(span) for span in places[1:])
    return Problem(
        code=CODES.get(result.severity, "SHP201"),
        message=described(result),
        span=places[0] if places else None,
        why=circumstances(result) + (f"; see also {others}" if others else ""),
        fix=FIXES.get(component_name(result.component)),
        severity="warning" if result.severity in CODES else "error",
    )
