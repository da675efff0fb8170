"""The formats of a report."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest
from pyoxigraph import RdfFormat, parse

from nutgraf.cli.reports import as_json, github, html, sarif, text
from nutgraf.cli.reports.view import View
from nutgraf.shapes.paths import SH
from nutgraf.validation import Wanted, collect_files

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SCHEMA = ROOT / "node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"
SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix s: <https://schema.org/> .
@prefix : <https://example.org/> .
:Place a sh:NodeShape ; sh:targetClass s:Place ;
    sh:property :Place-name , :Place-country ;
    sh:or ( :Located :Addressed ) .
:Place-name sh:path s:name ; sh:minCount 1 ; sh:message "a place needs a name"@en , "un lieu a un nom"@fr .
:Place-country sh:path s:addressCountry ; sh:pattern "^[A-Z]{2}$" ; sh:severity sh:Warning .
:Located sh:name "located"@en ; sh:property [ sh:path s:latitude ; sh:minCount 1 ] .
:Addressed sh:property [ sh:path s:address ; sh:minCount 1 ] , [ sh:path s:postalCode ; sh:minCount 1 ] .
:Nobody sh:targetClass :Nothing ; sh:nodeKind sh:IRI .
"""
DATA = """@prefix s: <https://schema.org/> .
@prefix : <https://example.org/id/> .

:berlin a s:Place ; s:name "Berlin" ;
    s:addressCountry "<script>alert(1)</script>" .
:fez a s:Place ; s:addressCountry "%\\nMA, :" ; s:address "x" .
"""


@pytest.fixture
def view(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[View]:
    monkeypatch.chdir(tmp_path)
    Path("shapes.ttl").write_text(SHAPES, encoding="utf-8")
    Path("data.ttl").write_text(DATA, encoding="utf-8")
    with collect_files([Path("data.ttl")], [Path("shapes.ttl")], Wanted()) as found:
        yield View(found)


@pytest.mark.parametrize(
    ("name", "write"), [("text", text.write), ("json", as_json.write), ("github", github.write)]
)
def test_golden(view: View, name: str, write: object) -> None:
    found = "".join(write(view))  # type: ignore[operator]
    golden = HERE / "golden" / f"report.{name}"
    if os.environ.get("NUTGRAF_UPDATE"):
        golden.write_text(found, encoding="utf-8")
    assert found == golden.read_text(encoding="utf-8")


@pytest.mark.skipif(not SCHEMA.is_file(), reason="run `npm ci` for the schema of SARIF")
def test_sarif_is_valid(view: View) -> None:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    document = json.loads("".join(sarif.write(view)))
    jsonschema.Draft7Validator(schema).validate(document)
    run = document["runs"][0]
    assert [result["level"] for result in run["results"]].count("error") == 3
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].endswith(".ttl")


def test_html_is_whole_and_escapes_what_it_shows(view: View) -> None:
    class Reader(HTMLParser):
        open_tags: list[str]
        seen: set[str]

        def handle_starttag(self, tag: str, attrs: object) -> None:
            assert attrs is not None
            self.seen.add(tag)
            if tag != "meta":
                self.open_tags.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert self.open_tags.pop() == tag

    reader = Reader()
    reader.open_tags, reader.seen = [], set()
    page = "".join(html.write(view))
    reader.feed(page)
    assert reader.open_tags == []
    assert "script" not in reader.seen
    assert "&lt;script&gt;" in page
    assert "a place needs a name" in page


def test_github_escapes_line_breaks(view: View) -> None:
    lines = "".join(github.write(view)).splitlines()
    assert len(lines) == len(view.collected.spool) + len(view.unmatched)
    assert all(line.startswith("::") for line in lines)


def test_the_turtle_is_the_report_of_the_standard(view: View) -> None:
    triples = list(parse("".join(view.turtle()).encode(), RdfFormat.TURTLE))
    assert sum(t.predicate.value == SH + "focusNode" for t in triples) == len(view.collected.spool)


def test_some_of_a_rule_only(view: View) -> None:
    few = View(view.collected, max_per_rule=1)
    shown = [finding for rule in few.rules() for finding in rule.to_show()]
    assert len(shown) < len(view.collected.spool)
    assert "and 1 more of this rule" in "".join(text.write(few))
    assert "and 1 more of this rule" in "".join(html.write(few))
    assert "1 more results" in "".join(github.write(few))
