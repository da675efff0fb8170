"""What a dataset holds, counted by DuckDB over its N-Quads: no Python object a statement."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlglot import exp

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

_TRIPLES: Final = """
create view kinds as
select s, p, o, g, case when starts_with(g, {graph})
  then regexp_extract(substr(g, length({graph}) + 1), '^[^/>]+') else '' end as kind
from quads;
create view triples as
with after as (
  select *, lag(s) over () as s0, lag(p) over () as p0, lag(o) over () as o0, lag(g) over () as g0,
    lag(kind) over () as kind0
  from kinds
)
select s, p, o, g, kind,
  s is distinct from s0 as new_subject,
  new_subject or p <> p0 or o <> o0 as new_triple,
  new_triple or kind <> kind0 as new_in_kind
from after
"""
"""The lines are sorted, so the same again stands next to it: nothing has to be remembered to count once."""
_COUNTS: Final = """
with seen as (
  select *,
    case when new_triple and p in $links and starts_with(o, '<') and not starts_with(o, $base)
      then regexp_extract(o, '^<(.*[/#])[^/#]+>$', 1) end as target,
    case when new_triple and starts_with(o, '"') and not ends_with(o, '"')
      then lower(regexp_extract(o, '"@([A-Za-z0-9-]+)$', 1)) end as tag
  from triples
)
select
  count(*) filter (new_triple) as triples,
  count(*) filter (new_subject) as subjects,
  count(distinct hash(o)) as objects,
  count(*) filter (new_subject and starts_with(s, $id) and not contains(s, '#')) as entities,
  count(distinct hash(s)) filter (starts_with(s, $id) and not contains(s, '#') and kind <> 'evidence')
    as things,
  histogram(o) filter (new_triple and p = $type and starts_with(o, '<')) as classes,
  histogram(p) filter (new_triple) as properties,
  histogram(kind) filter (new_in_kind and kind <> '') as kinds,
  histogram(p || ' ' || target) filter (target <> '') as linksets,
  histogram(tag) filter (tag <> '') as languages
from seen
"""
"""Hashes of 64 bits: two of ten million terms share one with a probability of 3 in a million."""
_GRAPHS: Final = "select kind, count(distinct g) from kinds where kind <> '' group by kind"
_COVERAGE: Final = """
with dates as (
  select regexp_extract(o, '^"([^"]*)"', 1) as day, regexp_extract(o, '\\^\\^<([^>]*)>$', 1) as datatype
  from quads where p in $dates
), known as (select * from dates where datatype in $types)
(select day, datatype from known order by all limit 1)
union all
(select day, datatype from known order by day desc, datatype limit 1)
"""
_EXAMPLE_OF: Final = """
with typed as (
  select o as class, s from triples
  where new_triple and p = $type and starts_with(s, $id) and starts_with(o, $schema)
),
reached as (
  select hash(o) as h, count(*) as times from triples
  where new_triple and starts_with(o, $id) and not contains(o, '#') group by h
), best as (
  select class, min({'less': -coalesce(times, 0), 's': typed.s}) as of, count(*) as size
  from typed left join reached on reached.h = hash(typed.s) group by class
)
select class, of.s, size from best order by size desc, class limit $most
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
        file: a quad a line, sorted, as `nutgraf build` writes it.
        base: IRI that the workspace's nodes start with.

    Source: VoID §4.6, https://www.w3.org/TR/void/#statistics
    """
    with load(file) as connection:
        graph = exp.Literal.string(f"<{base}graph/").sql("duckdb")
        connection.execute(_TRIPLES.format(graph=graph))
        return _census(_Asked(connection, base))


@dataclass(frozen=True)
class _Asked:
    connection: duckdb.Connection
    base: str

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        values: dict[str, object] = {
            "base": f"<{self.base}",
            "dates": [f"<{iri}>" for iri in _DATES],
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
    triples, subjects, objects, entities, things, *maps = asked.rows(_COUNTS)[0]
    # A map of nothing is null.
    classes, properties, kinds, linksets, languages = (dict(each or {}) for each in maps)
    graphs = dict(asked.rows(_GRAPHS))
    dates = [Moment(*row) for row in asked.rows(_COVERAGE)]
    return Census(
        triples=triples,
        subjects=subjects,
        objects=objects,
        entities=entities,
        things=things,
        classes=_counts(classes),
        properties=_counts(properties),
        graphs=tuple(GraphKind(name, kinds[name], graphs[name]) for name in sorted(kinds)),
        linksets=tuple(_linkset(both, number) for both, number in sorted(linksets.items())),
        languages=_counts(languages),
        coverage=(dates[0], dates[-1]) if dates else None,
        examples=tuple((_iri(kind), _iri(thing)) for kind, thing, _ in asked.rows(_EXAMPLE_OF)),
    )


def _linkset(both: str, triples: int) -> LinkSet:
    predicate, _, target = both.partition(" ")
    return LinkSet(_iri(predicate), target, triples)


def _counts(found: Mapping[str, int]) -> tuple[Count, ...]:
    return tuple(Count(_iri(of), number) for of, number in sorted(found.items()))


def _iri(token: str) -> str:
    return token.removeprefix("<").removesuffix(">")
