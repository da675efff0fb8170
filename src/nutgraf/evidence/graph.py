"""Evidence in the graph: a statement node with annotations for each statement that an article makes.

It is made from the lineage of the mapping, never mapped by hand: a statement's evidence is that of its
nearest ancestor-or-self record that has any. The selectors of the spans are mapped from the sheets.

Sources: RDF 1.1 Schema §5.3 (reification), Web Annotation Data Model §3 and §4.2.4.
"""

from __future__ import annotations

from typing import Final

import duckdb

from nutgraf.engine.statements import DIGEST
from nutgraf.terms.vocabulary import NUT, OA, RDF, XSD_STRING

# One row a support of a statement: the record that made it in this graph, and what that record has.
_SUPPORT: Final = """
create or replace temp view support as
select distinct l.statement, l.graph, r.record, r.article, r.modality, r.evidence, r.derivation
from lineage l join record r on r.record = l.record
where r.source = 'article' and l.graph = $base || 'graph/article/' || r.article
"""

# One annotation a span and way of saying: all statements that the span makes in that way are its bodies.
_ANNOTATION: Final = """
create or replace temp view annotation as
with said as (
    select s.statement, s.article, s.modality, e.span, e.start, e."end",
        (select list(distinct k.agent order by k.agent) from speaker k where k.record = s.record) as speakers,
        (select list(distinct v.mention order by v.mention) from via v where v.record = s.record) as mentions
    from support s join evidence e on e.record = s.evidence
)
select distinct
    $base || 'stmt/' || statement as body,
    $base || 'id/' || article || '#says-' || start || '-' || "end" || case
        when modality = 'actual' and speakers is null and mentions is null then ''
        else '-' || sha256(to_json([[modality], speakers, mentions])::varchar)[:8] end as node,
    $base || span as target,
    $base || 'graph/evidence/' || article as graph,
    modality, speakers, mentions
from said
"""

_DERIVATION: Final = """
create or replace temp view deriving as
select distinct
    $base || 'stmt/' || s.statement as body,
    $base || 'stmt/' || s.statement || '#' || s.article || '-' || d.rule as node,
    d.rule,
    d.record,
    $base || 'graph/evidence/' || s.article as graph
from support s join derivation d on d.record = s.derivation
"""

# (subject, predicate, object, object kind, datatype, graph) of everything an evidence graph adds.
_EVIDENCE: Final = """
create or replace temp view evidence_quad as
with stated as (
    select distinct $base || 'stmt/' || s.statement as node, $base || 'graph/evidence/' || s.article as graph,
        t.subject, t.subject_kind, t.predicate, t.object, t.object_kind, t.datatype, t.language
    from support s join statements t on t.id = s.statement and t.graph = s.graph
)
select node as subject, $rdf || 'type' as predicate, $rdf || 'Statement' as object, 'iri' as object_kind,
    null as datatype, null as language, graph from stated
union select node, $rdf || 'subject', subject, subject_kind, null, null, graph from stated
union select node, $rdf || 'predicate', predicate, 'iri', null, null, graph from stated
union select node, $rdf || 'object', object, object_kind, datatype, language, graph from stated
union select node, $rdf || 'type', $oa || 'Annotation', 'iri', null, null, graph from annotation
union select node, $oa || 'hasBody', body, 'iri', null, null, graph from annotation
union select node, $oa || 'hasTarget', target, 'iri', null, null, graph from annotation
union select node, $nut || 'modality', $nut || upper(modality[1]) || modality[2:], 'iri', null, null, graph
    from annotation
union select node, $nut || 'speaker', $base || unnest(speakers), 'iri', null, null, graph
    from annotation
union select node, $nut || 'via', $base || unnest(mentions), 'iri', null, null, graph
    from annotation
union select node, $rdf || 'type', $nut || 'Derivation', 'iri', null, null, graph from deriving
union select body, $nut || 'derivation', node, 'iri', null, null, graph from deriving
union select node, $nut || 'rule', rule, 'literal', $string, null, graph from deriving
union select d.node, $nut || 'input', $base || i.span, 'iri', null, null, d.graph
    from deriving d join derivation_input i on i.record = d.record
"""

_ADD: Final = f"""
insert into statements by name
select *, {DIGEST} as digest from (
    select distinct subject, 'iri' as subject_kind, predicate, object, object_kind, datatype, language,
        graph, 'iri' as graph_kind
    from evidence_quad)
"""  # noqa: S608 - of ours


def add(connection: duckdb.DuckDBPyConnection, base: str) -> None:
    """Add the evidence graphs to the table `statements`.

    Args:
        connection: with the tables `statements`, with digests, and `lineage` that the mapping made, and the
            tables of `nutgraf.factsheet.tables.LINEAGE`.
        base: IRI that the workspace's nodes start with.
    """
    values = {"base": base, "rdf": RDF, "oa": OA, "nut": NUT, "string": XSD_STRING}
    for view in (_SUPPORT, _ANNOTATION, _DERIVATION, _EVIDENCE):
        connection.execute(_bound(view, values))
    connection.execute(_ADD)


def _bound(sql: str, values: dict[str, str]) -> str:
    """A view cannot have parameters: write the constants in as SQL strings."""
    for name, value in values.items():
        sql = sql.replace(f"${name}", "'" + value.replace("'", "''") + "'")
    return sql


# The five classes, each statement in the first that fits.
_CLASSES: Final = """
create or replace table statement_class as
with origin as (
    select t.id, t.graph, t.subject, t.predicate,
        bool_or(r.source = 'article' and r.derivation is not null) as derived,
        bool_or(r.source = 'article' and r.derivation is null and e.record is not null) as stated,
        bool_or(r.source = 'register') as register,
        bool_or(r.source = 'link') as link,
        bool_or(r.source = 'article' and r.evidence is null and m.predicate is not null) as metadata
    from statements t
    left join lineage l on l.statement = t.id and l.graph is not distinct from t.graph
    left join record r on r.record = l.record
    left join (select distinct record from evidence) e on e.record = r.evidence
    left join metadata m on m.predicate = t.predicate
    where t.graph not like $base || 'graph/evidence/%' or t.graph is null
    group by all
)
select id, graph, subject, predicate,
    case when stated then 'stated' when derived then 'derived' when register then 'register'
        when link then 'link' when metadata then 'build metadata' else 'unclassified' end as class
from origin
"""

CLASSES: Final = ("stated", "derived", "register", "link", "build metadata", "unclassified")
"""What a published statement can be; the last must stay empty."""


def classify(connection: duckdb.DuckDBPyConnection, base: str, metadata: list[str]) -> dict[str, int]:
    """Put each published statement into exactly one of the five classes.

    Args:
        connection: as for `add`.
        base: as for `add`.
        metadata: IRIs of the properties that the ontology lists as build metadata.

    Returns:
        Class → number of statements outside the evidence graphs; the table `statement_class` has a row
        for each.
    """
    connection.execute("create or replace temp table metadata (predicate varchar)")
    if metadata:
        connection.executemany("insert into metadata values (?)", [[iri] for iri in metadata])
    connection.execute(_bound(_CLASSES, {"base": base}))
    counts = dict(connection.execute("select class, count(*) from statement_class group by class").fetchall())
    return {name: counts.get(name, 0) for name in CLASSES}
