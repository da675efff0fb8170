"""The tables of a run: what the pipeline reads."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from nutgraf.engine.duckdb import connect
from nutgraf.mapping import explain, load, run
from nutgraf.problems import InputError
from tests.mapping.mapping_runner import BASE, run_mapping

MAPPING = """
prefixes: {ex: 'https://example.org/'}
mappings:
  event:
    sources: [[event.json~jsonpath, '$[*]']]
    s: ex:$(id)
    po:
      - [a, ex:Event]
      - p: ex:name
        o: [[$(name), DE-at~lang]]
        g: [ex:g, rml:defaultGraph]
"""
TABLE = pa.table({"record": ["a1/e1", "a1/e2"], "id": ["1", "1"], "name": ["Wahl", None]})


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "mapping.yml"
    path.write_text(MAPPING)
    return path


def test_columns(mapping: Path) -> None:
    connection = connect()
    run(load([mapping]), tables={"event": TABLE}, base=BASE, connection=connection)
    tables = {
        name: [(row[0], row[1]) for row in connection.execute(f'DESCRIBE "{name}"').fetchall()]
        for (name,) in connection.execute("SHOW TABLES").fetchall()
    }
    text = "VARCHAR"
    assert tables == {
        "statements": [
            ("id", text),
            ("subject", text),
            ("subject_kind", text),
            ("predicate", text),
            ("object", text),
            ("object_kind", text),
            ("datatype", text),
            ("language", text),
            ("graph", text),
            ("graph_kind", text),
        ],
        "lineage": [
            ("statement", text),
            ("graph", text),
            ("rule", "INTEGER"),
            ("term_map", text),
            ("record", text),
            ("role", text),
        ],
        "rules": [
            ("rule", "INTEGER"),
            ("file", text),
            ("line", "INTEGER"),
            ("column", "INTEGER"),
            ("triples_map", text),
            ("predicate", text),
        ],
    }


def test_lineage_and_rules(mapping: Path) -> None:
    result = run_mapping(mapping, {"event": TABLE})
    made = {row[3]: row[0] for row in result.statements}
    typed, named = made["http://www.w3.org/1999/02/22-rdf-syntax-ns#type"], made["https://example.org/name"]
    assert sorted(result.lineage, key=str) == sorted(
        [
            (typed, None, 0, "object", "a1/e1", "child"),
            (typed, None, 0, "object", "a1/e2", "child"),
            (named, "https://example.org/g", 1, "object", "a1/e1", "child"),
            (named, None, 2, "object", "a1/e1", "child"),
        ],
        key=str,
    )
    assert result.rules == [
        (0, "mapping.yml", 8, 13, "event", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
        (1, "mapping.yml", 10, 14, "event", "https://example.org/name"),
        (2, "mapping.yml", 10, 14, "event", "https://example.org/name"),
    ]


def test_language_is_kept_as_written(mapping: Path) -> None:
    assert {row[7] for row in run_mapping(mapping, {"event": TABLE}).statements} == {None, "DE-at"}


def test_one_triple_in_two_graphs_has_one_identifier(mapping: Path) -> None:
    statements = run_mapping(mapping, {"event": TABLE}).statements
    assert len(statements) == 3
    assert len({row[0] for row in statements}) == 2


def test_records_without_a_key_are_numbered(mapping: Path) -> None:
    result = run_mapping(mapping, {"event": TABLE.drop_columns(["record"])})
    assert {row[4] for row in result.lineage} == {"1", "2"}


def test_lineage_only_when_asked(mapping: Path) -> None:
    connection = connect()
    run(load([mapping]), tables={"event": TABLE}, base=BASE, connection=connection, lineage=False)
    assert [row[0] for row in connection.execute("SHOW TABLES").fetchall()] == ["rules", "statements"]


def test_a_failed_run_leaves_nothing(mapping: Path) -> None:
    connection = connect()
    with pytest.raises(InputError):
        run(load([mapping]), tables={"event": TABLE.drop_columns(["id"])}, base=BASE, connection=connection)
    assert connection.execute("SHOW TABLES").fetchall() == []


def test_a_mapping_without_rules(tmp_path: Path) -> None:
    path = tmp_path / "empty.yml"
    path.write_text("mappings:\n")
    result = run_mapping(path)
    assert (result.statements, result.lineage, result.rules) == ([], [], [])


def test_base_must_be_absolute(mapping: Path) -> None:
    with pytest.raises(InputError, match="MAP110"):
        run_mapping(mapping, {"event": TABLE}, base="nowhere/")


def test_natural_types(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yml"
    path.write_text(MAPPING.replace("o: [[$(name), DE-at~lang]]", "o: $(name)"))
    values = [
        (Decimal("1.50"), pa.decimal128(10, 2), "1.50", "decimal"),
        (date(2024, 11, 7), pa.date32(), "2024-11-07", "date"),
        (datetime(2024, 11, 7, 9, 30), pa.timestamp("us"), "2024-11-07T09:30:00", "dateTime"),  # noqa: DTZ001
        (7, pa.uint8(), "7", "integer"),
        (0.5, pa.float32(), "5.0E-1", "double"),
        (float("inf"), pa.float64(), "INF", "double"),
    ]
    for value, kind, text, datatype in values:
        table = pa.table({"id": ["1"], "name": pa.array([value], kind)})
        found = {row[4:7] for row in run_mapping(path, {"event": table}).statements if row[5] == "literal"}
        assert found == {(text, "literal", "http://www.w3.org/2001/XMLSchema#" + datatype)}


def test_unreadable_and_unknown_files(tmp_path: Path) -> None:
    other = tmp_path / "mapping.txt"
    latin = tmp_path / "latin.ttl"
    latin.write_bytes(b"\xe9")
    with pytest.raises(InputError) as caught:
        load([other, latin, tmp_path / "absent.ttl"], display=lambda path: path.name)
    assert [str(problem) for problem in caught.value.problems] == [
        "absent.ttl:1:1: MAP101 cannot read the file: No such file or directory",
        "latin.ttl:1:1: MAP101 the file is not UTF-8",
        'mapping.txt:1:1: MAP122 ".txt" is no mapping',
    ]


def test_a_link_out_of_the_directory_is_refused(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret.csv").write_text("id,name\n1,x\n")
    (inside / "event.json").symlink_to(tmp_path / "secret.csv")
    path = tmp_path / "mapping.yml"
    path.write_text(MAPPING)
    with pytest.raises(InputError, match="MAP116"):
        run_mapping(path, directory=inside)


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "mapping.yml"
    path.write_text(MAPPING.replace("event.json~jsonpath, '$[*]'", "event.parquet~csv"))
    connection = connect(directories=[tmp_path])
    connection.from_arrow(TABLE).write_parquet(str(tmp_path / "event.parquet"))
    assert run_mapping(path, directory=tmp_path).statements == run_mapping(path, {"event": TABLE}).statements


def test_the_engine_reads_no_other_file(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="Permission Error"):
        connect(directories=[tmp_path]).execute("SELECT * FROM read_text('/etc/hostname')")


def test_explain(mapping: Path) -> None:
    text = explain(load([mapping]), tables={"event": TABLE}, base=BASE, connection=connect())
    assert "-- rule 0: event, event.json, " in text
    assert text.count("INSERT INTO") == 3


def test_a_record_whose_key_is_null_keeps_its_lineage(mapping: Path) -> None:
    table = TABLE.set_column(0, "record", pa.array([None, "a1/e2"], pa.string()))
    result = run_mapping(mapping, {"event": table})
    assert {row[4] for row in result.lineage} == {None, "a1/e2"}
