"""The schema: every sheet's grammar, in messages that people understand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from nutgraf.factsheet import schema
from nutgraf.factsheet.derivation import RULES
from nutgraf.problems import InputError
from nutgraf.records import document
from tests.factsheet.sheets import SCHEMA, load, selector, sheet


def _subschemas(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _subschemas(item)


def test_every_pattern_says_what_it_wants() -> None:
    found = [
        part for part in _subschemas(json.loads(SCHEMA.read_text())) if isinstance(part.get("pattern"), str)
    ]
    assert len(found) > 10
    assert all(part["patternErrorMessage"].startswith(("write ", "quote ")) for part in found)


def test_every_reference_has_a_definition() -> None:
    whole = json.loads(SCHEMA.read_text())
    names = {
        part["$ref"].removeprefix("#/$defs/")
        for part in _subschemas(whole)
        if isinstance(part.get("$ref"), str)
    }
    assert names == set(whole["$defs"])


def test_every_rule_of_the_schema_is_there() -> None:
    rules = json.loads(SCHEMA.read_text())["$defs"]["derived"]["properties"]["rule"]["enum"]
    assert set(rules) == set(RULES)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "wd:Q1\n"),
        ("duration", {"value": "P"}),
        ("duration", {"value": "PT"}),
        ("duration", {"value": "P1DT"}),
        ("duration", {"value": "P٣D"}),
        ("duration", {"value": "P3D\n"}),
        ("ordinal", {"value": 1.0}),
        ("ordinal", {"value": True}),
        ("location", "a b"),
        ("location", []),
        ("location", ["a", 1]),
        ("location", {"ref": "a", "more": 1}),
        ("name", {"en": []}),
        ("name", {"en": [""]}),
        ("name", {"en": "x" * 501}),
        ("time", []),
        ("time", [{}]),
    ],
)
def test_what_is_refused(tmp_path: Path, field: str, value: Any) -> None:
    event = {"id": "opening", "name": "Opening", "evidence": [selector("reopens")]} | {field: value}
    _, problems = load(tmp_path, {"harbour.json": sheet(events=[event])})
    assert problems
    assert {problem.code[:3] for problem in problems} == {"SHT"}
    assert len({str(problem) for problem in problems}) == len(problems), "nothing is said twice"


@pytest.mark.parametrize("value", ["P3D", "PT45M", "P1Y2M3DT4H5M6S", "P1DT1H"])
def test_durations(tmp_path: Path, value: str) -> None:
    event = {
        "id": "opening",
        "name": "Opening",
        "duration": {"value": value},
        "evidence": [selector("reopens")],
    }
    assert load(tmp_path, {"harbour.json": sheet(events=[event])})[1] == []


@pytest.mark.parametrize(
    "url", ["https://a b", "ftp://a.example", "https://a.example/<x>", "https://", "http://a\n"]
)
def test_addresses(tmp_path: Path, url: str) -> None:
    data = sheet()
    data["article"]["url"] = url
    assert [problem.code for problem in load(tmp_path, {"harbour.json": data})[1]] == ["SHT105"]


def _told(tmp_path: Path, own: Any, data: Any) -> list[str]:
    path = tmp_path / "own.schema.json"
    path.write_text(json.dumps(own), encoding="utf-8")
    return [
        str(problem) for problem in schema.check(document.parse(json.dumps(data).encode(), "x.json"), path)
    ]


def test_constraints_of_a_schema_of_ones_own(tmp_path: Path) -> None:
    own = {"properties": {"a": {"const": 1}, "b": {"anyOf": [{"type": "null"}, {"const": 2}]}}}
    first, second = _told(tmp_path, own, {"a": 2, "b": 1})
    assert first.startswith('x.json:1:7: SHT108 "a": 1 was expected')
    assert second.startswith('x.json:1:15: SHT108 "b": ')


@pytest.mark.parametrize(
    "own", [{"type": "nothing"}, {"pattern": "("}, {"$ref": "https://elsewhere.example/x"}]
)
def test_what_is_no_schema(tmp_path: Path, own: Any) -> None:
    with pytest.raises(InputError, match="WSP112 cannot read the fact sheet schema"):
        _told(tmp_path, own, {"a": "b"})


def test_a_schema_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="WSP112"):
        schema.check(document.parse(b"a: 1", "x.yaml"), tmp_path / "missing.json")


def test_every_unreadable_file_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("[", encoding="utf-8")
    (tmp_path / "b.json").write_text("", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(tmp_path, {"c.json": sheet()}, order=["b.json", "c.json", "a.json"])
    assert [problem.span.file for problem in caught.value.problems if problem.span] == ["a.json", "b.json"]
