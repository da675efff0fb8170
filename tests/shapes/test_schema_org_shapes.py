"""The layer of shapes for schema.org's domains and ranges; each case is a folder with data and report."""

from __future__ import annotations

import itertools
import re
import runpy
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from nutgraf.cli import init
from nutgraf.shapes.load import load
from nutgraf.shapes.paths import SH
from nutgraf.shapes.report import WARNING
from nutgraf.terms import schema_org
from nutgraf.terms.vocabulary import SCHEMA
from nutgraf.validation import validate_files

ROOT = Path(__file__).parents[2]
FILE = ROOT / "ontology" / "shapes" / "schema-org" / "terms.ttl"
SCRIPT = ROOT / "tools" / "schema_org_shapes.py"
CASES = Path(__file__).parent / "schema_org_cases"
NAMES = sorted(path.name for path in CASES.iterdir())
SHAPES = "https://nutgraf.example/shapes/schema-org#"
GRAPH = load([FILE])


def _said(name: str) -> dict[str, str]:
    """Shape → what it says by a property of SHACL."""
    return {
        t.subject.value.removeprefix(SHAPES): t.object.value
        for t in GRAPH
        if t.predicate.value == SH + name
        and isinstance(t.subject, NamedNode)
        and isinstance(t.object, NamedNode | Literal)
    }


TARGETS = {shape: iri.removeprefix(SCHEMA) for shape, iri in _said("targetSubjectsOf").items()}
"""Shape → the property whose subjects it looks at."""
PROPERTIES = sorted(set(TARGETS.values()))


def _found(data: str, folder: Path) -> set[tuple[str, str]]:
    """The shapes with results, and the focus nodes."""
    file = folder / "data.nt"
    file.write_text(data, encoding="utf-8")
    results = validate_files([file], [FILE], engine_name="sql").report.results
    return {(r.source_shape.value.removeprefix(SHAPES), r.focus.value) for r in results}


def test_the_file_is_up_to_date() -> None:
    done = subprocess.run([sys.executable, str(SCRIPT)], capture_output=True, text=True, check=True)
    assert done.stdout == FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", NAMES)
def test_case(case: str, rewrite: bool) -> None:
    expected = CASES / case / "expected.txt"
    text = validate_files([CASES / case / "data.ttl"], [FILE], engine_name="sql").report.to_text()
    if rewrite:
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", NAMES)
def test_both_engines_agree(case: str) -> None:
    ours, theirs = (
        validate_files([CASES / case / "data.ttl"], [FILE], engine_name=engine).report
        for engine in ("sql", "pyshacl")
    )
    assert Counter(ours.results) == Counter(theirs.results)


def test_every_shape_finds_something_and_only_warns(tmp_path: Path) -> None:
    """A thing of no class of schema.org, with bytes as its values, is wrong everywhere."""
    data = tmp_path / "data.ttl"
    values = " ;\n".join(
        f'<{SCHEMA}{name}> "00"^^<http://www.w3.org/2001/XMLSchema#hexBinary>' for name in PROPERTIES
    )
    data.write_text(f"<urn:x> a <urn:Strange> ; {values} .", encoding="utf-8")
    report = validate_files([data], [FILE], engine_name="sql").report
    assert {r.source_shape.value.removeprefix(SHAPES) for r in report.results} == set(TARGETS)
    assert {r.severity for r in report.results} == {WARNING}


def test_domains_of_classes(tmp_path: Path) -> None:
    """Each property on a thing of every 25th class: the shapes say what the vocabulary says."""
    classes = [*sorted(schema_org.classes())[::25], "OrganizationRole", "NewsArticle"]
    pairs = list(itertools.product(classes, PROPERTIES))
    lines = (
        f"<urn:{kind}/{name}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{SCHEMA}{kind}> .\n"
        f'<urn:{kind}/{name}> <{SCHEMA}{name}> "x" .\n'
        for kind, name in pairs
    )
    wrong = set()
    departing = {("OrganizationRole", "member"), ("OrganizationRole", "areaServed")}
    for kind, name in pairs:
        described = schema_org.property_named(name)
        assert described is not None
        takes = "Thing" in described.domains or schema_org.any_is_a([kind], described.domains)
        if not takes and (kind, name) not in departing:
            wrong.add((f"{name}-domain", f"urn:{kind}/{name}"))
    found = _found("".join(lines), tmp_path)
    assert {(shape, node) for shape, node in found if shape.endswith("-domain")} == wrong


def test_each_property_of_the_mapping_has_its_shapes() -> None:
    text = (ROOT / "mappings" / "factsheet.yml").read_text(encoding="utf-8")
    mapped = set(re.findall(r"- \[schema:(\w+),", text))
    assert len(mapped) > 30
    assert mapped <= set(PROPERTIES)
    for name in PROPERTIES:
        described = schema_org.property_named(name)
        assert described is not None
        wanted = {f"{name}-range"} | ({f"{name}-domain"} if "Thing" not in described.domains else set())
        assert {shape for shape, target in TARGETS.items() if target == name} == wanted


def test_our_own_dataset_has_only_the_departures_of_the_docs() -> None:
    """The shapes take these; `docs/validation.md` gives each with its reason."""
    assert validate_files([ROOT / "output" / "dataset.nq"], [FILE], engine_name="sql").report.conforms
    docs = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `so:([\w-]+)` \| `([\w]+)` \| .{20,} \|$", docs, re.MULTILINE)
    departures = runpy.run_path(str(SCRIPT))["DEPARTURES"]
    assert listed == [(shape, kind) for shape, kinds in departures.items() for kind in kinds]


def test_it_travels_into_a_new_workspace() -> None:
    assert init._sources()["ontology/shapes/schema-org/terms.ttl"] == FILE


def test_messages_name_the_property() -> None:
    messages = _said("message")
    assert messages.keys() == TARGETS.keys()
    for shape, message in messages.items():
        assert re.search(rf"\b{TARGETS[shape]}\b", message)


def test_what_is_expected_is_said_in_words() -> None:
    """By the labels of the shapes, which are no property shapes and so have no `sh:name`."""
    found = validate_files([CASES / "roles" / "data.ttl"], [FILE], engine_name="sql").findings
    assert {finding.detail.expected for finding in found} == {
        'conform to at least one of "a creative work", "a rating", "a role that something has as author"',
        (
            'conform to at least one of "an organization", "a person", "a role that has author itself", '
            '"something that the data does not describe"'
        ),
    }
    assert {finding.detail.nearest for finding in found} == {
        f'"{label}", but: rdf:type/(rdfs:subClassOf*) should lead to schema:{kind} or a kind of it'
        for label, kind in (("a creative work", "CreativeWork"), ("an organization", "Organization"))
    }
