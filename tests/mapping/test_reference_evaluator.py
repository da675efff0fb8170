"""The SQL engine makes what the slow evaluator makes, of any records and of mappings of many kinds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from nutgraf.mapping import load
from tests.mapping.mapping_runner import quad, run_mapping
from tests.mapping.reference_evaluator import evaluate

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8)
NUMBER = st.integers(-(10**30), 10**30) | st.floats(allow_nan=False, allow_infinity=False)
SCALAR = st.none() | st.booleans() | NUMBER | TEXT | st.sampled_from(["1", "x", "en"])
KEY = st.sampled_from(["1", "2", "é", "a b", 1, 2.5])
RECORD = st.fixed_dictionaries(
    {
        "id": TEXT | KEY,
        "a b": SCALAR,
        "tags": SCALAR | st.lists(SCALAR, max_size=3),
        "keys": st.lists(KEY, max_size=3),
        "lang": st.sampled_from(["en", "de-AT", None]),
        "deep": st.none()
        | st.fixed_dictionaries(
            {},
            optional={
                "x": SCALAR,
                "0": SCALAR,
                "list": st.lists(st.fixed_dictionaries({}, optional={"y": SCALAR, "z": KEY}), max_size=3),
                "map": st.dictionaries(TEXT, SCALAR, max_size=2),
            },
        ),
    }
)
FILES = st.fixed_dictionaries(
    {
        "one.json": st.lists(RECORD, min_size=1, max_size=3),
        "two.json": st.lists(RECORD, min_size=1, max_size=3),
    }
)
SUBJECTS = ["ex:$(id)", "ex:$(keys[*])/$(id)", "ex:x-$(keys[*])-$(keys[*])"]
OBJECTS = [
    "['ex:p', \"$(['a b'])\"]",
    "['ex:p', '$(tags[*])']",
    "['ex:p', '$(keys[*]) $(tags[*])']",
    "['ex:p', 'ex:$(tags[*])~iri']",
    "['ex:$(keys[*])', $(deep.x), xsd:token]",
    "['ex:p', \"$(deep['0'])\"]",
    "['ex:p', '$(tags[*])', $(lang)~lang]",
    "['ex:p', '$(deep.list[*].y)']",
    "['ex:p', '$($.deep.list[0].y)']",
    "['ex:p', '$(deep.map.*)']",
    "['ex:p', '$($..y)']",
    "['ex:p', '$($.deep.list[?@.z == 1].y)']",
    "['ex:p', '$($.tags[-1])']",
    "['ex:p', '$($.keys[0:2])']",
    "['ex:p', '$($.keys[*,0])']",
    "{p: ex:p, o: {mapping: two}}",
    "{p: ex:p, o: {mapping: one}}",
    "{p: ex:p, o: {mapping: two, condition: {function: equal, parameters: [[str1, $(id)], [str2, $(id)]]}}}",
    (
        "{p: ex:p, o: {mapping: two, condition: {function: equal, "
        "parameters: [[str1, '$(keys[*])'], [str2, '$($..z)']]}}}"
    ),
    (
        "{p: ex:p, o: {mapping: one, condition: ["
        "{function: equal, parameters: [[str1, '$(lang)'], [str2, '$(lang)']]}, "
        "{function: equal, parameters: [[str1, 'k$(keys[*])'], [str2, 'k$(id)']]}]}}"
    ),
    "{p: ex:p, o: $(id), graphs: 'ex:$(keys[*])'}",
    "{p: ex:p, o: {value: '$(a b)', language: '$(lang)'}, graphs: ['ex:g', 'ex:$(lang)']}",
]


def document(subjects: list[str], objects: list[str]) -> str:
    """A YARRRML document of two mappings with the same objects."""
    lines = ["prefixes: {ex: 'https://example.org/'}", "mappings:"]
    for name, subject in zip(("one", "two"), subjects, strict=True):
        lines += [
            f"  {name}:",
            f"    sources: [[{name}.json~jsonpath, '$[*]']]",
            f"    s: {subject!r}",
            "    po:",
            *(f"      - {made}" for made in objects),
        ]
    return "\n".join(lines)


def compare(folder: Path, mapping: str, files: dict[str, list[Any]]) -> None:
    path = folder / "mapping.yml"
    path.write_text(mapping, encoding="utf-8")
    for name, records in files.items():
        (folder / name).write_text(json.dumps(records), encoding="utf-8")
    made = [quad(row) for row in run_mapping(path, directory=folder).statements]
    assert len(made) == len(set(made))
    assert set(made) == evaluate(load([path]), files)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("reference")


@settings(max_examples=40, deadline=None, phases=[Phase.generate])  # shrinking takes minutes
@given(
    files=FILES,
    subjects=st.lists(st.sampled_from(SUBJECTS), min_size=2, max_size=2),
    objects=st.lists(st.sampled_from(OBJECTS), min_size=1, max_size=4, unique=True),
)
def test_engine_agrees_with_the_evaluator(
    folder: Path, files: dict[str, list[Any]], subjects: list[str], objects: list[str]
) -> None:
    compare(folder, document(subjects, objects), files)


@pytest.mark.parametrize("made", OBJECTS)
def test_each_kind_of_object(folder: Path, made: str) -> None:
    record = {
        "id": 1,
        "a b": 123456789012345678901234567890,
        "tags": [10, 1.50, 1.5e3, True, None, "x"],
        "keys": ["1", 1, "é"],
        "lang": "en",
        "deep": {"x": 0.1, "0": "zero", "list": [{"y": 1, "z": 1}, {"y": None}, {}], "map": {"k": 2}},
    }
    other = {**record, "id": "é", "deep": None, "lang": None}
    files = {"one.json": [record, other], "two.json": [other, record]}
    compare(folder, document(SUBJECTS[:2], [made]), files)
    quads = evaluate(load([folder / "mapping.yml"]), files)
    assert quads
    assert all(isinstance(item, pyoxigraph.Quad) for item in quads)
