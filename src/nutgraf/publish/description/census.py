"""What a dataset holds, counted by DuckDB over its N-Quads: no Python object a statement."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from nutgraf.engine import duckdb
from nutgraf.publish.description.quads import load
from nutgraf.terms.vocabulary import RDF_TYPE, SCHEMA, XSD

LINKS: Final = (
    f"{SCHEMA}sameAs",
    f"{SCHEMA}additionalType",
    "http://www.w3.org/2002/07/owl#sameAs",
    "http://www.w3.org/2004/02/skos/core#exactMatch",
    "http://www.w3.org/2004/02/skos/core#closeMatch",
)
"""The properties that lead from a thing here to what somebody else says of it."""

_DATES: Final = (f"{SCHEMA}startDate", f"{SCHEMA}endDate")
_DATE_TYPES: Final = tuple(f"{XSD}{name}" for name in ("date", "gYear", "gYearMonth"))
_EXAMPLES: Final = 8
_PARAMETER: Final = re.compile(r"\$([a-z]+)")

_TRIPLES: Final = "create table triples as select distinct s, p, o from quads"
_TOTALS: Final = """
select count(*), count(distinct s), count(distinct o),
  count(distinct case when starts_with(s, $id) and not contains(s, '#') then s end)
from triples
"""
_THINGS: Final = """
select count(distinct s) from quads
where starts_with(s, $id) and not contains(s, '#') and not starts_with(g, $evidence)
"""
_CLASSES: Final = "select o, count(*) from triples where p = $type group by all order by all"
_PROPERTIES: Final = "select p, count(*) from triples group by all order by all"
_GRAPHS: Final = """
with kinds as (
  select s, p, o, g, case when starts_with(g, $graph)
    then regexp_extract(substr(g, length($graph) + 1), '^[^/>]+') else '' end as kind
  from quads
)
select kind, count(distinct (s, p, o)), count(distinct g)
from kinds where kind <> '' group by all order by all
"""
_LINKSETS: Final = """
with links as (
  select s, p, regexp_extract(o, '^<(.*[/#])[^/#]+>$', 1) as target, o
  from triples
  where p in $links and starts_with(o, '<') and not starts_with(o, $base)
)
select p, target, count(*) from links where target <> '' group by all order by all
"""
_LANGUAGES: Final = """
with tags as (select lower(regexp_extract(o, '"@([A-Za-z0-9-]+)$', 1)) as tag from triples)
select tag, count(*) from tags where tag <> '' group by all order by all
"""
_COVERAGE: Final = """
with dates as (
  select regexp_extract(o, '^"([^"]*)"', 1) as day, regexp_extract(o, '\\^\\^<([^>]*)>$', 1) as datatype
  from triples where p in $dates
), known as (select * from dates where datatype in $types)
(select day, datatype from known order by all limit 1)
union all
(select day, datatype from known order by day desc, datatype limit 1)
"""
_EXAMPLE_OF: Final = """
with typed as (
  select o as class, s from triples where p = $type and starts_with(s, $id) and starts_with(o, $schema)
),
reached as (
  select o as s, count(*) as times from triples where starts_with(o, $id) group by all
),
ranked as (
  select class, typed.s, count(*) over (partition by class) as size,
    row_number() over (partition by class order by coalesce(times, 0) desc, typed.s) as place
  from typed left join reached using (s)
)
select class, s, size from ranked where place = 1 order by size desc, class limit $most
"""


@dataclass(frozen=True, slots=True)
class Count:
    """How often something is there: an IRI or a language tag."""

    of: str
    number: int


@dataclass(frozen=True, slots=True)
class GraphKind:
    """The graphs of one kind together: those of the articles, the register, the links, the evidence.

    Attributes:
        name: what follows `{base}graph/`.
        triples: how many distinct ones they hold.
        graphs: how many they are.
    """

    name: str
    triples: int
    graphs: int


@dataclass(frozen=True, slots=True)
class LinkSet:
    """The links by one property into one namespace of somebody else."""

    predicate: str
    target: str
    triples: int


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as the dataset has it: its lexical form and datatype."""

    lexical: str
    datatype: str


@dataclass(frozen=True, slots=True)
class Census:
    """What a dataset holds; triples are counted once, however many graphs hold them.

    Attributes:
        triples: of the union of all graphs.
        subjects: distinct.
        objects: distinct.
        entities: distinct subjects below `{base}id/`, their `#parts` not counted.
        things: those of them that something is said of outside the evidence.
        classes: class → its instances.
        properties: property → its triples.
        graphs: the graphs by kind.
        linksets: links to other datasets.
        languages: tag in lower case → its literals.
        coverage: first and last date of an event or action; None when there is none.
        examples: of each of schema.org's largest classes, the thing that most statements lead to.
    """

    triples: int
    subjects: int
    objects: int
    entities: int
    things: int
    classes: tuple[Count, ...]
    properties: tuple[Count, ...]
    graphs: tuple[GraphKind, ...]
    linksets: tuple[LinkSet, ...]
    languages: tuple[Count, ...]
    coverage: tuple[Moment, Moment] | None
    examples: tuple[tuple[str, str], ...]

    def graph(self, name: str) -> GraphKind:
        """The graphs of a kind; an empty kind when there are none."""
        return next((kind for kind in self.graphs if kind.name == name), GraphKind(name, 0, 0))


def take(file: Path, base: str) -> Census:
    """Count what a file of canonical N-Quads holds.

    Args:
        file: a quad a line, as `nutgraf build` writes it.
        base: IRI that the workspace's nodes start with.

    Source: VoID §4.6, https://www.w3.org/TR/void/#statistics
    """
    with load(file) as connection:
        connection.execute(_TRIPLES)
        return _census(_Asked(connection, base))


@dataclass(frozen=True)
class _Asked:
    connection: duckdb.Connection
    base: str

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        values: dict[str, object] = {
            "base": f"<{self.base}",
            "dates": [f"<{iri}>" for iri in _DATES],
            "evidence": f"<{self.base}graph/evidence/",
            "graph": f"<{self.base}graph/",
            "id": f"<{self.base}id/",
            "links": [f"<{iri}>" for iri in LINKS],
            "most": _EXAMPLES,
            "schema": f"<{SCHEMA}",
            "type": f"<{RDF_TYPE}>",
            "types": list(_DATE_TYPES),
        }
        named = {name: values[name] for name in _PARAMETER.findall(query)}
        found: list[tuple[Any, ...]] = self.connection.execute(query, named).fetchall()
        return found


def _census(asked: _Asked) -> Census:
    triples, subjects, objects, entities = asked.rows(_TOTALS)[0]
    dates = [Moment(*row) for row in asked.rows(_COVERAGE)]
    return Census(
        triples=triples,
        subjects=subjects,
        objects=objects,
        entities=entities,
        things=asked.rows(_THINGS)[0][0],
        classes=_counts(asked.rows(_CLASSES)),
        properties=_counts(asked.rows(_PROPERTIES)),
        graphs=tuple(GraphKind(*row) for row in asked.rows(_GRAPHS)),
        linksets=tuple(
            LinkSet(_iri(predicate), target, triples) for predicate, target, triples in asked.rows(_LINKSETS)
        ),
        languages=_counts(asked.rows(_LANGUAGES)),
        coverage=(dates[0], dates[-1]) if dates else None,
        examples=tuple((_iri(kind), _iri(thing)) for kind, thing, _ in asked.rows(_EXAMPLE_OF)),
    )


def _counts(rows: Iterable[tuple[Any, ...]]) -> tuple[Count, ...]:
    return tuple(Count(_iri(of), number) for of, number in rows)


def _iri(token: str) -> str:
    return token.removeprefix("<").removesuffix(">")
