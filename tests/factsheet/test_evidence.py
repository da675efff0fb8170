"""Evidence: selectors verify, and whatever changes a text or moves a span is caught."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from nutgraf.factsheet import evidence, text
from nutgraf.problems import InputError
from tests.factsheet.sheets import TEXT, load, parsed, selector, sheet

_TEXTS = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("\r\n\u0301éẹ \u00a0’“"), max_size=60
)
_in_a_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def _spans(content: str) -> st.SearchStrategy[tuple[int, int]]:
    ends = st.integers(0, len(content))
    return (
        st.tuples(ends, ends).map(lambda ends: (min(ends), max(ends))).filter(lambda ends: ends[0] < ends[1])
    )


def _codes(data: dict[str, Any], folder: Path) -> list[str]:
    return [problem.code for problem in evidence.check(parsed(data), folder)]


def _with_span(span: dict[str, Any], content: str = TEXT) -> dict[str, Any]:
    entity = {"id": "bridge", "type": "Place", "name": "bridge", "evidence": [span]}
    return sheet(content, entities=[entity])


@given(_TEXTS)
def test_normalised_text_is_nfc_with_line_feeds(raw: str) -> None:
    content = text.normalise(raw)
    assert text.normalise(content) == content == unicodedata.normalize("NFC", content)
    assert "\r" not in content
    assert text.normalise(raw.replace("\n", "\r\n").replace("\r\r\n", "\r\n")) == text.normalise(
        raw.replace("\r\n", "\n")
    )


@_in_a_folder
@given(raw=_TEXTS, mark=st.booleans())
def test_offsets_count_in_the_normalised_text(tmp_path: Path, raw: str, mark: bool) -> None:
    file = tmp_path / "a.txt"
    assume(not raw.startswith("\ufeff"))
    file.write_bytes((b"\xef\xbb\xbf" if mark else b"") + unicodedata.normalize("NFD", raw).encode())
    content = text.read(file)
    assert content == text.normalise(raw)


@given(st.data())
def test_what_is_found_verifies(data: st.DataObject) -> None:
    content = text.normalise(data.draw(_TEXTS))
    assume(content.strip())
    start, end = data.draw(_spans(content))
    words = content[start:end]
    assume(words.strip() and " ... " not in words and unicodedata.is_normalized("NFC", words))
    found = list(text.find(content, words))
    assert found
    for place in found:
        assert place == text.select(content, place.start, place.end)
        assert place.sha256 == text.sha256(content[place.start : place.end])
        assert text.fold(content[place.start : place.end]) == text.fold(words)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Harbour bridge reopens Mayor Ana", "Harbour bridge reopens\n\nMayor Ana"),
        ('"a gift"', "“a gift”"),
        ("Mayor ... Thursday", "Mayor Ana Lima opened the harbour bridge in Porto Novo on Thursday"),
        ("a.gift", None),
        (" ... ", None),
        ("", None),
    ],
)
def test_find(words: str, found: str | None) -> None:
    place = next(text.find(TEXT, words), None)
    assert (TEXT[place.start : place.end] if place else None) == found


@_in_a_folder
@given(data=st.data())
def test_a_changed_character_is_caught(tmp_path: Path, data: st.DataObject) -> None:
    start, end = data.draw(_spans(TEXT))
    span = {"start": start, "end": end, "sha256": text.sha256(TEXT[start:end])}
    at = data.draw(st.integers(start, end - 1))
    new = data.draw(st.characters(exclude_categories=["Cs"]) | st.just(""))
    changed = TEXT[:at] + new + TEXT[at + 1 :]
    assume(text.normalise(changed) != TEXT)
    (tmp_path / "harbour.txt").write_text(TEXT, encoding="utf-8", newline="")
    assert _codes(_with_span(span), tmp_path) == []
    (tmp_path / "harbour.txt").write_text(changed, encoding="utf-8", newline="")
    codes = _codes(_with_span(span), tmp_path)
    assert "EVD102" in codes
    assert "EVD103" in codes or text.normalise(changed)[start:end] == TEXT[start:end] or end > len(changed)


@_in_a_folder
@given(data=st.data())
def test_a_moved_span_is_caught(tmp_path: Path, data: st.DataObject) -> None:
    (tmp_path / "harbour.txt").write_text(TEXT, encoding="utf-8", newline="")
    start, end = data.draw(_spans(TEXT))
    new_start, new_end = data.draw(_spans(TEXT))
    assume(TEXT[new_start:new_end] != TEXT[start:end])
    span = {"start": new_start, "end": new_end, "sha256": text.sha256(TEXT[start:end])}
    assert _codes(_with_span(span), tmp_path) == ["EVD103"]


@pytest.mark.parametrize(("start", "end"), [(5, 5), (6, 5), (0, len(TEXT) + 1)])
def test_a_span_outside_the_text(start: int, end: int) -> None:
    span = {"start": start, "end": end, "sha256": "0" * 64}
    assert [problem.code for problem in evidence.check_bounds(parsed(_with_span(span)))] == ["EVD101"]


def _mention(surface: str, words: str) -> dict[str, Any]:
    mention = {"id": "m", "entity": "bridge", "surface": surface, "evidence": [selector(words)]}
    return _with_span(selector("harbour bridge")) | {"mentions": [mention]}


@pytest.mark.parametrize(
    ("surface", "words", "codes"),
    [
        ("“a gift”", "“a gift”", []),
        ('"a  gift"', "“a gift”", []),
        ("gift", "“a gift”", ["EVD105"]),
        ("Gift", "gift", ["EVD105"]),
    ],
)
def test_a_surface_is_its_span(tmp_path: Path, surface: str, words: str, codes: list[str]) -> None:
    (tmp_path / "harbour.txt").write_text(TEXT, encoding="utf-8", newline="")
    assert _codes(_mention(surface, words), tmp_path) == codes


@pytest.mark.parametrize(
    ("said", "own", "codes"),
    [
        ("on Thursday", None, []),
        ("on Thursday", "Thursday", ["EVD105"]),
        ("Thursday", "on Thursday", []),
        ("Thurs", "on Thursday", ["EVD105"]),
        ("on Friday", None, ["EVD105"]),
    ],
)
def test_said_is_in_the_nearest_evidence(
    tmp_path: Path, said: str, own: str | None, codes: list[str]
) -> None:
    (tmp_path / "harbour.txt").write_text(TEXT, encoding="utf-8", newline="")
    time = {"said": said} | ({"evidence": [selector(own)]} if own else {})
    event = {"id": "opening", "name": "Opening", "time": time, "evidence": [selector("Mayor ... Thursday")]}
    assert _codes(sheet(events=[event]), tmp_path) == codes


def test_the_words_of_an_articles_date_stand_anywhere(tmp_path: Path) -> None:
    (tmp_path / "harbour.txt").write_text(TEXT, encoding="utf-8", newline="")
    data = sheet()
    data["article"]["published"] = {"said": "on Thursday"}
    assert _codes(data, tmp_path) == []
    data["article"]["published"] = {"said": "on Friday"}
    assert _codes(data, tmp_path) == ["EVD105"]


@pytest.mark.parametrize("name", ["..", ".", "missing.txt", "x" * 300, "link.txt"])
def test_a_text_outside_the_folder_is_not_read(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    (tmp_path / "harbour.txt").write_text(TEXT, encoding="utf-8", newline="")
    (folder / "link.txt").symlink_to(tmp_path / "harbour.txt")
    data = sheet()
    data["article"]["text"]["file"] = name
    assert _codes(data, folder) == ["EVD104"]


@pytest.mark.parametrize(
    "name", ["../harbour.txt", "/etc/passwd", "..\\harbour.txt", "a/b", "harbour.txt\n/x"]
)
def test_a_file_name_has_no_folder(tmp_path: Path, name: str) -> None:
    data = sheet()
    data["article"]["text"]["file"] = name
    _, problems = load(tmp_path, {"harbour.json": data})
    assert [problem.code for problem in problems] == ["SHT105"]


def test_texts_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.txt"
    with pytest.raises(InputError, match="TXT101 cannot read the text: No such file"):
        text.read(file)
    with pytest.raises(InputError, match="TXT101 cannot read the text: it is not a file"):
        text.read(tmp_path)
    file.write_bytes(b"\xe9t\xe9")
    with pytest.raises(InputError, match="TXT102 the text is not UTF-8"):
        text.read(file)
    monkeypatch.setattr(text, "MAX_BYTES", 2)
    with pytest.raises(InputError, match="TXT103 the text is larger than 2 bytes"):
        text.read(file)
