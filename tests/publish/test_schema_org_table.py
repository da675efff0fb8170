"""The table of schema.org's terms is the one that its vocabulary gives."""

from __future__ import annotations

import subprocess
import sys

import pytest

from nutgraf.terms import schema_org
from tests.publish.page_graphs import ROOT

VOCABULARY = ROOT / ".judges" / "hermes" / "model" / "types" / "schemas" / "schemaorg-current-https.jsonld"


def test_the_table_is_up_to_date() -> None:
    if not VOCABULARY.is_file():
        pytest.skip("schema.org's vocabulary is not here; .ci/run says which package holds it")
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "schema_org_table.py"), str(VOCABULARY)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    table = ROOT / "src" / "nutgraf" / "terms" / "schema_org.tsv"
    assert done.stdout == table.read_text(encoding="utf-8")


def test_what_the_table_says() -> None:
    start = schema_org.property_named("startDate")
    assert start is not None
    assert start.ranges == {"Date", "DateTime"}
    assert schema_org.is_a("NewsArticle", "CreativeWork")
    assert not schema_org.is_a("Person", "Organization")
    assert schema_org.is_member("EventScheduled")
    assert schema_org.property_named("noSuchProperty") is None
    assert len(schema_org.properties()) > 1400
    assert len(schema_org.classes()) > 800
