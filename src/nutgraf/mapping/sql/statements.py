"""Rules as SQL, the identifiers of statements, the checks of what was made, and the tables of the result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from sqlglot import exp

from nutgraf.mapping.check import LANGUAGE
from nutgraf.mapping.model import TermType, ValueExpression
from nutgraf.mapping.plan import Rule
from nutgraf.mapping.relation import RECORD, Relation
from nutgraf.mapping.sql.functions import call, case, concat, equals, matches, named, number, replace, text
from nutgraf.mapping.sql.terms import (
    BLANK_NODE,
    VALID_IRI,
    Term,
    compile_term,
    may_be_invalid,
)
from nutgraf.terms.vocabulary import XSD_STRING

GENERATED: Final = "generated"
"""What the rules make, a row for each record, before repetitions are removed."""

_TERMS: Final = (
    "subject",
    "subject_kind",
    "predicate",
    "object",
    "object_kind",
    "datatype",
    "language",
    "graph",
    "graph_kind",
)
_ID_LENGTH: Final = 20


def create_generated() -> exp.Create:
    """The empty table that rules insert into."""
    types = {"rule": "INTEGER"}
    columns = [_definition(name, types.get(name, "VARCHAR")) for name in ("rule", "record", "id", *_TERMS)]
    schema = exp.Schema(this=exp.to_table(GENERATED), expressions=columns)
    properties = exp.Properties(expressions=[exp.TemporaryProperty()])
    return exp.Create(this=schema, kind="TABLE", replace=True, properties=properties)


def insert_rule(rule: Rule, relation: Relation, base: str) -> exp.Insert:
    """Makes the statements of one rule: a record whose references are all there gives one.

    Args:
        rule: what to make.
        relation: the rule's logical source.
        base: the caller's base IRI, for a rule without its own.
    """
    return exp.Insert(this=exp.to_table(GENERATED), expression=_identified(_rule_query(rule, relation, base)))


def create_statements() -> exp.Create:
    """The distinct statements, in the order of their identifiers."""
    columns = [exp.column(name) for name in ("id", *_TERMS)]
    query = exp.select(*columns).distinct().from_(GENERATED).order_by(*_order("id", "graph"))
    return _create("statements", query)


def create_lineage() -> exp.Create:
    """Which rule made which statement of which record."""
    query = (
        exp.select(
            exp.column("id").as_("statement"),
            exp.column("graph"),
            exp.column("rule"),
            text("object").as_("term_map"),
            exp.column("record"),
            text("child").as_("role"),
        )
        .distinct()
        .from_(GENERATED)
        .order_by(*_order("statement", "graph", "rule", "record"))
    )
    return _create("lineage", query)


def create_rules(rules: Sequence[Rule]) -> Iterator[exp.Expression]:
    """The table of the rules, and what fills it."""
    types = {
        "rule": "INTEGER",
        "file": "VARCHAR",
        "line": "INTEGER",
        "column": "INTEGER",
        "triples_map": "VARCHAR",
        "predicate": "VARCHAR",
    }
    columns = [_definition(name, kind) for name, kind in types.items()]
    yield exp.Create(
        this=exp.Schema(this=exp.to_table("rules"), expressions=columns), kind="TABLE", replace=True
    )
    values = [
        (
            rule.number,
            rule.span.file,
            rule.span.line,
            rule.span.column,
            rule.triples_map,
            rule.constant_predicate,
        )
        for rule in rules
    ]
    if values:
        yield exp.insert(exp.values(values), exp.to_table("rules"))


def find_invalid(rules: Sequence[Rule], limit: int) -> exp.Select | None:
    """The values of the data that made no valid term: (rule, position, value, first record).

    None when no rule can make one: a constant is checked when it is read, an encoded value is safe.
    """
    queries = [_invalid(position, numbers) for position, numbers in _unsafe(rules).items()]
    if not queries:
        return None
    found = (
        exp.union(*queries, distinct=False).subquery("found")
        if len(queries) > 1
        else queries[0].subquery("found")
    )
    return exp.select(exp.Star()).from_(found).order_by("rule", "position", "value").limit(limit)


def statement_id(
    subject: exp.Expression, predicate: exp.Expression, object_text: exp.Expression
) -> exp.Expression:
    """The first 20 hexadecimal digits of the SHA-256 of the statement's line in canonical N-Triples.

    Source: https://www.w3.org/TR/rdf12-n-triples/#canonical-ntriples
    """
    line = concat([subject, text(" "), predicate, text(" "), object_text, text(" .")])
    return call("left", call("sha256", line), number(_ID_LENGTH))


def _rule_query(rule: Rule, relation: Relation, base: str) -> exp.Select:
    used_base = rule.base_iri or base
    terms = {name: compile_term(term_map, relation, used_base) for name, term_map in rule.term_maps()}
    subject, made, graph = terms["subject"], terms["object"], terms.get("graph")
    columns = (
        number(rule.number).as_("rule"),
        exp.column(RECORD, quoted=True),
        subject.value.as_("subject"),
        text(subject.kind).as_("subject_kind"),
        terms["predicate"].value.as_("predicate"),
        made.value.as_("object"),
        text(made.kind).as_("object_kind"),
        made.datatype.as_("datatype"),
        made.language.as_("language"),
        *_graph_columns(graph),
    )
    present = [
        exp.not_(relation.columns[name].expression().is_(exp.null()))
        for name in sorted({reference.name for reference in rule.references()})
    ]
    return exp.select(*columns).from_(exp.to_table(relation.name)).where(*present)


def _graph_columns(graph: Term | None) -> tuple[exp.Expression, exp.Expression]:
    if graph is None:
        return named(exp.null(), "graph"), named(exp.null(), "graph_kind")
    return named(graph.value, "graph"), named(text(graph.kind), "graph_kind")


def _identified(query: exp.Select) -> exp.Select:
    """The columns of `generated`: what a rule makes, with the identifier of each statement."""
    subject = _node("subject", "subject_kind")
    predicate = concat([text("<"), exp.column("predicate"), text(">")])
    identifier = statement_id(subject, predicate, _object_text())
    columns = [exp.column(name) for name in _TERMS]
    made = query.subquery("made", copy=False)
    return exp.select(exp.column("rule"), exp.column("record"), identifier.as_("id"), *columns).from_(made)


def _node(value: str, kind: str) -> exp.Expression:
    node = exp.column(value)
    return case(
        (equals(exp.column(kind), text(BLANK_NODE)), concat([text("_:"), node])),
        otherwise=concat([text("<"), node, text(">")]),
    )


def _object_text() -> exp.Expression:
    language, datatype = exp.column("language"), exp.column("datatype")
    suffix = case(
        (exp.not_(language.is_(exp.null())), concat([text("@"), language])),
        (equals(datatype, text(XSD_STRING)), text("")),
        otherwise=concat([text("^^<"), datatype, text(">")]),
    )
    return case(
        (equals(exp.column("object_kind"), text("literal")), concat([quoted(exp.column("object")), suffix])),
        otherwise=_node("object", "object_kind"),
    )


def quoted(value: exp.Expression) -> exp.Expression:
    """A literal's text as N-Triples quotes it: JSON's escapes, and those of three more characters."""
    more = ((0x7F, "\\u007F"), (0xFFFE, "\\uFFFE"), (0xFFFF, "\\uFFFF"))
    return replace(call("json_quote", value), *((call("chr", number(code)), escape) for code, escape in more))


def _unsafe(rules: Sequence[Rule]) -> dict[str, list[int]]:
    """Position → the rules whose term there may come out invalid."""
    found: dict[str, list[int]] = {}
    for rule in rules:
        for position, expression, term_type in _checked(rule):
            if may_be_invalid(expression, term_type):
                found.setdefault(position, []).append(rule.number)
    return found


def _checked(rule: Rule) -> Iterator[tuple[str, ValueExpression, TermType]]:
    for position, term_map in rule.term_maps():
        if term_map.term_type.is_iri:
            yield position, term_map.expression, term_map.term_type
        if term_map.datatype_map:
            yield "datatype", term_map.datatype_map.expression, TermType.IRI
        if term_map.language_map:
            yield "language", term_map.language_map.expression, TermType.UNSAFE_IRI


def _invalid(position: str, numbers: Iterable[int]) -> exp.Select:
    value = exp.column(position)
    pattern = LANGUAGE.pattern if position == "language" else VALID_IRI
    return (
        exp.select(
            exp.column("rule"),
            text(position).as_("position"),
            value.as_("value"),
            exp.func("min", exp.column("record")).as_("record"),
        )
        .from_(GENERATED)
        .where(exp.column("rule").isin(*numbers), exp.not_(matches(value, pattern)))
        .group_by(exp.column("rule"), value.copy())
    )


def _create(name: str, query: exp.Select) -> exp.Create:
    return exp.Create(this=exp.to_table(name), kind="TABLE", replace=True, expression=query)


def _definition(name: str, kind: str) -> exp.ColumnDef:
    return exp.ColumnDef(this=exp.to_identifier(name, quoted=True), kind=exp.DataType.build(kind))


def _order(*names: str) -> list[exp.Ordered]:
    return [exp.Ordered(this=exp.column(name), nulls_first=True) for name in names]
