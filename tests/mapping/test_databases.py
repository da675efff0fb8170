"""Tables of database files."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from nutgraf import InputError
from nutgraf import map as run_mapping
from nutgraf.mapping import databases

RML = """@prefix rml: <http://w3id.org/rml/> .
@prefix schema: <https://schema.org/> .
@base <https://example.org/rules/> .
<#person> rml:logicalSource [ rml:source "people.duckdb" ;
    rml:referenceFormulation rml:SQL2008Table ; rml:iterator "person" ] ;
  rml:subjectMap [ rml:template "https://example.org/{id}" ] ;
  rml:predicateObjectMap [ rml:predicate schema:birthDate ; rml:objectMap [ rml:reference "born" ] ] .
"""
MAKE = """
create table person (id integer, born date);
insert into person values (1, '1990-05-01'), (2, null);
create view everyone as from person;
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "people.ttl").write_text(RML)
    with duckdb.connect(str(tmp_path / "people.duckdb")) as connection:
        connection.execute(MAKE)
    return tmp_path


def test_duckdb(folder: Path) -> None:
    (quad,) = run_mapping(folder / "people.ttl").quads()
    assert str(quad.object) == '"1990-05-01"^^<http://www.w3.org/2001/XMLSchema#date>'


def test_a_view_is_no_table(folder: Path) -> None:
    (folder / "people.ttl").write_text(RML.replace('"person"', '"everyone"'))
    with pytest.raises(InputError, match='there is no table "everyone"'):
        run_mapping(folder / "people.ttl")


def test_another_program_writes(folder: Path) -> None:
    code = (
        "import duckdb, sys; connection = duckdb.connect(sys.argv[1]); print('open', flush=True);"
        "sys.stdin.read()"
    )
    arguments = [sys.executable, "-c", code, str(folder / "people.duckdb")]
    with subprocess.Popen(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(InputError, match="the database is locked"):
            run_mapping(folder / "people.ttl")
        other.communicate()


def test_values_of_a_column_without_type(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with sqlite3.connect(path) as connection:
        connection.execute("create table t (whole, number, mixed, bytes, none)")
        connection.execute("insert into t values (1, 1, 1, 1, null), (2, 2.5, 'x', x'00', null)")
    connection.close()
    table = databases.read_table(path, ".db", "t")
    assert [str(kind) for kind in table.schema.types] == ["int64", "double", "string", "binary", "string"]
    assert table.column("mixed").to_pylist() == ["1", "x"]
