"""Dates, languages and CURIEs."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nutgraf.terms import edtf, languages, vocabulary
from nutgraf.terms.edtf import Moment, Time

_DATES = st.dates(dt.date(1, 1, 1))


@given(_DATES)
def test_dates_of_every_precision(date: dt.date) -> None:
    text = date.isoformat()
    assert edtf.parse(text) == Time(Moment("date", text))
    assert edtf.parse(text[:7]) == Time(Moment("year_month", text[:7]))
    assert edtf.parse(text[:4]) == Time(Moment("year", text[:4]))
    assert edtf.parse("XXXX" + text[4:]) == Time(Moment("month_day", "-" + text[4:]))


@given(_DATES, _DATES)
def test_intervals_of_dates(first: dt.date, last: dt.date) -> None:
    text = f"{first}/{last}"
    if first > last:
        with pytest.raises(ValueError, match="ends before it starts"):
            edtf.parse(text)
        return
    time = edtf.parse(text)
    assert (time.start.lexical, time.end and time.end.lexical) == (str(first), str(last))
    week = list(itertools.islice(edtf.days(time), 7))
    assert week[0] == first
    assert all(first <= day <= last for day in week)


@given(st.text("0123456789X-/", max_size=22) | st.text(max_size=12))
def test_any_text_is_a_time_or_refused(text: str) -> None:
    try:
        time = edtf.parse(text)
    except ValueError:
        return
    assert len(text.split("/")) == (2 if time.end else 1)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not of the form"),
        ("2024-13-01", "no month 13"),
        ("2024-00-01", "no month 00"),
        ("2023-02-29", "no day 29"),
        ("XXXX-02-30", "no day 30"),
        ("0000", "no year 0"),
        ("XXXX", "no year and no day"),
        ("XXXX-11", "no year and no day"),
        ("2024-11-7", "not of the form"),
        ("7 November 2024", "not of the form"),
        ("12/11/2024", "not of the form"),
        ("٢٠٢٤-11-07", "not of the form"),
        ("2024-11-07\n", "not of the form"),
        ("2024/2024-12", "same precision"),
        ("2024-11-07/", "not of the form"),
        ("2024-11-07/2024-11-04", "ends before it starts"),
        ("2024-11-07/..", "not of the form"),
    ],
)
def test_what_is_no_time(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        edtf.parse(text)


def test_a_season_may_span_the_new_year() -> None:
    assert edtf.parse("XXXX-12-30/XXXX-01-02").end == Moment("month_day", "--01-02")


def test_days_of_what_has_no_days() -> None:
    assert list(edtf.days(edtf.parse("1923"))) == []
    assert list(edtf.days(edtf.parse("2024-11-07"))) == [dt.date(2024, 11, 7)]


@pytest.mark.parametrize("tag", ["en", "fr", "ar", "zh-Hant", "und", "yue", "EN", "pt-BR", "ber"])
def test_languages(tag: str) -> None:
    assert languages.is_language(tag)


@pytest.mark.parametrize("tag", ["xx", "xx-FR", "qq"])
def test_what_is_no_language(tag: str) -> None:
    assert not languages.is_language(tag)


def test_the_list_of_languages() -> None:
    assert len(languages.CODES) == 184  # Debian's iso-codes, with bh and sh retired or not as there
    assert all(len(code) == 2 and code.isascii() and code.islower() for code in languages.CODES)


@given(st.sampled_from(sorted(vocabulary.PREFIXES)), st.text("abc/#:", max_size=5))
def test_expand_and_shorten(label: str, local: str) -> None:
    iri = vocabulary.PREFIXES[label] + local
    assert vocabulary.expand(f"{label}:{local}") == iri
    assert vocabulary.expand(vocabulary.shorten(iri)) == iri


@pytest.mark.parametrize("curie", ["", "name", "x:name", ":name"])
def test_what_is_no_curie(curie: str) -> None:
    assert vocabulary.expand(curie) is None
