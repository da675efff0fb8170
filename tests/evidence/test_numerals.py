"""Numbers in English and French: against spellers of our own, and the forms that news uses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nutgraf.evidence.verify.numerals import numerals

_EN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen"
).split()
_EN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_FR = (
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept"
    " dix-huit dix-neuf"
).split()
_FR_TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante", 8: "quatre-vingt"}


def english(number: int) -> str:
    if number < 20:
        return _EN[number]
    if number < 100:
        tens, units = divmod(number, 10)
        return _EN_TENS[tens - 2] + (f"-{_EN[units]}" if units else "")
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        return f"{_EN[hundreds]} hundred" + (f" and {english(rest)}" if rest else "")
    thousands, rest = divmod(number, 1000)
    return f"{english(thousands)} thousand" + (f" {english(rest)}" if rest else "")


def french(number: int) -> str:
    if number < 20:
        return _FR[number]
    if number < 100:
        return _french_tens(number)
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        first = "cent" if hundreds == 1 else f"{_FR[hundreds]} cent" + ("" if rest else "s")
        return first + (f" {french(rest)}" if rest else "")
    thousands, rest = divmod(number, 1000)
    first = "mille" if thousands == 1 else f"{_unmarked(french(thousands))} mille"
    return first + (f" {french(rest)}" if rest else "")


def _unmarked(words: str) -> str:
    """Before another number "cents" and "vingts" lose their s."""
    return words.removesuffix("s") if words.endswith(("cents", "vingts")) else words


def _french_tens(number: int) -> str:
    tens, units = divmod(number, 10)
    if tens in {7, 9}:
        tens, units = tens - 1, units + 10
    if units == 0:
        return _FR_TENS[tens] + ("s" if tens == 8 else "")
    if units in {1, 11} and tens != 8:
        return f"{_FR_TENS[tens]} et {_FR[units]}"
    return f"{_FR_TENS[tens]}-{_FR[units]}"


@given(st.integers(0, 99_999))
def test_english_words_are_read_back(number: int) -> None:
    assert [found.value for found in numerals(f"They counted {english(number)} times.", "en")] == [number]


@given(st.integers(0, 99_999))
def test_french_words_are_read_back(number: int) -> None:
    assert [found.value for found in numerals(f"On a compté {french(number)} fois.", "fr")] == [number]


@given(st.integers(0, 10**9))
def test_grouped_digits_are_read_back(number: int) -> None:
    assert [found.value for found in numerals(f"{number:,} votes", "en")] == [number]
    assert [found.value for found in numerals(f"{number:,} voix".replace(",", "\u202f"), "fr")] == [number]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "196 members", ["196"]),
        ("en", "the 92nd, the 93rd, the 21st and the 4th", ["92", "93", "21", "4"]),
        (
            "en",
            "the second, the third, the twelfth, the twentieth, the forty-fifth",
            ["2", "3", "12", "20", "45"],
        ),
        ("en", "four and seven", ["4", "7"]),
        ("en", "November 4-7", ["4", "7"]),
        ("en", "3.5 million people, 2 billion euros", ["3500000.0", "2000000000"]),
        ("en", "version A96 of x196y", []),
        ("en", "5.5 miles, 1,500 and 1,23", ["5.5", "1500"]),
        ("fr", "la 92e, le 1er, la 93ème et la 1re", ["92", "1", "93", "1"]),
        ("fr", "le deuxième, le quatrième, la vingt et unième", ["2", "4", "21"]),
        ("fr", "quatre-vingt-seize pays et septante autres", ["96", "70"]),
        ("fr", "3,5 millions, 12 milliards", ["3500000.0", "12000000000"]),
        ("de", "96 von 196 Staaten, sieben Enthaltungen", ["96", "196"]),
    ],
)
def test_forms_of_the_news(language: str, text: str, expected: list[str]) -> None:
    assert [str(found.value) for found in numerals(text, language)] == expected


@given(st.text(max_size=80), st.sampled_from(["en", "fr", "de"]))
def test_any_text_can_be_read(text: str, language: str) -> None:
    for found in numerals(text, language):
        assert 0 <= found.start < found.end <= len(text)
