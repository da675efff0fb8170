"""`nutgraf export --profile`: the documents of pages, and what is refused."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from nutgraf.publish.article import article_triples
from nutgraf.publish.page import roots
from tests.publish.page_graphs import BASE, ROOT, dataset, pages


def export(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nutgraf", "export", *arguments],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip


@pytest.mark.parametrize("profile", ["page", "graph"])
def test_an_article(profile: roots.Profile) -> None:
    done = export("--article", "001", "--profile", profile)
    assert done.returncode == 0, done.stderr
    assert done.stdout == roots.text(roots.document(pages().article("001"), profile))


def test_another_language() -> None:
    done = export("--article", "001", "--profile", "page", "--language", "en")
    assert json.loads(done.stdout)["name"] == "Morocco gains INTERPOL’s African vice-presidency"


def test_a_thing_by_key_and_by_iri() -> None:
    by_key = export("--entity", "interpol", "--profile", "page", "--to", "jsonld")
    by_iri = export("--entity", "https://nutgraf.example/id/interpol", "--profile", "page")
    assert by_key.stdout == by_iri.stdout
    assert json.loads(by_key.stdout)["@type"] == "Organization"


def test_the_full_profile_with_evidence_is_lossless() -> None:
    """The article's own graph, what is known of the things it names, and its evidence, all of it."""
    done = export("--article", "001", "--evidence", "--to", "jsonld")
    found = {quad.triple for quad in parse(done.stdout, RdfFormat.JSON_LD) if isinstance(quad, Quad)}
    evidence = NamedNode(f"{BASE}graph/evidence/001")
    expected = {quad.triple for quad in dataset() if quad.graph_name == evidence}
    assert len(expected) > 1000
    assert found == expected | set(article_triples(dataset(), BASE, "001"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--article", "999", "--profile", "page"], "PAG101"),
        (["--entity", "nobody", "--profile", "page"], "PAG102"),
        (["--entity", "interpol-ga-93", "--profile", "page"], "PAG103"),
        (["--profile", "page"], "--article or of one --entity"),
        (["--profile", "page", "--article", "001", "--entity", "interpol"], "--article or of one --entity"),
        (["--profile", "page", "--article", "001", "--to", "ttl"], "--profile is for JSON-LD"),
        (["--evidence"], "--evidence is for one --article"),
        (["--entity", "interpol"], "--entity needs --profile"),
    ],
)
def test_refused(arguments: list[str], message: str) -> None:
    done = export(*arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stdout == ""
