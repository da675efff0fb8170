"""The places of N-Triples and N-Quads taken apart at their spaces are those of the Turtle reader."""

from __future__ import annotations

from pathlib import Path

import pytest

from nutgraf.dataset import numbered
from nutgraf.dataset.places import files, turtle

LINES = r"""<http://a/x> <http://a/p> "é b"@en-GB .
# a comment
<http://a/x> <http://schema.org/name> "two words" .

_:b <http://a/p> _:c .
_:c <http://a/p> "a \"quoted\" _:b" .
<http://a/é> <http://a/p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .
<http://a/x> <http://a/p> _:b .
<http://a/x> <http://a/p> <http://schema.org/Person>.
<http://a/\u00E9> <http://a/p> <http://a/x> .
"""
GRAPHS = """<http://a/x> <http://a/p> "a" <http://a/g> .
_:b <http://a/p> _:c _:g .
_:g <http://a/p> <http://a/x> .
<http://a/x> <http://a/p> "b"@fr .
"""


@pytest.mark.parametrize(("name", "text"), [("data.nt", LINES), ("data.nq", GRAPHS)])
def test_places(tmp_path: Path, name: str, text: str) -> None:
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    quads = list(numbered.read(file, 3))
    wanted = {term for quad in quads for term in (quad.subject, quad.object)}
    found = list(files.locate(file, 3, wanted))
    assert [quad for quad, _ in found] == quads
    lines = text.split("\n")
    for quad, place in found:
        line = lines[place.subject.line - 1]
        spans = (place.subject, place.predicate, place.value)
        assert {(span.file, span.line) for span in spans} == {(str(file), place.subject.line)}
        if name.endswith(".nt"):
            (stated,) = turtle.read(line)
            parts = (stated.subject, stated.predicate, stated.value)
            assert [(s.column, s.width) for s in spans] == [(p.start + 1, p.end - p.start) for p in parts]
        else:
            written = line[place.value.column - 1 :][: place.value.width]
            assert written == str(quad.object) or written.startswith("_:")


def test_only_what_is_wanted(tmp_path: Path) -> None:
    file = tmp_path / "data.nt"
    file.write_text(LINES, encoding="utf-8")
    quads = list(numbered.read(file, 0))
    for term in {term for quad in quads for term in (quad.subject, quad.object)}:
        expected = [quad for quad in quads if term in (quad.subject, quad.object)]
        assert [quad for quad, _ in files.locate(file, 0, {term})] == expected
