r"""`\s` and `\S` mean the four spaces of XPath, in RE2 and in Python."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nutgraf.shapes import regex

PATTERNS = [
    r"^\S+(\s+\S+){0,4}$",
    r"\w\s\w",
    r"^[\s,]",
    r"[^\s]x",
    r"^\S$",
    r"a\s*$",
    r"\\s",
    r"\\S",
    r"a \s",
]
SPACES = " \t\n\r\v\f\x1c\x85\xa0\u2003\u3000"


@pytest.fixture(scope="module")
def connection() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(config={"threads": 1})


@given(
    pattern=st.sampled_from(PATTERNS),
    flags=st.sampled_from(["", "x", "i", "m", "s"]),
    text=st.text(alphabet="ax, sS\\" + SPACES, max_size=8),
)
def test_python_reads_spaces_as_re2_does(
    connection: duckdb.DuckDBPyConnection, pattern: str, flags: str, text: str
) -> None:
    spelt_out = regex.with_spaces(pattern, flags)
    assert spelt_out is not None
    found = regex.to_python(spelt_out, flags).search(text) is not None
    asked = {"text": text, "pattern": regex.to_re2(pattern, flags)}
    assert [(found,)] == connection.execute("select regexp_matches($text, $pattern)", asked).fetchall()


def test_what_cannot_be_said() -> None:
    assert regex.with_spaces(r"[a\S]", "") is None
