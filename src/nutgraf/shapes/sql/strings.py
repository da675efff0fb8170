"""Length, language and pattern of value nodes.

Source: SHACL §4.4, https://www.w3.org/TR/shacl/#core-components-string
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from nutgraf.shapes import regex

if TYPE_CHECKING:
    from nutgraf.engine.duckdb import Connection
    from nutgraf.shapes.model import ShapesGraph

MIN_LENGTH: Final = """
insert into shacl_result
select c.id, v.focus, v.value, null
from shacl_value v join shacl_constraint c on c.shape = v.shape join shacl_term t on t.id = v.value
where c.component = 'MinLength' and (t.kind = 'bnode' or length(t.lexical) < c.count)
"""

MAX_LENGTH: Final = """
insert into shacl_result
select c.id, v.focus, v.value, null
from shacl_value v join shacl_constraint c on c.shape = v.shape join shacl_term t on t.id = v.value
where c.component = 'MaxLength' and (t.kind = 'bnode' or length(t.lexical) > c.count)
"""

LANGUAGE_IN: Final = """
insert into shacl_result
select c.id, v.focus, v.value, null
from shacl_value v join shacl_constraint c on c.shape = v.shape join shacl_term t on t.id = v.value
where c.component = 'LanguageIn' and (t.language = '' or not exists (
    from shacl_member m where m.id = c.id and (
        m.lexical = '*' or t.language = lower(m.lexical)
        or starts_with(t.language, lower(m.lexical) || '-'))))
"""

# One result a language, however many values have it.
UNIQUE_LANG: Final = """
insert into shacl_result
select c.id, v.focus, null, null
from shacl_value v join shacl_constraint c on c.shape = v.shape join shacl_term t on t.id = v.value
where c.component = 'UniqueLang' and t.language <> ''
group by c.id, v.focus, t.language having count(*) > 1
"""

_PATTERN: Final = """
insert into shacl_result
select $id, v.focus, v.value, null
from shacl_value v join shacl_term t on t.id = v.value
where v.shape = $shape and (t.kind = 'bnode' or not regexp_matches(t.lexical, $pattern))
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


def patterns(connection: Connection, graph: ShapesGraph) -> None:
    """Check the patterns: DuckDB does, or Python over the distinct values where RE2 cannot say the same."""
    for constraint in graph.constraints:
        if constraint.component != "Pattern" or constraint.text is None:
            continue
        asked = {"id": constraint.number, "shape": constraint.shape}
        re2 = regex.to_re2(constraint.text, constraint.flags)
        if re2 is not None:
            connection.execute(_PATTERN, asked | {"pattern": re2})
            continue
        pattern = regex.to_python(constraint.text, constraint.flags)
        rows = connection.execute(_DISTINCT, {"shape": constraint.shape}).fetchall()
        unmatched = [node for node, lexical in rows if not pattern.search(lexical)]
        connection.execute(_UNMATCHED, asked | {"values": unmatched})
