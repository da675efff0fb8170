"""What holds of any input."""

from __future__ import annotations

import hashlib
import random
import re
from pathlib import Path

import duckdb
import pyarrow as pa
import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from nutgraf.engine.duckdb import connect, rows
from nutgraf.mapping.relation import Column
from nutgraf.mapping.sql.encoding import encode_iri
from nutgraf.mapping.sql.natural import NATURAL_TYPES, lexical_form, lexical_text
from nutgraf.mapping.sql.terms import VALID_IRI, blank_node_label
from tests.mapping.mapping_runner import BASE, quad, run_mapping
from tests.mapping.reference_evaluator import encode_as_rfc_3987_says

CASES = Path(__file__).parent / "cases"
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return connect(threads=1)


def evaluate(connection: duckdb.DuckDBPyConnection, expression: exp.Expression, value: object) -> object:
    """The value of an SQL expression over the column `value`."""
    connection.register("input", pa.table({"value": [value]}))
    result = rows(connection, exp.select(exp.alias_(expression, "result")).from_("input"))
    connection.unregister("input")
    return result[0][0]


@given(text=TEXT)
def test_encoding_is_rfc_3987(connection: duckdb.DuckDBPyConnection, text: str) -> None:
    assert evaluate(connection, encode_iri(exp.column("value")), text) == encode_as_rfc_3987_says(text)


@given(text=TEXT)
def test_blank_node_label_is_valid(connection: duckdb.DuckDBPyConnection, text: str) -> None:
    label = evaluate(connection, blank_node_label(exp.column("value")), text)
    assert pyoxigraph.BlankNode(str(label)).value == label


def test_blank_node_labels_differ(connection: duckdb.DuckDBPyConnection) -> None:
    texts = ["", "_", "-", "_2D", "a b", "a_b", "a_20b", "a%20b", "é", "b"]
    assert len({evaluate(connection, blank_node_label(exp.column("value")), text) for text in texts}) == len(
        texts
    )


@given(number=st.floats(allow_nan=False, allow_infinity=False))
def test_double_is_canonical(connection: duckdb.DuckDBPyConnection, number: float) -> None:
    text = str(evaluate(connection, lexical_form(Column("value", "DOUBLE")), number))
    assert float(text) == number
    assert re.fullmatch(r"-?[1-9]\.([0-9]*[1-9]|0)E(0|-?[1-9][0-9]*)|-?0\.0E0", text)


@pytest.mark.parametrize("kind", NATURAL_TYPES)
def test_no_value_has_no_lexical_form(connection: duckdb.DuckDBPyConnection, kind: str) -> None:
    absent = exp.cast(exp.column("value"), exp.DataType.build(kind, dialect="duckdb"))
    assert evaluate(connection, lexical_text(absent, kind), None) is None


@given(
    tail=st.text(
        st.sampled_from('ab/?#[]@:%20<>"{}|\\^` \n\x00é\u0080\ue000\ufdd0\ufffd\U000f0000'), max_size=8
    )
)
def test_what_passes_as_iri_is_one(connection: duckdb.DuckDBPyConnection, tail: str) -> None:
    """The check is no laxer than pyoxigraph, and stricter only about brackets."""
    iri = "urn:x:" + tail
    pattern = exp.Anonymous(
        this="regexp_full_match", expressions=[exp.column("value"), exp.Literal.string(VALID_IRI)]
    )
    passed = evaluate(connection, pattern, iri)
    try:
        pyoxigraph.NamedNode(iri)
        valid = True
    except ValueError:
        valid = False
    assert passed == valid


MAPPING = """
prefixes: {ex: 'https://example.org/'}
mappings:
  thing:
    sources: [[thing.json~jsonpath, '$[*]']]
    s: ex:$(key)
    g: ex:graph/$(graph)
    po:
      - [ex:kind, thing]
      - [ex:text, $(text)]
      - [ex:spoken, $(text), en-gb~lang]
      - [ex:count, $(count)]
      - [ex:about, $(text)~blank]
      - [ex:link, 'ex:$(text)~iri']
"""
RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "record": st.sampled_from(["r1", "r2", "r3"]),
            "key": TEXT,
            "graph": st.sampled_from(["one", "two"]),
            "text": st.none() | TEXT,
            "count": st.none() | st.integers(-(2**63), 2**63 - 1),
        }
    ),
    min_size=1,
    max_size=5,
)
SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("record", "key", "graph", "text")] + [("count", pa.int64())]
)


@pytest.fixture(scope="module")
def mapping(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("mapping") / "mapping.yml"
    path.write_text(MAPPING)
    return path


@settings(max_examples=25, deadline=None)
@given(records=RECORDS, seed=st.integers(0, 1000))
def test_row_order_changes_nothing(mapping: Path, records: list[dict[str, object]], seed: int) -> None:
    shuffled = random.Random(seed).sample(records, len(records))  # noqa: S311  not for secrets
    tables = [{"thing": pa.Table.from_pylist(rows, SCHEMA)} for rows in (records, shuffled)]
    first, second = (run_mapping(mapping, table) for table in tables)
    assert first == second


@settings(max_examples=25, deadline=None)
@given(records=RECORDS)
def test_identifier_is_the_hash_of_the_ntriples_line(mapping: Path, records: list[dict[str, object]]) -> None:
    result = run_mapping(mapping, {"thing": pa.Table.from_pylist(records, SCHEMA)}, base=BASE)
    assert result.statements
    for row in result.statements:
        line = pyoxigraph.serialize([quad(row).triple], format=pyoxigraph.RdfFormat.N_TRIPLES)
        assert line
        assert row[0] == hashlib.sha256(line.rstrip(b"\n")).hexdigest()[:20]
