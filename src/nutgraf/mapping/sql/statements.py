"""The statements that rules make, their identifiers, and the tables of the result."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sqlglot import exp

from nutgraf.engine.statements import DIGEST, TERMS
from nutgraf.mapping.plan import Rule
from nutgraf.mapping.sql.functions import any_of, call, case, concat, equals, named, number, replace, text
from nutgraf.mapping.sql.terms import BLANK_NODE
from nutgraf.terms.vocabulary import XSD_STRING

GENERATED: Final = "generated"
"""What the rules make, a row for each record, before repetitions are removed."""

_ID_LENGTH: Final = 20
_MORE_ESCAPES: Final = ((0x7F, "\\u007F"), (0xFFFE, "\\uFFFE"), (0xFFFF, "\\uFFFF"))


def create_generated() -> exp.Create:
    """The empty table that rules insert into."""
    types = {"rule": "INTEGER", "parents": "VARCHAR[]"}
    names = ("rule", "record", "parents", "id", *TERMS)
    columns = [_definition(name, types.get(name, "VARCHAR")) for name in names]
    schema = exp.Schema(this=exp.to_table(GENERATED), expressions=columns)
    properties = exp.Properties(expressions=[exp.TemporaryProperty()])
    return exp.Create(this=schema, kind="TABLE", replace=True, properties=properties)


def insert(queries: Sequence[exp.Select], *, identified: bool = True) -> exp.Insert:
    """Adds what rules make.

    Args:
        queries: what `rule_query` gave for each of them.
        identified: whether each statement gets its identifier.
    """
    made = exp.union(*queries, distinct=False, copy=False) if len(queries) > 1 else queries[0]
    return exp.Insert(
        this=exp.to_table(GENERATED),
        expression=_identified(made.subquery("made", copy=False), identified=identified),
    )


def create_statements(*, digested: bool = False) -> exp.Create:
    """The distinct statements, in the order of their identifiers.

    Args:
        digested: whether each statement gets its digest.
    """
    columns = [exp.column(name) for name in ("id", *TERMS)]
    query = exp.select(*columns).distinct().from_(GENERATED)
    if digested:
        digest: exp.Expression = exp.maybe_parse(DIGEST, dialect="duckdb").as_("digest")
        query = exp.select(exp.Star(), digest).from_(query.subquery("made", copy=False))
    return _create("statements", query.order_by(*_order("id", "graph"), copy=False))


def create_lineage() -> exp.Create:
    """Which rule made which statement of which record, and of which parent record where it joins two."""
    child = exp.column("record")
    parent = call("unnest", exp.column("parents"))
    made = exp.union(_lineage(child, "child"), _lineage(parent, "parent")).subquery("made")
    no_partner = exp.And(  # of a row that a left join kept
        this=equals(exp.column("role"), text("parent")), expression=exp.column("record").is_(exp.null())
    )
    order = _order("statement", "graph", "rule", "record", "role")
    return _create("lineage", exp.select(exp.Star()).from_(made).where(exp.not_(no_partner)).order_by(*order))


def _lineage(record: exp.Expression, role: str) -> exp.Select:
    return exp.select(
        exp.column("id").as_("statement"),
        exp.column("graph"),
        exp.column("rule"),
        text("object").as_("term_map"),
        named(record, "record"),
        text(role).as_("role"),
    ).from_(GENERATED)


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


def statement_id(
    subject: exp.Expression, predicate: exp.Expression, object_text: exp.Expression
) -> exp.Expression:
    """The first 20 hexadecimal digits of the SHA-256 of the statement's line in canonical N-Triples.

    Source: https://www.w3.org/TR/rdf12-n-triples/#canonical-ntriples
    """
    line = concat([subject, text(" "), predicate, text(" "), object_text, text(" .")])
    return call("left", call("sha256", line), number(_ID_LENGTH))


def lines(*, graphs: bool) -> exp.Select:
    """The distinct lines of what was generated, in their order: N-Quads with `graphs`, else N-Triples."""
    graph = case(
        (exp.column("graph").is_(exp.null()), text("")),
        otherwise=concat([text(" "), _node("graph", "graph_kind")]),
    )
    ends = [graph, text(" .\n")] if graphs else [text(" .\n")]
    parts = [
        _node("subject", "subject_kind"),
        text(" <"),
        exp.column("predicate"),
        text("> "),
        _object_text(),
        *ends,
    ]
    line = named(concat(parts), "line")
    return exp.select(line).distinct().from_(GENERATED).order_by(exp.column("line"))


def relative(base: str) -> exp.Select:
    """A row where an IRI of what was generated begins with `base`."""
    begins = [
        call("coalesce", call("starts_with", exp.column(name), text(base)), exp.false())
        for name in ("subject", "predicate", "object", "datatype", "graph")
    ]
    return exp.select(number(1)).from_(GENERATED).where(any_of(begins)).limit(1)


def _identified(made: exp.Subquery, *, identified: bool) -> exp.Select:
    """The columns of `generated`: what rules make, with the identifier of each statement."""
    subject = _node("subject", "subject_kind")
    predicate = concat([text("<"), exp.column("predicate"), text(">")])
    identifier = statement_id(subject, predicate, _object_text()) if identified else exp.null()
    columns = [exp.column(name) for name in TERMS]
    head = [exp.column(name) for name in ("rule", "record", "parents")]
    return exp.select(*head, identifier.as_("id"), *columns).from_(made)


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
    """A literal's text as N-Triples quotes it."""
    return readable(call("json_quote", value))


def readable(literal: exp.Expression) -> exp.Expression:
    """A text in JSON's quotes and escapes as N-Triples has it: three more characters are escaped."""
    has_more = any_of([call("contains", literal, call("chr", number(code))) for code, _ in _MORE_ESCAPES])
    escaped = replace(literal, *((call("chr", number(code)), escape) for code, escape in _MORE_ESCAPES))
    return case((has_more, escaped), otherwise=literal)


def _create(name: str, query: exp.Select) -> exp.Create:
    return exp.Create(this=exp.to_table(name), kind="TABLE", replace=True, expression=query)


def _definition(name: str, kind: str) -> exp.ColumnDef:
    return exp.ColumnDef(this=exp.to_identifier(name, quoted=True), kind=exp.DataType.build(kind))


def _order(*names: str) -> list[exp.Ordered]:
    return [exp.Ordered(this=exp.column(name), nulls_first=True) for name in names]
