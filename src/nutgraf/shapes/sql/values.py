"""What a value node is: its class, datatype, kind, length, pattern, language, and whether a list has it.

Sources: SHACL §4.1, §4.4 and §4.8.3, https://www.w3.org/TR/shacl/#core-components-value-type
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nutgraf.shapes import regex

if TYPE_CHECKING:
    from nutgraf.engine.duckdb import Connection
    from nutgraf.shapes.model import Constraint, ShapesGraph

_WRONG: Final[dict[str, str]] = {
    "Class": "i.node is null",
    "Datatype": "t.datatype <> c.lexical or v.value in (select id from shacl_ill_typed)",
    "NodeKind": """not contains(
        c.lexical, case t.kind when 'iri' then 'IRI' when 'bnode' then 'BlankNode' else 'Literal' end)""",
    "In": "m.id is null",
    "MinLength": "t.kind = 'bnode' or length(t.lexical) < c.count",
    "MaxLength": "t.kind = 'bnode' or length(t.lexical) > c.count",
    "LanguageIn": "t.language = '' or m.id is null",
}
"""Component → what is wrong with a value node."""
COMPONENTS: Final = frozenset({*_WRONG, "Pattern"})

# A member of a list that fits may stand there twice: it is only asked whether there is none.
_VALUES: Final = """
insert into shacl_result
select c.id, v.focus, v.value, null
from shacl_value v join shacl_constraint c on c.shape = v.shape join shacl_term t on t.id = v.value
left join shacl_instance i on c.component = 'Class' and i.class = c.term and i.node = v.value
left join shacl_member m on m.id = c.id and case c.component
    when 'In' then m.term = v.value
    when 'LanguageIn' then m.lexical = '*' or t.language = lower(m.lexical)
        or starts_with(t.language, lower(m.lexical) || '-')
    else false end
where c.component in ({components}) and case c.component {cases} else false end
"""
_DISTINCT: Final = """
select distinct v.value, t.lexical from shacl_value v join shacl_term t on t.id = v.value
where v.shape = $shape and t.kind <> 'bnode'
"""
_UNMATCHED: Final = """
insert into shacl_result
select $id, v.focus, v.value, null
from shacl_value v join shacl_term t on t.id = v.value
where v.shape = $shape and (t.kind = 'bnode' or v.value in (select unnest($values)))
"""


def check(connection: Connection, graph: ShapesGraph) -> None:
    """Check all value nodes; by Python where a pattern is one that RE2 cannot say."""
    components = {constraint.component for constraint in graph.constraints}
    cases = {name: wrong for name, wrong in _WRONG.items() if name in components}
    parameters: dict[str, object] = {}
    patterns = []
    for constraint in graph.constraints:
        if constraint.component != "Pattern" or constraint.text is None:
            continue
        pattern = regex.to_re2(constraint.text, constraint.flags)
        if pattern is None:
            _match(connection, constraint)
            continue
        # A branch to a pattern: DuckDB compiles a constant pattern once.
        name = f"pattern{constraint.number}_"
        parameters[name] = pattern
        patterns.append(
            f"when {constraint.number} then t.kind = 'bnode' or not regexp_matches(t.lexical, ${name})"
        )
    if patterns:
        cases["Pattern"] = f"case c.id {' '.join(patterns)} else false end"
    if cases:
        branches = " ".join(f"when '{name}' then {wrong}" for name, wrong in cases.items())
        asked = ", ".join(f"'{name}'" for name in cases)
        connection.execute(_VALUES.format(components=asked, cases=branches), parameters)


def _match(connection: Connection, constraint: Constraint) -> None:
    """Check a pattern over the distinct values in Python."""
    asked = {"id": constraint.number, "shape": constraint.shape}
    pattern = regex.to_python(constraint.text or "", constraint.flags)
    rows = connection.execute(_DISTINCT, {"shape": constraint.shape}).fetchall()
    unmatched = [node for node, lexical in rows if not pattern.search(lexical)]
    connection.execute(_UNMATCHED, asked | {"values": unmatched})
