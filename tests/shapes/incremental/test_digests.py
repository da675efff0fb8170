"""Statements have the same digest if they have the same triple, and else another."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from nutgraf import pipeline, workspace
from nutgraf.engine import duckdb as engine
from nutgraf.engine.statements import BUCKET_BITS, DIGEST, OBJECT_NUMBER, SUBJECT_NUMBER, TERMS
from nutgraf.terms.vocabulary import XSD_STRING

Row = tuple[str | None, ...]

# subject and kind, predicate, object and kind, datatype, language; each line another triple.
DISTINCT: list[Row] = [
    ("urn:a", "iri", "urn:p", "urn:x", "iri", None, None),
    ("urn:a", "bnode", "urn:p", "urn:x", "iri", None, None),
    ("urn:a", "iri", "urn:p", "urn:x", "bnode", None, None),
    ("urn:a", "iri", "urn:p", "urn:x", "literal", XSD_STRING, None),
    ("urn:a", "iri", "urn:p", "urn:x", "literal", "urn:t", None),
    ("urn:a", "iri", "urn:p", "urn:x", "literal", None, "en"),
    ("urn:a", "iri", "urn:p", "urn:x", "literal", None, "iri"),
    ("urn:a", "iri", "urn:p", "urn:x", "literal", None, "bnode"),
    ("urn:a", "iri", "urn:p", "urn:x", "literal", None, "en-gb"),
    ("urn:x", "iri", "urn:p", "urn:a", "iri", None, None),
    ("urn:p", "iri", "urn:a", "urn:x", "iri", None, None),
    ("urn:a", "iri", "urn:q", "urn:x", "iri", None, None),
]
# The same triple as another line has.
ALIKE: list[tuple[int, Row]] = [
    (3, ("urn:a", "iri", "urn:p", "urn:x", "literal", None, None)),
    (5, ("urn:a", "iri", "urn:p", "urn:x", "literal", None, "EN")),
    (8, ("urn:a", "iri", "urn:p", "urn:x", "literal", None, "en-GB")),
]


def _digests(rows: list[Row]) -> list[tuple[int, int, int]]:
    with engine.connect(threads=1) as connection:
        connection.execute(f"create table statements ({', '.join(f'{name} varchar' for name in TERMS)})")
        connection.executemany(f"insert into statements values ({', '.join('?' * 7)}, null, null)", rows)  # noqa: S608
        asked = f"select {DIGEST}, {SUBJECT_NUMBER}, {OBJECT_NUMBER} from statements order by rowid"  # noqa: S608
        return connection.execute(asked).fetchall()


def test_as_the_triples() -> None:
    found = _digests([*DISTINCT, *(row for _, row in ALIKE)])
    assert len({digest for digest, _, _ in found[: len(DISTINCT)]}) == len(DISTINCT)
    assert [found[n] for n, _ in ALIKE] == found[len(DISTINCT) :]


def test_a_term_has_one_number_and_a_digest_begins_with_the_subjects() -> None:
    found = _digests(DISTINCT)
    shift = 64 - BUCKET_BITS
    assert all(digest >> shift == subject >> shift for digest, subject, _ in found)
    assert found[0][1] == found[9][2]
    assert found[0][2] == found[9][1]


def test_a_build_gives_every_statement_its_digest(tmp_path: Path) -> None:
    root = tmp_path / "newsroom"
    subprocess.run([sys.executable, "-m", "nutgraf", "init", root], check=True, capture_output=True)
    connection = pipeline.statements(workspace.load(root))
    wrong = f"select count(*) filter (digest is distinct from {DIGEST}), count(*) > 100 from statements"  # noqa: S608
    assert connection.execute(wrong).fetchall() == [(0, True)]
