"""Dates in English and French as EDTF; what is not in the grammar gives nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nutgraf.evidence.verify.dates import covers, dates, duration_units
from nutgraf.terms import edtf

_EN = "January February March April May June July August September October November December".split()
_FR = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
_DAYS = st.dates(dt.date(1000, 1, 1), dt.date(2999, 12, 31))


@given(_DAYS)
def test_a_day_is_read_back(day: dt.date) -> None:
    english, french = _EN[day.month - 1], _FR[day.month - 1]
    for language, text in (
        ("en", f"on {english} {day.day}, {day.year} at noon"),
        ("en", f"on {day.day} {english} {day.year}"),
        ("fr", f"le {day.day} {french} {day.year} à midi"),
        ("en", day.isoformat()),
    ):
        assert [found.time for found in dates(text, language)] == [edtf.parse(day.isoformat())]


@given(_DAYS, st.integers(1, 400))
def test_a_range_is_read_back(first: dt.date, length: int) -> None:
    last = first + dt.timedelta(days=length)
    french = (
        f"du {first.day} {_FR[first.month - 1]} {first.year} au {last.day} {_FR[last.month - 1]} {last.year}"
    )
    english = (
        f"{_EN[first.month - 1]} {first.day}, {first.year} to {_EN[last.month - 1]} {last.day}, {last.year}"
    )
    expected = edtf.parse(f"{first}/{last}")
    assert [found.time for found in dates(french, "fr")] == [expected]
    assert [found.time for found in dates(english, "en")] == [expected]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "from November 4-7", ["XXXX-11-04/XXXX-11-07"]),
        ("en", "between November 24 and 27", ["XXXX-11-24/XXXX-11-27"]),
        ("en", "November 24 and 27", ["XXXX-11-24"]),
        ("en", "Nov. 4–7, 2024", ["2024-11-04/2024-11-07"]),
        ("en", "the 4th of July", ["XXXX-07-04"]),
        ("en", "Thursday, November 27", ["XXXX-11-27"]),
        ("en", "founded in 1923, rebuilt in May 1946", ["1923", "1946-05"]),
        ("en", "today, nearly two decades ago, last Thursday", []),
        ("en", "1,923 people and A1923", []),
        ("en", "31 February", []),
        ("fr", "du 4 au 7 novembre 2024", ["2024-11-04/2024-11-07"]),
        ("fr", "entre le 4 et le 7 novembre", ["XXXX-11-04/XXXX-11-07"]),
        ("fr", "le 1er mai, fondée en 1923", ["XXXX-05-01", "1923"]),
        ("fr", "ce jeudi", []),
        ("de", "am 4. November 2024", ["2024"]),
    ],
)
def test_forms_of_the_news(language: str, text: str, expected: list[str]) -> None:
    assert [found.time for found in dates(text, language)] == [edtf.parse(value) for value in expected]


@pytest.mark.parametrize(
    ("said", "published", "expected"),
    [
        ("2024-11-04", "2024-11-04", True),
        ("2024-11-04", "XXXX-11-04", True),
        ("2024-11-04", "2024-11", True),
        ("2024-11-04", "2024", True),
        ("XXXX-11-04", "2024-11-04", False),
        ("2024", "2024-11", False),
        ("2024-11-04/2024-11-07", "XXXX-11-04/XXXX-11-07", True),
        ("2024-11-04/2024-11-07", "2024-11-04", False),
        ("2024-11-04", "2024-11-04/2024-11-07", False),
    ],
)
def test_a_time_may_say_less_than_the_text_and_never_more(said: str, published: str, expected: bool) -> None:
    assert covers(edtf.parse(said), edtf.parse(published)) is expected


def test_durations() -> None:
    assert duration_units("P4D", "en") == [(4, "days?")]
    assert duration_units("P1Y2M", "fr") == [(1, "ans?|années?"), (2, "mois")]
    assert duration_units("four days", "en") is None
    assert duration_units("P4D", "de") is None


@given(st.text(max_size=80), st.sampled_from(["en", "fr", "de"]))
def test_any_text_can_be_read(text: str, language: str) -> None:
    for found in dates(text, language):
        assert 0 <= found.start < found.end <= len(text)
