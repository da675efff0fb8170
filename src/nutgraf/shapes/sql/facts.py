"""The data as numbers: a row a statement, and of terms only those that are asked for.

The number of a node is a hash of its term, the same in the data and in the shapes; its last two bits are the
node's kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pyoxigraph import BlankNode, Literal, NamedNode

from nutgraf.problems import InputError, Problem
from nutgraf.terms.vocabulary import RDF_LANG_STRING, XSD, XSD_STRING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nutgraf.engine.duckdb import Connection
    from nutgraf.shapes.report import Term

KINDS: Final = {"iri": 0, "bnode": 1, "literal": 2}
"""Kind of node → the last two bits of its number."""

_SALTS: Final = 8
"""How many ways of numbering are tried: each writes another digit before the text, the first none."""

_SHORT: Final = "^"
"""What stands for XSD's namespace in `shacl_` tables, where texts of up to 12 bytes cost much less. No IRI
has that character; alone it is rdf:langString."""

# A literal's datatype is never absent, and its language tag is in lower case. Nodes have neither.
_MACROS: Final = """
create or replace temp macro shacl_datatype(kind, datatype, language) as case
    when kind <> 'literal' then '' when language <> '' then $short
    when starts_with(datatype, $xsd) then replace(datatype, $xsd, $short)
    when datatype is null or datatype = '' then $string else datatype end;
create or replace temp macro shacl_language(language) as if(language is null, '', lower(language));
create or replace temp macro shacl_salted(lexical, salt) as if(salt = 0, lexical, salt || lexical);
create or replace temp macro shacl_hash(lexical, datatype, language, salt) as
    (hash(shacl_salted(lexical, salt), datatype, language) >> 2) * 4;
create or replace temp macro shacl_node(kind, lexical, salt) as
    shacl_hash(lexical, '', '', salt) | (kind = 'bnode')::ubigint;
create or replace temp macro shacl_number(kind, lexical, datatype, language, salt) as
    shacl_hash(lexical, shacl_datatype(kind, datatype, language), shacl_language(language), salt)
    | (case kind when 'literal' then 2 when 'bnode' then 1 else 0 end)::ubigint;
"""
_FACTS: Final = """
create or replace temp table shacl_fact as
select shacl_node(subject_kind, subject, $salt) as s,
    shacl_node('iri', predicate, $salt) as p,
    shacl_number(object_kind, object, datatype, language, $salt) as o,
    object as lexical,
    shacl_datatype(object_kind, datatype, language) as datatype,
    shacl_language(language) as language
from statements
"""
_ASKED: Final = " where predicate in (select unnest($predicates))"
_SORTED: Final = " order by p"
"""One predicate's statements stand together, so that a query of them reads little else."""
# The text of each node: a row for each, if no two have the same number.
_NODES: Final = """
create or replace temp table shacl_node as
select distinct id, lexical from (
    select shacl_node(subject_kind, subject, $salt) as id, subject as lexical from statements
    union all select o, lexical from shacl_fact where o % 4 <> 2
    {predicates}
    union all select id, lexical from shacl_constant where kind <> 'literal'
)
"""
_PREDICATES: Final = """
    union all select distinct shacl_node('iri', predicate, $salt), predicate from statements
"""
"""Where not only those of the shapes are asked for."""
_COLLISION: Final = """
select 1 from (select count(*) as nodes, count(distinct id) as numbers from shacl_node)
where nodes <> numbers
union all
select 1 from shacl_fact f join shacl_constant c on c.id = f.o
where c.kind = 'literal'
    and (f.lexical <> c.lexical or f.datatype <> c.datatype or f.language <> c.language)
limit 1
"""
_CONSTANT: Final = """
create or replace temp table shacl_constant as
select position, kind, lexical, shacl_number(kind, lexical, datatype, language, $salt) as id,
    shacl_datatype(kind, datatype, language) as datatype, shacl_language(language) as language
from (
    select unnest(range(len($kind))) as position, unnest($kind::varchar[]) as kind,
        unnest($lexical::varchar[]) as lexical, unnest($datatype::varchar[]) as datatype,
        unnest($language::varchar[]) as language
) order by position
"""
_NUMBERS: Final = "select id from shacl_constant order by position"

# The triples that the examination asks for once the value nodes are known, and every term that it looks at.
_NEAR: Final = """
create or replace temp table shacl_triple as
select s, p, o from shacl_fact where s in (
    select v.value from shacl_value v join shacl_constraint c on c.shape = v.shape
    where c.component = 'Closed')
union
select s, p, o from shacl_fact where p in (select term from shacl_constraint where component in (
    'Equals', 'Disjoint', 'LessThan', 'LessThanOrEquals'))
and s in (
    select f.node from shacl_focus f join shacl_constraint c on c.shape = f.shape
    where c.component in ('Equals', 'Disjoint', 'LessThan', 'LessThanOrEquals'));
create or replace temp table shacl_asked as
select node as id from shacl_focus union select value from shacl_value
union select o from shacl_triple union select p from shacl_triple;
"""
# Nodes have one text, as `_COLLISION` has made sure; of literals each is kept, so that `_ALIKE` sees them.
_TERMS: Final = """
create or replace temp table shacl_term as
select id, if(id % 4 = 0, 'iri', 'bnode') as kind, lexical, '' as datatype, '' as language
from shacl_node where id in (
    select id from shacl_asked where id % 4 <> 2 union all select id from shacl_constant)
union all
select distinct o, 'literal', lexical, datatype, language from shacl_fact
where o in (
    select id from shacl_asked where id % 4 = 2 and id not in (select id from shacl_constant))
union all
select distinct id, kind, lexical, datatype, language from shacl_constant where kind = 'literal'
"""
_ALIKE: Final = "select count(*) - count(distinct id) from shacl_term"


class Terms:
    """Terms of the shapes graph → their numbers.

    Attributes:
        salt: which way of numbering it is.
    """

    def __init__(self, numbers: dict[Term, int], salt: int) -> None:
        self._numbers = numbers
        self.salt = salt

    def __getitem__(self, term: Term) -> int:
        return self._numbers[lowered(term)]

    def add(self, numbers: dict[Term, int]) -> None:
        """Add terms that were found later."""
        self._numbers |= numbers


def create(connection: Connection, constants: list[Term], predicates: list[str] | None) -> Terms:
    """Make `shacl_fact` of the table `statements`, and give numbers to the terms of the shapes.

    Args:
        connection: with the table.
        constants: terms of the shapes, language tags in lower case.
        predicates: only statements with these; all when None.

    Raises:
        InputError: SHP104 nodes of the data have the same number, whatever the numbering.
    """
    _execute(connection, _MACROS, string=short(XSD_STRING), xsd=XSD, short=_SHORT)
    for salt in range(_SALTS):
        numbers = _number(connection, constants, salt)
        asked = {} if predicates is None else {"predicates": predicates}
        connection.execute(_FACTS + (_ASKED if asked else "") + _SORTED, {"salt": salt} | asked)
        nodes = _NODES.format(predicates=_PREDICATES if predicates is None else "")
        connection.execute(nodes, {"salt": salt})
        if not connection.execute(_COLLISION).fetchall():
            return Terms(dict(zip(constants, numbers, strict=True)), salt)
    raise _alike()


def describe(connection: Connection) -> None:
    """Make `shacl_triple` and `shacl_term` of what is near the focus nodes and their value nodes.

    Raises:
        InputError: SHP104 terms have the same number.
    """
    connection.execute(_NEAR)
    name(connection)
    if connection.execute(_ALIKE).fetchall() != [(0,)]:
        raise _alike()


def name(connection: Connection) -> None:
    """Make `shacl_term` of the nodes in `shacl_asked` and of the terms of the shapes."""
    connection.execute(_TERMS)


def add_terms(connection: Connection, terms: Terms, found: Iterable[Term]) -> None:
    """Give numbers to terms that a query found, and add those to `shacl_term` that are not there."""
    more = sorted(set(map(lowered, found)), key=str)
    numbers = _number(connection, more, terms.salt)
    connection.execute(
        "insert into shacl_term select id, kind, lexical, datatype, language from shacl_constant"
        " where id not in (select id from shacl_term)"
    )
    terms.add(dict(zip(more, numbers, strict=True)))


def lowered(term: Term) -> Term:
    """A term as it compares: language tags in lower case."""
    if isinstance(term, Literal) and term.language and not term.language.islower():
        return Literal(term.value, language=term.language.lower())
    return term


def short(datatype: str) -> str:
    """A datatype as it stands in `shacl_` tables.

    >>> short("http://www.w3.org/2001/XMLSchema#date")
    '^date'
    """
    if datatype == RDF_LANG_STRING:
        return _SHORT
    return _SHORT + datatype.removeprefix(XSD) if datatype.startswith(XSD) else datatype


def full(datatype: str) -> str:
    """The IRI of a datatype that may be shortened.

    >>> full("^date")
    'http://www.w3.org/2001/XMLSchema#date'
    """
    if datatype == _SHORT:
        return RDF_LANG_STRING
    return XSD + datatype.removeprefix(_SHORT) if datatype.startswith(_SHORT) else datatype


def term_from(kind: str, lexical: str, datatype: str, language: str) -> Term:
    """The term of a row of `shacl_term`."""
    match kind:
        case "iri":
            return NamedNode(lexical)
        case "bnode":
            return BlankNode(lexical)
        case _ if language:
            return Literal(lexical, language=language)
        case _:
            return Literal(lexical, datatype=NamedNode(full(datatype)))


def term_columns(term: Term) -> dict[str, str | None]:
    """A term as columns."""
    if isinstance(term, Literal):
        return {
            "kind": "literal",
            "lexical": term.value,
            "datatype": term.datatype.value,
            "language": term.language,
        }
    kind = "bnode" if isinstance(term, BlankNode) else "iri"
    return {"kind": kind, "lexical": term.value, "datatype": None, "language": None}


def _number(connection: Connection, constants: Iterable[Term], salt: int) -> list[int]:
    """Make `shacl_constant` of some terms, and give their numbers."""
    rows = [term_columns(term) for term in constants]
    columns = {name: [row[name] for row in rows] for name in ("kind", "lexical", "datatype", "language")}
    connection.execute(_CONSTANT, {"salt": salt} | columns)
    return [number for (number,) in connection.execute(_NUMBERS).fetchall()]


def _alike() -> InputError:
    return InputError(
        Problem(
            "SHP104",
            "the terms of the data cannot be told apart by their hashes",
            why=f"{_SALTS} ways of numbering them gave two terms the same number",
            fix="validate with --engine pyshacl",
        )
    )


def _execute(connection: Connection, sql: str, **constants: str) -> None:
    """Run a statement that cannot have parameters: write the constants in as SQL strings."""
    for name, value in constants.items():
        sql = sql.replace(f"${name}", "'" + value.replace("'", "''") + "'")
    connection.execute(sql)
