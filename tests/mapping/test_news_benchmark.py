"""The news records of the benchmark: the same in every run, the same triples from each of their formats."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyoxigraph
import pytest

from tests.mapping.both_plans import make_both

BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "mapping"
FORMATS = ("jsonl", "json", "csv", "parquet")
ARTICLES = 60


def generate(folder: Path) -> Path:
    command = [sys.executable, "generate.py", str(folder), "--articles", str(ARTICLES)]
    subprocess.run(command, cwd=BENCHMARK, check=True)
    return folder


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(tmp_path_factory.mktemp("news"))


@pytest.fixture(scope="module")
def expected(news: Path) -> set[pyoxigraph.Quad]:
    """What the loop that is written by hand with rdflib makes."""
    output = news / "rdflib.nt"
    script = BENCHMARK / "peers" / "rdflib_news.py"
    subprocess.run([sys.executable, script, news / "jsonl", "jsonl", output], check=True)
    return set(pyoxigraph.parse(output.read_bytes(), format=pyoxigraph.RdfFormat.N_QUADS))


def test_records_are_the_same_each_time(news: Path, tmp_path: Path) -> None:
    again = generate(tmp_path / "again")
    files = [path.relative_to(again) for path in again.rglob("*") if path.is_file()]
    assert {file.parts[0] for file in files} == set(FORMATS)
    assert all((again / file).read_bytes() == (news / file).read_bytes() for file in files)


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_makes_the_same_triples(news: Path, expected: set[pyoxigraph.Quad], name: str) -> None:
    table, stream = make_both(news / name / "mapping.yml", base="https://base.example/")
    assert stream is not None
    assert set(table.quads) == expected


@pytest.mark.parametrize("name", ["csv", "parquet"])
def test_the_mapping_of_the_peers_says_the_same(
    news: Path, expected: set[pyoxigraph.Quad], name: str
) -> None:
    table, stream = make_both(news / name / "mapping.ttl", base="https://base.example/")
    assert stream is not None
    assert set(table.quads) == expected


def test_people_and_bodies_repeat(expected: set[pyoxigraph.Quad], news: Path) -> None:
    table, _ = make_both(news / "csv" / "mapping.yml", base="https://base.example/")
    assert 38 < sum(made for _, made in table.counts) / ARTICLES < 46
    assert 22 < len(expected) / ARTICLES < 28
