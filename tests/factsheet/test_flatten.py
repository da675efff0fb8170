"""Flattening: every published statement has its row, its place and its evidence."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from nutgraf.factsheet.flatten import flatten
from nutgraf.factsheet.tables import LINEAGE, SCHEMAS
from nutgraf.terms.vocabulary import NUT, SCHEMA
from tests.factsheet.sheets import load, selector, sheet

REGISTER = {
    "entities": [
        {"id": "ana-lima", "type": "Person", "name": {"en": "Ana Lima", "fr": ["A. Lima", "Ana"]}},
        {"id": "porto-novo", "type": ["City", "Organization"], "name": "Porto Novo", "formerly": ["pn"]},
    ],
    "events": [
        {"id": "festival", "type": "Event", "kind": "wd:Q1", "name": {"fr": "Fête", "en": "Festival"}}
    ],
    "offices": [{"id": "mayor", "name": "Mayor", "formerly": ["maire"]}],
}
EVIDENCE = [selector("Mayor ... Thursday")]
WHO = [selector("Ana Lima")]


def _rows(tmp_path: Path, **blocks: Any) -> dict[str, list[dict[str, Any]]]:
    facts, problems = load(tmp_path, {"register.json": REGISTER, "harbour.json": sheet(**blocks)})
    assert problems == []
    tables = flatten(facts)
    assert tables.keys() == SCHEMAS.keys() | LINEAGE.keys()
    rows = {name: table.to_pylist() for name, table in tables.items()}
    records = [row["record"] for row in rows["record"]]
    assert len(records) == len(set(records))
    for name in SCHEMAS:
        assert {row["record"] for row in rows[name] if row["record"]} <= set(records)
    return {
        name: [{k: v for k, v in row.items() if v is not None} for row in found]
        for name, found in rows.items()
    }


def _columns(rows: list[dict[str, Any]], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row.get(name) for name in names) for row in rows]


def test_the_register(tmp_path: Path) -> None:
    rows = _rows(tmp_path)
    assert _columns(rows["entity"], "node", "type") == [
        ("id/ana-lima", "Person"),
        ("id/porto-novo", "City"),
        ("id/porto-novo", "Organization"),
    ]
    assert _columns(rows["entity_text"], "name", "language") == [
        ("Ana Lima", "en"),
        ("A. Lima", "fr"),
        ("Ana", "fr"),
        ("Porto Novo", "und"),
    ]
    assert _columns(rows["former"], "node", "replaced_by") == [
        ("id/pn", "id/porto-novo"),
        ("id/maire", "id/mayor"),
    ]


def test_an_event(tmp_path: Path) -> None:
    event = {
        "id": "opening",
        "event": "festival",
        "location": ["porto-novo", {"ref": "ana-lima", "assertion": {"status": "rejected"}}],
        "time": [{"edtf": "2024-11-04/2024-11-07", "said": "on Thursday"}, {"said": "Thursday"}],
        "ordinal": {"value": 3},
        "duration": {"value": "P3D", "assertion": {"status": "candidate"}},
        "participants": [{"ref": "ana-lima", "role": "organizer", "evidence": WHO}],
        "evidence": EVIDENCE,
        "assertion": {"modality": "planned"},
    }
    event["location"] = ["porto-novo", {"ref": "porto-novo", "assertion": {"status": "rejected"}}]
    rows = _rows(tmp_path, events=[event])
    assert _columns(rows["event"], "node", "type", "kind", "plan_status") == [
        ("id/festival", "Event", "http://www.wikidata.org/entity/Q1", NUT + "Planned")
    ]
    assert _columns(rows["event_text"], "name", "language") == [("Festival", "en")]
    assert _columns(rows["event_slot"], "location") == [("id/porto-novo",)]
    assert _columns(rows["event_time"], "start_date", "end_date", "words") == [
        ("2024-11-04", "2024-11-07", "on Thursday"),
        (None, None, "Thursday"),
    ]
    assert _columns(rows["event_value"], "ordinal", "duration") == [(3, None)]
    places = {row["record"]: row for row in rows["record"]}
    own = places["harbour.json#/events/0/participants/0"]
    assert own["evidence"] == own["record"]
    assert own["modality"] == "planned"
    assert places["harbour.json#/events/0/location/0"]["evidence"] == "harbour.json#/events/0"


@pytest.mark.parametrize("status", ["candidate", "rejected"])
def test_what_is_not_accepted_leaves_no_row(tmp_path: Path, status: str) -> None:
    assertion = {"status": status}
    common = {"evidence": EVIDENCE, "assertion": assertion}
    doubted = {"ref": "ana-lima", "assertion": assertion}
    rows = _rows(
        tmp_path,
        entities=[{"id": "bridge", "type": "Place", "name": "bridge"} | common],
        events=[{"id": "opening", "name": "Opening"} | common],
        roles=[{"id": "role", "name": "Mayor"} | common],
        claims=[{"id": "claim", "abstract": "x", "about": "ana-lima", "voice": "article"} | common],
        quantities=[
            {"id": "q", "of": "ana-lima", "property": "n", "value": 1} | common,
            {"id": "r", "of": doubted, "property": "n", "value": 1, "evidence": EVIDENCE},
        ],
        relations=[
            {"id": "s", "subject": "ana-lima", "predicate": "schema:name", "value": "x"} | common,
            {"id": "t", "subject": doubted, "predicate": "schema:name", "value": "x", "evidence": EVIDENCE},
        ],
    )
    for name in ("event", "role", "claim", "quantity", "relation", "evidence"):
        assert not [
            row
            for row in rows[name]
            if row.get("record") not in {"harbour.json#/quantities/1", "harbour.json#/relations/1"}
        ]
    assert rows["quantity"] == rows["relation"] == []


@pytest.mark.parametrize(
    ("value", "columns"),
    [
        (96, {"integer": 96}),
        (96.5, {"decimal": "96.5"}),
        (1e-7, {"decimal": "0.0000001"}),
        (1e22, {"decimal": "10000000000000000000000"}),
        (True, {"boolean": True}),
        ("x", {"text": "x", "language": "en"}),
        ({"fr": "y"}, {"text": "y", "language": "fr"}),
    ],
)
def test_values(tmp_path: Path, value: Any, columns: dict[str, Any]) -> None:
    relation = {
        "id": "r",
        "subject": "ana-lima",
        "predicate": "schema:x",
        "value": value,
        "evidence": EVIDENCE,
    }
    row = _rows(tmp_path, relations=[relation])["relation"][0]
    assert {
        name: row[name] for name in row if name not in {"record", "node", "article", "graph", "predicate"}
    } == columns


def test_the_words_that_name_a_subject_support_its_statement(tmp_path: Path) -> None:
    subject = {"ref": "ana-lima", "evidence": WHO}
    relation = {"id": "r", "predicate": "schema:x", "object": "porto-novo", "evidence": EVIDENCE}
    quantity = {"id": "q", "of": subject, "property": "n", "value": 1, "evidence": EVIDENCE}
    rows = _rows(tmp_path, relations=[relation | {"subject": subject}], quantities=[quantity])
    assert _columns(rows["relation"], "record", "object") == [
        ("harbour.json#/relations/0/object", "id/porto-novo"),
        ("harbour.json#/relations/0/subject", "id/porto-novo"),
    ]
    assert _columns(rows["quantity"], "record", "property", "integer", "of") == [
        ("harbour.json#/quantities/0", NUT + "n", 1, None),
        ("harbour.json#/quantities/0/of", None, None, "id/ana-lima"),
    ]


def test_who_says_what(tmp_path: Path) -> None:
    claim = {
        "id": "gift",
        "abstract": {"en": "A gift.", "fr": "Un cadeau."},
        "about": ["porto-novo", "festival"],
        "author": "ana-lima",
        "form": "direct",
        "evidence": EVIDENCE,
    }
    rows = _rows(tmp_path, claims=[claim])
    assert _columns(rows["claim"], "node", "voice", "form") == [
        ("id/harbour/gift", NUT + "SourceVoice", NUT + "DirectSpeech")
    ]
    assert _columns(rows["speaker"], "record", "agent") == [
        ("harbour.json#/claims/0/abstract", "id/ana-lima"),
        ("harbour.json#/claims/0/about/0", "id/ana-lima"),
        ("harbour.json#/claims/0/about/1", "id/ana-lima"),
    ]


def test_an_action_that_is_planned(tmp_path: Path) -> None:
    action = {
        "id": "a",
        "type": "Action",
        "name": "A",
        "evidence": EVIDENCE,
        "assertion": {"modality": "aim"},
    }
    row = _rows(tmp_path, events=[action])["event"][0]
    assert row["action_status"] == SCHEMA + "PotentialActionStatus"
    assert row["plan_status"] == NUT + "Aim"


def test_a_date_that_is_not_accepted(tmp_path: Path) -> None:
    data = sheet()
    data["article"]["published"] = {"edtf": "2024-11-07", "assertion": {"status": "candidate"}}
    data["article"]["modified"] = {"edtf": "2024-11-08"}
    facts, problems = load(tmp_path, {"harbour.json": data})
    assert problems == []
    assert [
        (row["published_date"], row["modified_date"]) for row in flatten(facts)["article_time"].to_pylist()
    ] == [(None, "2024-11-08")]


def test_the_order_of_files_changes_nothing(tmp_path: Path) -> None:
    files = {
        "register.json": REGISTER,
        "b.json": sheet(),
        "a.json": sheet(),
        "c.json": {"offices": [{"id": "x", "name": "X"}]},
    }
    for name in ("a", "b"):
        files[f"{name}.json"]["article"]["id"] = name
    orders = [flatten(load(tmp_path, files, order=order)[0]) for order in itertools.permutations(files)]
    assert all(tables == orders[0] for tables in orders)
