"""Building an index from every kind of source, and looking names up in it."""

from __future__ import annotations

import bz2
import gzip
import json
import random
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from nutgraf.problems import InputError
from nutgraf.reconcile.authority import sources
from nutgraf.reconcile.authority.build import Manifest, Source, build
from nutgraf.reconcile.authority.default import open_default
from nutgraf.reconcile.authority.index import Authority
from nutgraf.reconcile.items import Query

TSV = (
    "qid\ttype\tlang\tname\tkind\tsource\nQ3551\tLOC\ten\tRabat\tlabel\tx\nQ3551\tLOC\tar\tالرباط\tlabel\tx\n"
)
SPARQL = {
    "head": {"vars": ["item", "itemLabel", "class"]},
    "results": {
        "bindings": [
            {
                "item": {"type": "uri", "value": "http://www.wikidata.org/entity/Q3551"},
                "itemLabel": {"type": "literal", "value": "Rabat", "xml:lang": "en"},
                "itemAltLabel": {"type": "literal", "value": "الرباط", "xml:lang": "ar"},
                "class": {"type": "uri", "value": "http://www.wikidata.org/entity/Q515"},
            }
        ]
    },
}
ROR_2 = [
    {
        "names": [
            {"value": "Rabat", "types": ["label", "ror_display"], "lang": "en"},
            {"value": "الرباط", "types": ["alias"], "lang": "ar"},
        ],
        "external_ids": [{"type": "wikidata", "preferred": None, "all": ["Q3551"]}],
    },
    {"names": [{"value": "No item", "types": ["label"]}], "external_ids": []},
]
ROR_1 = [
    {
        "name": "Rabat",
        "aliases": ["الرباط"],
        "external_ids": {"Wikidata": {"preferred": None, "all": ["Q3551"]}},
    }
]
RECORDS = [{"id": "Q3551", "name": "Rabat", "aliases": ["الرباط"], "type": [{"id": "LOC", "name": "place"}]}]
ENTITY = {
    "type": "item",
    "id": "Q3551",
    "labels": {"en": {"language": "en", "value": "Rabat"}},
    "aliases": {"ar": [{"language": "ar", "value": "الرباط"}]},
    "claims": {},
}

FILES: dict[str, tuple[str, bytes]] = {
    "table": ("names.tsv", TSV.encode()),
    "gzipped table": ("names.tsv.gz", gzip.compress(TSV.encode())),
    "SPARQL result": ("result.json", json.dumps(SPARQL).encode()),
    "ROR 2": ("ror.json", json.dumps(ROR_2).encode()),
    "ROR 1": ("ror.json.bz2", bz2.compress(json.dumps(ROR_1).encode())),
    "records": ("records.json", json.dumps(RECORDS).encode()),
    "dump": ("dump.json.bz2", bz2.compress(b"[\n" + json.dumps(ENTITY).encode() + b",\n]\n")),
    "an entity a line": ("entities.jsonl", json.dumps(ENTITY).encode() + b"\n"),
}


def built(folder: Path, *files: tuple[str, bytes], **options: Any) -> tuple[Path, Manifest]:
    given = []
    for name, content in files:
        (folder / name).write_bytes(content)
        given.append(Source(folder / name, name, licence="CC0-1.0"))
    return folder / "index.sqlite", build(given, folder / "index.sqlite", **options)


@pytest.mark.parametrize("name", FILES)
def test_each_kind_of_source_gives_the_same_names(name: str, tmp_path: Path) -> None:
    path, manifest = built(tmp_path, FILES[name])
    assert (manifest.items, manifest.names) == (1, 2)
    with Authority.open(path) as index:
        for text in ("rabat", "RABAT", "الرباط"):
            (match,) = index.lookup(text)
            assert (match.item.id, match.item.label) == ("Q3551", "Rabat")


def test_sources_that_have_the_same_item_are_merged(tmp_path: Path) -> None:
    path, manifest = built(tmp_path, FILES["table"], FILES["SPARQL result"], FILES["ROR 2"])
    assert (manifest.items, manifest.names) == (1, 2)
    with Authority.open(path) as index:
        item = index.item("Q3551")
    assert item is not None
    assert item.kinds == {"LOC", "ORG"}
    assert "Q515" in item.classes


def test_the_manifest_says_what_is_in_it(tmp_path: Path) -> None:
    path, manifest = built(tmp_path, FILES["table"])
    (entry,) = manifest.sources
    assert (entry.name, entry.format, entry.licence) == ("names.tsv", "tsv", "CC0-1.0")
    assert (entry.items, entry.names) == (2, 2)
    assert len(entry.sha256) == 64
    assert len(entry.date) == 10
    with Authority.open(path) as index:
        assert index.manifest == manifest


def test_the_same_sources_give_the_same_bytes(tmp_path: Path) -> None:
    path, _ = built(tmp_path, FILES["table"], FILES["SPARQL result"])
    first = path.read_bytes()
    path.unlink()
    path, _ = built(tmp_path, FILES["table"], FILES["SPARQL result"])
    assert path.read_bytes() == first


def test_a_dump_is_filtered_by_class_and_its_subclasses(tmp_path: Path) -> None:
    def item(qid: str, label: str, **claims: str) -> dict[str, Any]:
        statements = {
            name: [{"mainsnak": {"datavalue": {"value": {"id": value}}}, "rank": "normal"}]
            for name, value in claims.items()
        }
        return {"id": qid, "labels": {"en": {"language": "en", "value": label}}, "claims": statements}

    every = [
        item("Q1000", "Rabat", P31="Q2000"),
        item("Q2000", "capital", P279="Q2001"),
        item("Q2001", "big city", P279="Q515"),
        item("Q1001", "A Person", P31="Q5"),
        item("Q1002", "Nothing"),
    ]
    lines = b"[\n" + b",\n".join(json.dumps(each).encode() for each in every) + b"\n]"
    path, manifest = built(tmp_path, ("dump.json.gz", gzip.compress(lines)), classes=frozenset({"Q515"}))
    assert manifest.items == 1
    with Authority.open(path) as index:
        (match,) = index.lookup("Rabat")
        assert match.item.kinds == {"LOC"}
        assert match.item.classes == {"Q2000", "Q515"}


def test_names_are_kept_in_the_languages_asked_for(tmp_path: Path) -> None:
    path, manifest = built(tmp_path, FILES["dump"], languages=frozenset({"ar"}))
    assert manifest.names == 1
    with Authority.open(path) as index:
        assert not index.lookup("Rabat")
        assert index.lookup("الرباط")


BROKEN: dict[str, tuple[str, bytes, str]] = {
    "no table": ("a.tsv", b"name\tlabel\nx\ty\n", "AUT102"),
    "no item": ("a.tsv", b"qid\tname\nP31\tx\n", "AUT102"),
    "no name": ("a.tsv", b"qid\tname\nQ1\t \n", "AUT102"),
    "an unknown kind": ("a.tsv", b"qid\tname\tkind\nQ1\tx\tbest\n", "AUT102"),
    "not UTF-8": ("a.tsv", b"qid\tname\nQ1\t\xff\n", "AUT102"),
    "a cut gzip": ("a.tsv.gz", gzip.compress(TSV.encode())[:-9], "AUT101"),
    "no gzip": ("a.tsv.gz", b"qid\tname\n", "AUT101"),
    "cut JSON": ("a.json", json.dumps(SPARQL).encode()[:-5], "AUT102"),
    "a cut dump": ("a.json", b'[\n{"id": "Q1", "labels": {}},\n{"id": "Q2", "la', "AUT102"),
    "deep JSON": ("a.json", b'{"name": ' + b"[" * 100_000, "AUT102"),
    "unknown JSON": ("a.json", b'{"x": 1}', "AUT102"),
    "no items": ("a.tsv", b"qid\tname\n", "AUT103"),
    "an empty file": ("a.tsv", b"", "AUT103"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_source_is_refused_and_leaves_nothing(name: str, tmp_path: Path) -> None:
    file, content, code = BROKEN[name]
    with pytest.raises(InputError) as caught:
        built(tmp_path, (file, content))
    assert [problem.code for problem in caught.value.problems] == [code]
    assert [path.name for path in tmp_path.iterdir()] == [file]


def test_a_build_that_fails_keeps_the_last_index(tmp_path: Path) -> None:
    path, _ = built(tmp_path, FILES["table"])
    before = path.read_bytes()
    with pytest.raises(InputError):
        built(tmp_path, ("bad.tsv", b"qid\tname\nX\ty\n"))
    assert path.read_bytes() == before


def test_what_is_no_index_is_not_opened(tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE item(id)")
    connection.close()
    text = tmp_path / "text.sqlite"
    text.write_text("no database at all, only words in a file of some length", encoding="utf-8")
    for path in (other, text, tmp_path / "missing.sqlite", tmp_path):
        with pytest.raises(InputError, match="AUT105"):
            Authority.open(path)


def test_weak_names_come_last_and_stay_weak(authority: Authority) -> None:
    glasgow = authority.search(Query(("Glasgow",), frozenset({"LOC"}), limit=50))
    assert glasgow[0].item.id == "Q4093"
    scotland = next(match for match in glasgow if match.item.id == "Q22")
    assert scotland.name.kind == "weak"
    assert authority.lookup("Brussels")[0].item.id == "Q239"


def test_a_misspelt_name_is_found_by_its_letters(authority: Authority) -> None:
    draw = random.Random(7)  # noqa: S311  # not for secrets
    labels = [f"Q{number}" for (number,) in authority._connection.execute(
        "SELECT id FROM item WHERE length(label) > 9 ORDER BY id LIMIT 4000")]  # fmt: skip
    sample = [item for qid in draw.sample(labels, 120) if (item := authority.item(qid)) is not None]
    found = 0
    for item in sample:
        at = draw.randrange(1, len(item.label) - 1)
        typo = item.label[:at] + item.label[at + 1 :]
        found += item.id in [match.item.id for match in authority.search(Query((typo,), limit=10))]
    assert found / len(sample) > 0.9


def test_a_part_of_a_name_is_found_by_its_words(authority: Authority) -> None:
    found = authority.search(Query(("Houchin",), frozenset({"PER"})))
    assert found[0].item.label == "Erin Houchin"
    assert found[0].similarity < 0.8, "a part is never taken for the whole"


def test_no_name_is_a_query(authority: Authority) -> None:
    for name in ("", "   ", "!!!", '" OR 1', "a" * 10_000, "NEAR(a b)", "%_", "\0", "’"):
        assert isinstance(authority.search(Query((name,))), list)
        assert isinstance(authority.lookup(name), list)
        assert isinstance(authority.starting_with(name), list)


def test_the_default_authority_works_at_once(tmp_path: Path) -> None:
    with open_default(tmp_path / "cache") as index:
        assert {match.item.id for match in index.lookup("Morocco")} == {"Q1028"}
        assert {match.item.id for match in index.lookup("Vereinte Nationen")} == {"Q1065"}
        assert not index.lookup("Glasgow"), "a city is no name of a country"
        assert index.manifest.items > 700
    with open_default(tmp_path / "cache") as again:
        assert again.manifest == index.manifest


def test_the_formats_are_told_apart() -> None:
    assert set(sources.FORMATS) == {"tsv", "wikidata", "sparql", "ror", "records"}
