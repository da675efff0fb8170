"""What a value node is: class, datatype, node kind, one of a list.

Sources: SHACL §4.1 and §4.8.3, https://www.w3.org/TR/shacl/#core-components-value-type
"""

from __future__ import annotations

from typing import Final

CLASS: Final = """
insert into shacl_result
select c.id, v.focus, v.value, null
from shacl_value v join shacl_constraint c on c.shape = v.shape
where c.component = 'Class'
    and not exists (from shacl_instance i where i.node = v.value and i.class = c.term)
"""

DATATYPE: Final = """
insert into shacl_result
select c.id, v.focus, v.value, null
from shacl_value v join shacl_constraint c on c.shape = v.shape join shacl_term t on t.id = v.value
where c.component = 'Datatype'
    and (t.datatype <> c.lexical or exists (from shacl_ill_typed i where i.id = v.value))
"""

NODE_KIND: Final = """
insert into shacl_result
select c.id, v.focus, v.value, null
from shacl_value v join shacl_constraint c on c.shape = v.shape join shacl_term t on t.id = v.value
where c.component = 'NodeKind'
    and not contains(
        c.lexical,
        case t.kind when 'iri' then 'IRI' when 'bnode' then 'BlankNode' else 'Literal' end)
"""

IN: Final = """
insert into shacl_result
select c.id, v.focus, v.value, null
from shacl_value v join shacl_constraint c on c.shape = v.shape
where c.component = 'In'
    and not exists (from shacl_member m where m.id = c.id and m.term = v.value)
"""
