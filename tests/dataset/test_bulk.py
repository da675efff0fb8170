"""Reading N-Triples and N-Quads in bulk gives the rows that pyoxigraph gives, and its errors."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nutgraf.dataset import bulk, numbered, table
from nutgraf.engine import duckdb as engine
from nutgraf.problems import InputError

XSD = "http://www.w3.org/2001/XMLSchema#"
IRIS = st.sampled_from(
    r"""<http://a.example/x> <https://schema.org/name> <urn:isbn:1> <mailto:a@b> <http://a.example/%41?q=1#f>
    <http://a.example/é> <http://a.example/\u00E9> <http://a.example> <http://> <relative> <http://a.example/%zz>
    <http://a.example/a#b#c> <http://a.example:80/> <http://a.example:x/> <http://a.example/[>
    <http://a.example/|> <https://رقم.example/رقم>""".split()
)
PLAIN_IRIS = st.sampled_from(
    "<http://a.example/x> <https://schema.org/name> <http://schema.org/name>".split()
)
BLANKS = st.sampled_from("_:a _:b1 _:0 _:a.b _:é".split())
PARTS = [*'ab é"\\\t\n\x7f_:<>@^.رق', "\\n", '\\"', "\\u0041", "\\x"]
TEXTS = st.lists(st.sampled_from(PARTS), max_size=6).map("".join)
SUFFIXES = st.sampled_from(
    f"""@en @en-GB @x-1234567890 ^^<{XSD}date> ^^<{XSD}string> ^^<http://schema.org/Date> ^^x
    ^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#langString>""".split()
)
LITERALS = st.builds(lambda text, suffix: f'"{text}"{suffix}', TEXTS, st.one_of(st.just(""), SUFFIXES))
OBJECTS = st.one_of(PLAIN_IRIS, BLANKS, LITERALS, IRIS)
LINES = st.builds(
    lambda s, p, o, g, end: f"{s} {p} {o}{g}{end}",
    st.one_of(PLAIN_IRIS, BLANKS, IRIS),
    st.one_of(PLAIN_IRIS, IRIS),
    OBJECTS,
    st.one_of(st.just(""), st.just(" <http://a.example/g>"), st.just(" _:g")),
    st.sampled_from([" .", ".", " . # more", "\t."]),
)
GOOD = st.builds(
    lambda s, p, o: f"{s} {p} {o} .",
    st.one_of(PLAIN_IRIS, st.sampled_from(["_:a", "_:b1"])),
    PLAIN_IRIS,
    st.one_of(
        PLAIN_IRIS,
        st.sampled_from(["_:b1", "_:c", '"a"', '"é b"@en-GB', f'"1"^^<{XSD}integer>', '"a\\nb"', '"_:a"']),
    ),
)
FILES = st.lists(st.one_of(GOOD, GOOD, GOOD, st.sampled_from(["", "# a comment", "  "])), max_size=8)


def both(file: Path) -> tuple[object, object]:
    """What bulk reading and pyoxigraph make of a file: rows, or the problems."""

    def rows(fill: Callable[[engine.Connection], None]) -> object:
        with engine.connect(threads=1) as connection:
            try:
                fill(connection)
            except InputError as error:
                return [str(problem) for problem in error.problems]
            return sorted(map(repr, connection.execute("from statements").fetchall()))

    return (
        rows(lambda connection: bulk.create(connection, [file], [None])),
        rows(lambda c: table.create_with_sources(c, ((0, quad) for quad in numbered.read(file, 0)))),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=FILES, odd=st.one_of(st.none(), LINES), extension=st.sampled_from([".nt", ".nq"]))
def test_rows_and_errors_are_those_of_pyoxigraph(
    tmp_path: Path, lines: list[str], odd: str | None, extension: str
) -> None:
    file = tmp_path / f"data{extension}"
    file.write_text("\n".join([*lines, *([odd] if odd else []), *lines[:2]]) + "\n", encoding="utf-8")
    ours, theirs = both(file)
    assert ours == theirs


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf<http://a/b> <http://a/c> <http://a/d> .\n",
        b'<http://a/b> <http://a/c> "\xff" .\n',
        b"<http://a/b> <http://a/c> <http://a/d> .\r\n<http://a/b> <http://a/c> <http://a/e> .\r",
        b'<http://a/b> <http://a/c> "a\x1fb" .\n',
        b"<http://a/b> <http://a/c> <http://a/d> . <http://a/b> <http://a/c> <http://a/e> .\n",
        b'<http://a/b> <http://a/c> "' + b"x" * (9 * 1024 * 1024) + b'" .\n',
        b"",
    ],
    ids=["mark", "not-utf8", "line-ends", "separator", "two-on-a-line", "long-line", "empty"],
)
def test_unusual_bytes(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "data.nt"
    file.write_bytes(data)
    ours, theirs = both(file)
    assert ours == theirs


def test_packed(tmp_path: Path) -> None:
    file = tmp_path / "data.nt.gz"
    file.write_bytes(gzip.compress(b"<http://a/b> <http://a/c> _:x .\n_:x <http://a/c> _:y .\n"))
    ours, theirs = both(file)
    assert ours == theirs
    file.write_bytes(file.read_bytes()[:-12])
    ours, theirs = both(file)
    assert ours == theirs


def test_problems_of_all_files_are_told(tmp_path: Path) -> None:
    files = [tmp_path / "a.nt", tmp_path / "b.nt"]
    for file in files:
        file.write_text("<http://a/b> <http://a/c> .\n", encoding="utf-8")
    with engine.connect() as connection, pytest.raises(InputError) as caught:
        bulk.create(connection, files, [None, None])
    assert [problem.span.file for problem in caught.value.problems if problem.span] == list(map(str, files))


def test_graphs_after_each_kind_of_object(tmp_path: Path) -> None:
    """A graph's name follows all kinds of objects; brackets and `@` may stand in literals and names."""
    objects = [
        "<http://a.example/o>",
        '"<b> > @en"',
        '"a"@en-GB',
        f'"2024-05-02"^^<{XSD}date>',
        '"x"^^<http://schema.org/Date>',
        "_:b",
    ]
    graphs = ["", " <http://a.example/@g>", " <http://schema.org/g>", " _:g"]
    file = tmp_path / "graphs.nq"
    lines = [f"<http://a.example/s> <http://schema.org/p> {o}{g} .\n" for o in objects for g in graphs]
    file.write_text("".join(lines), encoding="utf-8")
    ours, theirs = both(file)
    assert len(cast("list[str]", ours)) == len(lines)
    assert ours == theirs
