"""Where short cuts do not hold on the data, and where values are not told apart by their text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from nutgraf.mapping.stream import units
from nutgraf.mapping.stream.ahead import Star
from nutgraf.mapping.stream.ladder import Ladder
from tests.mapping.both_plans import Made, make_both
from tests.mapping.mapping_runner import BASE

HEAD = "prefixes: {ex: 'https://example.org/'}\nmappings:\n"
STAR = """  thing:
    sources: [[FILE]]
    s: ex:$(id)
    po: [[a, ex:Thing], [ex:name, $(name)], [ex:tag, TAG]]
"""
LATER = 20_000
"""So many records that the first ones do not show the repetition."""


def both(folder: Path, mapping: str) -> Made:
    """What is streamed, which is what the other plan makes."""
    path = folder / "mapping.yml"
    path.write_text(HEAD + mapping)
    _, stream = make_both(path, base=BASE)
    assert stream
    return stream


def write_csv(folder: Path, rows: Sequence[tuple[str, ...]], names: str = "id,name") -> None:
    (folder / "things.csv").write_text("\n".join([names, *map(",".join, rows)]) + "\n")


@pytest.fixture
def rewound(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each star could be written at once, of those that seemed so."""
    found: list[bool] = []
    at_once = Ladder._at_once

    def watched(ladder: Ladder, branch: units.Branch, star: Star) -> bool:
        found.append(at_once(ladder, branch, star))
        return found[-1]

    monkeypatch.setattr(Ladder, "_at_once", watched)
    return found


@pytest.mark.parametrize(
    ("last", "at_once"),
    [(("new", "name"), True), (("0", "name 0"), False), (("0", "another name"), False)],
    ids=["own subject", "same record", "same subject"],
)
def test_a_late_repetition(tmp_path: Path, rewound: list[bool], last: tuple[str, str], at_once: bool) -> None:
    write_csv(tmp_path, [*((str(n), f"name {n}") for n in range(LATER)), last])
    made = both(tmp_path, STAR.replace("FILE", "things.csv~csv").replace("TAG", "$(name)"))
    assert rewound == [at_once]
    subjects = LATER + at_once
    assert len(made.quads) == subjects + 2 * (LATER + (last[1] != "name 0"))


@pytest.mark.parametrize("repeated", [False, True])
def test_lists(tmp_path: Path, rewound: list[bool], repeated: bool) -> None:
    records = [{"id": n, "name": f"n{n}", "tags": ["a", "b", "a", None, n % 3]} for n in range(100)]
    if repeated:
        records.append({"id": 0, "name": "n0", "tags": ["c", "a"]})
    (tmp_path / "things.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))
    tags = "$(tags[*])"
    made = both(tmp_path, STAR.replace("FILE", "things.jsonl~jsonpath, '$'").replace("TAG", f"'{tags}'"))
    assert rewound == ([] if repeated else [True])  # the first records show it
    assert len(made.quads) == 100 * 5 + repeated


def test_other_values_with_the_same_text(tmp_path: Path) -> None:
    """`1-` and `2`, `1` and `-2` make one IRI; with a slash between them they make two."""
    write_csv(tmp_path, [("1-", "2"), ("1", "-2"), ("1", "2")], "x,y")
    rule = "  {0}:\n    sources: [[things.csv~csv]]\n    s: ex:{0}/$(x){1}$(y)\n    po: [[a, ex:Thing]]\n"
    made = both(tmp_path, rule.format("joined", "-") + rule.format("apart", "/"))
    assert len(made.quads) == 2 + 3


def test_a_relative_and_an_absolute_iri_may_be_one(tmp_path: Path) -> None:
    write_csv(tmp_path, [("1", "a"), ("1", "https://base.example/a")])
    made = both(
        tmp_path,
        "  thing:\n    sources: [[things.csv~csv]]\n    s: ex:$(id)\n    po: [[ex:see, $(name)~iri]]\n",
    )
    assert len(made.quads) == 1


def test_values_that_json_writes_otherwise_are_one(tmp_path: Path) -> None:
    (tmp_path / "things.jsonl").write_text('{"id": "10"}\n{"id": 10}\n{"id": "1\\u0030"}\n{"id": 1e1}\n')
    made = both(
        tmp_path,
        "  thing:\n    sources: [[things.jsonl~jsonpath, '$']]\n    s: ex:$(id)\n    po: [[ex:id, $(id)]]\n",
    )
    assert len(made.quads) == 3  # "10", 10, and 1.0E1 of another subject
