"""YAML and JSON documents: the data, the place of every value, and what is refused."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from nutgraf.problems import InputError, Problem, Span
from nutgraf.records import document
from nutgraf.records.document import Document, pointer

# Every character that a text may hold; a carriage return is a line end in YAML's blocks.
_CHARACTERS = st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufeff")
_TEXTS = st.text(
    _CHARACTERS | st.sampled_from(["\t", "\n", '"', "'", ":", "#", "-", " ", "\u2028", "\x85", "😀"])
)
_ATOMS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _TEXTS
)
DATA = st.recursive(
    _ATOMS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXTS, inner, max_size=4),
    max_leaves=20,
)


class _Dumper(yaml.SafeDumper):
    """Writes YAML 1.2: a text that only YAML 1.1 would read as something else needs no quotes."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


_Dumper.add_representer(
    str, lambda dumper, data: dumper.represent_scalar("tag:yaml.org,2002:str", data, style='"')
)
_Dumper.add_representer(
    float, lambda dumper, data: dumper.represent_scalar("tag:yaml.org,2002:float", _float(data))
)


def _float(value: float) -> str:
    """With a point, without which YAML 1.1 has no float and PyYAML writes a tag."""
    mantissa, e, exponent = repr(value).partition("e")
    return (mantissa if "." in mantissa else mantissa + ".0") + e + exponent


def _read(text: str, name: str) -> Document:
    return document.parse(text.encode(), name)


def _problems(raw: bytes, name: str) -> tuple[Problem, ...]:
    """What is wrong with a document; nothing else than an InputError may come of it."""
    try:
        document.parse(raw, name)
    except InputError as error:
        return error.problems
    return ()


def _leaves(value: Any, steps: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], Any]]:
    items = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    )
    if items is None:
        return [(steps, value)]
    return [leaf for key, item in items for leaf in _leaves(item, (*steps, key))]


def _at(text: str, span: Span) -> str:
    line = text.split("\n")[span.line - 1]
    return line[span.column - 1 : span.column - 1 + span.width]


@given(DATA, st.sampled_from([None, 2]), st.booleans())
def test_json_reads_what_was_dumped(data: Any, indent: int | None, escape: bool) -> None:
    text = json.dumps(data, indent=indent, ensure_ascii=escape)
    found = _read(text, "x.json")
    assert found.data == data
    for steps, value in _leaves(data):
        assert json.loads(_at(text, found.span(*steps))) == value


@given(DATA, st.booleans())
def test_yaml_reads_what_was_dumped(data: Any, flow: bool) -> None:
    text = yaml.dump(data, Dumper=_Dumper, default_flow_style=flow, allow_unicode=True, width=10_000)
    found = _read(text, "x.yaml")
    assert found.data == data
    for steps, value in _leaves(data):
        if value not in ({}, []):
            assert _read(_at(text, found.span(*steps)) or "~", "x.yaml").data == value


@given(DATA)
def test_json_is_yaml(data: Any) -> None:
    """Both readers agree but for the line ends that only YAML 1.1 has."""
    text = json.dumps(data, ensure_ascii=False)
    assume(not re.search("[\x85\u2028\u2029]", text))
    assert _read(text, "x.yaml").data == _read(text, "x.json").data


@given(DATA, st.sampled_from(["x.yaml", "x.json"]))
def test_line_ends_and_a_byte_order_mark_change_nothing(data: Any, name: str) -> None:
    text = json.dumps(data, indent=1, ensure_ascii=True)
    assume("\\ud" not in text)  # YAML has no surrogate pairs
    unix = document.parse(text.encode(), name)
    windows = document.parse(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(), name)
    assert windows.data == unix.data
    assert windows.places == unix.places


@given(st.binary(max_size=60), st.sampled_from(["x.yaml", "x.json"]))
def test_any_bytes_are_read_or_refused(raw: bytes, name: str) -> None:
    assert all(problem.code.startswith("DOC") and problem.span for problem in _problems(raw, name))


@given(
    st.text(st.sampled_from("{}[]:,-?&*!|>'\"#%@` \n\tab1~\\u0"), max_size=30),
    st.sampled_from(["x.yaml", "x.json"]),
)
def test_any_punctuation_is_read_or_refused(text: str, name: str) -> None:
    assert all(problem.code.startswith("DOC") and problem.span for problem in _problems(text.encode(), name))


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("no: yes", {"no": "yes"}),
        ("a: 012", {"a": "012"}),
        ("a: 2024-11-07", {"a": "2024-11-07"}),
        ("a: 1_000", {"a": "1_000"}),
        ("a: 0x10", {"a": "0x10"}),
        ("a: .inf", {"a": ".inf"}),
        ("a: 1:30", {"a": "1:30"}),
        ("1: x\nnull: y", {"1": "x", "null": "y"}),
        ("<<: {a: 1}", {"<<": {"a": 1}}),
        ("a:\nb: ~", {"a": None, "b": None}),
        ("a: +1", {"a": 1}),
        ("a: 1.50", {"a": 1.5}),
        ("--- \na: 1\n...\n", {"a": 1}),
        ("a: |\n  one\n  two\n", {"a": "one\ntwo\n"}),
    ],
)
def test_yaml_is_read_by_its_core_schema(text: str, data: Any) -> None:
    assert _read(text, "x.yaml").data == data


@pytest.mark.parametrize(
    ("name", "text", "steps", "span"),
    [
        ("x.yaml", "a: 1\nbb: {c: [x, yz]}\n", ("bb", "c", 1), Span("x.yaml", 2, 13, 2)),
        ("x.yaml", "a:\n  - b: 1\n    c: 2\n", ("a", 0), Span("x.yaml", 2, 5, 4)),
        ("x.yaml", "😀: é\r\na: x # y\r\n", ("a",), Span("x.yaml", 2, 4, 1)),
        ("x.yaml", "a: '\u2028'\nb: 1\n", ("b",), Span("x.yaml", 2, 4, 1)),
        ("x.json", '{"a": [1,\n {"b" : null}]}', ("a", 1, "b"), Span("x.json", 2, 9, 4)),
        ("x.json", '{"a": {"b": 1} }', ("a",), Span("x.json", 1, 7, 8)),
        ("x.json", '{"a": [\n1]}', ("a",), Span("x.json", 1, 7, 1)),
        ("x.json", '{"a": 1}', ("a", "missing"), Span("x.json", 1, 7, 1)),
    ],
)
def test_places(name: str, text: str, steps: tuple[str | int, ...], span: Span) -> None:
    assert _read(text, name).span(*steps) == span


def test_the_place_of_a_key() -> None:
    found = _read("a:\n  bc: 1\nd: [2]\n", "x.yaml")
    assert found.key_span("a", "bc") == Span("x.yaml", 2, 3, 2)
    assert found.key_span("d", 0) == Span("x.yaml", 3, 5, 1)
    assert found.at("d", 0) == 2


def _refusal(raw: bytes | str, name: str) -> str:
    with pytest.raises(InputError) as caught:
        document.parse(raw if isinstance(raw, bytes) else raw.encode(), name)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        ("x.yaml", "", "x.yaml:1:1: DOC104 the file is empty"),
        ("x.yaml", "# only a comment\n", "x.yaml:2:1: DOC104 the file is empty"),
        ("x.json", " ", "x.json:1:2: DOC104 not valid JSON: the file is empty"),
        ("x.yaml", "a: 1\n---\nb: 2\n", "x.yaml:2:1: DOC104 more than one document in the file"),
        ("x.yaml", "a: 1\n---\n", "x.yaml:2:1: DOC104 more than one document in the file"),
        (
            "x.json",
            '{"a": 1} {}',
            "x.json:1:10: DOC104 not valid JSON: something follows the end of the document",
        ),
        ("x.json", '{"a": 01}', "x.json:1:8: DOC104 not valid JSON: a comma or a closing brace is missing"),
        ("x.json", '["a', "x.json:1:2: DOC104 not valid JSON: unterminated string"),
        ("x.json", '["\\x"]', "x.json:1:3: DOC104 not valid JSON: invalid \\escape"),
        ("x.json", "[NaN]", "x.json:1:2: DOC104 not valid JSON: a value is expected"),
        ("x.json", "[1,]", "x.json:1:4: DOC104 not valid JSON: a value is expected"),
        ("x.json", '{"a" 1}', "x.json:1:6: DOC104 not valid JSON: a colon is missing after the key"),
        ("x.yaml", "a\nbé\xff".encode("latin-1"), "x.yaml:2:2: DOC103 the file is not UTF-8"),
        ("x.yaml", "a: 1".encode("utf-16"), "x.yaml:1:1: DOC103 the file is not UTF-8"),
        ("x.yaml", "a: 1\na: 2\n", 'x.yaml:2:1: DOC105 the key "a" stands twice'),
        ("x.yaml", "a: 1\n'a': 2\n", 'x.yaml:2:1: DOC105 the key "a" stands twice'),
        ("x.json", '{"a": 1,\n "a": 2}', 'x.json:2:2: DOC105 the key "a" stands twice'),
        ("x.yaml", "a: !!python/object/apply:os.system [x]", "x.yaml:1:4: DOC106 the tag"),
        ("x.yaml", "!x a: 1", "x.yaml:1:1: DOC106 the tag !x is not used here"),
        ("x.yaml", "a: &b 1\nc: *b", "x.yaml:2:4: DOC106 anchors and aliases are not used here"),
        ("x.yaml", "[" * 61, "x.yaml:1:61: DOC107 nested deeper than 60 levels"),
        ("x.json", "[" * 61, "x.json:1:61: DOC107 nested deeper than 60 levels"),
        ("x.json", '{"a":' * 100_000, "x.json:1:301: DOC107 nested deeper than 60 levels"),
        ("x.yaml", "- " * 100_000, "DOC107 nested deeper than 60 levels"),
        ("x.yaml", 'a: "\\0"', "x.yaml:1:4: DOC108 the character U+0000 does not belong in a text"),
        ("x.json", '{"a": "\\u0000"}', "x.json:1:7: DOC108 the character U+0000 does not belong in a text"),
        ("x.json", '{"\\ud800": 1}', "x.json:1:2: DOC108 the character U+D800 does not belong in a text"),
        ("x.yaml", 'a: "\\ud800"', "x.yaml:1:7: DOC104 not valid YAML: found invalid Unicode character"),
        ("x.yaml", "a: 1\n  \x00", "x.yaml:2:3: DOC108 the character U+0000 does not belong in a text"),
        ("x.json", '"\x7f"', "x.json:1:2: DOC108 the character U+007F does not belong in a text"),
        ("x.yaml", "a: " + "9" * 5000, "x.yaml:1:4: DOC109 the number is too large"),
        ("x.json", "[" + "9" * 5000 + "]", "x.json:1:2: DOC109 the number is too large"),
        ("x.yaml", "a: 9223372036854775808", "x.yaml:1:4: DOC109 the number is too large"),
        ("x.json", "[1e999]", "x.json:1:2: DOC109 the number is too large"),
        ("x.yaml", "? [a, b]\n: 1", "x.yaml:1:3: DOC104 a key must be a word"),
        ("x.yaml", "? {a: b}\n: 1", "x.yaml:1:3: DOC104 a key must be a word"),
        ("x.yaml", "a: [1\nb: 2", "x.yaml:2:2: DOC104 not valid YAML: "),
        ("x.yaml", "\tb: 2", "x.yaml:1:1: DOC104 not valid YAML: "),
    ],
)
def test_refusals(name: str, raw: bytes | str, message: str) -> None:
    assert message in _refusal(raw, name)


def test_all_refusals_of_a_file_are_told_at_once() -> None:
    lines = _refusal("a: !x 1\na: 2\nb: &c 3\n", "x.yaml").splitlines()
    assert [line.split()[1] for line in lines] == ["DOC106", "DOC105", "DOC106"]


def test_a_pair_of_surrogates_is_one_character() -> None:
    assert _read('"\\ud83d\\ude00"', "x.json").data == "😀"


def test_sixty_levels_are_read() -> None:
    for name in ("x.yaml", "x.json"):
        assert _read("[" * 60 + "]" * 60, name).data


def test_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "x.yaml"
    with pytest.raises(InputError, match="DOC101 cannot read the file: No such file"):
        document.read(file)
    with pytest.raises(InputError, match=r"^shown\.yaml:1:1: DOC101 .* it is not a file"):
        document.read(tmp_path, "shown.yaml")
    file.write_text("a: 1", encoding="utf-8")
    assert document.read(file).raw == b"a: 1"
    monkeypatch.setattr(document, "MAX_BYTES", 3)
    with pytest.raises(InputError, match="DOC102 the file is larger than 3 bytes"):
        document.read(file)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.yaml")
    with pytest.raises(InputError, match="DOC101"):
        document.read(tmp_path / "x.yaml")


def test_pointer() -> None:
    assert pointer() == ""
    assert pointer("a/b", 0, "m~n", "") == "/a~1b/0/m~0n/"
