"""`nutgraf map` as a person runs it."""

from __future__ import annotations

import gzip
import json
import os
import re
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyoxigraph import RdfFormat, parse

import nutgraf
from nutgraf.cli.main import main
from nutgraf.engine.statements import TERMS

YARRRML = """prefixes: {ex: 'https://example.org/', schema: 'https://schema.org/'}
mappings:
  person:
    sources: [[people.csv~csv]]
    s: ex:$(id)
    po:
      - [a, schema:Person]
      - [schema:name, $(name)]
"""
RML = """@prefix rml: <http://w3id.org/rml/> .
@prefix formats: <http://www.w3.org/ns/formats/> .
@prefix schema: <https://schema.org/> .
@base <https://example.org/rules/> .
<#person> rml:logicalSource [
    rml:source [ a rml:FilePath ; rml:path "people.csv" ] ; rml:referenceFormulation rml:CSV ] ;
  rml:subjectMap [ rml:template "https://example.org/{id}" ] ;
  rml:predicateObjectMap [ rml:predicate schema:name ; rml:objectMap [ rml:reference "name" ] ] ;
  rml:predicateObjectMap [ rml:predicate schema:identifier ;
    rml:objectMap [ rml:reference "id" ; rml:logicalTarget <#ids> ] ] .
<#ids> rml:target [ a rml:FilePath ; rml:path "ids.nt.gz" ] ; rml:serialization formats:N-Triples .
"""
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://schema.org/Person> .\n"
TRIPLES = (
    f"<https://example.org/1> {TYPE}"
    '<https://example.org/1> <https://schema.org/name> "Zoë" .\n'
    f"<https://example.org/2> {TYPE}"
)


@dataclass(frozen=True)
class Done:
    """What a command left."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    def nutgraf(*arguments: str | Path) -> Done:
        monkeypatch.setattr(sys, "argv", ["nutgraf", "map", *map(str, arguments)])
        with pytest.raises(SystemExit) as caught:
            main()
        out, err = capfdbinary.readouterr()
        assert isinstance(caught.value.code, int)
        return Done(caught.value.code, out.decode(), err.decode())

    return nutgraf


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The current folder, with a mapping in either syntax and its source; nothing new is left in it."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    (here / "people.yml").write_text(YARRRML)
    (here / "people.ttl").write_text(RML)
    (here / "people.csv").write_text("id,name\n1,Zoë\n2,\n")
    yield here
    assert not list(here.rglob("*.part"))


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_standard_output(run: Run, folder: Path) -> None:
    done = run("people.yml")
    assert (done.code, done.out) == (0, TRIPLES)
    assert done.err.splitlines()[:2] == [
        "people.yml:7  person  rdf:type          2 records → 2 statements",
        "people.yml:8  person  schema:name       2 records → 1 statement",
    ]
    assert done.err.splitlines()[2].startswith("3 statements in ")
    assert run("people.yml", "-o", "-").out == TRIPLES


@pytest.mark.parametrize(
    ("name", "form"),
    [("o.nt", RdfFormat.N_TRIPLES), ("o.ttl", RdfFormat.TURTLE), ("o.jsonld", RdfFormat.JSON_LD)],
)
def test_the_extension_tells_the_format(run: Run, folder: Path, name: str, form: RdfFormat) -> None:
    assert run("people.yml", "-o", name).code == 0
    assert {str(quad.triple) for quad in parse((folder / name).read_bytes(), form)} == {
        str(quad.triple) for quad in parse(TRIPLES, RdfFormat.N_TRIPLES)
    }


def test_to_wins_over_the_extension(run: Run, folder: Path) -> None:
    run("people.yml", "-o", "o.txt", "--to", "trig")
    assert "a schema:Person" in (folder / "o.txt").read_text()


def test_a_mistake_writes_nothing(run: Run, folder: Path) -> None:
    (folder / "o.nt").write_text("before")
    (folder / "people.csv").write_text("id,name\n1\n")
    done = run("people.yml", "-o", "o.nt")
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines()[:2] == [
        "people.csv:2:1: MAP117 not valid CSV: the row has 1 cell",
        "     2 | 1",
    ]
    assert (folder / "o.nt").read_text() == "before"


def test_targets(run: Run, folder: Path) -> None:
    done = run("people.ttl", "-o", "o.nt")
    assert done.code == 0
    assert done.err.splitlines()[-1].startswith("2 statements, 2 to ids.nt.gz in ")
    assert (folder / "o.nt").read_text() == (
        '<https://example.org/1> <https://schema.org/name> "Zoë" .\n'
        '<https://example.org/2> <https://schema.org/name> "" .\n'
    )
    assert gzip.decompress((folder / "ids.nt.gz").read_bytes()).decode() == (
        '<https://example.org/1> <https://schema.org/identifier> "1" .\n'
        '<https://example.org/2> <https://schema.org/identifier> "2" .\n'
    )
    before = (folder / "ids.nt.gz").read_bytes()
    run("people.ttl", "-o", "o.nt")
    assert (folder / "ids.nt.gz").read_bytes() == before


def test_all_files_or_none(run: Run, folder: Path) -> None:
    (folder / "o.nt").mkdir()
    assert run("people.ttl", "-o", "o.nt").code == 2
    assert "ids.nt.gz" not in files(folder)
    done = run("people.ttl", "-o", "o.nt/deep/er/o.nt")
    assert done.code == 0


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("../ids.nt", "MAP116"),
        ("/ids.nt", "MAP116"),
        ("out/ids.nt", "MAP116"),
        (".bashrc", "MAP142"),
        ("people.ttl", "MAP142"),
        ("o.nt", "MAP143"),
    ],
)
def test_a_target_harms_nothing(run: Run, folder: Path, path: str, code: str) -> None:
    (folder / "out").symlink_to(folder.parent)
    (folder / "people.ttl").write_text(RML.replace("ids.nt.gz", path))
    before = files(folder), files(folder.parent)
    done = run("people.ttl", "-o", "o.nt")
    assert done.code == 2
    assert code in done.err
    assert (files(folder), files(folder.parent)) == before


def test_two_targets_in_one_file(run: Run, folder: Path) -> None:
    (folder / "people.ttl").write_text(
        RML.replace('rml:reference "name" ]', 'rml:reference "name" ; rml:logicalTarget <#names> ]')
        + '<#names> rml:target [ rml:path "ids.nt.gz" ] ; rml:serialization formats:Turtle .\n'
    )
    assert "MAP143" in run("people.ttl").err


@pytest.mark.parametrize("how", ["../secret.csv", "/secret.csv", "link.csv", "links/secret.csv"])
def test_no_file_outside_is_read(run: Run, folder: Path, how: str) -> None:
    secret = folder.parent / "secret.csv"
    secret.write_text("id,name\n1,secret\n")
    (folder / "link.csv").symlink_to(secret)
    (folder / "links").symlink_to(folder.parent)
    name = str(secret) if how.startswith("/") else how
    (folder / "people.yml").write_text(YARRRML.replace("people.csv", name))
    done = run("people.yml", "-o", "o.nt")
    assert done.code == 2
    assert "MAP116" in done.err
    assert "--allow DIR" in done.err
    assert "o.nt" not in files(folder)
    assert "secret" in run("people.yml", "--allow", folder.parent).out


def test_root(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    below = folder / "below"
    below.mkdir()
    monkeypatch.chdir(below)
    text = RML.replace("a rml:FilePath", "a rml:FilePath ; rml:root rml:CurrentWorkingDirectory")
    (folder / "people.ttl").write_text(text)
    assert "MAP115" in run("../people.ttl").err
    (below / "people.csv").write_text("id,name\n3,Bo\n")
    assert '"Bo"' in run("../people.ttl").out
    assert (below / "ids.nt.gz").exists()
    (folder / "people.ttl").write_text(text.replace("rml:CurrentWorkingDirectory", '"below"', 1))
    assert '"Bo"' in run("../people.ttl").out


def test_two_mappings_each_beside_its_source(run: Run, folder: Path) -> None:
    other = folder / "other"
    other.mkdir()
    (other / "people.yml").write_text(YARRRML)
    (other / "people.csv").write_text("id,name\n3,Bo\n")
    assert run("people.yml", "other/people.yml").out.count("<https://schema.org/name>") == 2


@pytest.mark.parametrize("name", ["absent.csv", "folder", "pipe.csv"])
def test_no_such_file(run: Run, folder: Path, name: str) -> None:
    (folder / "folder").mkdir()
    os.mkfifo(folder / "pipe.csv")
    (folder / "people.yml").write_text(YARRRML.replace("people.csv", name))
    done = run("people.yml")
    assert done.code == 2
    assert done.err.startswith("people.yml:4:15: MAP115 ")
    assert name in done.err


def test_a_mapping_that_is_no_file(run: Run, folder: Path) -> None:
    os.mkfifo(folder / "pipe.ttl")
    assert "MAP101" in run("pipe.ttl").err
    assert "MAP101" in run("absent.ttl").err
    assert run().code == 2


def test_a_bomb(run: Run, folder: Path) -> None:
    with gzip.open(folder / "people.csv.gz", "wb", compresslevel=9) as file:
        file.write(b"id,name\n")
        for _ in range(48):
            file.write(b"1,1\n" * 262_144)
    (folder / "people.yml").write_text(YARRRML.replace("people.csv", "people.csv.gz"))
    done = run("people.yml", "-o", "o.nt")
    assert done.code == 2
    assert done.err.startswith("people.csv.gz:1:1: MAP117 unpacking the source ")
    assert "o.nt" not in files(folder)


def test_a_line_of_50_megabytes(run: Run, folder: Path) -> None:
    (folder / "people.csv").write_text("id,name\n1," + "x" * 50_000_000 + "\n")
    done = run("people.yml", "-o", "o.nt")
    assert done.code == 2
    assert done.err.startswith("people.csv:2:1: MAP117 the line is too long")
    assert len(done.err) < 1000
    (folder / "people.jsonl").write_text('{"id": 1, "name": "' + "x" * 50_000_000 + '"}\n')
    (folder / "people.yml").write_text(YARRRML.replace("people.csv~csv", "people.jsonl~jsonpath"))
    done = run("people.yml", "-o", "o.nt")
    assert done.code == 2
    assert done.err.startswith("people.jsonl:1:1: MAP117 the line is too long")
    assert "o.nt" not in files(folder)


def test_a_locked_database(run: Run, folder: Path) -> None:
    text = RML.replace("people.csv", "people.sqlite").replace(
        "rml:CSV", 'rml:SQL2008Table ; rml:iterator "person"'
    )
    (folder / "people.ttl").write_text(text)
    with closing(sqlite3.connect(folder / "people.sqlite", isolation_level=None)) as connection:
        connection.execute("create table person (id integer, name text)")
        connection.execute("insert into person values (1, 'Ana')")
        connection.execute("begin exclusive")
        done = run("people.ttl")
        assert done.code == 2
        assert done.err.startswith(
            "people.sqlite:1:1: MAP117 cannot read people.sqlite: the database is lock"
        )
        connection.execute("rollback")
    assert '"Ana"' in run("people.ttl").out


def test_base(run: Run, folder: Path) -> None:
    (folder / "people.yml").write_text(YARRRML.replace("ex:$(id)", "person/$(id)"))
    done = run("people.yml")
    assert done.code == 2
    assert 'MAP141 the IRI "person/1" is relative' in done.err
    assert (
        "<https://data.example.org/person/1>" in run("people.yml", "--base", "https://data.example.org/").out
    )
    assert "MAP110" in run("people.yml", "--base", "data/").err


def test_a_rule_that_made_nothing_is_a_warning(run: Run, folder: Path) -> None:
    (folder / "people.csv").write_text("id,name\n1,\n")
    done = run("people.yml")
    assert done.code == 0
    assert done.err.startswith("people.yml:8:23: MAP140 warning, the rule made nothing")
    assert "no record of people.csv has a value for id and name" in done.err
    (folder / "people.csv").write_text("id,name\n")
    assert 'MAP140 warning, the source "people.csv" has no record' in run("people.yml").err


def test_explain(run: Run, folder: Path) -> None:
    done = run("people.yml", "--explain")
    assert done.code == 0
    assert done.out.startswith("-- source people.csv, rml:CSV, people.yml:4:15\n")
    assert "-- rule 1: person, people.csv, people.yml:8:23\nINSERT INTO" in done.out


@pytest.mark.parametrize("name", ["o.nt.gz", "o.nq.zst", "o.ttl.gz", "o.jsonld.zst"])
def test_packed_files(run: Run, folder: Path, name: str) -> None:
    assert run("people.yml", "-o", name).code == 0
    with pa.input_stream(folder / name, compression="detect") as stream:
        text = stream.read().decode()
    plain = name.rpartition(".")[0]
    run("people.yml", "-o", plain)
    assert text == (folder / plain).read_text()
    before = (folder / name).read_bytes()
    run("people.yml", "-o", name)
    assert (folder / name).read_bytes() == before


def test_a_packed_file_beside_targets(run: Run, folder: Path) -> None:
    assert run("people.ttl", "-o", "o.nt.gz").code == 0
    assert gzip.decompress((folder / "o.nt.gz").read_bytes()).count(b"\n") == 2


def test_parquet(run: Run, folder: Path) -> None:
    done = run("people.yml", "-o", "o.parquet")
    assert done.code == 0
    assert done.err.splitlines()[-1].startswith("3 statements in ")
    table = pq.read_table(folder / "o.parquet")
    assert table.column_names == list(TERMS)
    assert table.column("object").to_pylist()[:2] == ["https://schema.org/Person", "Zoë"]
    assert table.column("object_kind").to_pylist() == ["iri", "literal", "iri"]


@pytest.mark.parametrize("to", ["nt", "ttl", "parquet"])
def test_a_device_stays_one(run: Run, folder: Path, to: str) -> None:
    assert run("people.yml", "-o", os.devnull, "--to", to).code == 0
    assert run("people.yml", "-o", os.devnull, "--explain").code == 0
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


def test_beside_targets_a_pipe_is_refused(run: Run, folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    done = run("people.ttl", "-o", "pipe")
    assert done.code == 2
    assert "OUT101 cannot write the file: it is a pipe or a device" in done.err
    assert stat.S_ISFIFO((folder / "pipe").stat().st_mode)
    assert "ids.nt.gz" not in files(folder)


def test_memory(run: Run, folder: Path) -> None:
    done = run("people.yml", "--memory", "200MB")
    assert (done.code, done.out) == (0, TRIPLES)
    assert re.search(r"3 statements in [0-9.]+ s, peak memory [0-9,]+ MB$", done.err)
    done = run("people.yml", "--memory", "much", "-o", "o.nt")
    assert done.code == 2
    assert done.err.startswith('MAP146 "much" is no amount of memory')
    assert "o.nt" not in files(folder)


def test_too_little_memory(run: Run, folder: Path) -> None:
    (folder / "people.csv").write_text("id,name\n" + "".join(f"{n},{n % 7}\n" for n in range(200_000)))
    done = run("people.yml", "--memory", "1MB", "-o", "o.nt")
    assert done.code == 2
    assert "MAP147 the memory is not enough for this mapping" in done.err
    assert "o.nt" not in files(folder)


def test_blank_nodes_are_named_after_their_keys(run: Run, folder: Path) -> None:
    (folder / "people.ttl").write_text(
        RML.replace(
            'rml:template "https://example.org/{id}"', 'rml:template "p {id}" ; rml:termType rml:BlankNode'
        ).replace("; rml:logicalTarget <#ids> ", "")
    )
    assert '_:bp_202 <https://schema.org/identifier> "2" .\n' in run("people.ttl", "--to", "nt").out


HEEDING = """import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Runs a command that heeds Ctrl-C, which a job in the background ignores."""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_ended_leaves_nothing(folder: Path, tmp_path: Path, number: int) -> None:
    (folder / "people.csv").write_text("id,name\n" + "".join(f"{n},{n}\n" for n in range(1_000_000)))
    before = files(folder)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    command = [str(Path(sys.executable).with_name("nutgraf")), "map", "people.yml", "-o", "o.nt"]
    environment = {**os.environ, "TMPDIR": str(temporary)}
    command = [sys.executable, "-c", HEEDING, *command]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        while len(list(temporary.iterdir())) < 2:  # of the command, and of the run
            assert process.poll() is None
            time.sleep(0.005)
        time.sleep(0.05)  # a signal at the very moment that a folder is made leaves it to the next run
        process.send_signal(number)
    assert process.returncode != 0
    assert files(folder) == before
    if number == signal.SIGKILL:  # what it could not remove, the next run does
        assert list(temporary.iterdir())
        (folder / "people.csv").write_text("id,name\n1,2\n")
        subprocess.run(command, env=environment, check=True, stderr=subprocess.DEVNULL)
    assert not list(temporary.iterdir())


ROOT = Path(__file__).parents[2]


def test_tables_are_what_another_engine_reads(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    here = run("mappings/factsheet.yml")
    assert run("--tables", tmp_path / "tables").code == 0
    rows = json.loads((tmp_path / "tables" / "event.json").read_text())
    assert set(rows[0]) >= {"record", "node", "article", "graph", "type"}
    (tmp_path / "tables" / "factsheet.yml").write_bytes((ROOT / "mappings" / "factsheet.yml").read_bytes())
    monkeypatch.chdir(tmp_path / "tables")
    there = run("factsheet.yml", "--base", "https://nutgraf.example/")
    assert (here.code, there.code) == (0, 0)
    assert here.out == there.out
    assert run("--tables", tmp_path / "more").code == 2


def test_python_gives_everything_and_writes_nothing(folder: Path) -> None:
    before = files(folder)
    dataset = nutgraf.map("people.ttl")
    assert {quad.predicate.value for quad in dataset.quads()} == {
        "https://schema.org/name",
        "https://schema.org/identifier",
    }
    assert files(folder) == before


def test_python_with_tables(folder: Path) -> None:
    (folder / "people.csv").unlink()
    table = pa.table({"id": [7], "name": ["Bo"]})
    assert len(nutgraf.map("people.yml", tables={"people": table})) == 2
    with pytest.raises(nutgraf.InputError, match="MAP115"):
        nutgraf.map("people.yml")


def test_an_unsafe_iri(run: Run, folder: Path) -> None:
    unsafe = RML.replace('{id}" ]', '{id}" ; rml:termType rml:UnsafeIRI ]').replace("<#ids>", "<#ids> ", 1)
    (folder / "people.ttl").write_text(unsafe.replace(" ; rml:logicalTarget <#ids> ", ""))
    (folder / "people.csv").write_text("id,name\na b,x\n")
    assert run("people.ttl").out.startswith("<https://example.org/a b> ")
    done = run("people.ttl", "--to", "ttl")
    assert (done.code, done.out) == (2, "")
    assert "MAP145" in done.err


def test_warnings_of_a_lenient_mapping_are_shown(run: Run, folder: Path) -> None:
    text = """@prefix rr: <http://www.w3.org/ns/r2rml#> .
@prefix rml: <http://semweb.mmlab.be/ns/rml#> .
@prefix ql: <http://semweb.mmlab.be/ns/ql#> .
@prefix schema: <https://schema.org/> .
@base <https://example.org/rules/> .
<#person> rml:logicalSource [ rml:source "people.csv" ; rml:referenceFormulation ql:CSV ] ;
  rr:subjectMap [ rr:template "https://example.org/{id}" ] ;
  rr:predicateObjectMap [ rr:predicate schema:name ; rr:objectMap [ rml:reference "nmae" ] ] .
"""
    (folder / "old.ttl").write_text(text)
    done = run("old.ttl")
    assert done.code == 0
    assert 'warning, no column "nmae"' in done.err
