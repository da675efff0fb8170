"""A constraint as what may be wrong and what surely is, in SQL.

The counterpart of `components`: what stands here may only say too little, never that a node conforms which
does not.
"""

# ruff: noqa: S608 - what stands in these queries is numbers and names of ours; the rest are parameters

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from nutgraf.shapes import regex
from nutgraf.shapes.paths import SH
from nutgraf.shapes.sql.facts import KINDS
from nutgraf.shapes.sql.screen import certain

if TYPE_CHECKING:
    from nutgraf.shapes.model import Constraint
    from nutgraf.shapes.sql.facts import Terms

ATTRIBUTES: Final = frozenset(
    """Datatype MinLength MaxLength Pattern LanguageIn UniqueLang MinExclusive MinInclusive MaxExclusive
    MaxInclusive LessThan LessThanOrEquals""".split()
)
"""Components that look at the text of a value node."""
_ALL: Final = "true"
_NODE_KINDS: Final = {"IRI": "iri", "BlankNode": "bnode", "Literal": "literal"}


@dataclass(slots=True)
class Part:
    """What is wrong at a shape's nodes.

    Attributes:
        values: conditions on a value node, of which one holds.
        nodes: queries of focus nodes.
    """

    values: list[str] = field(default_factory=list)
    nodes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Source:
    """Where a shape's nodes stand, and what is known of the shapes that it refers to.

    Attributes:
        terms: numbers of the terms.
        focus: the table of its focus nodes.
        values: a query of (focus, value).
        literals: a query of (focus, value, lexical, datatype, language).
        is_node: whether each node is its own value node.
        may: shape → the table of nodes at which it may fail; None when it never does.
        must: the same of the nodes at which it surely fails.
        parameters: what the queries' `$p0_` and on stand for.
    """

    terms: Terms
    focus: str
    values: str
    literals: str
    is_node: bool
    may: dict[int, str | None]
    must: dict[int, str | None]
    parameters: dict[str, object]

    def parameter(self, value: object) -> str:
        """The name of a value in SQL."""
        name = f"p{len(self.parameters)}_"  # so that no name begins another
        self.parameters[name] = value
        return f"${name}"

    def may_fail(self, shape: int, column: str = "value") -> str:
        """Whether a node may fail a shape."""
        return _in(self.may[shape], column)

    def must_fail(self, shape: int, column: str = "value") -> str:
        """Whether a node surely fails a shape."""
        return _in(self.must[shape], column)


def _in(table: str | None, column: str) -> str:
    return "false" if table is None else f"({column} in (select node from {table}))"


Screen = Callable[[Source, "Constraint"], tuple[Part, Part]]
"""Gives what may be wrong, and what surely is."""


def of(source: Source, constraint: Constraint) -> tuple[Part, Part]:
    """What may be wrong by a constraint, and what surely is; everything may be by one without a screen."""
    screen = _SCREENS.get(constraint.component)
    return screen(source, constraint) if screen else (Part([_ALL]), Part())


def _exact(*, values: list[str] | None = None, nodes: list[str] | None = None) -> tuple[Part, Part]:
    part = Part(values or [], nodes or [])
    return part, part


def _class(source: Source, c: Constraint) -> tuple[Part, Part]:
    number = source.terms[_term(c)]
    return _exact(values=[f"value not in (select node from shacl_instance where class = {number})"])


def _datatype(source: Source, c: Constraint) -> tuple[Part, Part]:
    datatype = _term(c).value
    other = f"datatype <> {source.parameter(datatype)}"
    well_typed = certain.well_typed(datatype, source.parameter)
    return Part([f"({other} or not {well_typed})"]), Part([other])


def _node_kind(_: Source, c: Constraint) -> tuple[Part, Part]:
    name = _term(c).value.removeprefix(SH)
    allowed = [str(KINDS[kind]) for part, kind in _NODE_KINDS.items() if part in name]
    return _exact(values=[f"value % 4 not in ({', '.join(allowed)})"])


def _values_in(source: Source, c: Constraint) -> tuple[Part, Part]:
    return _exact(values=[_not_among("value", [source.terms[member] for member in c.members])])


def _min_count(source: Source, c: Constraint) -> tuple[Part, Part]:
    if not c.count:
        return Part(), Part()
    if c.count == 1:
        return _exact(nodes=[_none_of(source)])
    return Part(nodes=[_fewer(source, "count(distinct value)", "true", c.count)]), Part(
        nodes=[_none_of(source)]
    )


def _max_count(source: Source, c: Constraint) -> tuple[Part, Part]:
    return (
        Part(nodes=[_more(source, "count(*)", "true", c.count)]),
        Part(nodes=[_more(source, "count(distinct value)", "true", c.count)]),
    )


def _has_value(source: Source, c: Constraint) -> tuple[Part, Part]:
    return _exact(nodes=[_none_of(source, f" and v.value = {source.terms[_term(c)]}")])


def _min_length(source: Source, c: Constraint) -> tuple[Part, Part]:
    return _exact(values=[f"(value % 4 = 1 or length(lexical) < {source.parameter(c.count)})"])


def _max_length(source: Source, c: Constraint) -> tuple[Part, Part]:
    return _exact(values=[f"(value % 4 = 1 or length(lexical) > {source.parameter(c.count)})"])


def _pattern(source: Source, c: Constraint) -> tuple[Part, Part]:
    pattern = regex.to_re2(c.text or "", c.flags)
    if pattern is None:
        return Part([_ALL]), Part()
    return _exact(values=[f"(value % 4 = 1 or not regexp_matches(lexical, {source.parameter(pattern)}))"])


def _language_in(source: Source, c: Constraint) -> tuple[Part, Part]:
    fits = ["false"]
    for member in c.members:
        name = source.parameter(member.value.lower())
        fits.append(f"language = {name} or starts_with(language, {name} || '-') or {name} = '*'")
    return _exact(values=[f"(language = '' or not ({' or '.join(fits)}))"])


def _unique_lang(source: Source, _: Constraint) -> tuple[Part, Part]:
    query = (
        f"select focus from ({source.literals}) where language <> '' group by focus, language having {{}} > 1"
    )
    return Part(nodes=[query.format("count(*)")]), Part(nodes=[query.format("count(distinct value)")])


def _range(source: Source, c: Constraint) -> tuple[Part, Part]:
    bound = _term(c)
    assert isinstance(bound, Literal), "the reader takes no other bound"
    within = certain.within(c.component, bound.datatype.value, bound.value, source.parameter)
    return Part([_ALL if within is None else f"not coalesce({within}, false)"]), Part()


def _less_than(source: Source, c: Constraint) -> tuple[Part, Part]:
    other = source.terms[_term(c)]
    less = certain.less("v", "t", source.parameter, either=c.component == "LessThanOrEquals")
    query = (
        f"select v.focus from ({source.literals}) v join shacl_fact t on t.s = v.focus and t.p = {other}"
        f" where not coalesce({less}, false)"
    )
    return Part(nodes=[query]), Part()


def _equals(source: Source, c: Constraint) -> tuple[Part, Part]:
    other = source.terms[_term(c)]
    return _exact(
        nodes=[
            (
                f"select v.focus from ({source.values}) v where not exists ("
                f"from shacl_fact t where t.s = v.focus and t.p = {other} and t.o = v.value)"
            ),
            (
                f"select t.s from shacl_fact t where t.p = {other}"
                f" and t.s in (select node from {source.focus})"
                f" and not exists (from ({source.values}) v where v.focus = t.s and v.value = t.o)"
            ),
        ]
    )


def _disjoint(source: Source, c: Constraint) -> tuple[Part, Part]:
    query = (
        f"select v.focus from ({source.values}) v"
        f" join shacl_fact t on t.s = v.focus and t.p = {source.terms[_term(c)]} and t.o = v.value"
    )
    return _exact(nodes=[query])


def _closed(source: Source, c: Constraint) -> tuple[Part, Part]:
    other = _not_among("p", [source.terms[member] for member in c.members])
    if source.is_node:
        return _exact(nodes=[f"select s from shacl_fact where {other}"])
    return _exact(
        nodes=[f"select v.focus from ({source.values}) v join shacl_fact t on t.s = v.value where {other}"]
    )


def _all_of(source: Source, c: Constraint) -> tuple[Part, Part]:
    """The components by which a value node conforms to all of some shapes."""
    if source.is_node:
        return (
            Part(nodes=[query for n in c.shapes for query in _from(source.may[n])]),
            Part(nodes=[query for n in c.shapes for query in _from(source.must[n])]),
        )
    return (
        Part([source.may_fail(n) for n in c.shapes if source.may[n]]),
        Part([source.must_fail(n) for n in c.shapes if source.must[n]]),
    )


def _not(source: Source, c: Constraint) -> tuple[Part, Part]:
    (shape,) = c.shapes
    return Part([f"not {source.must_fail(shape)}"]), Part([f"not {source.may_fail(shape)}"])


def _or(source: Source, c: Constraint) -> tuple[Part, Part]:
    may = [source.may_fail(n) for n in c.shapes] or [_ALL]
    must = [source.must_fail(n) for n in c.shapes] or [_ALL]
    return Part([f"({' and '.join(may)})"]), Part([f"({' and '.join(must)})"])


def _xone(source: Source, c: Constraint) -> tuple[Part, Part]:
    least = _sum(f"(not {source.may_fail(n)})::integer" for n in c.shapes)
    most = _sum(f"(not {source.must_fail(n)})::integer" for n in c.shapes)
    return Part([f"not ({least} = 1 and {most} = 1)"]), Part([f"({least} > 1 or {most} < 1)"])


def _qualified_min(source: Source, c: Constraint) -> tuple[Part, Part]:
    surely, possibly = _qualified(source, c)
    return (
        Part(nodes=[_fewer(source, "count(distinct value)", surely, c.count)]),
        Part(nodes=[_fewer(source, "count(*)", possibly, c.count)]),
    )


def _qualified_max(source: Source, c: Constraint) -> tuple[Part, Part]:
    surely, possibly = _qualified(source, c)
    return (
        Part(nodes=[_more(source, "count(*)", possibly, c.count)]),
        Part(nodes=[_more(source, "count(distinct value)", surely, c.count)]),
    )


def _qualified(source: Source, c: Constraint) -> tuple[str, str]:
    """Whether a value surely counts, and whether it possibly does."""
    (shape,) = c.shapes
    surely = [f"not {source.may_fail(shape)}", *(source.must_fail(n) for n in c.siblings)]
    possibly = [f"not {source.must_fail(shape)}", *(source.may_fail(n) for n in c.siblings)]
    return " and ".join(surely), " and ".join(possibly)


def _from(table: str | None) -> list[str]:
    return [f"select node from {table}"] if table else []


def _none_of(source: Source, condition: str = "") -> str:
    return (
        f"select node from {source.focus} f"
        f" where not exists (from ({source.values}) v where v.focus = f.node{condition})"
    )


def _fewer(source: Source, number: str, counts: str, least: int | None) -> str:
    return (
        f"select f.node from {source.focus} f left join (select focus, {number} as number"
        f" from ({source.values}) where {counts} group by focus) v on v.focus = f.node"
        f" where coalesce(v.number, 0) < {source.parameter(least)}"
    )


def _more(source: Source, number: str, counts: str, most: int | None) -> str:
    return (
        f"select focus from ({source.values}) where {counts}"
        f" group by focus having {number} > {source.parameter(most)}"
    )


def _not_among(column: str, numbers: list[int]) -> str:
    return f"{column} not in ({', '.join(map(str, numbers))})" if numbers else "true"


def _sum(terms: object) -> str:
    return "(" + " + ".join(["0", *terms]) + ")"  # type: ignore[misc]


def _term(c: Constraint) -> NamedNode | Literal:
    assert c.term is not None, "the reader reads one"
    return c.term  # type: ignore[return-value]


_SCREENS: Final[dict[str, Screen]] = {
    "Class": _class,
    "Datatype": _datatype,
    "NodeKind": _node_kind,
    "In": _values_in,
    "MinCount": _min_count,
    "MaxCount": _max_count,
    "HasValue": _has_value,
    "MinLength": _min_length,
    "MaxLength": _max_length,
    "Pattern": _pattern,
    "LanguageIn": _language_in,
    "UniqueLang": _unique_lang,
    "MinExclusive": _range,
    "MinInclusive": _range,
    "MaxExclusive": _range,
    "MaxInclusive": _range,
    "Equals": _equals,
    "Disjoint": _disjoint,
    "LessThan": _less_than,
    "LessThanOrEquals": _less_than,
    "Closed": _closed,
    "Node": _all_of,
    "Property": _all_of,
    "And": _all_of,
    "Not": _not,
    "Or": _or,
    "Xone": _xone,
    "QualifiedMinCount": _qualified_min,
    "QualifiedMaxCount": _qualified_max,
}
"""Component → its screen. Another component has none, and lets all nodes pass."""
